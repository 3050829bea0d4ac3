"""Which nodes do what, and when: honest work drawn from the seed.

Shares follow no single site. That most accelerators serve, many jobs are short and few are large is
what AcmeTrace (arXiv 2403.07648) and the Azure traces report of language-model clusters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from tallystick.records.workload import WorkloadClass
from tallystick.units import NS_PER_HOUR, NS_PER_S

_SHORTEST_JOB_NS = NS_PER_HOUR // 4


class Work(Enum):
    """What a process does. Its value is the class that it truly belongs to."""

    PRETRAINING = WorkloadClass.PRETRAINING
    FINE_TUNING = WorkloadClass.FINE_TUNING
    SERVING = WorkloadClass.INFERENCE
    LOADED = WorkloadClass.IDLE


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """Work on whole ``nodes`` from ``start_ns`` to ``end_ns`` (exclusive)."""

    work: Work
    nodes: tuple[int, ...]
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How jobs follow each other on the same nodes, in hours: shortest and longest of each span."""

    lead: tuple[float, float]
    job: tuple[float, float]
    gap: tuple[float, float]


#: 16 accelerators for 6 h, or 32 for 4 h, stay below 1e21 FLOP even at the peak rate (1978.9e12 FLOP/s).
SMALL_PRETRAINING = Rhythm(lead=(0.1, 4.0), job=(3.0, 6.0), gap=(0.5, 3.0))
WIDE_PRETRAINING = Rhythm(lead=(0.1, 4.0), job=(2.0, 4.0), gap=(0.5, 3.0))
FINE_TUNING = Rhythm(lead=(0.0, 3.0), job=(1.0, 5.0), gap=(0.3, 4.0))
SERVING = Rhythm(lead=(0.0, 0.0), job=(16.0, 72.0), gap=(0.2, 0.7))

#: From this many nodes on, pretraining on four nodes occurs too.
_WIDE_FROM_NODES = 48


def honest_jobs(
    rng: np.random.Generator, nodes: tuple[int, ...], start_ns: int, end_ns: int
) -> list[PlannedJob]:
    """Honest work on ``nodes``: serving on most, fine-tuning, small pretraining and idle nodes.

    Fewer than four nodes have no pretraining, a single node only serves.
    """
    left = [nodes[int(i)] for i in rng.permutation(len(nodes))]
    count = len(left)
    jobs: list[PlannedJob] = []
    for width, rhythm in _pretraining_pools(rng, count):
        jobs += _fill(rng, Work.PRETRAINING, _take(left, width), start_ns, end_ns, rhythm)
    for _ in range(_tuning_nodes(rng, count)):
        jobs += _fill(rng, Work.FINE_TUNING, _take(left, 1), start_ns, end_ns, FINE_TUNING)
    jobs += _idle_jobs(rng, left, count, start_ns, end_ns)
    while left:
        replicas = _take(left, min(len(left), int(rng.integers(1, 9))))
        jobs += _fill(rng, Work.SERVING, replicas, start_ns, end_ns, SERVING)
    return jobs


def _pretraining_pools(rng: np.random.Generator, count: int) -> list[tuple[int, Rhythm]]:
    """Width and rhythm of each group of nodes that pretrains small models."""
    pools = 0 if count < 4 else max(1, round(count * float(rng.uniform(0.03, 0.06))))
    wide = rng.random(pools) < (0.4 if count >= _WIDE_FROM_NODES else 0.0)
    return [(4, WIDE_PRETRAINING) if w else (2, SMALL_PRETRAINING) for w in wide]


def _tuning_nodes(rng: np.random.Generator, count: int) -> int:
    return 0 if count < 2 else max(1, round(count * float(rng.uniform(0.08, 0.16))))


def _idle_jobs(
    rng: np.random.Generator, left: list[int], count: int, start_ns: int, end_ns: int
) -> list[PlannedJob]:
    """Set idle nodes aside: half of them empty, half with a model loaded and nobody asking."""
    idle = 0 if count < 6 else max(1, round(count * float(rng.uniform(0.05, 0.12))))
    nodes = _take(left, idle)
    return [PlannedJob(Work.LOADED, (node,), start_ns, end_ns) for node in nodes if rng.random() < 0.5]


def _take(left: list[int], count: int) -> tuple[int, ...]:
    """Remove ``count`` nodes from the end of the shuffled list, sorted."""
    taken = tuple(sorted(left[len(left) - count :]))
    del left[len(left) - count :]
    return taken


def _fill(
    rng: np.random.Generator,
    work: Work,
    nodes: tuple[int, ...],
    start_ns: int,
    end_ns: int,
    rhythm: Rhythm,
) -> list[PlannedJob]:
    """Jobs one after the other on the same nodes until the span ends."""
    return [PlannedJob(work, nodes, s, e) for s, e in _spans(rng, start_ns, end_ns, rhythm)]


def _spans(rng: np.random.Generator, start_ns: int, end_ns: int, rhythm: Rhythm) -> Iterator[tuple[int, int]]:
    """Start and end of consecutive jobs, on whole seconds, cut off at ``end_ns``."""
    least, most = rhythm.lead
    at = start_ns + _hours_ns(rng, least, min(most, (end_ns - start_ns) / NS_PER_HOUR / 4))
    while end_ns - at >= _SHORTEST_JOB_NS:
        stop = min(end_ns, at + _hours_ns(rng, *rhythm.job))
        yield at, stop
        at = stop + _hours_ns(rng, *rhythm.gap)


def _hours_ns(rng: np.random.Generator, least: float, most: float) -> int:
    """A span between ``least`` and ``most`` hours in whole seconds, as ns."""
    return int(rng.uniform(min(least, most), most) * 3600) * NS_PER_S

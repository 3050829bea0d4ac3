"""Lays recorded runs on the timeline of one site.

Runs of several nodes with the same node count share one block of nodes, larger blocks first, one run
after the other by number. Single-node runs are spread over the remaining nodes, longest first onto the
node that is free first. Each run keeps the margins recorded before and after it. Between two runs of a
block the time that really passed is kept, up to ``MOST_PAUSE_NS`` (some lay hours apart). What was not
recorded in between stays a gap: nobody invents readings.
"""

from dataclasses import dataclass

from tallystick.telemetry.mlperf_files import PairedRun
from tallystick.units import NS_PER_S

#: Nominal time between two readings.
INTERVAL_NS = 2 * NS_PER_S
#: 2024-05-10T00:00:00Z
START_NS = 1_715_299_200 * NS_PER_S
#: Each block of nodes starts this much later than the one before.
STAGGER_NS = 17 * NS_PER_S
#: Longest time kept between the end of a run and the start of the next on the same nodes.
MOST_PAUSE_NS = 600 * NS_PER_S
SINGLE_NODES = 7


@dataclass(frozen=True)
class Placement:
    """One run on the timeline: ``origin_ns`` is its logged start, ``nodes`` names its nodes by number."""

    run: PairedRun
    origin_ns: int
    nodes: dict[int, str]


def lay_out(runs: tuple[PairedRun, ...]) -> tuple[Placement, ...]:
    """Place all runs. Names are n000, n001, ... in the order of the blocks."""
    queues = [[r for r in runs if r.nodes == size] for size in sorted({r.nodes for r in runs if r.nodes > 1})]
    blocks = [(queue[0].nodes, queue) for queue in reversed(queues)]
    blocks += [(1, queue) for queue in _spread([r for r in runs if r.nodes == 1])]
    placements: list[Placement] = []
    first_node = 0
    for index, (size, queue) in enumerate(blocks):
        placements += _one_after_other(queue, first_node, START_NS + index * STAGGER_NS)
        first_node += size
    return tuple(placements)


def _spread(singles: list[PairedRun]) -> list[list[PairedRun]]:
    """Queues of single-node runs that end about together; inside a queue by number."""
    queues: list[list[PairedRun]] = [[] for _ in range(min(SINGLE_NODES, len(singles)))]
    loads = [0] * len(queues)
    for run in sorted(singles, key=lambda r: (r.first_ns() - r.last_ns(), r.number)):
        least = loads.index(min(loads))
        queues[least].append(run)
        loads[least] += run.last_ns() - run.first_ns() + INTERVAL_NS
    return [sorted(queue, key=lambda r: r.number) for queue in queues]


def _one_after_other(queue: list[PairedRun], first_node: int, start_ns: int) -> list[Placement]:
    """Neither readings nor logged spans of two runs overlap."""
    placements: list[Placement] = []
    for run in sorted(queue, key=lambda r: r.start_ns):
        origin = start_ns - min(0, run.first_ns())
        if placements:
            before = placements[-1].run
            paused = run.start_ns - before.start_ns - before.duration_ns
            ended = placements[-1].origin_ns + before.duration_ns
            origin = max(origin, ended + min(paused, MOST_PAUSE_NS))
        nodes = {n: f"n{first_node + i:03d}" for i, n in enumerate(sorted(run.dc))}
        placements.append(Placement(run, origin, nodes))
        start_ns = origin + max(run.duration_ns, run.last_ns() + INTERVAL_NS)
    return placements

"""Honest failures in a corpus: nodes that die, jobs that move, accelerators that throttle, stuck sensors.

In Llama 3's pretraining 16,384 accelerators saw 419 unexpected interruptions in 54 days (arXiv 2407.21783,
section 3.3.4), once in 6,000 hours of a node; a corpus of some hundred node-hours would never see one. So
shares are per job and per accelerator of a corpus, and far above real rates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.simulation.layout import SUBJECTS_PER_NODE
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, TRAFFIC, Float32, Quantity
from tallystick.telemetry.table import SampleTable

POWER = "DCGM_FI_DEV_POWER_USAGE"
#: Clocks of a hot or power-braked accelerator over its usual ones; assumed, NVIDIA's brakes halve them.
THROTTLED_PACE = (0.4, 0.85)
#: How long an accelerator throttles and a sensor sticks, in seconds; assumed.
THROTTLED_S = (600, 3600)
STUCK_S = (300, 3600)
#: What ranks of a job do less of when one of them falls behind. They wait in a busy loop: SM stays.
_SLOWED = (Quantity.TENSOR, Quantity.DRAM, Quantity.POWER_W, *TRAFFIC)


@dataclass(frozen=True)
class CorpusFaults:
    """Shares of jobs that lose a node or are moved off one, and of accelerators that throttle or stick."""

    deaths: float = 0.0
    migrations: float = 0.0
    throttled: float = 0.0
    stuck: float = 0.0


NO_FAULTS = CorpusFaults()
MANY_FAULTS = CorpusFaults(deaths=0.15, migrations=0.1, throttled=0.02, stuck=0.01)


@dataclass(frozen=True, slots=True)
class Episode:
    """Something befalls ``accelerator`` (node * 8 + rank) in ticks ``start`` to ``stop`` of the corpus."""

    accelerator: int
    start: int
    stop: int
    pace: float = 1.0


def drawn_episodes(
    rng: np.random.Generator,
    accelerators: int,
    ticks: int,
    interval_s: int,
    share: float,
    lasts_s: tuple[int, int],
) -> tuple[Episode, ...]:
    """One episode each for ``share`` of all accelerators, somewhere in the corpus's ``ticks``."""
    found = []
    for accelerator in np.flatnonzero(rng.random(accelerators) < share).tolist():
        start = int(rng.integers(0, ticks))
        stop = start + max(1, int(rng.uniform(*lasts_s)) // interval_s)
        found.append(Episode(accelerator, start, stop, float(rng.uniform(*THROTTLED_PACE))))
    return tuple(found)


def throttle(
    signals: Float32, first_tick: int, episodes: Sequence[Episode], lockstep: Sequence[Sequence[int]]
) -> None:
    """Slow accelerators in ``signals`` (quantities, nodes, 8, ticks) from ``first_tick`` on, in place.

    The throttled one draws less power for the same active time. The others of a job in ``lockstep``, which
    lists its nodes, wait for it.
    """
    last = first_tick + signals.shape[-1]
    for e in episodes:
        ticks = slice(max(e.start, first_tick) - first_tick, min(e.stop, last) - first_tick)
        if ticks.start >= ticks.stop:
            continue
        node, rank = divmod(e.accelerator, ACCELERATORS_PER_NODE)
        own = signals[:, node, rank, ticks].copy()
        for nodes in lockstep:
            if node in nodes:
                for quantity in _SLOWED:
                    signals[quantity, list(nodes), :, ticks] *= np.float32(e.pace)
        own[Quantity.POWER_W] *= np.float32(e.pace)
        signals[:, node, rank, ticks] = own


class StuckSensors:
    """Power readings that repeat the last one for a while; nothing flags them."""

    def __init__(self, episodes: Sequence[Episode], start_ns: int, interval_ns: int) -> None:
        self._spans = [
            (_subject(e.accelerator), start_ns + e.start * interval_ns, start_ns + e.stop * interval_ns)
            for e in episodes
        ]
        self._held: dict[int, int] = {}

    def hold(self, table: SampleTable) -> None:
        """Overwrite the stuck readings of the next slot's table."""
        bounds, power = table.bounds(), table.channels[POWER]
        for subject, from_ns, to_ns in self._spans:
            rows = slice(int(bounds[subject]), int(bounds[subject + 1]))
            time_ns = table.time_ns[rows]
            stuck = np.flatnonzero((time_ns >= from_ns) & (time_ns < to_ns)) + rows.start
            if len(stuck):
                power[stuck] = self._held.setdefault(subject, int(power[stuck[0]]))


def without(table: SampleTable, dead: Sequence[tuple[int, int]]) -> SampleTable:
    """``table`` without what nodes and their accelerators would say after they died.

    ``dead`` lists nodes and the times in ns from which they are silent.
    """
    keep: npt.NDArray[np.bool_] = np.ones(len(table), np.bool_)
    bounds = table.bounds()
    for node, from_ns in dead:
        first = 1 + node * SUBJECTS_PER_NODE
        rows = slice(int(bounds[first]), int(bounds[first + SUBJECTS_PER_NODE]))
        keep[rows] = table.time_ns[rows] < from_ns
    if keep.all():
        return table
    channels = {name: values[keep] for name, values in table.channels.items()}
    return SampleTable(
        table.subjects, table.subject[keep], table.time_ns[keep], table.quality[keep], channels
    )


def _subject(accelerator: int) -> int:
    """The accelerator's index in the inventory, whose first subject is the meter."""
    node, rank = divmod(accelerator, ACCELERATORS_PER_NODE)
    return 1 + node * SUBJECTS_PER_NODE + 1 + rank

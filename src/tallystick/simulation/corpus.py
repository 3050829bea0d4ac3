"""A corpus: a site on which every node runs one job of a known kind for the whole span.

Not a plausible site but a labelled one: it is what classifiers are fitted on and measured with. Jobs draw
their parameters from seeds of their own; a kind's next job is another program of the same sort. Where
faults are asked for, some jobs go on elsewhere under the same name, and some readings are wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import numpy as np

from tallystick.records.subject import JobRecord, Subject
from tallystick.simulation.chip import H100, SimulatedChip
from tallystick.simulation.corpus_jobs import RunningJob, moved, placed
from tallystick.simulation.faults import (
    NO_FAULTS,
    STUCK_S,
    THROTTLED_S,
    CorpusFaults,
    Episode,
    StuckSensors,
    drawn_episodes,
    throttle,
    without,
)
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.sensors import SiteSensors
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, QUANTITIES, Float32
from tallystick.simulation.work_kind import WorkKind
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

#: 2026-03-02, like the scenarios.
START_NS = 1_772_409_600 * NS_PER_S
_PLAN, _JOBS, _CALIBRATION, _READINGS, _MOVES, _THROTTLED, _STUCK = range(7)


class CorpusSource:
    """A ``Source`` on which ``kinds`` run once each, on nodes of one chip, for ``hours``.

    ``interval_s`` is the cadence of samples. The same arguments, the same tables.
    """

    request_model = "drawn"
    plays_meter = True
    notes = ("simulated corpus: one job a node for the whole span",)

    def __init__(
        self,
        kinds: Sequence[WorkKind],
        seed: int,
        *,
        hours: int = 1,
        interval_s: int = 10,
        chip: SimulatedChip = H100,
        faults: CorpusFaults = NO_FAULTS,
    ) -> None:
        self._seed = seed
        self._interval_s = interval_s
        self._chip = chip
        self._end_ns = START_NS + hours * NS_PER_HOUR
        self._ticks = hours * NS_PER_HOUR // NS_PER_S // interval_s
        jobs = placed(kinds, self._generator(_PLAN))
        self._jobs = moved(jobs, self._generator(_MOVES), faults, self._ticks, interval_s)
        spares = sum(job.move is not None for job in self._jobs)
        self._layout = SiteLayout(sum(len(job.nodes) for job in self._jobs) + spares, chip)
        self._subjects = self._layout.inventory(interval_s * NS_PER_S, START_NS, self._end_ns)
        self._throttled = self._episodes(_THROTTLED, faults.throttled, THROTTLED_S)
        self._stuck = self._episodes(_STUCK, faults.stuck, STUCK_S)

    def inventory(self) -> tuple[Subject, ...]:
        """All subjects sorted by name: one meter, nodes, accelerators."""
        return self._subjects

    def jobs(self) -> tuple[JobRecord, ...]:
        """Nothing: a corpus has no operator."""
        return ()

    def truth(self) -> tuple[JobRecord, ...]:
        """What runs, by job. A job that moved has a record for each stretch, all of its name."""
        return tuple(
            JobRecord(
                _name(number),
                tuple(a for node in nodes for a in self._layout.accelerator_names(node)),
                self._at_ns(first),
                self._at_ns(last),
                job.kind.workload,
            )
            for number, job in enumerate(self._jobs)
            for nodes, first, last in job.stretches(self._ticks)
        )

    def labels(self) -> Mapping[str, WorkKind]:
        """The kind of each job of ``truth``."""
        return {_name(number): job.kind for number, job in enumerate(self._jobs)}

    def known_flop(self) -> Mapping[str, int]:
        """Nothing: the simulator knows shapes of power, not FLOP."""
        return {}

    def slots(self) -> Iterator[SampleTable]:
        """One table per slot. Each call starts afresh and holds one slot at a time."""
        sensors = SiteSensors(self._subjects, self._interval_s, self._generator(_CALIBRATION), self._chip)
        running = self._started()
        stuck = StuckSensors(self._stuck, START_NS, self._interval_s * NS_PER_S)
        dead = [
            (job.nodes[job.move.member], self._at_ns(job.move.leaves))
            for job in self._jobs
            if job.move is not None and job.move.died
        ]
        for slot, start_ns in zip(count(), range(START_NS, self._end_ns, SLOT_NS), strict=False):
            signals = self._chip.scaled(self._signals(slot, running))
            table = sensors.read(signals, start_ns, self._generator(_READINGS, slot))
            stuck.hold(table)
            yield without(table, dead)

    def _started(self) -> list[RunningJob]:
        span_s = (self._end_ns - START_NS) / NS_PER_S
        return [
            RunningJob(
                job,
                job.kind.start(self._generator(_JOBS, number), len(job.nodes), span_s),
                self._interval_s,
            )
            for number, job in enumerate(self._jobs)
        ]

    def _signals(self, slot: int, running: Sequence[RunningJob]) -> Float32:
        ticks = SLOT_NS // NS_PER_S // self._interval_s
        signals = np.zeros((QUANTITIES, self._layout.nodes, ACCELERATORS_PER_NODE, ticks), np.float32)
        for job in running:
            job.write(signals, slot * ticks)
        lockstep = [
            nodes for j in self._jobs if j.kind.workload.is_training for nodes in (j.nodes, j.nodes_after)
        ]
        throttle(signals, slot * ticks, self._throttled, lockstep)
        return signals

    def _episodes(self, use: int, share: float, lasts_s: tuple[int, int]) -> tuple[Episode, ...]:
        everyone = self._layout.nodes * ACCELERATORS_PER_NODE
        return drawn_episodes(self._generator(use), everyone, self._ticks, self._interval_s, share, lasts_s)

    def _at_ns(self, tick: int) -> int:
        return START_NS + tick * self._interval_s * NS_PER_S

    def _generator(self, *key: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(77, *key)))


def _name(number: int) -> str:
    return f"job-{number:03d}"

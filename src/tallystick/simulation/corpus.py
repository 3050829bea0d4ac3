"""A corpus: a site on which every node runs one job of a known kind for the whole span.

Not a plausible site but a labelled one: it is what classifiers are fitted on and measured with. Jobs draw
their parameters from seeds of their own; a kind's next job is another program of the same sort.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.records.subject import JobRecord, Subject
from tallystick.simulation.chip import H100, SimulatedChip
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.sensors import SiteSensors
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, QUANTITIES, Float32, Process
from tallystick.simulation.work_kind import WorkKind
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

#: 2026-03-02, like the scenarios.
START_NS = 1_772_409_600 * NS_PER_S
_PLAN, _JOBS, _CALIBRATION, _READINGS = range(4)


@dataclass(frozen=True)
class CorpusJob:
    """One job: ``nodes`` of the site, all its time."""

    kind: WorkKind
    nodes: tuple[int, ...]


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
    ) -> None:
        self._seed = seed
        self._interval_s = interval_s
        self._chip = chip
        self._end_ns = START_NS + hours * NS_PER_HOUR
        self._jobs = _placed(kinds, self._generator(_PLAN))
        self._layout = SiteLayout(sum(len(job.nodes) for job in self._jobs), chip)
        self._subjects = self._layout.inventory(interval_s * NS_PER_S, START_NS, self._end_ns)

    def inventory(self) -> tuple[Subject, ...]:
        """All subjects sorted by name: one meter, nodes, accelerators."""
        return self._subjects

    def jobs(self) -> tuple[JobRecord, ...]:
        """Nothing: a corpus has no operator."""
        return ()

    def truth(self) -> tuple[JobRecord, ...]:
        """What runs, by job."""
        return tuple(
            JobRecord(
                _name(number),
                tuple(a for node in job.nodes for a in self._layout.accelerator_names(node)),
                START_NS,
                self._end_ns,
                job.kind.workload,
            )
            for number, job in enumerate(self._jobs)
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
        hours = (self._end_ns - START_NS) / NS_PER_S
        running = [
            job.kind.start(self._generator(_JOBS, number), len(job.nodes), hours)
            for number, job in enumerate(self._jobs)
        ]
        for slot, start_ns in enumerate(range(START_NS, self._end_ns, SLOT_NS)):
            signals = self._chip.scaled(self._signals(start_ns, running))
            yield sensors.read(signals, start_ns, self._generator(_READINGS, slot))

    def _signals(self, start_ns: int, running: Sequence[Process]) -> Float32:
        ticks = SLOT_NS // NS_PER_S // self._interval_s
        signals = np.zeros((QUANTITIES, self._layout.nodes, ACCELERATORS_PER_NODE, ticks), np.float32)
        first_s = (start_ns - START_NS) / NS_PER_S - self._interval_s
        edges_s = first_s + self._interval_s * np.arange(ticks + 1.0)
        for job, process in zip(self._jobs, running, strict=True):
            signals[:, list(job.nodes)] = process.advance(edges_s)
        return signals

    def _generator(self, *key: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(77, *key)))


def _name(number: int) -> str:
    return f"job-{number:03d}"


def _placed(kinds: Sequence[WorkKind], rng: np.random.Generator) -> tuple[CorpusJob, ...]:
    """Jobs side by side, each on as many nodes as its kind may have."""
    jobs, first = [], 0
    for kind in kinds:
        count = int(rng.integers(kind.least_nodes, kind.most_nodes + 1))
        jobs.append(CorpusJob(kind, tuple(range(first, first + count))))
        first += count
    return tuple(jobs)

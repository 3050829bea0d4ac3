"""What an inspection that opens everything notices on a site, check by check.

The rules and limits are those of ``inspection``: energy against the sealed meter, verdicts against what is
declared, the largest run, declared runs that work as one. They are applied to all windows and slots, as if
every entry had been opened: how many need to be is another question. ``REPEATED`` is what readers of
telemetry say of accelerators with the same readings. There is no check yet that finds readings repeated over
time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

import numpy as np

from tallystick.accounting.energy import integrate
from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.inspection.judgement import LEAST_CONTRADICTING
from tallystick.inspection.sampling import ALPHA, alarm_threshold
from tallystick.inspection.verify import ENERGY_TOLERANCE_PPM
from tallystick.records.sample import MISSING, POWER_CHANNEL
from tallystick.records.subject import JobRecord, Subject, SubjectKind
from tallystick.records.workload import CLASSES, TRAINING_VERDICTS
from tallystick.telemetry.shared_readings import SharedReadings
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_HOUR, PPM, SLOT_NS, WINDOW_NS, WINDOWS_PER_HOUR
from tallystick.workloads.amounts import amounts, slot_start
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.runs import FoundRun, RunFinder

BALANCE = "energy against the sealed meter"
CONTRADICTED = "verdicts against the declaration"
LARGER = "a run above the largest declared"
REPEATED = "identical readings"
JOINED = "one run over several declared jobs"
CHECKS = (BALANCE, CONTRADICTED, LARGER, REPEATED, JOINED)

#: What an inspection assumes where nothing else is asked for: an honest entry looks false this often.
FALSE_RATE = 0.001
#: A found run takes in a declared job with this part of its accelerators.
MOST_OF_JOB = 0.5
#: Declared class of a window of which the operator says nothing.
NO_JOB = -1


@dataclass(frozen=True)
class SiteView:
    """What an inspector of everything sees of one site.

    ``verdicts``, ``observed_us`` and ``energy_mj`` are (subjects, windows) from ``start_ns`` on, with nothing
    for meters; ``metered_mj`` is what the sealed meters saw. ``repeats``: some have the same readings.
    """

    subjects: tuple[Subject, ...]
    jobs: tuple[JobRecord, ...]
    start_ns: int
    verdicts: Int64
    observed_us: Int64
    energy_mj: Int64
    metered_mj: int
    runs: tuple[FoundRun, ...]
    repeats: bool

    def rows(self, names: Iterable[str]) -> Int64:
        """Rows of the subjects of these names that the inventory has."""
        place = {s.name: i for i, s in enumerate(self.subjects)}
        return np.array([place[name] for name in names if name in place], np.int64)

    def columns(self, job: JobRecord) -> slice:
        """The windows that a job covers more than half of."""
        first, last = ((t - self.start_ns + WINDOW_NS // 2) // WINDOW_NS for t in (job.start_ns, job.end_ns))
        return slice(max(0, first), max(0, last))


def site_view(source: Source, classifier: Classifier) -> SiteView:
    """Goes through all slots of a source once, hour by hour."""
    finder, repeats, metered = RunFinder(), SharedReadings(), 0
    verdicts, observed, energy = [], [], []
    start_ns = -1
    for tables in _hours(source):
        judged = classifier.hour_verdicts([classifier.windows(table) for table in tables])
        for table, said in zip(tables, judged, strict=True):
            start_ns = slot_start(table) if start_ns < 0 else start_ns
            finder.add(table, said)
            repeats.add(table)
            spans = amounts(table, WINDOW_NS)
            verdicts.append(said.classes)
            observed.append(spans.observed_us)
            energy.append(spans.energy_mj)
            metered += _metered_mj(table)
    return SiteView(
        source.inventory(),
        source.jobs(),
        start_ns,
        np.concatenate(verdicts, axis=1),
        np.concatenate(observed, axis=1),
        np.concatenate(energy, axis=1),
        metered,
        finder.finish(),
        bool(repeats.notes()),
    )


def _hours(source: Source) -> Iterator[list[SampleTable]]:
    for _, tables in groupby(source.slots(), key=lambda table: slot_start(table) // NS_PER_HOUR):
        yield list(tables)


def _metered_mj(table: SampleTable) -> int:
    """Energy that the meters saw in the slot, by the rule of ``accounting.energy``."""
    total, bounds, start = 0, table.bounds(), slot_start(table)
    for i, subject in enumerate(table.subjects):
        if subject.kind is SubjectKind.METER:
            rows = slice(int(bounds[i]), int(bounds[i + 1]))
            power, time_ns = table.channels[POWER_CHANNEL[subject.kind]][rows], table.time_ns[rows]
            known = power != MISSING
            (span,) = integrate(
                time_ns[known].tolist(),
                power[known].tolist(),
                subject.interval_ns,
                start,
                start + SLOT_NS,
                SLOT_NS,
            )
            total += span.energy_mj
    return total


def alarms(view: SiteView) -> Mapping[str, bool]:
    """Which checks raise the alarm, by name."""
    return {
        BALANCE: balance_fails(view),
        CONTRADICTED: contradicted(view),
        LARGER: larger_run(view),
        REPEATED: view.repeats,
        JOINED: joins_jobs(view),
    }


def balance_fails(view: SiteView) -> bool:
    """Check 8: what the nodes drew by the operator's word differs from the meter by more than it may."""
    nodes = [i for i, s in enumerate(view.subjects) if s.kind is SubjectKind.NODE]
    declared = int(view.energy_mj[nodes].sum())
    return abs(declared - view.metered_mj) * PPM > view.metered_mj * ENERGY_TOLERANCE_PPM


def declared_classes(view: SiteView) -> Int64:
    """Class (subjects, windows) that the operator's jobs give each window; NO_JOB where they say nothing."""
    declared = np.full(view.verdicts.shape, NO_JOB, np.int64)
    for job in view.jobs:
        declared[view.rows(job.subjects), view.columns(job)] = CLASSES.index(job.workload)
    return declared


def contradicted(view: SiteView) -> bool:
    """Check 15 on all entries: too many windows that are judged training and declared as something else."""
    declared = declared_classes(view)
    training = [k for k, name in enumerate(CLASSES) if name.is_training]
    against = np.isin(view.verdicts, sorted(TRAINING_VERDICTS)) & ~np.isin(declared, training)
    mine = [i for i, s in enumerate(view.subjects) if s.kind is SubjectKind.ACCELERATOR]
    hours = against.shape[1] // WINDOWS_PER_HOUR
    of_hour = (
        against[mine][:, : hours * WINDOWS_PER_HOUR].reshape(len(mine), hours, WINDOWS_PER_HOUR).sum(axis=2)
    )
    weight = of_hour[of_hour >= LEAST_CONTRADICTING].sum() / WINDOWS_PER_HOUR
    return bool(weight >= alarm_threshold(of_hour.size, FALSE_RATE, ALPHA))


def larger_run(view: SiteView) -> bool:
    """Check 16 on all slots: a run found whose FLOP are above those of the largest declared one for sure."""
    declared = [j for j in view.jobs if j.workload.is_training]
    most = max((_flop_upper(view, job) for job in declared), default=0)
    kinds = {s.name: s.hardware for s in view.subjects}
    return any(
        training_flop(hardware(kinds[run.subjects[0]]), run.observed_us, run.energy_mj).lower > most
        for run in view.runs
        if run.workload is not None and run.workload.is_training
    )


def _flop_upper(view: SiteView, job: JobRecord) -> int:
    rows = view.rows(job.subjects)
    if not len(rows):
        return 0
    observed = int(view.observed_us[rows, view.columns(job)].sum())
    energy = int(view.energy_mj[rows, view.columns(job)].sum())
    return training_flop(hardware(view.subjects[int(rows[0])].hardware), observed, energy).upper


def joins_jobs(view: SiteView) -> bool:
    """Check 16: one run found takes in most of two declared training jobs that go on at the same time."""
    declared = [j for j in view.jobs if j.workload.is_training]
    return any(
        a.start_ns < b.end_ns and b.start_ns < a.end_ns
        for run in view.runs
        for a, b in combinations(_taken_in(run, declared), 2)
    )


def _taken_in(run: FoundRun, jobs: Sequence[JobRecord]) -> list[JobRecord]:
    """Jobs, most of whose accelerators and time the run has."""
    mine = set(run.subjects)
    taken = []
    for job in jobs:
        both = min(run.end_ns, job.end_ns) - max(run.start_ns, job.start_ns)
        enough = 2 * both > job.end_ns - job.start_ns
        if enough and len(mine.intersection(job.subjects)) > MOST_OF_JOB * len(job.subjects):
            taken.append(job)
    return taken


def windows_found(view: SiteView, hidden: Sequence[JobRecord]) -> tuple[int, int]:
    """Of a hidden run's windows of its accelerators, how many are judged training, and how many there are.

    Windows that nobody reported count: they are not found.
    """
    found = total = 0
    for job in hidden:
        said = view.verdicts[view.rows(job.subjects), view.columns(job)]
        found += int(np.isin(said, sorted(TRAINING_VERDICTS)).sum())
        total += len(job.subjects) * len(range(*view.columns(job).indices(view.verdicts.shape[1])))
    return found, total


def whole_runs_found(view: SiteView, hidden: Sequence[JobRecord], least: float = 0.9) -> int:
    """Of the hidden run's stretches, how many have a found run of training that overlaps by ``least``."""
    return sum(
        any(
            _overlap(job, run) >= least and run.workload is not None and run.workload.is_training
            for run in view.runs
        )
        for job in hidden
    )


def _overlap(job: JobRecord, run: FoundRun) -> float:
    """Accelerator-time that both have over what either has."""
    time_ns = max(0, min(job.end_ns, run.end_ns) - max(job.start_ns, run.start_ns))
    both = time_ns * len(set(job.subjects).intersection(run.subjects))
    either = len(job.subjects) * (job.end_ns - job.start_ns) + len(run.subjects) * (run.end_ns - run.start_ns)
    return both / max(1, either - both)

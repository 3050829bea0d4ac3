"""Runs found in the telemetry, as the operator sees them: amounts, declared jobs, and the truth if known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.accounting.run_evidence import WindowCount, evidence_of, threshold_log2
from tallystick.accounting.run_reference import RunReference, run_reference
from tallystick.declarations.statement import Period
from tallystick.inspection.run_check import FALSE_PPM
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.run import Run, SequentialEvidence
from tallystick.records.subject import JobRecord, Subject
from tallystick.records.workload import NOT_OBSERVED, TRAINING_VERDICTS, WorkloadClass
from tallystick.site.declared_work import Labels, declared_labels
from tallystick.site.observed import Observed
from tallystick.units import WINDOW_NS
from tallystick.workloads.agreement import run_agreement
from tallystick.workloads.runs import FoundRun


def describe_runs(observed: Observed, jobs: Sequence[JobRecord]) -> tuple[Run, ...]:
    """All found runs: amounts, the operator's jobs that share a subject and time, evidence of training."""
    evidence = _Evidence(observed, jobs)
    by_name = {s.name: s for s in observed.roster.rows}
    runs = []
    for found in observed.runs:
        subjects = [by_name[name] for name in found.subjects]
        names = set(found.subjects)
        runs.append(
            Run(
                id=found.id,
                subjects=found.subjects,
                accelerators=sum(len(s.covers) for s in subjects),
                start_ns=found.start_ns,
                end_ns=found.end_ns,
                workload=found.workload,
                declared=tuple(j.job for j in jobs if _overlaps(j, found) and names.intersection(j.subjects)),
                energy_mj=found.energy_mj,
                flop=_run_flop(found, subjects[0].hardware),
                coherence_ppm=found.coherence_ppm,
                evidence=evidence.of(found, subjects),
            )
        )
    return tuple(runs)


class _Evidence:
    """Evidence on found runs from their windows that are declared as other work than training."""

    def __init__(self, observed: Observed, jobs: Sequence[JobRecord]) -> None:
        roster, period = observed.roster, observed.period
        labels = declared_labels(roster, period, jobs, observed.runs)
        seen = _declared_other(labels) & (observed.verdicts != NOT_OBSERVED)
        self._seen = seen
        self._training = seen & np.isin(observed.verdicts, sorted(TRAINING_VERDICTS))
        self._place = {subject.name: row for row, subject in enumerate(roster.rows)}
        self._start_ns = period.start_ns
        self._threshold = threshold_log2(len(observed.runs), FALSE_PPM)
        reference = run_reference()
        self._reference: RunReference | None = reference if reference.model == observed.model else None

    def of(self, found: FoundRun, subjects: list[Subject]) -> SequentialEvidence | None:
        """None where no reference set was measured for the model or the kind of subject."""
        share_ppm = self._reference.share_ppm(subjects) if self._reference else None
        if share_ppm is None:
            return None
        rows = [self._place[name] for name in found.subjects]
        first = max(0, -(-(found.start_ns - self._start_ns) // WINDOW_NS))
        columns = slice(first, max(first, (found.end_ns - self._start_ns) // WINDOW_NS))
        seen, training = (cells[rows, columns].sum(axis=0) for cells in (self._seen, self._training))
        windows = {
            self._start_ns + (first + number) * WINDOW_NS: WindowCount(k, n)
            for number, (k, n) in enumerate(zip(training.tolist(), seen.tolist(), strict=True))
            if n
        }
        return evidence_of(windows, share_ppm, self._threshold)


def _declared_other(labels: Labels) -> npt.NDArray[np.bool_]:
    """(rows, windows): declared as a class that is not training. Where nothing ran, that is idle."""
    other = [w is not None and not w.is_training for w in labels.workloads]
    return np.array([*other, True], np.bool_)[labels.span]


def _overlaps(job: JobRecord, run: FoundRun) -> bool:
    return job.start_ns < run.end_ns and run.start_ns < job.end_ns


def _run_flop(found: FoundRun, hardware_key: str) -> FlopInterval:
    if found.workload is not None and not found.workload.is_training:
        return NO_FLOP
    flop = training_flop(hardware(hardware_key), found.observed_us, found.energy_mj)
    return flop if found.workload else FlopInterval(0, 0, flop.upper)


@dataclass(frozen=True, slots=True)
class KnownFlop:
    """A job of published FLOP, against the found run that shares most accelerator-time with it."""

    job: str
    flop: int
    run: str
    interval: FlopInterval

    @property
    def contained(self) -> bool:
        """Whether the interval holds the published amount."""
        return self.interval.lower <= self.flop <= self.interval.upper


def known_flop(
    runs: Sequence[Run], truth: Sequence[JobRecord], published: Mapping[str, int]
) -> tuple[KnownFlop, ...]:
    """Each published amount beside the interval of the run found for it."""

    def shared(run: Run, job: JobRecord) -> int:
        time_ns = max(0, min(run.end_ns, job.end_ns) - max(run.start_ns, job.start_ns))
        return time_ns * len(set(run.subjects).intersection(job.subjects))

    found = []
    for job in truth:
        best = max(runs, key=lambda run: shared(run, job), default=None)
        if job.job in published and best is not None and shared(best, job):
            found.append(KnownFlop(job.job, published[job.job], best.id, best.flop))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Found runs against the truth that a simulation or a labelled recording knows.

    ``adjusted_rand`` is over cells of one subject for 10 s in which a true training job worked.
    ``adjusted_rand_all`` is over all true jobs: replicas of one serving job are not in lock-step, so they
    are found as runs of their own and count as errors there.
    """

    adjusted_rand: float
    adjusted_rand_all: float
    true_runs: int
    found_runs: int


def compare(runs: Sequence[Run], truth: Sequence[JobRecord], period: Period) -> Comparison | None:
    """How well ``runs`` match ``truth`` within ``period``; None where nothing is known."""
    jobs = [
        replace(j, start_ns=max(j.start_ns, period.start_ns), end_ns=min(j.end_ns, period.end_ns))
        for j in truth
        if j.workload is not WorkloadClass.IDLE and j.start_ns < period.end_ns and period.start_ns < j.end_ns
    ]
    if not jobs:
        return None
    training = [j for j in jobs if j.workload.is_training]
    return Comparison(run_agreement(runs, training), run_agreement(runs, jobs), len(jobs), len(runs))

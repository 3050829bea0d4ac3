"""Runs as verdicts see them: window by window, how many of a run's accelerators are judged training."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tallystick.accounting.run_evidence import WindowCount
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES, NOT_OBSERVED, TRAINING_VERDICTS
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64
from tallystick.trials.held_out import Verdicted
from tallystick.trials.labels import LabelledWindows, TruthOfSite
from tallystick.units import NS_PER_HOUR, SLOT_NS, WINDOW_NS
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.runs import FoundRun, RunFinder

_TRAINING = sorted(TRAINING_VERDICTS)


@dataclass(frozen=True)
class JudgedRun:
    """A run: families of the true jobs that it touches, whether any of them is training, and its windows."""

    families: frozenset[str]
    training: bool
    windows: tuple[WindowCount, ...]


def found_runs(sources: Iterable[Source], classifier: Classifier) -> Iterator[JudgedRun]:
    """Runs as a site finds them, on accelerators with a whole window that was observed."""
    for number, source in enumerate(sources):
        place = _accelerators(source)
        labels, truth = TruthOfSite(source, number, 0).labels, source.truth()
        runs, verdicts = observed(source, classifier)
        for run in runs:
            rows = [place[n] for n in run.subjects if n in place]
            counts = window_counts(run.start_ns, run.end_ns, rows, verdicts)
            touched = [
                (label.family, job.workload.is_training)
                for label, job in zip(labels, truth, strict=False)
                if job.start_ns < run.end_ns
                and run.start_ns < job.end_ns
                and not set(job.subjects).isdisjoint(run.subjects)
            ]
            if counts and touched:
                families = frozenset(family for family, _ in touched)
                yield JudgedRun(families, any(training for _, training in touched), counts)


def true_runs(sources: Iterable[Source], classifier: Classifier) -> Iterator[JudgedRun]:
    """Runs as an operator that tells the truth declares them: the jobs, on all of their accelerators."""
    for number, source in enumerate(sources):
        place = _accelerators(source)
        verdicts = slot_verdicts(source, classifier)
        for label, job in zip(TruthOfSite(source, number, 0).labels, source.truth(), strict=False):
            rows = [place[n] for n in job.subjects if n in place]
            counts = window_counts(job.start_ns, job.end_ns, rows, verdicts)
            if counts:
                yield JudgedRun(frozenset({label.family}), job.workload.is_training, counts)


def runs_of_windows(windows: LabelledWindows, said: Verdicted) -> list[JudgedRun]:
    """The jobs of labelled windows, each window judged for itself, on the accelerators that were kept."""
    is_training = np.array([name.is_training for name in CLASSES])
    found = []
    for number in np.unique(windows.job).tolist():
        job, rows = windows.jobs[number], windows.job == number
        if job.job:  # idle time of a site is no run
            at = windows.start_ns[rows] // WINDOW_NS
            seen = np.bincount(at - at.min())
            training = np.bincount(at - at.min(), np.isin(said.classes[rows], _TRAINING)).astype(np.int64)
            pairs = zip(training.tolist(), seen.tolist(), strict=True)
            counts = tuple(WindowCount(k, n) for k, n in pairs if n)
            trains = bool(is_training[windows.label[rows]].mean() > 0.5)
            found.append(JudgedRun(frozenset({job.family}), trains, counts))
    return found


def _accelerators(source: Source) -> dict[str, int]:
    subjects = source.inventory()
    return {s.name: row for row, s in enumerate(subjects) if s.kind is SubjectKind.ACCELERATOR}


def observed(source: Source, classifier: Classifier) -> tuple[tuple[FoundRun, ...], dict[int, Int64]]:
    """Found runs, and the verdicts (subjects, windows) of each slot, judged as a site judges them."""
    finder = RunFinder()
    verdicts = slot_verdicts(source, classifier, finder)
    return finder.finish(), verdicts


def slot_verdicts(
    source: Source, classifier: Classifier, finder: RunFinder | None = None
) -> dict[int, Int64]:
    """Verdicts (subjects, windows) of each slot by its start, slots of an hour in each other's light."""
    verdicts = {}
    tables = (table for table in source.slots() if len(table))
    for _, of_hour in groupby(tables, key=lambda table: slot_start(table) // NS_PER_HOUR):
        hour = list(of_hour)
        judged = classifier.hour_verdicts([classifier.windows(table) for table in hour])
        for table, slot in zip(hour, judged, strict=True):
            if finder is not None:
                finder.add(table, slot)
            verdicts[slot.start_ns] = slot.classes
    return verdicts


def window_counts(
    from_ns: int, to_ns: int, rows: Sequence[int], verdicts: Mapping[int, Int64]
) -> tuple[WindowCount, ...]:
    """The whole windows of a run from ``from_ns`` to ``to_ns`` in which one of its ``rows`` was observed."""
    found = []
    for start_ns in range(-(-from_ns // WINDOW_NS) * WINDOW_NS, to_ns - WINDOW_NS + 1, WINDOW_NS):
        slot_ns = start_ns // SLOT_NS * SLOT_NS
        if slot_ns in verdicts:
            column = verdicts[slot_ns][list(rows), (start_ns - slot_ns) // WINDOW_NS]
            seen = int((column != NOT_OBSERVED).sum())
            if seen:
                found.append(WindowCount(int(np.isin(column, _TRAINING).sum()), seen))
    return tuple(found)

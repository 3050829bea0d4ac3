"""Labelled windows: features of a source's windows beside what really ran in them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tallystick.records.subject import JobRecord, Subject, SubjectKind
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64
from tallystick.units import WINDOW_NS
from tallystick.workloads.amounts import amounts
from tallystick.workloads.features import FEATURES, WindowFeatures, features
from tallystick.workloads.windows import WINDOWS_PER_SLOT

#: A window is pure when one class covers at least this share of it.
PURE_PPM = 900_000


@dataclass(frozen=True)
class LabelledWindows:
    """Observed windows of one kind: ``values`` (n, features), ``label`` (n,) class indexes.

    The label is the class that covers most of the window; ``pure`` (n,) says which windows one class
    covers nearly whole. ``site`` (n,) numbers the sources.
    """

    kind: SubjectKind
    values: Int64
    label: Int64
    pure: Int64
    site: Int64

    def chosen(self, rows: Int64) -> "LabelledWindows":
        """The windows at ``rows``."""
        return LabelledWindows(
            self.kind, self.values[rows], self.label[rows], self.pure[rows], self.site[rows]
        )

    def as_features(self) -> WindowFeatures:
        """The same rows in the form that a classifier judges."""
        observed = np.ones(len(self.values), np.int64)
        return WindowFeatures(self.kind, 0, np.arange(len(self.values)), self.values, observed)


def labelled_windows(sources: Iterable[Source], kind: SubjectKind) -> LabelledWindows:
    """All observed windows of the sources' subjects of ``kind``, labelled by their truth."""
    values, labels, pure, sites = [], [], [], []
    for number, source in enumerate(sources):
        truth = TruthOfSite(source.inventory(), source.truth())
        for table in source.slots():
            found = features(table, kind)
            observed_ns = 1000 * amounts(table, WINDOW_NS).observed_us[found.subjects].ravel()
            label, share = truth.of_windows(found, observed_ns)
            seen = found.observed > 0
            values.append(found.values[seen])
            labels.append(label[seen])
            pure.append((share[seen] * 1_000_000 >= PURE_PPM * WINDOW_NS).astype(np.int64))
            sites.append(np.full(int(seen.sum()), number, np.int64))
    if not values:
        nothing = np.zeros(0, np.int64)
        return LabelledWindows(kind, np.zeros((0, len(FEATURES[kind])), np.int64), nothing, nothing, nothing)
    return LabelledWindows(kind, *(np.concatenate(c) for c in (values, labels, pure, sites)))


class TruthOfSite:
    """What really ran on each subject, by index; a node does what its accelerators do."""

    def __init__(self, subjects: tuple[Subject, ...], truth: tuple[JobRecord, ...]) -> None:
        index = {s.name: i for i, s in enumerate(subjects)}
        node_of = {a: s.name for s in subjects if s.kind is SubjectKind.NODE for a in s.covers}
        self._jobs: dict[int, list[tuple[int, int, int]]] = {}
        for job in truth:
            names = {*job.subjects, *(node_of[s] for s in job.subjects if s in node_of)}
            for name in names & index.keys():
                span = (job.start_ns, job.end_ns, CLASSES.index(job.workload))
                self._jobs.setdefault(index[name], []).append(span)

    def of_windows(self, found: WindowFeatures, observed_ns: Int64) -> tuple[Int64, Int64]:
        """Per row the class that covers most of its window and for how many ns; idle where nothing ran.

        Time that nobody observed, ``observed_ns`` (rows,) short of the window, is not idle.
        """
        starts = found.window_start_ns()
        covered = np.zeros((len(starts), len(CLASSES)), np.int64)
        for i, subject in enumerate(found.subjects.tolist()):
            rows = slice(i * WINDOWS_PER_SLOT, (i + 1) * WINDOWS_PER_SLOT)
            first = starts[rows]
            for start, end, label in self._jobs.get(subject, ()):
                overlap = np.minimum(end, first + WINDOW_NS) - np.maximum(start, first)
                covered[rows, label] += np.maximum(overlap, 0)
        idle = CLASSES.index(WorkloadClass.IDLE)
        covered[:, idle] += np.maximum(observed_ns - covered.sum(axis=1), 0)
        return covered.argmax(axis=1).astype(np.int64), covered.max(axis=1)

"""Labelled windows: features of a source's windows beside what really ran in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tallystick.records.subject import JobRecord, Subject, SubjectKind
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.simulation.work_kind import WorkKind
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64
from tallystick.units import WINDOW_NS
from tallystick.workloads.amounts import amounts
from tallystick.workloads.features import FEATURES, WindowFeatures, features
from tallystick.workloads.windows import WINDOWS_PER_SLOT

#: A window is pure when one class covers at least this share of it.
PURE_PPM = 900_000
IDLE = CLASSES.index(WorkloadClass.IDLE)


@dataclass(frozen=True, slots=True)
class JobLabel:
    """What is known of one job, or of the idle time of one site: the groups that a trial may hold out."""

    site: int
    job: str
    workload: str
    family: str
    mechanism: str
    evasion: str
    hardware: str
    source: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True)
class LabelledWindows:
    """Observed windows of one kind: ``values`` (n, features), ``label`` (n,) class indexes.

    The label is the class that covers most of the window; ``pure`` (n,) says which windows one class
    covers nearly whole. ``job`` (n,) indexes ``jobs``, ``subject`` (n,) is the number of the subject
    within its site and ``start_ns`` (n,) the window's start.
    """

    kind: SubjectKind
    values: Int64
    label: Int64
    pure: npt.NDArray[np.bool_]
    job: Int64
    subject: Int64
    start_ns: Int64
    jobs: tuple[JobLabel, ...]

    def __len__(self) -> int:
        return len(self.label)

    def chosen(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "LabelledWindows":
        """The windows at ``rows``."""
        return LabelledWindows(
            self.kind,
            self.values[rows],
            self.label[rows],
            self.pure[rows],
            self.job[rows],
            self.subject[rows],
            self.start_ns[rows],
            self.jobs,
        )

    def codes(self, group: str) -> tuple[Int64, tuple[str, ...]]:
        """Group number (n,) of each window, and the names of groups.

        ``group`` is "run" or a field of JobLabel.
        """
        if group == "run":
            names = [f"{j.site}/{j.job}" for j in self.jobs]
        else:
            names = [str(getattr(j, group)) for j in self.jobs]
        known = sorted(set(names))
        of_job = np.array([known.index(name) for name in names], np.int64)
        return of_job[self.job], tuple(known)

    def as_features(self) -> WindowFeatures:
        """The same rows in the form that a classifier judges."""
        observed = np.ones(len(self.values), np.int64)
        return WindowFeatures(self.kind, 0, np.arange(len(self.values)), self.values, observed)


def labelled_windows(
    sources: Iterable[Source], kind: SubjectKind, most_subjects: int | None = None
) -> LabelledWindows:
    """All observed windows of the sources' subjects of ``kind``, labelled by their truth.

    ``most_subjects`` of each job are kept where it is given: subjects of one job look alike.
    """
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    jobs: list[JobLabel] = []
    for number, source in enumerate(sources):
        truth = TruthOfSite(source, number, len(jobs), most_subjects)
        jobs += truth.labels
        for table in source.slots():
            found = features(table, kind)
            observed_ns = 1000 * amounts(table, WINDOW_NS).observed_us[found.subjects].ravel()
            label, share, job = truth.of_windows(found, observed_ns)
            seen = (found.observed > 0) & (job >= 0)
            subject = np.repeat(found.subjects, WINDOWS_PER_SLOT)
            pure = (share * 1_000_000 >= PURE_PPM * WINDOW_NS).astype(np.int64)
            rows = (found.values, label, pure, job, subject, found.window_start_ns())
            parts.append(tuple(column[seen] for column in rows))
    if not parts:
        nothing = np.zeros(0, np.int64)
        parts = [(np.zeros((0, len(FEATURES[kind])), np.int64), *([nothing] * 5))]
    values, label, pure, job, subject, start = (np.concatenate(c) for c in zip(*parts, strict=True))
    return LabelledWindows(kind, values, label, pure > 0, job, subject, start, tuple(jobs))


def joined(parts: Sequence[LabelledWindows]) -> LabelledWindows:
    """All windows of ``parts``, one or more of one kind; each keeps sites and jobs of its own."""
    jobs: list[JobLabel] = []
    job_codes = []
    site = 0
    for part in parts:
        job_codes.append(part.job + len(jobs))
        jobs += [replace(job, site=job.site + site) for job in part.jobs]
        site = max((job.site for job in jobs), default=-1) + 1
    return LabelledWindows(
        parts[0].kind,
        np.concatenate([p.values for p in parts]),
        np.concatenate([p.label for p in parts]),
        np.concatenate([p.pure for p in parts]),
        np.concatenate(job_codes),
        np.concatenate([p.subject for p in parts]),
        np.concatenate([p.start_ns for p in parts]),
        tuple(jobs),
    )


class TruthOfSite:
    """What really ran on each subject of a source; a node does what its accelerators do.

    ``labels`` are those of its jobs, numbered from ``first``; the last is the site's idle time.
    """

    def __init__(self, source: Source, site: int, first: int, most_subjects: int | None = None) -> None:
        subjects, truth = source.inventory(), source.truth()
        known: Mapping[str, WorkKind] = getattr(source, "labels", dict)()
        origin = str(getattr(source, "request_model", "recorded"))
        self._first = first
        self._jobs: dict[int, list[tuple[int, int, int, int]]] = {}
        self._kept: set[int] | None = None if most_subjects is None else set()
        self.labels = [_label(site, job, known.get(job.job), subjects, origin) for job in truth]
        self.labels.append(_idle_label(site, subjects, origin))
        index = {s.name: i for i, s in enumerate(subjects)}
        node_of = {a: s.name for s in subjects if s.kind is SubjectKind.NODE for a in s.covers}
        for number, job in enumerate(truth):
            names = list(dict.fromkeys([*job.subjects, *(node_of[s] for s in job.subjects if s in node_of)]))
            span = (job.start_ns, job.end_ns, CLASSES.index(job.workload), number)
            for name in names:
                if name in index:
                    self._jobs.setdefault(index[name], []).append(span)
            if self._kept is not None:
                self._kept |= _spread(subjects, [index[n] for n in names if n in index], most_subjects or 0)

    def of_windows(self, found: WindowFeatures, observed_ns: Int64) -> tuple[Int64, Int64, Int64]:
        """Per row the class that covers most of its window, for how many ns, and the job; idle where none.

        Time that nobody observed, ``observed_ns`` (rows,) short of the window, is not idle. The job is -1
        for subjects that are left out.
        """
        starts = found.window_start_ns()
        covered = np.zeros((len(starts), len(CLASSES)), np.int64)
        job = np.full(len(starts), self._first + len(self.labels) - 1, np.int64)
        for i, subject in enumerate(found.subjects.tolist()):
            rows = slice(i * WINDOWS_PER_SLOT, (i + 1) * WINDOWS_PER_SLOT)
            longest = np.zeros(WINDOWS_PER_SLOT, np.int64)
            for start, end, label, number in self._jobs.get(subject, ()):
                overlap = np.minimum(end, starts[rows] + WINDOW_NS) - np.maximum(start, starts[rows])
                overlap = np.maximum(overlap, 0)
                covered[rows, label] += overlap
                job[rows] = np.where(overlap > longest, self._first + number, job[rows])
                longest = np.maximum(longest, overlap)
            if self._kept is not None and subject not in self._kept:
                job[rows] = -1
        covered[:, IDLE] += np.maximum(observed_ns - covered.sum(axis=1), 0)
        label = covered.argmax(axis=1).astype(np.int64)
        return label, covered.max(axis=1), job


def _spread(subjects: Sequence[Subject], members: list[int], most: int) -> set[int]:
    """``most`` members of each kind, evenly spread over the job."""
    kept: set[int] = set()
    for kind in SubjectKind:
        mine = sorted(m for m in members if subjects[m].kind is kind)
        step = max(1, len(mine) // most) if most else 1
        kept |= set(mine[::step][:most])
    return kept


def _label(
    site: int, job: JobRecord, kind: WorkKind | None, subjects: Sequence[Subject], origin: str
) -> JobLabel:
    hardware = next((s.hardware for s in subjects if s.name in job.subjects), "")
    plain = f"site-{job.workload.value}"
    if job.workload is WorkloadClass.INFERENCE:
        plain += f" {origin}"
    names = (kind.name, kind.family, kind.mechanism, kind.evasion) if kind else (plain, plain, plain, "")
    return JobLabel(site, job.job, *names, hardware, origin, job.start_ns, job.end_ns)


def _idle_label(site: int, subjects: Sequence[Subject], origin: str) -> JobLabel:
    hardware = next((s.hardware for s in subjects if s.kind is SubjectKind.ACCELERATOR), "")
    name = "site-idle"
    return JobLabel(site, "", name, name, name, "", hardware, origin, 0, 0)

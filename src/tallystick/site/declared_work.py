"""What the operator declares for each window of each row: class and run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.accounting.columns import column_of
from tallystick.declarations.inventory import Roster
from tallystick.declarations.statement import Period
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.site.lineages import Lineages
from tallystick.telemetry.table import Int64
from tallystick.units import WINDOW_NS, WINDOWS_PER_HOUR
from tallystick.workloads.runs import FoundRun

_NOTHING = -1


@dataclass(frozen=True)
class Labels:
    """``span`` (rows, windows) indexes ``names`` and ``workloads``, or is -1 where nothing ran."""

    roster: Roster
    span: Int64
    names: tuple[str, ...]
    workloads: tuple[WorkloadClass | None, ...]

    def hour(self, row: int, columns: slice) -> tuple[tuple[WorkloadClass | None, ...], str]:
        """The classes of an hour's windows, and the run that covers most of them, empty for none."""
        if not self.roster.counted[row]:
            return (None,) * WINDOWS_PER_HOUR, ""
        spans = self.span[row, columns].tolist()
        classes = tuple(WorkloadClass.IDLE if s == _NOTHING else self.workloads[s] for s in spans)
        ran = Counter(s for s in spans if s != _NOTHING)
        return classes, self.names[ran.most_common(1)[0][0]] if ran else ""

    def columns(self, row: int, first: int, lineages: Lineages) -> tuple[int, ...]:
        """The column of the matrix in which each window of the hour from ``first`` on counts."""
        classes, _ = self.hour(row, slice(first, first + WINDOWS_PER_HOUR))
        spans = self.span[row, first : first + WINDOWS_PER_HOUR].tolist()
        names = (self.names[s] if s != _NOTHING else "" for s in spans)
        return tuple(column_of(w, lineages.column(name)) for w, name in zip(classes, names, strict=True))


def declared_labels(
    roster: Roster, period: Period, jobs: Sequence[JobRecord], runs: Sequence[FoundRun]
) -> Labels:
    """Labels by ``jobs``, the operator's own records; by ``runs`` found where these say nothing."""
    place = {subject.name: row for row, subject in enumerate(roster.rows)}
    windows = (period.end_ns - period.start_ns) // WINDOW_NS
    span = np.full((len(roster.rows), windows), _NOTHING, np.int64)
    names: list[str] = []
    workloads: list[WorkloadClass | None] = []
    for source in (
        [(j.job, j.subjects, j.start_ns, j.end_ns, j.workload) for j in sorted(jobs, key=lambda j: j.job)],
        [(r.id, r.subjects, r.start_ns, r.end_ns, r.workload) for r in runs],
    ):
        most = np.zeros_like(span)
        free = span == _NOTHING
        for name, subjects, start_ns, end_ns, workload in source:
            rows = [place[s] for s in subjects if s in place]
            first, shares = _shares(period, start_ns, end_ns, windows)
            cells = np.ix_(rows, range(first, first + len(shares)))
            wins = free[cells] & (shares > most[cells])
            most[cells] = np.where(wins, shares, most[cells])
            span[cells] = np.where(wins, len(names), span[cells])
            names.append(name)
            workloads.append(workload)
    return Labels(roster, span, tuple(names), tuple(workloads))


def _shares(period: Period, start_ns: int, end_ns: int, windows: int) -> tuple[int, Int64]:
    """First window and nanoseconds covered of each window from there on."""
    start, end = max(0, start_ns - period.start_ns), max(0, end_ns - period.start_ns)
    first, last = min(windows, start // WINDOW_NS), min(windows, -(-end // WINDOW_NS))
    edges = np.arange(first, max(first, last), dtype=np.int64) * WINDOW_NS
    return first, np.minimum(edges + WINDOW_NS, end) - np.maximum(edges, start)

"""How many accelerators did what, window by window: for pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.records.subject import JobRecord
from tallystick.records.workload import (
    ABSTAINED,
    CLASSES,
    NO_TRAINING_UNCLEAR,
    NOT_OBSERVED,
    TRAINING_UNCLEAR,
    VERDICT_NAMES,
    WorkloadClass,
)
from tallystick.site.observed import Observed
from tallystick.telemetry.table import Int64
from tallystick.units import WINDOW_NS

UNCLEAR_KEY, NO_TRAINING_KEY = VERDICT_NAMES[TRAINING_UNCLEAR], VERDICT_NAMES[NO_TRAINING_UNCLEAR]
ABSTAINED_KEY, NOT_OBSERVED_KEY = VERDICT_NAMES[ABSTAINED], VERDICT_NAMES[NOT_OBSERVED]


@dataclass(frozen=True)
class Timeline:
    """``accelerators[key][i]`` of class ``key`` in the window that starts at ``start_ns[i]``."""

    start_ns: tuple[int, ...]
    accelerators: dict[str, tuple[int, ...]]


def seen_timeline(observed: Observed) -> Timeline:
    """Accelerators by the classifier's verdict."""
    covers = _covers(observed)
    return _timeline(
        observed,
        {n: ((observed.verdicts == i) * covers[:, None]).sum(axis=0) for i, n in enumerate(VERDICT_NAMES)},
    )


def declared_timeline(observed: Observed, jobs: Sequence[JobRecord]) -> Timeline:
    """Accelerators by the class of the operator's own job records; idle where there is no record."""
    covers = _covers(observed)
    place = {s.name: row for row, s in enumerate(observed.roster.rows)}
    idle = CLASSES.index(WorkloadClass.IDLE)
    label = np.full(observed.verdicts.shape, idle, np.int64)
    for job in jobs:
        rows = [place[name] for name in job.subjects]
        first = max(0, (job.start_ns - observed.period.start_ns) // WINDOW_NS)
        last = max(0, (job.end_ns - observed.period.start_ns) // WINDOW_NS)
        label[rows, first:last] = CLASSES.index(job.workload)
    return _timeline(
        observed, {c.value: ((label == i) * covers[:, None]).sum(axis=0) for i, c in enumerate(CLASSES)}
    )


def _covers(observed: Observed) -> Int64:
    rows = zip(observed.roster.rows, observed.roster.counted, strict=True)
    return np.array([len(s.covers) if here else 0 for s, here in rows], np.int64)


def _timeline(observed: Observed, counts: dict[str, Int64]) -> Timeline:
    period = observed.period
    return Timeline(
        tuple(range(period.start_ns, period.end_ns, WINDOW_NS)),
        {name: tuple(values.tolist()) for name, values in counts.items() if values.any()},
    )

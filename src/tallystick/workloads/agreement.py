"""How well runs found agree with runs that really were: the adjusted Rand index over time and subjects."""

from collections.abc import Sequence

import numpy as np

from tallystick.records.run import Run
from tallystick.records.subject import JobRecord
from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S
from tallystick.workloads.runs import FoundRun

CELL_NS = 10 * NS_PER_S


def adjusted_rand_index(first: Int64, second: Int64) -> float:
    """Adjusted Rand index of two labellings (n,): Hubert and Arabie 1985, eq. 5; 1 where both are trivial."""
    _, a = np.unique(first, return_inverse=True)
    _, b = np.unique(second, return_inverse=True)
    _, cells = np.unique(a * (int(b.max(initial=0)) + 1) + b, return_counts=True)
    together, left, right = _pairs(cells), _pairs(np.bincount(a)), _pairs(np.bincount(b))
    every = len(first) * (len(first) - 1) / 2
    expected = left * right / every if every else 0.0
    most = (left + right) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def run_agreement(found: Sequence[FoundRun | Run], truth: Sequence[JobRecord]) -> float:
    """Adjusted Rand index over the cells (subject, 10 s) that lie in a true run.

    Cells that no found run covers are one cluster of their own.
    """
    if not truth:
        return 1.0
    origin = min(j.start_ns for j in truth) // CELL_NS
    width = max(j.end_ns for j in truth) // CELL_NS + 1 - origin
    names = {name: i for i, name in enumerate(sorted({s for j in truth for s in j.subjects}))}
    real = np.full((len(names), width), -1, np.int64)
    said = np.full((len(names), width), -1, np.int64)
    for number, job in enumerate(truth):
        rows = [names[s] for s in job.subjects]
        real[rows, -(-job.start_ns // CELL_NS) - origin : job.end_ns // CELL_NS - origin] = number
    for number, run in enumerate(found):
        rows = [names[s] for s in run.subjects if s in names]
        first, last = max(0, run.start_ns // CELL_NS - origin), max(0, run.end_ns // CELL_NS - origin)
        said[rows, first:last] = number
    inside = real >= 0
    return adjusted_rand_index(real[inside], said[inside])


def _pairs(counts: Int64) -> float:
    exact = counts.astype(np.int64)
    return float((exact * (exact - 1) // 2).sum())

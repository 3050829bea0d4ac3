"""The box of conditions that decides a contested verdict: the patient rule induction method.

Source: Friedman and Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999);
used to find scenarios by Bryant and Lempert (2010). Peeling only, on levels (each parameter's quantile,
0..1), so that all parameters count alike. Own code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

PEEL = 0.07
LEAST_SUPPORT = 0.08
WANTED_DENSITY = 0.9
MOST_CONDITIONS = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """One side of a box: the level of column ``column`` lies from ``low`` to ``high``."""

    column: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Box:
    """Conditions, at most three; ``density``: share of draws within that hold; ``coverage``: of all that
    hold; ``support``: of all draws.
    """

    conditions: tuple[Condition, ...]
    density: float
    coverage: float
    support: float


def find_box(levels: Float, holds: Bool) -> Box | None:
    """The box in ``levels`` (n, columns) where ``holds`` (n,) is densest with few conditions; None where
    all or none hold. Deterministic.
    """
    if not 0 < holds.sum() < holds.size:
        return None
    columns = _telling(levels, holds)
    low, high = np.zeros(levels.shape[1]), np.ones(levels.shape[1])
    inside = np.ones(holds.size, dtype=bool)
    while holds[inside].mean() < WANTED_DENSITY:
        cut = _best_cut(levels, holds, inside, columns)
        if cut is None:
            break
        column, edge, from_below = cut
        (low if from_below else high)[column] = edge
        inside &= levels[:, column] >= edge if from_below else levels[:, column] <= edge
    narrowed = [c for c in columns if low[c] > 0 or high[c] < 1]
    conditions = tuple(Condition(int(c), float(low[c]), float(high[c])) for c in narrowed)
    return Box(
        conditions=conditions,
        density=float(holds[inside].mean()),
        coverage=float(holds[inside].sum() / holds.sum()),
        support=float(inside.mean()),
    )


def _telling(levels: Float, holds: Bool) -> Sequence[int]:
    """The few columns whose mean level differs most between draws that hold and those that do not."""
    gaps = np.abs(levels[holds].mean(axis=0) - levels[~holds].mean(axis=0))
    return [int(c) for c in np.argsort(-gaps, kind="stable")[:MOST_CONDITIONS]]


def _best_cut(
    levels: Float, holds: Bool, inside: Bool, columns: Sequence[int]
) -> tuple[int, float, bool] | None:
    """The peel that leaves the densest box, None where none improves or too little would be left."""
    best, found = float(holds[inside].mean()), None
    for column in columns:
        values = levels[inside, column]
        for from_below, edge in ((True, np.quantile(values, PEEL)), (False, np.quantile(values, 1 - PEEL))):
            left = inside & (levels[:, column] >= edge if from_below else levels[:, column] <= edge)
            enough = left.mean() >= LEAST_SUPPORT and left.sum() < inside.sum()
            if enough and float(holds[left].mean()) > best + 1e-12:
                best, found = float(holds[left].mean()), (column, float(edge), from_below)
    return found

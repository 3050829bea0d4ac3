"""The box of conditions that decides a contested verdict: the patient rule induction method.

Source: Friedman and Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999);
used to find scenarios by Bryant and Lempert (2010). Peeling only, on levels (each parameter's quantile,
0..1), so that all parameters count alike; of a choice, whole
categories are peeled, first or last in their order. Own code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

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


def find_box(
    levels: Float, holds: Bool, steps: Mapping[int, tuple[float, ...]] = MappingProxyType({})
) -> Box | None:
    """The box in ``levels`` (n, columns) where ``holds`` (n,) is densest with few conditions; None where
    all or none hold. ``steps``: of columns that are choices, the levels between categories, with 0 and 1.
    Deterministic.
    """
    if not 0 < holds.sum() < holds.size:
        return None
    columns = _telling(levels, holds, steps)
    low, high = np.zeros(levels.shape[1]), np.ones(levels.shape[1])
    inside = np.ones(holds.size, dtype=bool)
    while holds[inside].mean() < WANTED_DENSITY:
        cut = _best_cut(levels, holds, inside, columns, steps)
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


def _telling(levels: Float, holds: Bool, steps: Mapping[int, tuple[float, ...]]) -> Sequence[int]:
    """The few columns that differ most between draws that hold and those that do not: by mean level, or, of
    a choice, by half the difference between the shares of its categories, which is of the same scale.
    """
    gaps = np.abs(levels[holds].mean(axis=0) - levels[~holds].mean(axis=0))
    for column, edges in steps.items():
        within, without = (np.histogram(levels[own, column], edges)[0] for own in (holds, ~holds))
        gaps[column] = np.abs(within / holds.sum() - without / (~holds).sum()).sum() / 4
    return [int(c) for c in np.argsort(-gaps, kind="stable")[:MOST_CONDITIONS]]


def _best_cut(
    levels: Float, holds: Bool, inside: Bool, columns: Sequence[int], steps: Mapping[int, tuple[float, ...]]
) -> tuple[int, float, bool] | None:
    """The peel that leaves the densest box, None where none improves or too little would be left."""
    best, found = float(holds[inside].mean()), None
    for column in columns:
        for from_below, edge in _edges(levels[inside, column], steps.get(column)):
            left = inside & (levels[:, column] >= edge if from_below else levels[:, column] <= edge)
            enough = left.mean() >= LEAST_SUPPORT and left.sum() < inside.sum()
            if enough and float(holds[left].mean()) > best + 1e-12:
                best, found = float(holds[left].mean()), (column, float(edge), from_below)
    return found


def _edges(values: Float, steps: tuple[float, ...] | None) -> Iterator[tuple[bool, float]]:
    """Where ``values`` may be cut, from below and from above: a little off, or one category."""
    if steps is None:
        yield True, float(np.quantile(values, PEEL))
        yield False, float(np.quantile(values, 1 - PEEL))
        return
    between = np.array(steps[1:-1])
    yield from ((True, float(edge)) for edge in between[between > values.min()][:1])
    # A category ends just below the level at which the next begins.
    yield from ((False, float(np.nextafter(edge, 0.0))) for edge in between[between <= values.max()][-1:])

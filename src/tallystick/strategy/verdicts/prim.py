"""The box of conditions that decides a contested verdict: the patient rule induction method.

Source: Friedman and Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999);
used to find scenarios by Bryant and Lempert (2010). Peeling, then pasting, on levels (each parameter's
quantile, 0..1), so that all parameters count alike; of a choice, whole categories are peeled and pasted,
first or last in their order. Own code. A box decides where its density reaches ``WANTED_DENSITY``; with
fewer draws within, the caller says that no box does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Steps = Mapping[int, tuple[float, ...]]

PEEL = 0.07
LEAST_SUPPORT = 0.05
WANTED_DENSITY = 0.9
#: Peeling goes a little farther, so that a box whose ends are rounded for people still decides.
MARGIN = 0.005
MOST_CONDITIONS = 3
#: Columns that are searched: those in whose bins the share differs most from the whole.
SEARCHED, BINS = 12, 8


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


class _Search:
    """A box as it is peeled and pasted: ``low`` and ``high`` bound each column's level."""

    def __init__(self, levels: Float, holds: Bool, steps: Steps) -> None:
        self.levels, self.holds, self.steps = levels, holds, steps
        self.low, self.high = np.zeros(levels.shape[1]), np.ones(levels.shape[1])
        self.inside = np.ones(holds.size, dtype=bool)

    @property
    def density(self) -> float:
        """Share of the draws within that hold."""
        return float(self.holds[self.inside].mean())

    def peel(self, columns: Sequence[int]) -> bool:
        """Cuts off what leaves the densest box; False where nothing improves or too little would be left."""
        best, found = self.density, None
        for column in self._open(columns):
            own = self.levels[self.inside, column]
            for from_below, edge in _edges(own, self.steps.get(column)):
                left = own >= edge if from_below else own <= edge
                if left.sum() < max(1.0, LEAST_SUPPORT * self.holds.size) or left.all():
                    continue
                density = float(self.holds[self.inside][left].mean())
                if density > best + 1e-12:
                    best, found = density, (column, float(edge), from_below)
        if found is None:
            return False
        column, edge, from_below = found
        (self.low if from_below else self.high)[column] = edge
        self.inside = self._within(self.low, self.high)
        return True

    def paste(self) -> bool:
        """Widens one side again by the step that brings most draws and keeps the density that is wanted."""
        most, found = int(self.inside.sum()), None
        floor = min(self.density, WANTED_DENSITY + MARGIN)
        for column in self.narrowed():
            for low, high in self._wider(column):
                lows, highs = self.low.copy(), self.high.copy()
                lows[column], highs[column] = low, high
                wider = self._within(lows, highs)
                if wider.sum() > most and self.holds[wider].mean() >= floor - 1e-12:
                    most, found = int(wider.sum()), (lows, highs, wider)
        if found is None:
            return False
        self.low, self.high, self.inside = found
        return True

    def narrowed(self) -> list[int]:
        """Columns that the box has a condition on."""
        return [int(c) for c in np.flatnonzero((self.low > 0) | (self.high < 1))]

    def _open(self, columns: Sequence[int]) -> Sequence[int]:
        """All columns while conditions are left, then those that have one."""
        taken = self.narrowed()
        return columns if len(taken) < MOST_CONDITIONS else taken

    def _within(self, low: Float, high: Float) -> Bool:
        inside = np.ones(self.holds.size, dtype=bool)
        for column in np.flatnonzero((low > 0) | (high < 1)):
            own = self.levels[:, column]
            inside &= (own >= low[column]) & (own <= high[column])
        return inside

    def _wider(self, column: int) -> Iterator[tuple[float, float]]:
        """The two ways to give a little back, or a category."""
        low, high = float(self.low[column]), float(self.high[column])
        edges = self.steps.get(column)
        if edges is None:
            part = PEEL / 2
            yield max(0.0, low - part), high
            yield low, min(1.0, high + part)
            return
        yield max((edge for edge in edges if edge < low), default=0.0), high
        above = [edge for edge in edges if edge > np.nextafter(high, 1.0)]
        yield low, (float(np.nextafter(above[0], 0.0)) if above and above[0] < 1 else 1.0)


def find_box(levels: Float, holds: Bool, steps: Steps = MappingProxyType({})) -> Box | None:
    """The box in ``levels`` (n, columns) where ``holds`` (n,) is densest with few conditions; None where
    all or none hold. ``steps``: of columns that are choices, the levels between categories, with 0 and 1.
    For the draws that do not hold, ask with ``~holds``. Deterministic.
    """
    if not 0 < holds.sum() < holds.size:
        return None
    columns = _telling(levels, holds, steps)
    search = _searched(levels, holds, steps, columns)
    if search.density < WANTED_DENSITY:
        # A column that only seemed to tell may have taken the place of one that does.
        fewer = _searched(levels, holds, steps, columns[:MOST_CONDITIONS])
        search = fewer if fewer.density >= WANTED_DENSITY else search
    inside = search.inside
    return Box(
        conditions=tuple(
            Condition(c, float(search.low[c]), float(search.high[c])) for c in search.narrowed()
        ),
        density=search.density,
        coverage=float(holds[inside].sum() / holds.sum()),
        support=float(inside.mean()),
    )


def _searched(levels: Float, holds: Bool, steps: Steps, columns: Sequence[int]) -> _Search:
    """Peeled until the box decides, or nothing improves it, and pasted."""
    search = _Search(levels, holds, steps)
    while search.density < WANTED_DENSITY + MARGIN and search.peel(columns):
        pass
    while search.paste():
        pass
    return search


def _telling(levels: Float, holds: Bool, steps: Steps) -> Sequence[int]:
    """The columns in whose bins (or categories) the share differs most from the whole, by the sum of squares
    weighted with the draws in each: also where the middle holds and both ends do not.
    """
    even = np.linspace(0.0, 1.0, BINS + 1)
    gaps = np.zeros(levels.shape[1])
    for column in range(levels.shape[1]):
        edges = np.asarray(steps.get(column, even))
        place = np.clip(np.searchsorted(edges[1:-1], levels[:, column], side="right"), 0, edges.size - 2)
        count = np.bincount(place, minlength=edges.size - 1)
        held = np.bincount(place, weights=holds, minlength=edges.size - 1)
        share = held / np.maximum(count, 1)
        gaps[column] = (count * (share - holds.mean()) ** 2).sum()
    return [int(c) for c in np.argsort(-gaps, kind="stable")[:SEARCHED]]


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

"""Where in time a score comes from, and how wide its interval is if whole eras are resampled.

Thought of after the first run. Cases of one era are related; with few eras even this interval is rough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.backtest.scores import RESAMPLES, Estimate, brier

Float = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EraRow:
    """One era, predicted from the others: mean Brier score, and the same less the base rate's."""

    era: str
    cases: int
    brier: float
    against_base: float


@dataclass(frozen=True, slots=True)
class ByEra:
    """Every era in order of time, and the whole difference with whole eras resampled."""

    rows: tuple[EraRow, ...]
    against_base: Estimate


def by_era(prediction: Float, base: Float, outcome: Float, eras: Sequence[str], *, seed: int) -> ByEra:
    """``prediction`` and ``base`` were made without the era of each case."""
    own = brier(prediction, outcome)
    gap = own - brier(base, outcome)
    names = list(dict.fromkeys(eras))
    places = {name: np.array([era == name for era in eras]) for name in names}
    rows = tuple(
        EraRow(name, int(at.sum()), float(own[at].mean()), float(gap[at].mean()))
        for name, at in places.items()
    )
    rng = np.random.default_rng([seed, 3])
    picks = rng.integers(0, len(names), (RESAMPLES, len(names)))
    means = [np.concatenate([gap[places[names[k]]] for k in pick]).mean() for pick in picks]
    low, high = np.percentile(means, [2.5, 97.5])
    return ByEra(rows, Estimate(float(gap.mean()), float(low), float(high)))

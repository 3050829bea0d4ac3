"""Scores of predictions, with intervals by resampling cases.

Brier (1950) and logarithmic score, both the less the better; area under the curve by pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

#: All predictions are held within this and one less this in the logarithmic score.
HELD = 0.01
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval; ``low`` and ``high`` are percentiles of resampled cases."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """One predictor's scores. ``against_base``: its Brier score less the base rate's on the same cases: below
    0 is better. ``right``: share of cases on the right side of one half.
    """

    predictor: str
    brier: Estimate
    log: Estimate
    against_base: Estimate
    right: float

    @property
    def worse_than_base(self) -> bool:
        """Whether its Brier score is above the base rate's."""
        return self.against_base.value > 0

    @property
    def told_apart(self) -> bool:
        """Whether the interval of the difference to the base rate leaves out 0."""
        return self.against_base.low > 0 or self.against_base.high < 0


def brier(prediction: Float, outcome: Float) -> Float:
    """Squared error of each case."""
    return np.asarray((prediction - outcome) ** 2)


def log_loss(prediction: Float, outcome: Float) -> Float:
    """Logarithmic loss of each case in nats."""
    held = np.clip(prediction, HELD, 1 - HELD)
    return np.asarray(-(outcome * np.log(held) + (1 - outcome) * np.log(1 - held)))


def scores(predictions: Mapping[str, Float], base: str, outcome: Float, seed: int) -> tuple[Score, ...]:
    """Every predictor on the same resamples. ``base`` names the base rate among ``predictions``."""
    rows = resamples(len(outcome), seed)
    yardstick = brier(predictions[base], outcome)
    found = []
    for name, prediction in predictions.items():
        squared = brier(prediction, outcome)
        found.append(
            Score(
                predictor=name,
                brier=_mean(squared, rows),
                log=_mean(log_loss(prediction, outcome), rows),
                against_base=_mean(squared - yardstick, rows),
                right=float(((prediction > 0.5) == (outcome > 0.5)).mean()),
            )
        )
    return tuple(found)


def resamples(count: int, seed: int) -> npt.NDArray[np.int64]:
    """``RESAMPLES`` draws of ``count`` cases with replacement."""
    return np.random.default_rng([seed, 1]).integers(0, count, (RESAMPLES, count))


def area_under_curve(prediction: Float, outcome: Float) -> float:
    """Probability that an accepted case is ranked above one that is not, ties half; not-a-number where all
    ended alike.
    """
    yes, no = prediction[outcome > 0.5], prediction[outcome <= 0.5]
    if not yes.size or not no.size:
        return float("nan")
    gap = yes[:, None] - no[None, :]
    return float((gap > 0).mean() + 0.5 * (gap == 0).mean())


def area_estimate(prediction: Float, outcome: Float, seed: int) -> Estimate:
    """The area under the curve with its interval."""
    values = [area_under_curve(prediction[row], outcome[row]) for row in resamples(len(outcome), seed)]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Estimate(area_under_curve(prediction, outcome), float(low), float(high))


def _mean(values: Float, rows: npt.NDArray[np.int64]) -> Estimate:
    low, high = np.percentile(values[rows].mean(axis=1), [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))

"""Could shuffled outcomes have been predicted as well?"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tallystick.strategy.backtest.predictors import leave_one_out, shifted
from tallystick.strategy.backtest.scores import area_under_curve, brier

Float = npt.NDArray[np.float64]

SHUFFLES = 1000


def permutation_p(
    outcome: Float, statistic: Callable[[Float], float], *, seed: int, shuffles: int = SHUFFLES
) -> float:
    """Share of shuffles, the true order counted in, with a statistic at least as great as the true one's."""
    rng = np.random.default_rng([seed, 2])
    true = statistic(outcome)
    as_good = sum(statistic(rng.permutation(outcome)) >= true - 1e-12 for _ in range(shuffles))
    return (1 + as_good) / (1 + shuffles)


def shifted_brier(odds: Float) -> Callable[[Float], float]:
    """Minus the leave-one-out Brier score of shifted ``odds``, as a function of outcomes.

    A fold's shift depends on how many of its cases were accepted alone, so it is looked up after the first
    time.
    """
    folds = leave_one_out(len(odds))
    tables: dict[int, tuple[Float, Float]] = {}

    def statistic(outcome: Float) -> float:
        total = int(outcome.sum())
        if total not in tables:
            tables[total] = (_predicted(odds, total, 0), _predicted(odds, total, 1))
        if_not, if_accepted = tables[total]
        prediction = np.where(outcome > 0.5, if_accepted, if_not)
        return -float(brier(prediction, outcome).mean())

    def _predicted(odds: Float, total: int, own: int) -> Float:
        found = np.empty_like(odds)
        for train, test in folds:
            others = np.zeros_like(odds)
            others[train[: total - own]] = 1
            found[test] = shifted(odds, others, [(train, test)])[test]
        return found

    return statistic


def area(prediction: Float) -> Callable[[Float], float]:
    """The area under the curve of ``prediction``, as a function of outcomes."""
    return lambda outcome: area_under_curve(prediction, outcome)

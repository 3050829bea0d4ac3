"""What the strategy model is held against, each fitted without the cases that it predicts.

All take outcomes (n,), 1 for accepted, and folds: pairs of training and test indices that cover every case
once. All return a prediction for each case, (n,).
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Fold = tuple[Int, Int]

#: Weight of the squared slopes of the logistic, fixed before the first fit: n is small.
RIDGE = 1.0
NEWTON_STEPS = 50
BISECTIONS = 60
WIDEST_SHIFT = 30.0


def leave_one_out(count: int) -> tuple[Fold, ...]:
    """Each case predicted from all others."""
    every = np.arange(count)
    return tuple((np.delete(every, k), every[k : k + 1]) for k in range(count))


def leave_group_out(groups: Sequence[str]) -> tuple[Fold, ...]:
    """Each group (an era) predicted from all others. Raises InputError for fewer than two groups."""
    names = np.asarray(groups)
    if np.unique(names).size < 2:
        raise InputError("one group only", where="folds", mend="give cases of two eras or more")
    found = [(np.flatnonzero(names != name), np.flatnonzero(names == name)) for name in np.unique(names)]
    return tuple((train.astype(np.int64), test.astype(np.int64)) for train, test in found)


def log_odds(share: Float, draws: int) -> Float:
    """Log odds of a share of draws; none and all count as half a draw."""
    held = np.clip(share, 0.5 / draws, 1 - 0.5 / draws)
    return np.asarray(np.log(held / (1 - held)))


def shift(odds: Float, accepted: float) -> float:
    """The one number that, added to all log odds (m,), makes their probabilities sum to ``accepted``: the
    maximum likelihood of a shift. Bounded by ``WIDEST_SHIFT`` where all or none were accepted.
    """
    low, high = -WIDEST_SHIFT, WIDEST_SHIFT
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if _logistic(odds + middle).sum() < accepted else (low, middle)
    return (low + high) / 2


def shifted(odds: Float, outcome: Float, folds: Sequence[Fold]) -> Float:
    """The model's log odds, moved by one number fitted in each fold."""
    return _by_fold(
        folds, outcome, lambda train, test: _logistic(odds[test] + shift(odds[train], outcome[train].sum()))
    )


def base_rate(outcome: Float, folds: Sequence[Fold]) -> Float:
    """The share of accepted cases in each fold."""
    return _by_fold(folds, outcome, lambda train, test: np.full(test.size, outcome[train].mean()))


def always(outcome: Float) -> Float:
    """Every proposal is accepted."""
    return np.ones_like(outcome)


def logistic(variables: Float, outcome: Float, folds: Sequence[Fold]) -> Float:
    """A ridge logistic on ``variables`` (n, k), standardised in each fold; the intercept is free."""
    return _by_fold(folds, outcome, lambda train, test: fitted(variables, outcome, train, test)[0])


def chosen_logistic(
    tables: Sequence[Float], outcome: Float, folds: Sequence[Fold]
) -> tuple[Float, tuple[int, ...]]:
    """In each fold the logistic on that one of ``tables``, each (n, k), which fits its training cases best;
    and which one that was, by fold.
    """
    prediction, chosen = np.empty_like(outcome), []
    for train, test in folds:
        tried = [fitted(table, outcome, train, test) for table in tables]
        best = min(range(len(tried)), key=lambda index: tried[index][1])
        prediction[test] = tried[best][0]
        chosen.append(best)
    return prediction, tuple(chosen)


def fitted(variables: Float, outcome: Float, train: Int, test: Int) -> tuple[Float, float]:
    """Predictions for ``test``, and the penalised loss on ``train`` in nats."""
    mean, spread = variables[train].mean(axis=0), variables[train].std(axis=0)
    scaled = (variables - mean) / np.where(spread > 0, spread, 1.0)
    table = np.column_stack([np.ones(len(outcome)), scaled])
    weights = _newton(table[train], outcome[train])
    odds = table[train] @ weights
    loss = float((np.logaddexp(0, odds) - outcome[train] * odds).sum())
    return _logistic(table[test] @ weights), loss + RIDGE * float(weights[1:] @ weights[1:]) / 2


def _newton(table: Float, outcome: Float) -> Float:
    weights = np.zeros(table.shape[1])
    penalty = np.diag([0.0] + [RIDGE] * (table.shape[1] - 1))
    for _ in range(NEWTON_STEPS):
        chance = _logistic(table @ weights)
        slope = table.T @ (outcome - chance) - penalty @ weights
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + penalty
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(weights)


def _by_fold(folds: Sequence[Fold], outcome: Float, predict: Callable[[Int, Int], Float]) -> Float:
    found = np.empty_like(outcome)
    for train, test in folds:
        found[test] = predict(train, test)
    return found


def _logistic(odds: Float) -> Float:
    return np.asarray(1 / (1 + np.exp(-odds)))

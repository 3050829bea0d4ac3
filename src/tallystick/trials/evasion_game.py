"""The value of the game between an evader who picks an evasion and an inspector who picks a threshold."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GameSolution:
    """Optimal mixed strategies of a zero-sum matrix game and what the row player gets by them.

    ``rows`` and ``columns`` are probabilities. ``value`` is the row player's gain. The row player's mix
    wins at least ``value - gap`` against every column, the column player's concedes at most
    ``value + gap`` to every row; ``gap`` is computed from the mixes, not taken from the solver.
    """

    value: float
    rows: Float64
    columns: Float64
    gap: float


def solve_game(payoff: Float64) -> GameSolution:
    """Solve the game in which the row player receives ``payoff`` (rows, columns) from the column player.

    One linear programme for each side (von Neumann 1928). Raises InputError where the matrix is empty or
    not finite.
    """
    if payoff.ndim != 2 or not payoff.size or not np.isfinite(payoff).all():
        raise InputError(
            f"a payoff matrix of shape {payoff.shape} is not usable",
            mend="give a matrix of finite numbers with at least one row and one column",
        )
    rows = _maximin(payoff)
    columns = _maximin(-payoff.T)
    secured = float((rows @ payoff).min())
    conceded = float((payoff @ columns).max())
    value = (secured + conceded) / 2
    return GameSolution(value, rows, columns, gap=max(conceded - value, value - secured))


def _maximin(payoff: Float64) -> Float64:
    """Row probabilities (rows,) that maximise the least expected payoff over columns."""
    from scipy.optimize import linprog

    rows, columns = payoff.shape
    # Variables: the row probabilities, then the value v. Maximise v with v <= x @ payoff[:, j] for all j.
    result = linprog(
        c=np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-payoff.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * rows + [(None, None)],
        method="highs",
    )
    if not result.success:
        raise InputError(f"the game has no solution: {result.message}", mend="rescale the payoffs")
    weights = np.maximum(np.asarray(result.x[:rows], dtype=np.float64), 0.0)
    mix: Float64 = weights / weights.sum()
    return mix


def undetected_training(
    detection: Float64, throughput_left: Float64, false_alarm_price: Float64 | None = None
) -> Float64:
    """Payoff (evasions, thresholds) to the evader: the share of a run's training that goes unseen.

    ``detection`` (evasions, thresholds) is the probability that a run is detected, ``throughput_left``
    (evasions,) what training it leaves, 1 without evasion. ``false_alarm_price`` (thresholds,) is what
    the false alarms of a threshold cost the inspector, in the same unit.
    """
    payoff: Float64 = throughput_left[:, None] * (1 - detection)
    return payoff if false_alarm_price is None else payoff + false_alarm_price

"""Participation: is the regime worth more to a state than the race?

Benefit of restraint (with the race's risk averted and payments), less what foreign ownership costs, plus the
stake times the change in position: the power it ends with within the regime, should it be completed, or with
what is reached so far, should it not, against the power it ends with in the race from here. Position counts
from -1 to 1, twice the power less one. Own reduced form; the race is ``models.race``.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation

Float = npt.NDArray[np.float64]


def participation(case: Situation, i: int) -> Float:
    """Margin of state ``i``, (stages, n), in payoff units."""
    values = case.states[i]
    foreign = 0.5 + 0.5 * case.decisions.directed[i] if case.terms.owned else 0.0
    position = 2 * (expected_power(case, i) - case.power.leaving[i])
    return np.asarray(case.benefit[i] - values["sovereignty"] * foreign + values["stake"] * position)


def expected_power(case: Situation, i: int) -> Float:
    """Power within the regime from each stage on, (stages, n): complete with its odds, else stuck here."""
    sure = case.plan.sure[i]
    return np.asarray(sure * case.power.end[i] + (1 - sure) * case.power.stuck[i])

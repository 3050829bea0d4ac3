"""Transparency: does the deal repay what inspection gives away?

The loss is secrecy times leakage times the access granted; the deal must repay it with what it gives apart
from position. After Coe and Vaynman (2020); ``models.transparency`` says whether any other degree of
openness would.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation

Float = npt.NDArray[np.float64]


def transparency(case: Situation, i: int) -> Float:
    """Margin of state ``i``, (stages, n), in payoff units."""
    return np.asarray(np.maximum(case.benefit[i], 0.0) - leakage_loss(case, i))


def leakage_loss(case: Situation, i: int) -> Float:
    """What inspection gives away, (stages, n), in payoff units."""
    return np.asarray(case.states[i]["secrecy"] * case.technology["leakage"] * case.verification.intrusion)

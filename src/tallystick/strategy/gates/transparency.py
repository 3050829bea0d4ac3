"""Transparency: does the deal repay what is given away, by inspection and by one's own disclosures?

The loss is secrecy times the larger of what inspectors let out, leakage times the access granted, and of what
the state has told by its own hand (``openness``; how much that is no text says, so that it is as wide as it
can be). The deal must repay it with all that it is worth to the state; where it is worth nothing anyway, that
is participation's to say. After Coe and Vaynman (2020); ``models.transparency`` says whether any other degree
of openness would.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation

Float = npt.NDArray[np.float64]


def transparency(worth: Float, leaked: Float) -> Float:
    """Margin, (stages, n), in payoff units, of what the deal is worth (``participation``) over the loss."""
    return np.asarray(np.where(worth >= 0, worth - leaked, 0.0))


def leakage_loss(case: Situation, i: int) -> Float:
    """What is given away, (stages, n), in payoff units."""
    seen, told = (one[i][:, None] for one in (case.openness.seen, case.openness.told))
    leaked = case.technology["leakage"] * case.verification.intrusion * seen
    return np.asarray(case.states[i]["secrecy"] * np.maximum(leaked, case.world["disclosed"] * told))

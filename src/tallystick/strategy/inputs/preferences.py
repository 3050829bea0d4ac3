"""Preference orders over joint restraint, and their payoffs.

T: the rival restrains itself alone, R: both do, P: neither, S: this state alone. P is 0 and the unit of
payoff is what joint restraint is worth to a state that wants it, R - P = 1.

| order     | ranking       | payoffs, d temptation, s exposure      |
|-----------|---------------|-----------------------------------------|
| dilemma   | T > R > P > S | 1 + d, 1, 0, -s                         |
| assurance | R > T > P > S | 1 / (1 + d), 1, 0, -s                   |
| chicken   | T > R > S > P | 1 + d, 1, 0, 1 / (2 + s)                |
| deadlock  | T > P > R > S | 1 + d, -d / (1 + d), 0, -d / (1+d) - s  |
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

ORDERS = ("dilemma", "assurance", "chicken", "deadlock")


@dataclass(frozen=True, slots=True)
class Payoffs:
    """T, R and S for each draw; P is 0."""

    temptation: Float
    restraint: Float
    sucker: Float


def payoffs(order: Float, temptation: Float, exposure: Float) -> Payoffs:
    """Payoffs of each draw: ``order`` holds indices of ``ORDERS``, the others d > 0 and s > 0."""
    d, s = temptation, exposure
    refused = -d / (1 + d)
    which = order.astype(np.int64)
    return Payoffs(
        temptation=np.choose(which, [1 + d, 1 / (1 + d), 1 + d, 1 + d]),
        restraint=np.choose(which, [np.ones_like(d), np.ones_like(d), np.ones_like(d), refused]),
        sucker=np.choose(which, [-s, -s, 1 / (2 + s), refused - s]),
    )

"""Power shift: can what is promised for later make up for what is given up now?

At each stage, power now is what the state would reach by leaving here (a leader keeps its lead, a laggard
catches up), power later what it can expect within the regime, hold-up by whoever may stop the rest
included; a period is the stage, as far as it lies within the horizon. Two conditions, both needed:

* ``models.power_shift``: even if everything else were conceded, it would not break off. Costs are shares of
the
  whole stake, so c / (1 - delta) periods' worth.
* ``models.bargaining_range``: a text concedes nothing but what it says. Its fixed terms, what the state holds
  during the stage and what it can expect after it, must not be below the range's lower end, p1 - cA.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.participation import expected_power
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.bargaining_range import bargaining_range
from tallystick.strategy.models.power_shift import shift_margin

Float = npt.NDArray[np.float64]


def power_shift(case: Situation, i: int) -> Float:
    """The lesser of both margins of state ``i``, (stages, n), in shares of the stake."""
    later = expected_power(case, i)
    lengths = np.diff(np.minimum(case.plan.starts, case.world["horizon_years"]), axis=0)
    delta = np.clip(case.states[i]["discount"] ** lengths, 0.0, 0.9999)
    own = case.states[i]["conflict_cost"]
    rival = np.max([case.states[j]["conflict_cost"] for j in case.rivals(i)], axis=0)
    leaving = case.power.leaving[i]
    conceding = shift_margin(leaving, later, own / (1 - delta), rival / (1 - delta), delta)
    terms = (1 - delta) * case.power.within[i] + delta * later
    return np.asarray(np.minimum(conceding, terms - bargaining_range(leaving, own, rival)[0]))

"""Power shift: can what is promised for later make up for what is given up now?

At each stage, power now is what the state would reach by leaving here (a leader keeps its lead, a laggard
catches up), power later what it can expect within the regime, hold-up by whoever may stop the rest
included; a period is the stage, as far as it lies within the horizon. A text concedes nothing but what it
says: its fixed terms, what the state holds during the stage and what it can expect after it, must not be
below p1 - cA, the lower end of the range in which it would rather not fight (``models.bargaining_range``).

Powell's inequality (``models.power_shift``, with costs as c / (1 - delta) periods' worth) concedes the whole
period besides, and counts the rival's cost. So who passes here passes there too, by
(1 - delta)(1 - power within) + delta cB at least, and it is not asked by itself (a test).
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.participation import expected_power
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.bargaining_range import bargaining_range

Float = npt.NDArray[np.float64]


def power_shift(case: Situation, i: int) -> Float:
    """Margin of state ``i``, (stages, n), in shares of the stake."""
    lengths = np.diff(np.minimum(case.plan.starts, case.world["horizon_years"]), axis=0)
    delta = case.states[i]["discount"] ** lengths
    terms = (1 - delta) * case.power.within[i] + delta * expected_power(case, i)
    least, _ = bargaining_range(case.power.leaving[i], case.states[i]["conflict_cost"], 0.0)
    return np.asarray(terms - least)

"""A shift of power that no promise can make good: the same inequality says when a leader refuses to be
levelled and when a laggard refuses to be frozen.

Sources: Fearon (1995), section on commitment; Powell, "War as a commitment problem" (2006). Normalisation
ours: flow of 1 a period; a fight decides it for good; costs in units of one period's flow.
"""

import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within


def shift_margin(
    power_now: npt.ArrayLike,
    power_later: npt.ArrayLike,
    own_cost: npt.ArrayLike,
    rival_cost: npt.ArrayLike,
    discount: npt.ArrayLike,
) -> Float:
    """(1-delta)(1 + cA + delta cB) - (p1 - delta p2): below 0, the declining side breaks off now.

    Fighting now is worth p1/(1-delta) - cA; the most that peace can give is everything this period, 1, and
    then what the stronger rival must leave, delta (p2/(1-delta) + cB). Raises InputError for values out of
    range.
    """
    p1, p2 = probability("power_now", power_now), probability("power_later", power_later)
    own, rival = within("own_cost", own_cost), within("rival_cost", rival_cost)
    delta = probability("discount", discount)
    return (1 - delta) * (1 + own + delta * rival) - (p1 - delta * p2)

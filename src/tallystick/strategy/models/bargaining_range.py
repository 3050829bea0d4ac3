"""What both sides prefer to a fight.

Source: Fearon, "Rationalist explanations for war", International Organization 49 (1995). The stake is 1;
costs are shares of it.
"""

import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within


def bargaining_range(
    power: npt.ArrayLike, own_cost: npt.ArrayLike, rival_cost: npt.ArrayLike
) -> tuple[Float, Float]:
    """[p - cA, p + cB], the divisions both prefer to fighting; its length is cA + cB. Raises InputError for a
    power outside 0..1 or negative costs.
    """
    p = probability("power", power)
    return p - within("own_cost", own_cost), p + within("rival_cost", rival_cost)

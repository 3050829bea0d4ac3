"""Deals against an arms programme come early or late, not in between.

Reduced form, ours, of the argument of Bas and Coe, "Give peace a (second) chance: a theory of
nonproliferation deals", International Studies Quarterly 62 (2018). A programme is ``left`` years from its
weapon, worth ``prize`` then. To stop, it must be paid what going on is worth. A deal holds where

* early: cheating on it would be found in the years that are left (timely detection), and it pays less to wait
  for a later deal than to take this one; or
* late: the weapon is near enough (``left`` <= ``fight_window``) that the rival's threat to fight is credible.
  Between what the one behind must have and what the rival can pay, the two then meet in the middle (equal
  bargaining power is an assumption): late deals are the more generous.

In between the programme is too near to be caught in time and too far for a fight.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within
from tallystick.strategy.models.timeliness import timely_detection


def deal_price(left: npt.ArrayLike, prize: npt.ArrayLike, discount: npt.ArrayLike) -> Float:
    """delta^left times prize: the least payment, higher the nearer the weapon. Raises InputError."""
    return probability("discount", discount) ** within("left", left) * within("prize", prize)


def early_deal(
    left: npt.ArrayLike,
    prize: npt.ArrayLike,
    discount: npt.ArrayLike,
    detection_a_year: npt.ArrayLike,
    penalty: npt.ArrayLike,
    late_payment: npt.ArrayLike = 0.0,
    fight_window: npt.ArrayLike = 0.0,
    budget: npt.ArrayLike | None = None,
) -> npt.NDArray[np.bool_]:
    """Whether a deal held up by detection is possible with ``left`` years to go.

    Cheating gains what is left undetected of ``prize`` and loses ``penalty`` where found. The price is the
    larger of ``deal_price`` and what waiting for a late deal that pays ``late_payment`` is worth now; it must
    not pass ``budget``, what the rival can pay (None: any price). Raises InputError for values out of range.
    """
    years = within("left", left)
    found = timely_detection(detection_a_year, np.floor(years))
    cheating = (1 - found) * deal_price(years, prize, discount) - found * within("penalty", penalty)
    price = price_of_early_deal(years, prize, discount, late_payment, fight_window)
    paid = True if budget is None else price <= within("budget", budget)
    return np.asarray((cheating <= 0) & paid)


def late_deal(
    left: npt.ArrayLike,
    fight_window: npt.ArrayLike,
    price: npt.ArrayLike = 0.0,
    budget: npt.ArrayLike | None = None,
) -> npt.NDArray[np.bool_]:
    """Whether the threat to fight is credible, ``left`` <= ``fight_window``, and the ``price`` within
    ``budget``, what the rival can pay (None: any price). Raises InputError.
    """
    near = within("left", left) <= within("fight_window", fight_window)
    paid = True if budget is None else within("price", price) <= within("budget", budget)
    return np.asarray(near & paid)


def late_price(least: npt.ArrayLike, budget: npt.ArrayLike) -> Float:
    """Halfway between ``least``, what the one behind must have, and ``budget``; ``least`` where that is more.
    Raises InputError.
    """
    low = within("least", least)
    return np.asarray(low + np.maximum(within("budget", budget) - low, 0.0) / 2)


def price_of_early_deal(
    left: npt.ArrayLike,
    prize: npt.ArrayLike,
    discount: npt.ArrayLike,
    late_payment: npt.ArrayLike,
    fight_window: npt.ArrayLike,
) -> Float:
    """The larger of ``deal_price`` and what waiting for a late deal is worth now. Raises InputError."""
    years = within("left", left)
    wait = np.maximum(years - within("fight_window", fight_window), 0.0)
    waiting = probability("discount", discount) ** wait * within("late_payment", late_payment)
    return np.maximum(deal_price(years, prize, discount), waiting)

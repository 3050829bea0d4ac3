"""Restraint kept up by the shadow of the future, with perfect, imperfect and false-alarm monitoring.

Payoffs per period: T temptation, R mutual restraint, P mutual defection, S sucker. Grim strategies.
Sources: Friedman (1971) for perfect monitoring; Green and Porter (1984) for punishing on a public signal that
sometimes errs. Discounts are per period.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, finite, probability, within


def patience_needed(
    temptation: npt.ArrayLike,
    restraint: npt.ArrayLike,
    defection: npt.ArrayLike,
    detection: npt.ArrayLike = 1.0,
) -> Float:
    """delta* = (T - R) / ((T - R) + D (R - P)): the least discount at which restraint holds; D = 1 is perfect
    monitoring, (T - R) / (T - P).

    0 where nothing is to be gained. Raises InputError where R is not above P, or D outside 0..1.
    """
    lure = np.maximum(finite("T", temptation) - finite("R", restraint), 0.0)
    worth = within("R - P", finite("R", restraint) - finite("P", defection), 1e-12)
    threat = probability("detection", detection) * worth
    return np.where(lure == 0, 0.0, lure / np.where(lure == 0, 1.0, lure + threat))


def patience_needed_with_alarms(
    temptation: npt.ArrayLike,
    restraint: npt.ArrayLike,
    defection: npt.ArrayLike,
    detection: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
) -> Float:
    """delta* = (T-R) / ((D-a)(R-P) + (1-a)(T-R)) where every alarm ends restraint; infinite where the signal
    is too poor, (D - a)(R - P) <= a (T - R), since no patience then suffices. 0 where T <= R.

    Raises InputError for probabilities out of range or R not above P.
    """
    lure = np.maximum(finite("T", temptation) - finite("R", restraint), 0.0)
    worth = within("R - P", finite("R", restraint) - finite("P", defection), 1e-12)
    found, wrong = probability("detection", detection), probability("false_alarm", false_alarm)
    feasible = (found - wrong) * worth > wrong * lure
    weight = (found - wrong) * worth + (1 - wrong) * lure
    needed = np.where(feasible, lure / np.where(feasible, weight, 1.0), np.inf)
    return np.where(lure == 0, 0.0, needed)


def value_with_alarms(
    discount: npt.ArrayLike, restraint: npt.ArrayLike, defection: npt.ArrayLike, false_alarm: npt.ArrayLike
) -> Float:
    """Average payoff of restraint above P where a false alarm ends it: (1-delta)(R-P) / (1 - delta (1-a)).

    Raises InputError for a discount not within 0 and 1 or an alarm probability out of range.
    """
    delta, wrong = within("discount", discount, 0.0, 1.0 - 1e-12), probability("false_alarm", false_alarm)
    worth = within("R - P", finite("R", restraint) - finite("P", defection))
    return (1 - delta) * worth / (1 - delta * (1 - wrong))

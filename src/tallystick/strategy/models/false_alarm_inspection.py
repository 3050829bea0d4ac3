"""One inspection that may cry wolf: how often an alarm must be acted on, and how often it is kept.

Source: Avenhaus, von Stengel and Zamir (2002), section 2 (inspection with errors of the first and second
kind). The inspected side gets 0 when it complies uncalled, -c when it complies and is called, d when it
violates uncalled, -b when it violates and is called. An alarm comes with probability D after a violation
and a without.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, finite, probability, within


def call_needed(
    detection: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
    gain: npt.ArrayLike,
    caught: npt.ArrayLike,
    wrongly_called: npt.ArrayLike,
) -> Float:
    """q* = d / (D (d + b) - a c): how often alarms must be acted on for compliance to pay as much.

    Above 1 (infinite where the denominator is not above 0): no way of acting on these alarms deters.
    0 where there is nothing to gain. Raises InputError for values out of range.
    """
    found, wrong = probability("detection", detection), probability("false_alarm", false_alarm)
    d, b, c = within("gain", gain), within("caught", caught), within("wrongly_called", wrongly_called)
    weight = found * (d + b) - wrong * c
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(weight > 0, d / np.where(weight > 0, weight, 1.0), np.inf)
    return np.where(d == 0, 0.0, needed)


def compliance_probability(
    detection: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
    wrong_call: npt.ArrayLike,
    caught: npt.ArrayLike,
    missed: npt.ArrayLike,
) -> Float:
    """How often the inspected side complies, so that the inspector is indifferent to calling an alarm.

    The inspector's losses, all at least 0: ``wrong_call`` on one that complies, ``caught`` and ``missed``
    of a violation. Calling beats silence where (1-p) D (missed - caught) >= p a wrong_call, so that
    p = D (missed - caught) / (D (missed - caught) + a wrong_call). Raises InputError for values out of range,
    or a caught violation that costs more than a missed one.
    """
    found, wrong = probability("detection", detection), probability("false_alarm", false_alarm)
    saved = within("missed less caught", finite("missed", missed) - finite("caught", caught))
    burden = wrong * within("wrong_call", wrong_call)
    at_stake = found * saved
    total = at_stake + burden
    return np.where(total > 0, at_stake / np.where(total > 0, total, 1.0), 1.0)

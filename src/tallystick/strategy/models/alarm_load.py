"""False alarms add up: the odds of at least one in many looks.

Source: elementary; looks taken as independent.
"""

import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within


def alarm_load(false_alarm: npt.ArrayLike, looks: npt.ArrayLike) -> Float:
    """1 - (1 - a)^n. Raises InputError for a probability outside 0..1 or negative looks."""
    return 1 - (1 - probability("false_alarm", false_alarm)) ** within("looks", looks)

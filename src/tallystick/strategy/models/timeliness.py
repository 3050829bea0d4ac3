"""Timely detection: is a violation found before it has been carried through?

Source: the IAEA's timeliness goal (Safeguards Glossary, 2022 edition, section 3), looks taken as independent.
All times in one unit, whichever.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within

#: Of a look: 0.3 years hold three looks a tenth of a year apart, though 0.3 / 0.1 is below 3 in floats.
_SLACK = 1e-9


def looks_before_breakout(breakout: npt.ArrayLike, lag: npt.ArrayLike, interval: npt.ArrayLike) -> Float:
    """floor((L - lag) / interval), never below 0; a look that falls due at the breakout counts, whatever the
    rounding of its date. Raises InputError for negative times or interval 0.
    """
    left = within("breakout", breakout) - within("lag", lag)
    return np.maximum(np.floor(left / within("interval", interval, 1e-9) + _SLACK), 0.0)


def timely_detection(detection: npt.ArrayLike, looks: npt.ArrayLike) -> Float:
    """1 - (1 - D)^looks. Raises InputError for a detection outside 0..1 or negative looks."""
    return 1 - (1 - probability("detection", detection)) ** within("looks", looks)

"""Deterrence by detection: a violation does not pay where it is found often enough.

Source: the standard inspection inequality (Avenhaus, von Stengel and Zamir, "Inspection games", 2002,
section 2). Gain, loss and margin share one unit of payoff; detection is a probability.
"""

import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, finite, probability, within


def detection_needed(gain: npt.ArrayLike, loss: npt.ArrayLike) -> Float:
    """D* = d / (d + b): the detection probability at which gain d and loss b balance.

    Raises InputError where the gain is negative or the loss not above zero.
    """
    d, b = within("gain", gain), within("loss", loss, 1e-12)
    return d / (d + b)


def deterrence_margin(detection: npt.ArrayLike, gain: npt.ArrayLike, loss: npt.ArrayLike) -> Float:
    """D b - (1 - D) d: what compliance is worth above an attempt; at least 0 where it is kept.

    The gain may be negative (nothing to be had by cheating). Raises InputError for a detection outside 0..1
    or a negative loss.
    """
    found, b = probability("detection", detection), within("loss", loss)
    d = finite("gain", gain)
    return found * b - (1 - found) * d

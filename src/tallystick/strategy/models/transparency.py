"""Transparency against security: enough must be seen to detect, little enough not to be exposed.

Reduced form, ours, after Coe and Vaynman, "Why arms control is so rare", American Political Science Review
114 (2020): a deal needs a transparency tau in [0, 1] with D(tau) >= D* and Loss(tau) <= surplus. Here
D(tau) is ``best`` times tau^sharpness and Loss(tau) is ``exposure`` times tau^breadth: detection rises
early where sharpness is below 1, and loss comes late where breadth is above 1.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, finite, probability, within


def least_transparency(
    detection_needed: npt.ArrayLike, best: npt.ArrayLike, sharpness: npt.ArrayLike
) -> Float:
    """Least tau that detects enough; infinite where even full transparency does not. Raises InputError."""
    needed, top = probability("detection_needed", detection_needed), probability("best", best)
    ratio = np.where(top > 0, needed / np.where(top > 0, top, 1.0), np.where(needed > 0, np.inf, 0.0))
    return np.where(ratio <= 1, np.minimum(ratio, 1.0) ** (1 / within("sharpness", sharpness, 1e-6)), np.inf)


def most_transparency(surplus: npt.ArrayLike, exposure: npt.ArrayLike, breadth: npt.ArrayLike) -> Float:
    """Greatest tau whose loss the deal still repays; below 0 where there is nothing to repay it with."""
    gain, loss = finite("surplus", surplus), within("exposure", exposure)
    ratio = np.where(loss > 0, gain / np.where(loss > 0, loss, 1.0), np.where(gain >= 0, 1.0, -1.0))
    bounded = np.clip(ratio, 0.0, 1.0) ** (1 / within("breadth", breadth, 1e-6))
    return np.where(gain < 0, -1.0, bounded)


def transparency_slack(
    detection_needed: npt.ArrayLike,
    best: npt.ArrayLike,
    sharpness: npt.ArrayLike,
    surplus: npt.ArrayLike,
    exposure: npt.ArrayLike,
    breadth: npt.ArrayLike,
) -> Float:
    """Most less least transparency: a deal exists where it is at least 0 (-inf where detection is too
    poor).
    """
    return most_transparency(surplus, exposure, breadth) - least_transparency(
        detection_needed, best, sharpness
    )

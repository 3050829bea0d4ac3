"""Arguments of the models, checked once and the same way."""

from math import isfinite

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError

Float = npt.NDArray[np.float64]


def within(name: str, values: npt.ArrayLike, low: float = 0.0, high: float = np.inf) -> Float:
    """``values`` as floats. Raises InputError where one is not finite or lies outside [low, high]."""
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.size and not _inside(float(numbers.min()), float(numbers.max()), low, high):
        raise InputError(
            f"{name} is not a number within {low:g} and {high:g}",
            where=name,
            mend="give a value in its range",
        )
    return numbers


def _inside(least: float, most: float, low: float, high: float) -> bool:
    """Of a least and a greatest value; one that is no number makes both so, and no comparison holds."""
    return low <= least and most <= high and isfinite(least) and isfinite(most)


def finite(name: str, values: npt.ArrayLike) -> Float:
    """``values`` as floats, above or below 0. Raises InputError where one is not finite."""
    return within(name, values, -np.inf)


def probability(name: str, values: npt.ArrayLike) -> Float:
    """``values`` as probabilities. Raises InputError where one lies outside 0 and 1."""
    return within(name, values, 0.0, 1.0)


def whole(name: str, value: int, least: int = 0) -> int:
    """``value`` as a count. Raises InputError where it is not whole or below ``least``."""
    if not isfinite(value) or value != int(value) or value < least:
        raise InputError(f"{name} is not a whole number of at least {least}", where=name, mend="give a count")
    return int(value)

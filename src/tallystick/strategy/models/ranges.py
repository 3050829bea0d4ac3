"""Arguments of the models, checked once and the same way."""

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError

Float = npt.NDArray[np.float64]


def within(name: str, values: npt.ArrayLike, low: float = 0.0, high: float = np.inf) -> Float:
    """``values`` as floats. Raises InputError where one is not a number or lies outside [low, high]."""
    numbers = np.asarray(values, dtype=np.float64)
    if not bool(np.all((numbers >= low) & (numbers <= high))):
        raise InputError(
            f"{name} is not within {low:g} and {high:g}", where=name, mend="give a value in its range"
        )
    return numbers


def probability(name: str, values: npt.ArrayLike) -> Float:
    """``values`` as probabilities. Raises InputError where one lies outside 0 and 1."""
    return within(name, values, 0.0, 1.0)


def whole(name: str, value: int, least: int = 0) -> int:
    """``value`` as a count. Raises InputError where it is not whole or below ``least``."""
    if value != int(value) or value < least:
        raise InputError(f"{name} is not a whole number of at least {least}", where=name, mend="give a count")
    return int(value)

"""Class probabilities from scores, in fixed point: the same parts per million on every machine.

p(k) is proportional to 2 ** ((score(k) - best) / temperature), a softmax with a temperature that was fitted
on calibration sites (Guo et al. 2017, arXiv 1706.04599). Powers of two are products of integer constants.
"""

from math import isqrt

import numpy as np

from tallystick.telemetry.table import Int64
from tallystick.units import PPM

#: Bits behind the point of a power, and of an exponent.
POWER_BITS = 30
EXPONENT_BITS = 12


def _roots() -> tuple[int, ...]:
    """2 ** -(1/2), 2 ** -(1/4), ... in POWER_BITS, by integer square roots."""
    found = [isqrt(1 << (2 * POWER_BITS - 1))]
    for _ in range(EXPONENT_BITS - 1):
        found.append(isqrt(found[-1] << POWER_BITS))
    return tuple(found)


_ROOTS = _roots()


def probabilities_ppm(scores: Int64, temperature: int) -> Int64:
    """Probabilities (rows, classes) in ppm, floored, of scores (rows, classes).

    ``temperature`` is a positive lead in units of scores: a class that trails by it is half as likely.
    """
    behind = scores.max(axis=1, keepdims=True) - scores
    # a class that trails by POWER_BITS temperatures or more has no weight left
    behind = np.minimum(behind, POWER_BITS * temperature)
    weight = _power_of_half((behind << EXPONENT_BITS) // temperature)
    shares: Int64 = weight * PPM // weight.sum(axis=1, keepdims=True)
    return shares


def _power_of_half(exponent: Int64) -> Int64:
    """2 ** -(exponent / 2**EXPONENT_BITS) in POWER_BITS."""
    weight = np.full(exponent.shape, 1 << POWER_BITS, np.int64)
    for place, root in enumerate(_ROOTS):
        bit = (exponent >> (EXPONENT_BITS - 1 - place)) & 1
        weight = np.where(bit == 1, (weight * root) >> POWER_BITS, weight)
    halvings = np.minimum(exponent >> EXPONENT_BITS, POWER_BITS + 1)
    shifted: Int64 = weight >> halvings
    return shifted

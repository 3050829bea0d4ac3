"""Inspections to be spread over periods: Dresher's game, and its non-zero-sum form.

Sources: Dresher, "A sampling inspection problem in arms control agreements" (RAND RM-2972, 1962); Maschler
(1966); Avenhaus, von Stengel and Zamir (2002), section 6; von Stengel, "Recursive inspection games" (2016).
Values are in the payoff units named in each function.
"""

from fractions import Fraction
from functools import cache
from math import comb, isfinite

from tallystick.errors import InputError
from tallystick.strategy.models.ranges import whole


def inspection_value(periods: int, inspections: int) -> Fraction:
    """Value to the inspector: +1 violation found, -1 not found, 0 none, zero-sum, one violation at most.

    v(n, m) = -C(n-1, m) / sum over i <= m of C(n, i); 0 where m >= n. Exact. Raises InputError for counts
    that are negative or not whole.
    """
    n, m = whole("periods", periods), whole("inspections", inspections)
    if m >= n:
        return Fraction(0)
    return Fraction(-comb(n - 1, m), sum(comb(n, i) for i in range(m + 1)))


@cache
def inspection_value_by_recursion(periods: int, inspections: int) -> Fraction:
    """The same value by solving the 2 x 2 game of each period: the check on the closed form.

    Rows: inspect now or later; columns: violate now or later. An inspected violation ends at +1, another at
    -1.
    """
    n, m = whole("periods", periods), whole("inspections", inspections)
    if m >= n:
        return Fraction(0)
    if m == 0:
        return Fraction(-1)
    looked = inspection_value_by_recursion(n - 1, m - 1)
    waited = inspection_value_by_recursion(n - 1, m)
    return _two_by_two(((Fraction(1), looked), (Fraction(-1), waited)))


def evasion_value(periods: int, inspections: int, loss: Fraction | int) -> Fraction:
    """Value to the inspected side, not zero-sum: 1 undetected, -loss caught, 0 legal.

    V(n, m) = C(n-1, m) / sum over i <= m of C(n, i) loss^(m-i). The same schedule announced by a leading
    inspector makes legal behaviour optimal while inspections remain (von Stengel 2016). Raises InputError for
    bad counts or a loss not above zero.
    """
    n, m = whole("periods", periods), whole("inspections", inspections)
    if not isfinite(loss) or loss <= 0:
        raise InputError("loss is not a number above zero", where="loss", mend="give what being caught costs")
    if m >= n:
        return Fraction(0)
    return Fraction(comb(n - 1, m)) / sum(
        Fraction(comb(n, i)) * Fraction(loss) ** (m - i) for i in range(m + 1)
    )


def _two_by_two(game: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]) -> Fraction:
    """Value of a zero-sum 2 x 2 game to the row player: a saddle where there is one, else mixed."""
    (a, b), (c, d) = game
    low, high = max(min(a, b), min(c, d)), min(max(a, c), max(b, d))
    return low if low == high else (a * d - b * c) / (a + d - b - c)

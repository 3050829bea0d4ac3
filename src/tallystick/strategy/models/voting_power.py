"""Power in a body that votes: how often one member's vote decides.

Sources: Shapley and Shubik, American Political Science Review 48 (1954); Banzhaf, Rutgers Law Review 19
(1965). A motion passes with ``quota`` of the weight and every veto holder in favour. Exact, up to 16 members.
"""

from math import factorial

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
from tallystick.strategy.models.ranges import Float, within

MOST_MEMBERS = 16


def swings(
    weights: tuple[float, ...], quota: float, veto: frozenset[int] = frozenset()
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """For every coalition (2^n rows): whether each member turns it from losing to winning by joining, and the
    coalition's size without him. Raises InputError for no members, too many, a veto of nobody, or weights
    or a quota that are not finite and at least 0.
    """
    power, needed = within("weights", weights), within("quota", quota)
    n = len(weights)
    if not 1 <= n <= MOST_MEMBERS or any(not 0 <= v < n for v in veto):
        raise InputError(f"not 1 to {MOST_MEMBERS} members", where="weights", mend="merge voters into blocs")
    inside = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1
    wins = inside @ power >= needed - 1e-12
    for holder in veto:
        wins &= inside[:, holder]
    with_member = np.arange(2**n)[:, None] | (1 << np.arange(n))
    return ~inside & wins[with_member] & ~wins[:, None], inside.sum(axis=1)


def shapley_shubik(weights: tuple[float, ...], quota: float, veto: frozenset[int] = frozenset()) -> Float:
    """Share of the orders of arrival in which each member decides, (n,); sums to 1 where a motion can
    pass.
    """
    decides, size = swings(weights, quota, veto)
    n = len(weights)
    orders = np.array([factorial(s) * factorial(n - s - 1) if s < n else 0 for s in range(n + 1)], np.float64)
    return np.asarray((decides * orders[size][:, None]).sum(axis=0) / factorial(n))


def banzhaf(weights: tuple[float, ...], quota: float, veto: frozenset[int] = frozenset()) -> Float:
    """Chance that a member decides where all others vote by the toss of a coin, (n,)."""
    decides, _ = swings(weights, quota, veto)
    return np.asarray(decides.sum(axis=0) / 2 ** (len(weights) - 1))

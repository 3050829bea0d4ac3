"""Which coalitions hold together, and which lose members to free riding.

Source: Barrett, "Self-enforcing international environmental agreements", Oxford Economic Papers 46 (1994). A
coalition of s is stable where no member gains by leaving, pi_s(s) >= pi_n(s-1), and no outsider by joining,
pi_n(s) >= pi_s(s+1).
"""

from collections.abc import Callable
from math import ceil

from tallystick.strategy.models.ranges import finite, whole, within

Payoff = Callable[[int], float]

#: Of the larger of two payoffs: what is closer counts as alike.
_SLACK = 1e-9


def stable_sizes(states: int, member: Payoff, outsider: Payoff) -> tuple[int, ...]:
    """The sizes 2..N that are stable. ``member(s)`` and ``outsider(s)``: payoff where s are in. Sizes at
    which all get what they get alone, so that the coalition does nothing, hold trivially and are left out.

    Raises InputError for fewer than 2 states, or a payoff that is not finite.
    """
    n = whole("states", states, 2)
    inside = [float(finite(f"member({s})", member(s))) for s in range(1, n + 1)]
    outside = [float(finite(f"outsider({s})", outsider(s))) for s in range(1, n + 1)]

    def stable(s: int) -> bool:
        own, others = inside[s - 1], outside[s - 1]
        if _alike(own, outside[0]) and _alike(others, outside[0]):
            return False
        return _at_least(own, outside[s - 2]) and (s == n or _at_least(others, inside[s]))

    return tuple(s for s in range(2, n + 1) if stable(s))


def _alike(a: float, b: float) -> bool:
    return abs(a - b) <= _SLACK * max(abs(a), abs(b))


def _at_least(a: float, b: float) -> bool:
    return a > b or _alike(a, b)


def linear_quadratic(states: int, benefit: float, cost: float) -> tuple[Payoff, Payoff]:
    """Payoffs of members and outsiders: benefit b Q/N to each of total effort Q, cost c q^2/2 of own effort
    q.

    Members choose q for their joint good, q = s b/(N c); outsiders for their own, q = b/(N c). Raises
    InputError for a benefit or cost not above zero.
    """
    n = whole("states", states, 2)
    b, c = float(within("benefit", benefit, 1e-12)), float(within("cost", cost, 1e-12))
    own = b / (n * c)

    def total(s: int) -> float:
        return s * s * own + (n - s) * own

    def member(s: int) -> float:
        return b * total(s) / n - c * (s * own) ** 2 / 2

    def outsider(s: int) -> float:
        return b * total(s) / n - c * own**2 / 2

    return member, outsider


def dichotomous_stable_size(benefit: float, cost: float) -> int:
    """s* = ceil(c/b), where restraint costs c and gives each state b: the least coalition that restrains
    itself at all, and the only one none leaves. Raises InputError for values not above zero.
    """
    b, c = float(within("benefit", benefit, 1e-12)), float(within("cost", cost, 1e-12))
    return max(ceil(c / b - _SLACK), 1)


def dichotomous(benefit: float, cost: float) -> tuple[Payoff, Payoff]:
    """Payoffs of members and outsiders where a coalition below ``dichotomous_stable_size`` does nothing."""
    least = dichotomous_stable_size(benefit, cost)

    def member(s: int) -> float:
        return s * benefit - cost if s >= least else 0.0

    def outsider(s: int) -> float:
        return s * benefit if s >= least else 0.0

    return member, outsider

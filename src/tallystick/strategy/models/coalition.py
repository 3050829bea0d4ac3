"""Which coalitions hold together, and which lose members to free riding.

Source: Barrett, "Self-enforcing international environmental agreements", Oxford Economic Papers 46 (1994). A
coalition of s is stable where no member gains by leaving, pi_s(s) >= pi_n(s-1), and no outsider by joining,
pi_n(s) >= pi_s(s+1).
"""

from collections.abc import Callable
from math import ceil

from tallystick.strategy.models.ranges import whole, within

Payoff = Callable[[int], float]

_SLACK = 1e-9


def stable_sizes(states: int, member: Payoff, outsider: Payoff) -> tuple[int, ...]:
    """The sizes 2..N that are stable. ``member(s)`` and ``outsider(s)``: payoff where s are in. Sizes at
    which nobody restrains himself hold trivially: the caller's payoffs tell, see ``dichotomous_stable_size``.

    Raises InputError for fewer than 2 states.
    """
    n = whole("states", states, 2)
    return tuple(
        s
        for s in range(2, n + 1)
        if member(s) >= outsider(s - 1) - _SLACK and (s == n or outsider(s) >= member(s + 1) - _SLACK)
    )


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

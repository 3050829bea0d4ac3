"""From a case's coded situation to profiles of its two sides and of its technology, by rules alone.

A level of 0 to 3 takes a quarter of the frame, a little widened; what is not coded takes the whole frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

from tallystick.strategy.backtest.case import CodedCase, read_data
from tallystick.strategy.inputs.distribution import Distribution, Origin, uniform
from tallystick.strategy.inputs.parameters import STATE
from tallystick.strategy.inputs.preferences import ORDERS
from tallystick.strategy.inputs.profile import Profile, shipped

#: Share of the frame's width by which a quarter is widened on either side.
WIDENED = 1 / 8

#: First year of satellites.
SATELLITES = "1961"

_CAPABILITY = ((0.02, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.0))
_CATCH_UP = ((5.0, 20.0), (3.0, 12.0), (1.0, 6.0), (0.0, 2.0))
_LEADER = {"capability": (0.95, 1.0), "catch_up_years": (0.0, 0.5)}
_NATIONAL_BEFORE = ((0.2, 0.6), (0.0, 0.05), (0.0, 0.05), (0.0, 0.05))
_NATIONAL_SINCE = ((0.5, 0.95), (0.3, 0.7), (0.1, 0.4), (0.0, 0.1))

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Range of each parameter of states, and the weights of the orders of preference."""

    ranges: Mapping[str, Range]
    orders: Distribution

    def quarter(self, parameter: str, level: int) -> Range:
        """The ``level``-th quarter, widened."""
        low, high = self.ranges[parameter]
        width = high - low
        start, end = level / 4 - WIDENED, (level + 1) / 4 + WIDENED
        return low + max(start, 0.0) * width, low + min(end, 1.0) * width


@cache
def frame() -> Frame:
    """The frame that was frozen before the first run."""
    data = read_data("frame.yaml")
    ranges = {name: (float(low), float(high)) for name, (low, high) in data["ranges"].items()}
    weights = [float(data["orders"][word]) for word in ORDERS]
    levels = [sum(weights[:count]) / sum(weights) for count in range(len(weights) + 1)]
    orders = Distribution(
        tuple(levels), tuple(map(float, range(len(ORDERS)))), Origin.ASSUMED, "mean of shipped", stepped=True
    )
    return Frame(ranges, orders)


def profiles_of_case(case: CodedCase) -> tuple[Profile, Profile]:
    """Leader and laggard."""
    return _profile(case, "leader", case.leader), _profile(case, "laggard", case.laggard)


def technology_of_case(case: CodedCase) -> Profile:
    """People on foot in all cases; national means by year and by what is to be seen from outside."""
    base = shipped("1946/technology")
    table = _NATIONAL_SINCE if case.tabled >= SATELLITES else _NATIONAL_BEFORE
    means = uniform(*table[case.level("concealability")], Origin.ASSUMED, "rule of the backtest")
    return replace(base, parameters={**base.parameters, "national_means": means}, digest=_digest(case))


def _profile(case: CodedCase, side: str, title: str) -> Profile:
    found = {**_whole(), **_coded(case, side)}
    return Profile(
        kind="state",
        name=side,
        title=title,
        fictional=False,
        aliases=(),
        parameters={parameter.name: found[parameter.name] for parameter in STATE},
        digest=_digest(case),
    )


def _whole() -> dict[str, Distribution]:
    ranges = {
        name: uniform(low, high, Origin.ASSUMED, "the whole frame")
        for name, (low, high) in frame().ranges.items()
    }
    return {**ranges, "orders": frame().orders}


def _coded(case: CodedCase, side: str) -> dict[str, Distribution]:
    leakage, outside = case.level(f"leakage_{side}"), case.level(f"outside_{side}")
    vulnerability, trust = case.level("vulnerability"), case.level("trust")
    levels = {
        "secrecy": leakage,
        "growth": outside,
        "hardware_access": outside,
        "dependence": 3 - outside,
        "catastrophe": vulnerability,
        "stake": 3 - vulnerability,
        "trust": trust,
        "enmity": 3 - trust,
        "containment": 3 - trust,
        "hidden_capacity": case.level("concealability"),
    }
    if case.level("enforcement"):
        levels["council_friends"] = case.level(f"votes_{side}")
    ranges = {name: frame().quarter(name, level) for name, level in levels.items()}
    standing = case.level("standing")
    laggard = {"capability": _CAPABILITY[standing], "catch_up_years": _CATCH_UP[standing]}
    ranges |= _LEADER if side == "leader" else laggard
    return {name: uniform(low, high, Origin.ASSUMED, "coded level") for name, (low, high) in ranges.items()}


def _digest(case: CodedCase) -> str:
    text = "\n".join(f"{name} {code.value}" for name, code in case.codes.items())
    return sha256(text.encode()).hexdigest()

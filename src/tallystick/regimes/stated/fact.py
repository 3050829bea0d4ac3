"""One statement about compute, a model, a developer or a site, with what bears it out."""

from dataclasses import dataclass
from datetime import date

from tallystick.regimes.law.exact import Interval

FactValue = Interval | bool | str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement. ``verified`` is what an inspection bears out, None where it bears out nothing.

    ``on`` is the day on which it held, None where it is not dated; several dated ones make a series.
    """

    name: str
    claimed: FactValue | None
    verified: FactValue | None
    source: str = ""
    on: date | None = None

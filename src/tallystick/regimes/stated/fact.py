"""One statement about compute, a model, a developer or a site, with what bears it out."""

from dataclasses import dataclass
from datetime import date

from tallystick.regimes.law.exact import Interval

FactValue = Interval | bool | str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement.

    ``claimed`` is what the developer says, None where it says nothing of its own beside what was verified;
    ``verified`` is what an inspection bears out, None where it bears out nothing. One of them is there.
    ``on`` is the last day on which it held, None where it is not dated; ``begun`` the first.
    Several dated ones make a series.
    """

    name: str
    claimed: FactValue | None
    verified: FactValue | None
    source: str = ""
    on: date | None = None
    begun: date | None = None

    @property
    def said(self) -> FactValue | None:
        """What the developer goes by: its claim, else what was verified."""
        return self.verified if self.claimed is None else self.claimed

    @property
    def period(self) -> tuple[date, date]:
        """Last and first day; what is not dated comes before all. The later of a series is the greater."""
        last = self.on or date.min
        return last, self.begun or last

    @property
    def day_text(self) -> str:
        """`` on 2026-03-01``, or `` from 2026-03-01 to 2026-03-31``; empty where it is not dated."""
        if self.on is None:
            return ""
        return f" on {self.on}" if self.begun in (None, self.on) else f" from {self.begun} to {self.on}"

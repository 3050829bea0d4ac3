"""When each duty starts and ends for one developer, before and after the date, with its clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tallystick.regimes.fragmentation.clocks import running_clock
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.exact import Truth, truth_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty over one span of time. ``clock`` in words, empty where the text sets none."""

    duty: HeldDuty
    since: date
    until: date | None
    claimed: Truth
    verified: Truth
    clock: str

    @property
    def past(self) -> bool:
        """The span had begun on the date."""
        return self.since <= self.duty.at

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        one = self.duty.obligation
        return {
            "duty": self.duty.key,
            "title": one.title,
            "from": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "claimed": truth_text(self.claimed),
            "verified": truth_text(self.verified),
            "event": one.event,
            "clock": self.clock,
            "started": self.past,
        }


def timeline(duties: Iterable[HeldDuty]) -> tuple[Entry, ...]:
    """Every span of every duty, by day. Today's facts are taken to hold on all days."""
    found = [
        Entry(duty, span.since, span.until, span.claimed, span.verified, clock_text(duty))
        for duty in duties
        for span in duty.spans
    ]
    return tuple(sorted(found, key=lambda e: (e.since, e.duty.key)))


def clock_text(duty: HeldDuty) -> str:
    """The duty's clock in words, with what starts it."""
    clock = duty.obligation.clock
    if clock is None:
        return ""
    running = running_clock(duty, clock)
    start = " or ".join(word.replace("_", " ") for word in clock.start)
    return f"{running.text if running else ''}{f' of {start}' if start else ''}".strip()

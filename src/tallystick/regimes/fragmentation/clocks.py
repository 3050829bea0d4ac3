"""For every event: which clock is the shortest, and all others that run beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.dates import span_text
from tallystick.regimes.law.instrument import Clock

BEFORE, BY, WITHIN, EVERY = "before", "by", "within", "every"


@dataclass(frozen=True, slots=True)
class Running:
    """A clock of a duty. ``hours`` orders clocks of one sort, the strictest first: the shortest that the span
    can be; of what must be done ahead, the longest lead, below zero."""

    duty: HeldDuty
    sort: str
    hours: int
    text: str

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        one = self.duty.obligation
        return {
            "duty": self.duty.key,
            "clock": self.text,
            "from": list(one.clock.start) if one.clock else [],
            "to": list(one.to),
            "confidence": one.confidence,
        }


@dataclass(frozen=True, slots=True)
class EventClocks:
    """An event, its clocks by sort, strictest first; and the duties on it whose text sets no time."""

    event: str
    clocks: tuple[Running, ...]
    untimed: tuple[HeldDuty, ...]

    @property
    def strictest(self) -> tuple[Running, ...]:
        """The strictest clock of each sort: before the event, by a day, within a time of it, at intervals."""
        found: dict[str, Running] = {}
        for running in self.clocks:
            found.setdefault(running.sort, running)
        return tuple(found.values())

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "event": self.event,
            "strictest": [running.as_json() for running in self.strictest],
            "clocks": [running.as_json() for running in self.clocks],
            "without_time": [duty.key for duty in self.untimed],
        }


def clocks_by_event(duties: Iterable[HeldDuty]) -> tuple[EventClocks, ...]:
    """All events on which a duty has a clock, in the order of the alphabet."""
    timed: dict[str, list[Running]] = {}
    untimed: dict[str, list[HeldDuty]] = {}
    for duty in duties:
        one = duty.obligation
        if one.deontic != "must":
            continue
        if one.clock is None or not (running := running_clock(duty, one.clock)):
            untimed.setdefault(one.event, []).append(duty)
        else:
            timed.setdefault(one.event, []).append(running)
    return tuple(
        EventClocks(
            event,
            tuple(sorted(found, key=lambda r: (r.sort, r.hours, r.duty.key))),
            tuple(untimed.get(event, ())),
        )
        for event, found in sorted(timed.items())
    )


def running_clock(duty: HeldDuty, clock: Clock) -> Running | None:
    """The clock in words, or None where it only says when it begins."""
    if clock.within:
        return Running(duty, WITHIN, clock.within.least_hours, f"within {span_text(clock.within.text)}")
    if clock.every:
        return Running(
            duty, EVERY, clock.every.least_hours, f"every {span_text(clock.every.text).removeprefix('1 ')}"
        )
    if clock.by:
        return Running(duty, BY, clock.by.toordinal() * 24, f"by {clock.by}")
    if not clock.before:
        return None
    before = f"before {clock.before.replace('_', ' ')}"
    if clock.ahead is None:
        return Running(duty, BEFORE, 0, before)
    return Running(duty, BEFORE, -clock.ahead.least_hours, f"at least {span_text(clock.ahead.text)} {before}")

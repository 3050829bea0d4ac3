"""What a text says on each day, in spans in which nothing of it changes."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import zip_longest

from tallystick.regimes.judging.condition import Line, line_at
from tallystick.regimes.judging.plan import Plan, plan_of
from tallystick.regimes.law.exact import Truth, conjunction
from tallystick.regimes.law.expression import Exceeds, Expression, RatioExceeds, Refer, walk
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument
from tallystick.regimes.law.status import in_effect, status_read
from tallystick.regimes.stated.fact_set import FactSet

#: The lines of an outcome on a day, None for one that has ended; None in place of all: not in effect.
Law = tuple[Line | None, ...] | None
#: First and last day.
Days = tuple[date, date]


@dataclass(frozen=True)
class Laws:
    """One outcome of one instrument, compiled once for each span in which nothing changes."""

    now: Plan
    outcome: str

    @cached_property
    def _parameters(self) -> tuple[str, ...]:
        tests = [one.when for one in self.now.instrument.conditions.values() if one.gives == self.outcome]
        return tuple(dict.fromkeys(_compared(self.now.instrument, tests)))

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The days on which anything in the text begins or ends."""
        return self.now.instrument.change_days()

    @cached_property
    def _found(self) -> dict[int, Law]:
        return {}

    def on(self, day: date) -> Law:
        """The lines that the outcome rests on; None where the instrument is not in effect."""
        place = bisect_right(self.changes, day)
        if place not in self._found:
            self._found[place] = self._on(day)
        return self._found[place]

    def _on(self, day: date) -> Law:
        instrument, known_on = self.now.instrument, self.now.known_on
        if not in_effect(instrument, day, known_on):
            return None
        return tuple(line_at(instrument.parameters[name], day, known_on) for name in self._parameters)

    def key(self, day: date) -> Hashable:
        """The lines, the exceptions that there are, and the texts that count: the same, the same law."""
        instrument, known_on = self.now.instrument, self.now.known_on
        exceptions = tuple(name for name, one in instrument.exceptions.items() if one.stands_on(day))
        texts = tuple(rule.edition_at(day, known_on) for rule in instrument.counting.values())
        return self.on(day), exceptions, texts, status_read(instrument, day, known_on)

    def truths(self, facts: FactSet, day: date) -> tuple[Truth, Truth, Truth]:
        """The breach as claimed, as verified, and by verified figures of one who says that it is bound."""
        law, read = self.on(day), status_read(self.now.instrument, day, self.now.known_on)
        if law is None:
            return (False, False, False) if read else (False, None, None)
        if any(line is not None and line.ahead for line in law):
            unread = None if self._unread(law) else False
            return False, unread, unread
        plan = self._plan(day)
        outcome = plan.outcomes(facts)[self.outcome]
        status = True if read else None
        binds = plan.claimed.binds(facts.claimed), plan.verified.binds(facts.verified)
        admitted = binds[0] if binds[1] is None else binds[1]
        return (
            conjunction((binds[0], outcome[0])),
            conjunction((status, binds[1], outcome[1])),
            conjunction((status, admitted, outcome[1])),
        )

    def in_force(self, last: date) -> Iterator[Days]:
        """The spans up to a day on which, by the text alone, there can be a breach."""
        starts = [day for day in self.changes if day <= last]
        for first, following in zip_longest(starts, starts[1:]):
            if self.truths(FactSet(()), first)[1] is not False:
                yield first, following - timedelta(days=1) if following else last

    def _unread(self, law: tuple[Line | None, ...]) -> bool:
        """Whether the instrument, or a line, was not read in its text."""
        codes = {line.value.confidence for line in law if line is not None}
        return bool(UNVERIFIED & {self.now.instrument.confidence, *codes})

    @cached_property
    def _plans(self) -> dict[int, Plan]:
        return {bisect_right(self.changes, self.now.at): self.now}

    def _plan(self, day: date) -> Plan:
        """The instrument compiled for that day."""
        place = bisect_right(self.changes, day)
        if place not in self._plans:
            self._plans[place] = plan_of(self.now.instrument, day, self.now.known_on)
        return self._plans[place]


def _compared(instrument: Instrument, tests: list[Expression]) -> Iterator[str]:
    """The parameters that tests, and the conditions that they refer to, hold amounts against."""
    waiting, seen = list(tests), set()
    while waiting:
        for part in walk(waiting.pop()):
            if isinstance(part, Exceeds | RatioExceeds):
                yield part.parameter
            elif isinstance(part, Refer) and part.condition not in seen:
                seen.add(part.condition)
                waiting.append(instrument.conditions[part.condition].when)

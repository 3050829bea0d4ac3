"""Whether a cap, a pause or a ban was broken: on any day of the facts on which it was in force.

The facts of a series are looked at one by one, each with the law of its own days. A fact that holds of a
period counts for certain only where the law was the same, and in force, on all its days: nothing says on
which of them a run went on. What was done before the text was in force, or after, is no breach of it. Last,
what the latest facts say is held against the law of the day that is asked about.

Verified facts are looked at on their own days only, so that no claim moves what they show.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tallystick.regimes.judging.condition import Line, line_at
from tallystick.regimes.judging.plan import Plan, plan_of
from tallystick.regimes.judging.result import Breach
from tallystick.regimes.law.exact import ANY, Interval, Truth, conjunction, disjunction
from tallystick.regimes.law.expression import Exceeds, Expression, RatioExceeds, Refer, walk
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument
from tallystick.regimes.law.reads import facts_read
from tallystick.regimes.law.status import in_effect
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.fact_set import TIES, FactSet, series
from tallystick.regimes.stated.inspection_facts import RUNS

#: Facts of what was done, on days of their own. All others are states, which last until the next is stated.
DONE = ("compute.", "site.")
#: The lines of an outcome on a day, None for one that has ended; None in place of all: not in effect.
Law = tuple[Line | None, ...] | None


def breach_of(plan: Plan, facts: FactSet, outcome: str) -> Breach:
    """Of an outcome that is a breach, by the facts of all days that are not after the plan's."""
    looks = _Looks(plan, outcome, facts)
    found = list(looks.of_series())
    now = looks.now()
    claimed = disjunction((now.claimed, *(one.claimed for one in found)))
    verified = disjunction((now.verified, *(one.verified for one in found)))
    days = tuple(sorted({day for one in found if one.stands for day in one.days}))
    stands = bool(days) or now.stands
    return Breach(claimed, verified, stands, days or (now.days if now.stands else ()))


@dataclass(frozen=True)
class _Looks:
    """One outcome of one instrument, and the facts that it may rest on."""

    plan: Plan
    outcome: str
    facts: FactSet

    def of_series(self) -> Iterator[Breach]:
        """For each period of dated facts, what the facts up to it give.

        A period of claims alone shows nothing on the verified side.
        """
        at = self.plan.at
        past = [f for f in self.facts.facts if self._reads(f.name) and (f.on is None or f.on <= at)]
        done = [fact for fact in past if fact.on is not None and fact.name.startswith(DONE)]
        if not done:
            return
        proven = any(fact.verified is not None for fact in done)
        for own, latest in series(past):
            found = self._of_period(latest, own[0])
            shows = proven and any(fact.verified is not None for fact in own)
            yield found if shows else replace(found, verified=False, stands=found.claimed is True)

    def now(self) -> Breach:
        """The latest facts and the law of the day asked about."""
        day, facts = self.plan.at, self.facts.at(self.plan.at)
        kept = [fact if fact.on is None else self._kept(fact, day, day) for fact in facts.facts]
        return _breach([self._truths(replace(facts, facts=tuple(kept)), day)], day)

    def _of_period(self, facts: Iterable[Fact], one: Fact) -> Breach:
        """Of the period of one of the facts."""
        last, first = one.period
        kept = tuple(self._kept(fact, first, last) for fact in facts)
        now = replace(self.facts, facts=kept)
        return _breach([self._truths(now, day) for day in self._law.days(first, last)], last)

    def _kept(self, fact: Fact, first: date, last: date) -> Fact:
        """What was done under another law, or nobody knows when, says nothing of this one.

        Of what was done partly under this law nobody knows how much was, but not more than all.
        """
        if not fact.name.startswith(DONE):
            return fact
        end, begin = fact.period
        law = self._law.on(last)
        same = [self._law.on(day) == law for day in self._law.days(begin, end)] if fact.on else [False]
        if all(same) or first <= begin <= end <= last:
            return fact
        most = _at_most if any(same) else _any
        return replace(fact, claimed=most(fact.claimed), verified=most(fact.verified))

    def _truths(self, facts: FactSet, day: date) -> tuple[Truth, Truth, Truth]:
        """The breach as claimed, as verified, and by verified figures of one who says that it is bound."""
        law = self._law.on(day)
        if law is None:
            return False, False, False
        if any(line is not None and line.ahead for line in law):
            unread = None if self._law.unread(law) else False
            return False, unread, unread
        plan = self._law.plan(day)
        outcome = plan.outcomes(facts)[self.outcome]
        binds = plan.claimed.binds(facts.claimed), plan.verified.binds(facts.verified)
        admitted = binds[0] if binds[1] is None else binds[1]
        return (
            conjunction((binds[0], outcome[0])),
            conjunction((binds[1], outcome[1])),
            conjunction((admitted, outcome[1])),
        )

    def _reads(self, name: str) -> bool:
        return name in self._named or name.startswith(("roles.", TIES))

    @cached_property
    def _named(self) -> frozenset[str]:
        aliases = {alias for reading in self.plan.readings for _, alias in reading.reads}
        return facts_read(self.plan.instrument) | aliases | RUNS

    @cached_property
    def _law(self) -> "_Laws":
        return _Laws(self.plan, self.outcome)


def _at_most(value: FactValue | None) -> FactValue | None:
    return Interval(0, value.upper) if isinstance(value, Interval) else value


def _any(value: FactValue | None) -> FactValue | None:
    return ANY if isinstance(value, Interval) else value


def _breach(truths: Iterable[tuple[Truth, Truth, Truth]], day: date) -> Breach:
    """From what the days of a period give."""
    claimed, verified, admitted = (_always(side) for side in zip(*truths, strict=True))
    return Breach(claimed, verified, True in (claimed, verified, admitted), (day,))


def _always(truths: tuple[Truth, ...]) -> Truth:
    """What holds on all days of a period; unknown where it holds on some."""
    return True if set(truths) == {True} else False if set(truths) == {False} else None


@dataclass(frozen=True)
class _Laws:
    """What the text says on each day, compiled once for each span in which nothing changes."""

    now: Plan
    outcome: str

    @cached_property
    def _parameters(self) -> tuple[str, ...]:
        tests = [one.when for one in self.now.instrument.conditions.values() if one.gives == self.outcome]
        return tuple(dict.fromkeys(_compared(self.now.instrument, tests)))

    @cached_property
    def _changes(self) -> tuple[date, ...]:
        """The days on which anything in the text begins or ends."""
        one = self.now.instrument
        days: set[date | None] = {one.sunset, *(entry.since for entry in one.status)}
        for parameter in one.parameters.values():
            days |= {day for value in parameter.values for day in (value.since, value.until)}
        days |= {exception.until for exception in one.exceptions.values()}
        return tuple(sorted(day for day in days if day is not None))

    def days(self, first: date, last: date) -> tuple[date, ...]:
        """One day of each span that the period touches."""
        begin, end = bisect_right(self._changes, first), bisect_right(self._changes, last)
        return (first, *self._changes[begin:end])

    @cached_property
    def _found(self) -> dict[int, Law]:
        return {}

    def on(self, day: date) -> Law:
        """The lines that the outcome rests on; None where the instrument is not in effect."""
        place = bisect_right(self._changes, day)
        if place not in self._found:
            self._found[place] = self._on(day)
        return self._found[place]

    def _on(self, day: date) -> Law:
        instrument, known_on = self.now.instrument, self.now.known_on
        if not in_effect(instrument, day, known_on):
            return None
        return tuple(line_at(instrument.parameters[name], day, known_on) for name in self._parameters)

    def unread(self, law: tuple[Line | None, ...]) -> bool:
        """Whether the instrument, or a line, was not read in its text."""
        codes = {line.value.confidence for line in law if line is not None}
        return bool(UNVERIFIED & {self.now.instrument.confidence, *codes})

    @cached_property
    def _plans(self) -> dict[int, Plan]:
        return {bisect_right(self._changes, self.now.at): self.now}

    def plan(self, day: date) -> Plan:
        """The instrument compiled for that day."""
        place = bisect_right(self._changes, day)
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

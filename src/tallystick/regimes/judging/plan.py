"""An instrument compiled for one date: outcomes and ties as functions of the facts, once for each reading.

Bulk work calls ``Plan.outcomes``; a single evaluation adds a trace to the same functions.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tallystick.regimes.judging.condition import (
    Compiler,
    Test,
    agreed,
    all_of,
    always,
    any_of,
    is_true,
    negated,
    tie_test,
)
from tallystick.regimes.law.as_known import as_known, known_by
from tallystick.regimes.law.counting import AS_WRITTEN, Reading
from tallystick.regimes.law.exact import Truth
from tallystick.regimes.law.instrument import UNVERIFIED, Condition, Defeater, Instrument, Obligation
from tallystick.regimes.law.status import known_at_all
from tallystick.regimes.stated.fact_set import FactSet

Outcomes = dict[str, tuple[Truth, Truth]]


@dataclass(frozen=True, slots=True)
class Side:
    """The tests of one side: for each outcome, one for each reading and what they agree on; the tie."""

    readings: tuple[tuple[str, tuple[Test, ...]], ...]
    agreed: tuple[Test, ...]
    binds: Test


@dataclass(frozen=True, eq=False)
class Plan:
    """One instrument for one date, as it was known on another.

    ``readings`` are those that differ in what they count or read.
    """

    instrument: Instrument
    at: date
    known_on: date | None
    readings: tuple[Reading, ...]
    claimed: Side
    verified: Side

    def outcomes(self, facts: FactSet) -> Outcomes:
        """Each outcome, claimed and verified: what all readings agree on, else unknown."""
        said, shown = facts.claimed, facts.verified
        sides = zip(self.instrument.outcomes, self.claimed.agreed, self.verified.agreed, strict=True)
        return {name: (test(said), check(shown)) for name, test, check in sides}

    def brings(self, duty: Obligation, facts: FactSet, *, verified: bool) -> Truth:
        """Whether facts bring a duty about: an outcome of its own holds, its ``only_if`` too, no exception.

        Force, dates and ties are asked elsewhere.
        """
        claimed, shown = self._duties[duty.id]
        return shown(facts.verified) if verified else claimed(facts.claimed)

    @cached_property
    def _duties(self) -> dict[str, tuple[Test, Test]]:
        sides = [
            [
                Rules(Compiler(self.instrument, self.at, self.known_on, reading, side))
                for reading in self.readings
            ]
            for side in (False, True)
        ]
        return {
            duty.id: (
                agreed(tuple(rule.duty(duty) for rule in sides[0])),
                agreed(tuple(rule.duty(duty) for rule in sides[1])),
            )
            for duty in self.instrument.obligations
        }

    def by_reading(self, name: str, facts: FactSet) -> dict[str, tuple[Truth, Truth]]:
        """One outcome under each reading, claimed and verified."""
        tests, checks = dict(self.claimed.readings)[name], dict(self.verified.readings)[name]
        return {
            reading.id: (test(facts.claimed), check(facts.verified))
            for reading, test, check in zip(self.readings, tests, checks, strict=True)
        }


def plan_of(instrument: Instrument, at: date, known_on: date | None = None) -> Plan:
    """The instrument compiled for a date, as known on another."""
    instrument = as_known(instrument, known_on)
    readings = distinct_readings(instrument)
    return Plan(
        instrument,
        at,
        known_on,
        readings,
        _side(instrument, at, known_on, readings, verified=False),
        _side(instrument, at, known_on, readings, verified=True),
    )


def distinct_readings(instrument: Instrument) -> tuple[Reading, ...]:
    """One reading of each sort that counts alike and reads alike."""
    found: dict[object, Reading] = {}
    for reading in instrument.readings or (AS_WRITTEN,):
        counted = tuple(rule.counted(reading) for rule in instrument.counting.values())
        found.setdefault((counted, reading.reads), reading)
    return tuple(found.values())


def _side(
    instrument: Instrument, at: date, known_on: date | None, readings: tuple[Reading, ...], *, verified: bool
) -> Side:
    rules = [Rules(Compiler(instrument, at, known_on, reading, verified)) for reading in readings]
    outcomes = tuple((name, tuple(rule.outcome(name) for rule in rules)) for name in instrument.outcomes)
    unread = verified and instrument.confidence in UNVERIFIED
    binds = always(None) if unread else binds_test(instrument)
    return Side(outcomes, tuple(agreed(tests) for _, tests in outcomes), binds)


@dataclass(frozen=True, slots=True)
class Rules:
    """Default and exception: a condition stands where it holds and nothing that stands defeats it.

    Of an instrument of which nothing was known on the day asked about, all is unknown.
    """

    compiler: Compiler

    def outcome(self, name: str) -> Test:
        """Any condition that gives the outcome stands."""
        rules = self.compiler.instrument.conditions.values()
        return any_of(tuple(self.standing(rule) for rule in rules if rule.gives == name))

    def standing(self, rule: Condition | Defeater) -> Test:
        """The rule holds, and no exception to it stands."""
        key = f"{rule.name} stands"
        found = self.compiler.made.get(key)
        if found is None:
            found = self.compiler.made[key] = self._standing(rule)
        return found

    def _standing(self, rule: Condition | Defeater) -> Test:
        if self._unread(rule.confidence):
            return always(None)
        if isinstance(rule, Defeater) and not rule.stands_on(self.compiler.at):
            return always(False)
        return all_of((self.compiler.test(rule.when), self.undefeated(rule.name)))

    def _unread(self, confidence: str) -> bool:
        """Nobody knew of the instrument, or, on the verified side, the rule was not read in the text."""
        compiler = self.compiler
        if compiler.verified and confidence in UNVERIFIED:
            return True
        return compiler.known_on is not None and not known_at_all(compiler.instrument, compiler.known_on)

    def duty(self, duty: Obligation) -> Test:
        """An outcome brings the duty about, its own test holds, and no exception to it stands."""
        if self._unread(duty.confidence) or not known_by(duty.known_on, self.compiler.known_on):
            return always(None)
        brought = any_of(tuple(self.outcome(name) for name in duty.when)) if duty.when else always(True)
        own = always(True) if duty.only_if is None else self.compiler.test(duty.only_if)
        return all_of((brought, own, self.undefeated(duty.id)))

    def undefeated(self, name: str) -> Test:
        """No exception to the condition, exception or duty of that name stands."""
        return negated(any_of(tuple(self.standing(e) for e in self.compiler.instrument.exceptions_to(name))))


def binds_test(instrument: Instrument) -> Test:
    """Whether the developer has a role and a tie that the instrument binds."""
    binds = instrument.binds
    roles = tuple(is_true(f"roles.{role}") for role in binds.roles) or (always(True),)
    ties = tuple(tie_test(tie, binds.region) for tie in binds.nexus) or (always(True),)
    return all_of((any_of(roles), all_of(ties) if binds.every_nexus else any_of(ties)))

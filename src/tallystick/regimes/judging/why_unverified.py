"""Why a test has no verified answer: which fact is not verified, which bounds reach across a line, which text
was not read.

The reasons are those of the tests on which the answer hangs, found by following what is unknown on the
verified side. Where one part of a test would be enough, only those that the claimed answer rests on count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tallystick.regimes.judging.both_sides import BothSides, Truths
from tallystick.regimes.judging.explained import amount_words, fact_words, value_words
from tallystick.regimes.law.exact import ANY, Interval, Truth, interval_text, truth_text
from tallystick.regimes.law.expression import (
    All,
    Amount,
    Any_,
    Exceeds,
    Expression,
    Is,
    Name,
    Not,
    OneOf,
    RatioExceeds,
    Refer,
    Unknowable,
    names_in,
)
from tallystick.regimes.law.instrument import UNVERIFIED, Condition, Defeater, Obligation
from tallystick.regimes.law.status import known_at_all
from tallystick.regimes.stated.fact_set import View

Part = TypeVar("Part")

#: Names of facts that are listed in one reason.
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class WhyUnverified:
    """Reasons under one reading, each in a few words, most telling first."""

    sides: BothSides

    def outcome(self, name: str) -> tuple[str, ...]:
        """Why it is unknown whether any condition that gives the outcome stands."""
        instrument = self.sides.compiler.instrument
        rules = [rule for rule in instrument.conditions.values() if rule.gives == name]
        pairs = [(rule, self.sides.standing(rule)) for rule in rules]
        wanted = _that_decide(pairs, self.sides.outcome(name)[0], enough=True)
        return _once(reason for rule in wanted for reason in self.rule(rule))

    def rule(self, rule: Condition | Defeater) -> tuple[str, ...]:
        """Why it is unknown whether the rule stands: how it was read, its own test, exceptions to it."""
        kind = "condition" if isinstance(rule, Condition) else "exception"
        return self._read(f"{kind} {rule.name}", rule.confidence) or _once(
            (*self.test(rule.when), *self.exceptions(rule.name))
        )

    def duty(self, duty: Obligation) -> tuple[str, ...]:
        """Why a duty's own test, or an exception to it, is unknown; not why an outcome is."""
        own = self.test(duty.only_if) if duty.only_if is not None else ()
        return self._read("this duty", duty.confidence) or _once((*own, *self.exceptions(duty.id)))

    def exceptions(self, name: str) -> Iterator[str]:
        """Why it is unknown whether an exception to a name stands."""
        for one in self.sides.compiler.instrument.exceptions_to(name):
            if self.sides.standing(one)[1] is None:
                yield from (f"exception {one.name}: {reason}" for reason in self.rule(one))

    def test(self, expression: Expression) -> tuple[str, ...]:
        """Why the test is unknown on the verified side; nothing where it is known."""
        return _once(self._test(expression))

    def _test(self, expression: Expression) -> Iterator[str]:
        claimed, verified = self.sides.test(expression)
        if verified is not None:
            return
        if isinstance(expression, All | Any_):
            pairs = [(part, self.sides.test(part)) for part in expression.parts]
            for part in _that_decide(pairs, claimed, enough=isinstance(expression, Any_)):
                yield from self._test(part)
        elif isinstance(expression, Not):
            yield from self._test(expression.part)
        elif isinstance(expression, Refer):
            rule = self.sides.compiler.instrument.conditions[expression.condition]
            yield from self._read(f"condition {rule.name}", rule.confidence) or self._test(rule.when)
        elif isinstance(expression, Exceeds | RatioExceeds):
            yield from self._comparison(expression)
        elif isinstance(expression, Is | OneOf):
            yield self._fact(expression.fact, stated=claimed is not None)
        elif isinstance(expression, Unknowable) and expression.unless:
            yield self._fact(expression.unless, stated=claimed is not None)
        elif isinstance(expression, Unknowable):
            yield f"nobody can compute: {expression.why}"

    def _read(self, what: str, confidence: str) -> tuple[str, ...]:
        compiler = self.sides.compiler
        if compiler.known_on is not None and not known_at_all(compiler.instrument, compiler.known_on):
            return (f"nothing of the instrument was known on {compiler.known_on}",)
        return (f"{what} has confidence {confidence} in the file",) if confidence in UNVERIFIED else ()

    def _fact(self, fact: str, *, stated: bool) -> str:
        return f"{fact_words(fact, self.sides)} is {'stated and not verified' if stated else 'not stated'}"

    def _comparison(self, expression: Exceeds | RatioExceeds) -> Iterator[str]:
        compiler = self.sides.compiler
        amounts = (
            [expression.amount] if isinstance(expression, Exceeds) else [expression.top, expression.bottom]
        )
        unread = [*self._unread_counting(amounts), *self._unread_line(expression.parameter)]
        line = compiler.line(expression.parameter)
        if unread:
            yield from unread
        elif line is None:
            yield f"{expression.parameter}: no line in force on {compiler.at}"
        else:
            operator = compiler.instrument.parameters[expression.parameter].operator
            for amount in self._undecided(amounts):
                yield self._amount(amount, f"{operator} {value_words(line)}")

    def _undecided(self, amounts: list[Amount]) -> list[Amount]:
        """Of the two amounts of a share, those that are not known at all; else those that are not exact."""
        verified = {amount: self.sides.figure(amount)[1] for amount in amounts}
        unknown = [amount for amount in amounts if verified[amount] == ANY]
        inexact = [amount for amount in amounts if verified[amount].lower != verified[amount].upper]
        return unknown or inexact or amounts

    def _unread_counting(self, amounts: list[Amount]) -> Iterator[str]:
        """Counting rules that were not read in their text."""
        rules = self.sides.compiler.instrument.counting
        for name in (name for amount in amounts for name in names_in(amount)):
            if name in rules and rules[name].confidence in UNVERIFIED:
                yield f"the rule that counts {name} has confidence {rules[name].confidence} in the file"

    def _unread_line(self, parameter: str) -> Iterator[str]:
        """The line, or the end of its last value, was not read in the text."""
        compiler = self.sides.compiler
        line, values = compiler.line(parameter), compiler.instrument.parameters[parameter].values
        begun = [line.value] if line else [value for value in values if value.since <= compiler.at]
        for value in begun[-1:]:
            if value.confidence in UNVERIFIED:
                yield f"the line {parameter} has confidence {value.confidence} in the file"

    def _amount(self, amount: Amount, line: str) -> str:
        claimed, verified = self.sides.figure(amount)
        name = amount_words(amount, self.sides).removesuffix(":")
        name = name if isinstance(amount, Name) else f"the {name}"
        missing = self._unbounded(amount)
        if verified == ANY:
            tail = f" (not of {missing})" if missing else ""
            return f"no figure of {name} is {'known' if claimed == ANY else 'verified'}{tail}"
        bounds = f"the verified bounds of {name}, {interval_text(verified)}, reach across the line ({line})"
        return f"{bounds} (no upper bound of {missing})" if verified.upper is None and missing else bounds

    def _unbounded(self, amount: Amount) -> str:
        """The facts of an amount without a verified upper bound; empty where none of them has one."""
        compiler, view = self.sides.compiler, self.sides.facts.verified
        names: list[str] = []
        for name in names_in(amount):
            read = dict(compiler.reading.reads).get(name, name)
            names += compiler.components(name) if name in compiler.instrument.counting else [read]
        found = [name for name in dict.fromkeys(names) if _bound(view, name).upper is None]
        if len(found) == len(set(names)):
            return ""
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        return f"{', '.join(found[:MOST_NAMED])}{more}"


def _bound(view: View, name: str) -> Interval:
    return view.amounts.get(name, ANY)


def _that_decide(pairs: list[tuple[Part, Truths]], claimed: Truth, *, enough: bool) -> list[Part]:
    """The parts that are unknown on the verified side and that the claimed answer rests on.

    ``enough``: one part that holds is enough, so that a claimed ``true`` rests on those that hold; where all
    must hold, a claimed ``false`` rests on those that fail.
    """
    unknown = [(part, truths) for part, truths in pairs if truths[1] is None]
    if claimed is not None and claimed is enough:
        telling = [part for part, truths in unknown if truths[0] is claimed]
        if telling:
            return telling
    return [part for part, _ in unknown]


def _once(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))


def by_reading(found: dict[str, tuple[Truths, tuple[str, ...]]]) -> str:
    """Why there is no verified answer, where readings differ for each of them.

    ``found``: for each reading what it gives, claimed and verified, and the reasons.
    """
    verified = {reading: truths[1] for reading, (truths, _) in found.items()}
    reasons = {why for _, why in found.values()}
    if len(set(verified.values())) > 1:
        parts = (
            f"{reading} reading {truth_text(verified[reading])}{f' ({_list(why)})' if why else ''}"
            for reading, (_, why) in found.items()
        )
        return f"readings of the text differ: {', '.join(parts)}"
    if len(reasons) == 1:
        return _list(reasons.pop())
    grouped: dict[tuple[str, ...], list[str]] = {}
    for reading, (_, why) in found.items():
        grouped.setdefault(why, []).append(reading)
    return "; ".join(f"in the {_named(names)} {_list(why)}" for why, names in grouped.items())


def _named(readings: list[str]) -> str:
    *others, last = readings
    return f"{', '.join(others)} and {last} readings" if others else f"{last} reading"


def _list(reasons: tuple[str, ...]) -> str:
    return ", and ".join(reasons)

"""Conditions compiled to closures over a view of the facts: built once, called for every fact set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from tallystick.regimes.law.counting import UPDATE_COMPONENTS, Counting, Reading
from tallystick.regimes.law.exact import (
    ANY,
    Interval,
    Number,
    Truth,
    add,
    compare,
    greatest,
    least,
    multiply,
    negation,
)
from tallystick.regimes.law.expression import (
    All,
    Always,
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
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument, Parameter, Value
from tallystick.regimes.stated.fact_set import View

Test = Callable[[View], Truth]
Figure = Callable[[View], Interval]

COMBINE: Mapping[str, Callable[[list[Interval]], Interval]] = {
    "sum": add,
    "max_of": greatest,
    "min_of": least,
}


def _true(view: View) -> Truth:
    return True


def _false(view: View) -> Truth:
    return False


def _unknown(view: View) -> Truth:
    return None


def always(value: Truth) -> Test:
    """The same whatever the facts: one function for each value, so that tests can be folded."""
    return _unknown if value is None else _true if value else _false


#: Tests that are built alike are one function, so that many instruments can share what it found.
shared = lru_cache(maxsize=16_384)


@shared
def all_of(tests: tuple[Test, ...]) -> Test:
    """Kleene's and over tests, folded where one is false whatever the facts."""
    kept = tuple(test for test in dict.fromkeys(tests) if test is not _true)
    if _false in kept or not kept:
        return always(not kept)
    if len(kept) == 1:
        return kept[0]

    def every(view: View) -> Truth:
        result: Truth = True
        for test in kept:
            value = test(view)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return every


@shared
def any_of(tests: tuple[Test, ...]) -> Test:
    """Kleene's or over tests, folded where one is true whatever the facts."""
    kept = tuple(test for test in dict.fromkeys(tests) if test is not _false)
    if _true in kept or not kept:
        return always(bool(kept))
    if len(kept) == 1:
        return kept[0]

    def some(view: View) -> Truth:
        result: Truth = False
        for test in kept:
            value = test(view)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return some


@shared
def negated(test: Test) -> Test:
    """Kleene's not of a test."""
    if test in (_true, _false):
        return always(test is _false)
    return lambda view: negation(test(view))


@shared
def agreed(tests: tuple[Test, ...]) -> Test:
    """What all tests agree on, else unknown."""
    first, *others = dict.fromkeys(tests)
    if not others:
        return first
    rest = tuple(others)

    def same(view: View) -> Truth:
        value = first(view)
        if value is not None:
            for test in rest:
                if test(view) is not value:
                    return None
        return value

    return same


@shared
def against(operator: str, figure: Figure, line: Number) -> Test:
    """An amount held against a fixed line: ``compare`` written out for speed."""
    if operator == ">":

        def over(view: View) -> Truth:
            low, high = figure(view)
            return True if low > line else False if high is not None and high <= line else None

        return over
    if operator == ">=":

        def reaches(view: View) -> Truth:
            low, high = figure(view)
            return True if low >= line else False if high is not None and high < line else None

        return reaches
    held = Interval(line, line)
    return lambda view: compare(operator, figure(view), held)


@shared
def stated(name: str, alias: str | None = None) -> Figure:
    """The amount of that name; or, where it is stated, of the fact that stands for it."""
    if alias is None:
        return lambda view: view.amounts.get(name, ANY)
    return lambda view: view.amounts.get(alias, view.amounts.get(name, ANY))


@shared
def counted(key: str, components: tuple[str, ...]) -> Figure:
    """What a counting rule sums, remembered under ``key``."""
    runs_count = {f"compute.{c}" for c in UPDATE_COMPONENTS} <= set(components)
    return lambda view: view.counted(key, components, runs_count)


@shared
def is_true(fact: str) -> Test:
    """A boolean fact."""
    return lambda view: view.truths.get(fact)


def is_tie(fact: str) -> bool:
    """A tie named without its region, as regime files name them: ``jurisdictions.established``."""
    return fact.startswith("jurisdictions.") and fact.count(".") == 1


@shared
def tie_test(tie: str, region: str) -> Test:
    """A tie stated for the region, else for all regions."""
    own = f"jurisdictions.{region}.{tie.removeprefix('jurisdictions.')}"

    def tied(view: View) -> Truth:
        found = view.truths.get(own)
        return view.truths.get(tie) if found is None else found

    return tied


@dataclass(frozen=True, slots=True)
class Line:
    """The value of a parameter that is used. ``ahead``: it does not hold yet, and says what would follow."""

    value: Value
    ahead: bool


def line_at(parameter: Parameter, at: date, known_on: date | None) -> Line | None:
    """The value that holds at a date, as known on another; the first to come where none does yet."""
    known = [v for v in parameter.values if known_on is None or v.known_on <= known_on]
    held = [v for v in known if v.since <= at]
    if not held:
        return Line(known[0], ahead=True) if known else None
    value = held[-1]
    return None if value.until is not None and value.until <= at else Line(value, ahead=False)


def without_line(parameter: Parameter, at: date, known_on: date | None) -> Truth:
    """What a comparison gives on a day on which no value stands: false once the last one has ended.

    Unknown between two values, where the text is silent, and where no value was known yet.
    """
    known = [v for v in parameter.values if known_on is None or v.known_on <= known_on]
    return None if not known or any(v.since > at for v in known) else False


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles expressions of one instrument for one date, one reading and one side.

    ``made`` keeps what was compiled by name, so that what many rules refer to is compiled once.
    """

    instrument: Instrument
    at: date
    known_on: date | None
    reading: Reading
    verified: bool
    made: dict[str, Test] = field(default_factory=dict, compare=False, repr=False)

    def test(self, expression: Expression) -> Test:
        """The expression as a function of a view."""
        if isinstance(expression, All | Any_):
            parts = tuple(self.test(part) for part in expression.parts)
            return all_of(parts) if isinstance(expression, All) else any_of(parts)
        if isinstance(expression, Not):
            return negated(self.test(expression.part))
        if isinstance(expression, Exceeds):
            return self._exceeds(expression)
        if isinstance(expression, RatioExceeds):
            return self._ratio(expression)
        if isinstance(expression, Refer):
            return self.referred(expression.condition)
        if isinstance(expression, Is) and is_tie(expression.fact):
            return tie_test(expression.fact, self.instrument.binds.region)
        return _leaf(expression)

    def referred(self, name: str) -> Test:
        """Another condition, before exceptions: on the verified side no better than it was read itself."""
        found = self.made.get(name)
        if found is None:
            rule = self.instrument.conditions[name]
            unread = self.verified and rule.confidence in UNVERIFIED
            found = self.made[name] = always(None) if unread else self.test(rule.when)
        return found

    def line(self, parameter: str) -> Line | None:
        """The value in use of a parameter."""
        return line_at(self.instrument.parameters[parameter], self.at, self.known_on)

    def figure(self, amount: Amount) -> Figure:
        """An amount as a function of a view."""
        if isinstance(amount, Name):
            return self._named(amount.name)
        parts = [self.figure(part) for part in amount.parts]
        if amount.operation == "product":
            return lambda view: _product([part(view) for part in parts])
        combine = COMBINE[amount.operation]
        return lambda view: combine([part(view) for part in parts])

    def components(self, name: str) -> tuple[str, ...]:
        """The facts that a derived figure sums under this reading."""
        rule = self.instrument.counting[name]
        return tuple(f"compute.{component}" for component in rule.counted(self.reading))

    def _read_of(self, rule: Counting) -> str:
        return rule.confidence_at(self.at, self.known_on)

    def _named(self, name: str) -> Figure:
        rule = self.instrument.counting.get(name)
        if rule is not None and self.verified and self._read_of(rule) in UNVERIFIED:
            return _not_known
        if rule is not None:
            components = self.components(name)
            return counted(f"{rule.name} {' '.join(components)}", components)
        return stated(name, dict(self.reading.reads).get(name))

    def _exceeds(self, expression: Exceeds) -> Test:
        line = self.line(expression.parameter)
        if self._unusable(expression.parameter, expression.amount):
            return always(None)
        if line is None:
            return always(self._without(expression.parameter))
        figure = self.figure(expression.amount)
        operator = self.instrument.parameters[expression.parameter].operator
        return against(operator, figure, line.value.number)

    def _ratio(self, expression: RatioExceeds) -> Test:
        line = self.line(expression.parameter)
        if self._unusable(expression.parameter, expression.top, expression.bottom):
            return always(None)
        if line is None:
            return always(self._without(expression.parameter))
        top, bottom = self.figure(expression.top), self.figure(expression.bottom)
        operator = self.instrument.parameters[expression.parameter].operator
        share = Interval(line.value.number, line.value.number)
        return lambda view: compare(operator, top(view), multiply(share, bottom(view)))

    def _without(self, parameter: str) -> Truth:
        return without_line(self.instrument.parameters[parameter], self.at, self.known_on)

    def _unusable(self, parameter: str, *amounts: Amount) -> bool:
        """On the verified side: the line, its end or a rule that counts was not read in the text."""
        if not self.verified:
            return False
        rules = (self.instrument.counting.get(name) for amount in amounts for name in names_in(amount))
        codes = {self._read_of(rule) for rule in rules if rule is not None}
        line, values = self.line(parameter), self.instrument.parameters[parameter].values
        begun = [line.value] if line else [value for value in values if value.since <= self.at]
        return bool((codes | {value.confidence for value in begun[-1:]}) & UNVERIFIED)


def _not_known(view: View) -> Interval:
    return ANY


def _product(parts: list[Interval]) -> Interval:
    result = Interval(1, 1)
    for part in parts:
        result = multiply(result, part)
    return result


def _leaf(expression: Expression) -> Test:
    if isinstance(expression, Is):
        return is_true(expression.fact)
    if isinstance(expression, OneOf):
        name, values = expression.fact, expression.values
        return lambda view: None if name not in view.texts else view.texts[name] in values
    if isinstance(expression, Always):
        return always(expression.value)
    if isinstance(expression, Unknowable) and expression.unless is not None:
        return is_true(expression.unless)
    return always(None)

"""Finds facts under which two conditions with excluding outcomes would both stand.

Every comparison depends on its amount only through the lines that it is held against. So it is enough to try,
for each amount, a value on every line and one between and beyond any two; for each boolean, both values. The
lines are those of one day, and every day on which one changes, or an exception ends, is looked at: what holds
between two such days holds on the first. Amounts that differ in name are taken as independent, so that an
overlap may be reported that no real facts reach, and none is passed over.

Values are chosen one by one. A branch is left as soon as Kleene's logic says that the two cannot both stand
whatever the rest, and the search ends where it says that they do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, pairwise

from tallystick.regimes.judging.condition import line_at, without_line
from tallystick.regimes.law.exact import (
    Interval,
    Number,
    Truth,
    compare,
    conjunction,
    disjunction,
    negation,
)
from tallystick.regimes.law.expression import (
    All,
    Always,
    Any_,
    Exceeds,
    Expression,
    Is,
    Not,
    OneOf,
    RatioExceeds,
    Refer,
    Unknowable,
    walk,
)
from tallystick.regimes.law.instrument import Condition, Defeater, Instrument, Parameter

#: Most looks at a test, over all pairs and days of one file; beyond it what is left counts as not decided.
MOST = 300_000

World = dict[object, object]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two conditions that can both stand, first on ``since`` (None: from the beginning).

    ``decided`` False: there were too many choices to try, so that nothing is known of the pair.
    """

    first: str
    second: str
    since: date | None
    decided: bool = True


def overlaps(instrument: Instrument) -> Iterator[Overlap]:
    """Pairs of conditions that can both stand although their outcomes exclude each other."""
    excluded = {
        frozenset((name, other))
        for name, outcome in instrument.outcomes.items()
        for other in outcome.excludes
    }
    looks = _LooksLeft(MOST)
    for first, second in combinations(instrument.conditions.values(), 2):
        if frozenset((first.gives, second.gives)) in excluded:
            found = _first_overlap(instrument, first, second, looks)
            if found:
                yield found
            if looks.count < 0:
                return


@dataclass(slots=True)
class _LooksLeft:
    """How many looks at a test are left for the file."""

    count: int


def _first_overlap(
    instrument: Instrument, first: Condition, second: Condition, looks: _LooksLeft
) -> Overlap | None:
    changes = _changes(instrument)
    before = [changes[0] - timedelta(days=1)] if changes and changes[0] > date.min else []
    for day in (*before, *changes) or (date.min,):
        search = _Search(_Day(instrument, day, looks), (first, second))
        since = day if day in changes else None
        if search.reaches({}):
            return Overlap(first.name, second.name, since)
        if looks.count < 0:
            return Overlap(first.name, second.name, since, decided=False)
    return None


def _changes(instrument: Instrument) -> list[date]:
    """The days on which lines and exceptions begin or end."""
    days: set[date | None] = {rule.until for rule in instrument.exceptions.values()}
    for parameter in instrument.parameters.values():
        days |= {day for value in parameter.values for day in (value.since, value.until)}
    return sorted(day for day in days if day is not None)


@dataclass(slots=True)
class _Search:
    """For values of facts under which all the rules stand."""

    day: "_Day"
    rules: tuple[Condition, ...]
    choices: Mapping[object, list[object]] = field(init=False)

    def __post_init__(self) -> None:
        self.choices = self.day.choices(self.rules)

    def reaches(self, world: World) -> bool:
        """Some completion of the world lets all rules stand; False also where no look is left."""
        truth = conjunction(self.day.stands(rule, world) for rule in self.rules)
        if truth is not None or self.day.looks.count < 0:
            return truth is True
        subject = next((one for one in self.choices if one not in world), None)
        return subject is not None and any(
            self.reaches({**world, subject: value}) for value in self.choices[subject]
        )


@dataclass(frozen=True, slots=True)
class _Day:
    """The rules of an instrument on one day, over worlds in which not all facts are chosen."""

    instrument: Instrument
    day: date
    looks: _LooksLeft

    def choices(self, rules: tuple[Condition, ...]) -> dict[object, list[object]]:
        """What each fact or amount that the rules rest on may be."""
        lines: dict[object, set[Number]] = {}
        others: dict[object, list[object]] = {}
        for part in (part for expression in self._involved(rules) for part in walk(expression)):
            self.looks.count -= 1
            if isinstance(part, Exceeds | RatioExceeds):
                line = line_at(self._parameter(part), self.day, None)
                lines.setdefault(_subject(part), set()).update({line.value.number} if line else ())
            elif isinstance(part, Is):
                others[part.fact] = [False, True]
            elif isinstance(part, OneOf):
                others[part.fact] = [*dict.fromkeys([*others.get(part.fact, [None]), *part.values])]
            elif isinstance(part, Unknowable):
                others[part.unless or part] = [False, True]
        return {**{key: _around(found) for key, found in lines.items()}, **others}

    def _involved(self, rules: tuple[Condition, ...]) -> list[Expression]:
        """The expressions of conditions, of what defeats them, and of what they refer to."""
        found: dict[str, Expression] = {}
        todo: list[Condition | Defeater] = list(rules)
        while todo:
            rule = todo.pop()
            if rule.name in found:
                continue
            found[rule.name] = rule.when
            todo += self.instrument.exceptions_to(rule.name)
            parts = (part for part in walk(rule.when) if isinstance(part, Refer))
            todo += [self.instrument.conditions[part.condition] for part in parts]
        return list(found.values())

    def stands(self, rule: Condition | Defeater, world: World) -> Truth:
        """The rule holds, and no exception to it stands; None where the world leaves it open."""
        if isinstance(rule, Defeater) and not rule.stands_on(self.day):
            return False
        holds = self._holds(rule.when, world)
        if holds is False:
            return False
        against = (self.stands(one, world) for one in self.instrument.exceptions_to(rule.name))
        return conjunction((holds, negation(disjunction(against))))

    def _holds(self, expression: Expression, world: World) -> Truth:
        self.looks.count -= 1
        if self.looks.count < 0:
            return None
        if isinstance(expression, All):
            return conjunction(self._holds(part, world) for part in expression.parts)
        if isinstance(expression, Any_):
            return disjunction(self._holds(part, world) for part in expression.parts)
        if isinstance(expression, Not):
            return negation(self._holds(expression.part, world))
        if isinstance(expression, Refer):
            return self._holds(self.instrument.conditions[expression.condition].when, world)
        if isinstance(expression, Exceeds | RatioExceeds):
            return self._crosses(expression, world)
        if isinstance(expression, Always):
            return expression.value
        if isinstance(expression, OneOf):
            return world[expression.fact] in expression.values if expression.fact in world else None
        subject = expression.fact if isinstance(expression, Is) else expression.unless or expression
        return bool(world[subject]) if subject in world else None

    def _crosses(self, expression: Exceeds | RatioExceeds, world: World) -> Truth:
        parameter = self._parameter(expression)
        line = line_at(parameter, self.day, None)
        if line is None:
            return without_line(parameter, self.day, None)
        amount = world.get(_subject(expression))
        if not isinstance(amount, int | Fraction):
            return None
        held = Interval(line.value.number, line.value.number)
        return compare(parameter.operator, Interval(amount, amount), held)

    def _parameter(self, expression: Exceeds | RatioExceeds) -> Parameter:
        return self.instrument.parameters[expression.parameter]


def _subject(part: Exceeds | RatioExceeds) -> object:
    return part.amount if isinstance(part, Exceeds) else (part.top, part.bottom)


def _around(lines: set[Number]) -> list[object]:
    """Nothing, a value on every line, one between any two, and one beyond all."""
    ordered = sorted({Fraction(0), *map(Fraction, lines)})
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return [*ordered, *between, ordered[-1] + 1]

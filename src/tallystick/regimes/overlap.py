"""Finds facts under which two conditions with excluding outcomes would both stand.

Every comparison depends on its amount only through the lines that it is held against. So it is enough to try,
for each amount, a value on every line and one between and beyond any two; for each boolean, both values.
Amounts that differ in name are taken as independent.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise, product
from math import prod

from tallystick.regimes.exact import Interval, Number, compare
from tallystick.regimes.expression import (
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
from tallystick.regimes.instrument import Instrument, Parameter

#: Most combinations that are tried for one pair; beyond it the pair is passed over.
MOST = 50_000

World = Mapping[object, object]


def overlaps(instrument: Instrument) -> Iterator[tuple[str, str, bool]]:
    """Pairs of conditions that can both stand although their outcomes exclude each other.

    The third is False where there are too many combinations to try, so that nothing is known of the pair.
    """
    excluded = {
        frozenset((name, other))
        for name, outcome in instrument.outcomes.items()
        for other in outcome.excludes
    }
    for first, second in combinations(instrument.conditions.values(), 2):
        if frozenset((first.gives, second.gives)) in excluded:
            sets = _choices(instrument, _involved(instrument, {first.name, second.name}))
            few = prod(map(len, sets.values())) <= MOST
            if not few or _both_can_stand(instrument, (first.name, second.name), sets):
                yield first.name, second.name, few


def _both_can_stand(
    instrument: Instrument, names: tuple[str, str], sets: Mapping[object, list[object]]
) -> bool:
    worlds = (dict(zip(sets, values, strict=True)) for values in product(*sets.values()))
    return any(all(_stands(instrument, name, world) for name in names) for world in worlds)


def _involved(instrument: Instrument, names: set[str]) -> list[Expression]:
    """The expressions of conditions, of what defeats them, and of what they refer to."""
    found: dict[str, Expression] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        rule = instrument.conditions.get(name) or instrument.exceptions[name]
        found[name] = rule.when
        todo += [e.name for e in instrument.exceptions.values() if name in e.defeats]
        todo += [part.condition for part in walk(rule.when) if isinstance(part, Refer)]
    return list(found.values())


def _choices(instrument: Instrument, expressions: list[Expression]) -> dict[object, list[object]]:
    lines: dict[object, set[Number]] = {}
    others: dict[object, list[object]] = {}
    for part in (p for expression in expressions for p in walk(expression)):
        if isinstance(part, Exceeds | RatioExceeds):
            parameter = instrument.parameters[part.parameter]
            lines.setdefault(_subject(part), set()).update(value.number for value in parameter.values)
        elif isinstance(part, Is):
            others[part.fact] = [False, True]
        elif isinstance(part, OneOf):
            others[part.fact] = [*dict.fromkeys([*others.get(part.fact, [None]), *part.values])]
        elif isinstance(part, Unknowable):
            others[part.unless or part] = [False, True]
    return {**{key: _around(found) for key, found in lines.items()}, **others}


def _subject(part: Exceeds | RatioExceeds) -> object:
    return part.amount if isinstance(part, Exceeds) else (part.top, part.bottom)


def _around(lines: set[Number]) -> list[object]:
    """A value on every line, and one between and beyond any two; all doubled, so that halves are whole."""
    ordered = sorted(2 * line for line in lines)
    between = [(a + b) // 2 if (a + b) // 2 not in (a, b) else a + (b - a) / 2 for a, b in pairwise(ordered)]
    return [0, *between, *ordered, ordered[-1] + 1]


def _stands(instrument: Instrument, name: str, world: World) -> bool:
    rule = instrument.conditions.get(name) or instrument.exceptions[name]
    if not _holds(rule.when, instrument, world):
        return False
    return not any(
        _stands(instrument, e.name, world) for e in instrument.exceptions.values() if name in e.defeats
    )


def _holds(expression: Expression, instrument: Instrument, world: World) -> bool:
    if isinstance(expression, All):
        return all(_holds(part, instrument, world) for part in expression.parts)
    if isinstance(expression, Any_):
        return any(_holds(part, instrument, world) for part in expression.parts)
    if isinstance(expression, Not):
        return not _holds(expression.part, instrument, world)
    if isinstance(expression, Refer):
        return _holds(instrument.conditions[expression.condition].when, instrument, world)
    if isinstance(expression, Exceeds | RatioExceeds):
        return _crosses(instrument.parameters[expression.parameter], world[_subject(expression)])
    if isinstance(expression, Always):
        return expression.value
    if isinstance(expression, OneOf):
        return world[expression.fact] in expression.values
    return bool(world[expression.fact if isinstance(expression, Is) else expression.unless or expression])


def _crosses(parameter: Parameter, doubled: object) -> bool:
    """Under any value that the parameter ever had; ``doubled`` is twice the amount."""
    if not isinstance(doubled, int) and not hasattr(doubled, "numerator"):
        raise TypeError("an amount is a number")
    amount = Interval(doubled, doubled)  # type: ignore[arg-type]
    lines = (Interval(2 * value.number, 2 * value.number) for value in parameter.values)
    return any(compare(parameter.operator, amount, line) for line in lines)

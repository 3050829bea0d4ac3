"""Conditions as data: what a regime file's ``when`` says. Nothing here is ever run as code."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """A fact or a derived figure, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Combined:
    """``sum``, ``max_of``, ``min_of`` or ``product`` of amounts."""

    operation: str
    parts: "tuple[Amount, ...]"


Amount = Name | Combined


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Any_:
    """At least one part holds."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Is:
    """A boolean fact is true."""

    fact: str


@dataclass(frozen=True, slots=True)
class Exceeds:
    """An amount stands to a parameter as the parameter's operator says."""

    amount: Amount
    parameter: str


@dataclass(frozen=True, slots=True)
class RatioExceeds:
    """``top / bottom`` stands to a parameter as its operator says. Worked out without division."""

    top: Amount
    bottom: Amount
    parameter: str


@dataclass(frozen=True, slots=True)
class Refer:
    """Another condition of the same file, by name, before exceptions defeat it."""

    condition: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A text fact is one of some values."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Always:
    """Holds, or never does, whatever the facts."""

    value: bool


@dataclass(frozen=True, slots=True)
class Unknowable:
    """A test that nobody can compute: unknown, unless the fact that it names is asserted."""

    why: str
    unless: str | None


Expression = All | Any_ | Not | Is | Exceeds | RatioExceeds | Refer | OneOf | Always | Unknowable


def parse_amount(data: Any) -> Amount:
    """From plain data of the checked shape."""
    if isinstance(data, str):
        return Name(data)
    ((operation, parts),) = data.items()
    return Combined(operation, tuple(parse_amount(part) for part in parts))


def parse_expression(data: dict[str, Any]) -> Expression:
    """From plain data of the checked shape."""
    ((kind, rest),) = data.items()
    if kind in ("all", "any"):
        parts = tuple(parse_expression(part) for part in rest)
        return All(parts) if kind == "all" else Any_(parts)
    if kind == "not":
        return Not(parse_expression(rest))
    if kind == "exceeds":
        return Exceeds(parse_amount(rest[0]), str(rest[1]))
    if kind == "ratio_exceeds":
        return RatioExceeds(parse_amount(rest[0]), parse_amount(rest[1]), str(rest[2]))
    return _parse_leaf(kind, rest)


def _parse_leaf(kind: str, rest: Any) -> Expression:
    if kind == "is":
        return Is(rest)
    if kind == "condition":
        return Refer(rest)
    if kind == "equals":
        return OneOf(rest[0], (rest[1],))
    if kind == "one_of":
        return OneOf(rest[0], tuple(rest[1]) if isinstance(rest[1], list) else (rest[1],))
    if kind == "always":
        return Always(rest == "true")
    if isinstance(rest, str):
        return Unknowable(rest, None)
    return Unknowable(rest["why"], rest.get("unless"))


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all within it."""
    yield expression
    if isinstance(expression, All | Any_):
        for part in expression.parts:
            yield from walk(part)
    elif isinstance(expression, Not):
        yield from walk(expression.part)


def amounts_of(expression: Expression) -> Iterator[Amount]:
    """The amounts that the expression itself compares."""
    if isinstance(expression, Exceeds):
        yield expression.amount
    elif isinstance(expression, RatioExceeds):
        yield from (expression.top, expression.bottom)


def names_in(amount: Amount) -> Iterator[str]:
    """The facts and derived figures that an amount is made of."""
    if isinstance(amount, Name):
        yield amount.name
    else:
        for part in amount.parts:
            yield from names_in(part)

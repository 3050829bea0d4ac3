"""Tests in words: what is held against what, with claimed and verified figures and what each side gives."""

from tallystick.regimes.judging.both_sides import BothSides, mark
from tallystick.regimes.judging.condition import Compiler, Line, is_tie
from tallystick.regimes.law.exact import ANY, interval_text, number_text
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
)
from tallystick.regimes.law.instrument import UNVERIFIED
from tallystick.regimes.stated.fact_set import TIES

COMBINED = {"sum": "sum of", "max_of": "greatest of", "min_of": "least of", "product": "product of"}


def explained(expression: Expression, sides: BothSides) -> str:
    """The expression in words, with ``[claimed / verified]`` behind each of its tests."""
    if isinstance(expression, All | Any_):
        return joined(expression, explained_parts(expression, sides))
    if isinstance(expression, Not):
        return f"not {explained(expression.part, sides)}"
    return f"{_test_words(expression, sides)} {mark(sides.test(expression))}"


def explained_parts(expression: Expression, sides: BothSides) -> tuple[str, ...]:
    """The parts of a test that is made of several, each in words; of another, itself."""
    parts = expression.parts if isinstance(expression, All | Any_) else (expression,)
    return tuple(explained(part, sides) for part in parts)


def joining_word(expression: Expression) -> str:
    """``or`` between the parts of which one is enough, else ``and``."""
    return "or" if isinstance(expression, Any_) else "and"


def joined(expression: Expression, parts: tuple[str, ...]) -> str:
    """The parts of a test as one text."""
    inner = f" {joining_word(expression)} ".join(parts)
    return f"({inner})" if len(parts) > 1 else inner


def amount_words(amount: Amount, sides: BothSides) -> str:
    """The name of an amount, and what the reading takes it for; or how it is made of others."""
    if isinstance(amount, Name):
        read = dict(sides.compiler.reading.reads).get(amount.name)
        return f"{amount.name} (read as {read})" if read else amount.name
    return f"{COMBINED[amount.operation]} {', '.join(amount_words(part, sides) for part in amount.parts)}:"


def fact_words(fact: str, sides: BothSides) -> str:
    """The name of a fact; of a tie, with the region that is meant."""
    return (
        f"{TIES}{sides.compiler.instrument.binds.region}.{fact.removeprefix(TIES)}" if is_tie(fact) else fact
    )


def _test_words(expression: Expression, sides: BothSides) -> str:
    if isinstance(expression, Exceeds):
        return f"{_figures(expression.amount, sides)} {_line_words(sides.compiler, expression.parameter)}"
    if isinstance(expression, RatioExceeds):
        top, bottom = _figures(expression.top, sides), _figures(expression.bottom, sides)
        return f"{top} / {bottom} {_line_words(sides.compiler, expression.parameter)}"
    if isinstance(expression, Is):
        return f"{fact_words(expression.fact, sides)}{_unstated_words(expression, sides)}"
    if isinstance(expression, OneOf):
        stated = sides.facts.claimed.texts.get(expression.fact, "(not stated)")
        return f"{expression.fact} {stated} among {', '.join(expression.values)}"
    if isinstance(expression, Refer):
        return f"condition {expression.condition}"
    if isinstance(expression, Unknowable):
        unless = f"; state {expression.unless}" if expression.unless else ""
        return f"nobody can compute: {expression.why}{unless}"
    return "always"


def _unstated_words(expression: Is, sides: BothSides) -> str:
    """Says of a fact that nobody stated it, or that a formal act is taken as not there."""
    if sides.test(expression)[0] is None:
        return " (not stated)"
    presumed = expression.fact in sides.facts.presumed
    return " (presumed)" if presumed and expression.fact not in {f.name for f in sides.facts.facts} else ""


def _figures(amount: Amount, sides: BothSides) -> str:
    claimed, verified = sides.figure(amount)
    bounds = "" if verified in (claimed, ANY) else f" (verified: {interval_text(verified)})"
    return f"{amount_words(amount, sides)} {interval_text(claimed)}{bounds}"


def _line_words(compiler: Compiler, name: str) -> str:
    parameter, line = compiler.instrument.parameters[name], compiler.line(name)
    if line is None:
        known = f", as known on {compiler.known_on}" if compiler.known_on else ""
        return f"against {name}: no line in force on {compiler.at}{known}"
    unit = "" if parameter.unit in ("none", "ratio") else f" {parameter.unit}"
    return f"{parameter.operator} {value_words(line)}{unit}{_line_marks(line)}"


def value_words(line: Line) -> str:
    """The number of a line as the file writes it, where it is a fraction."""
    return line.value.text if "/" in line.value.text else number_text(line.value.number)


def _line_marks(line: Line) -> str:
    marks = [f"from {line.value.since} on"] if line.ahead else []
    if line.value.confidence in UNVERIFIED:
        marks.append(f"confidence {line.value.confidence}: never verified")
    return f" ({'; '.join(marks)})" if marks else ""

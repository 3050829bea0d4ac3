"""A test of a regime file in words, without facts: names, operators and lines as the file has them."""

from collections.abc import Mapping

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
)
from tallystick.regimes.law.instrument import Parameter
from tallystick.regimes.pages.markdown import words

OPERATIONS = {"sum": "sum of", "max_of": "greatest of", "min_of": "least of", "product": "product of"}


def expression_words(test: Expression, parameters: Mapping[str, Parameter]) -> str:
    """``compute.counted > threshold and not model.narrow_task``; lines by their name."""
    if isinstance(test, All | Any_):
        word = " and " if isinstance(test, All) else " or "
        inner = word.join(expression_words(part, parameters) for part in test.parts)
        return f"({inner})" if len(test.parts) > 1 else inner
    if isinstance(test, Not):
        return f"not {expression_words(test.part, parameters)}"
    if isinstance(test, Exceeds):
        return f"{_amount(test.amount)} {parameters[test.parameter].operator} {words(test.parameter)}"
    if isinstance(test, RatioExceeds):
        ratio = f"{_amount(test.top)} / {_amount(test.bottom)}"
        return f"{ratio} {parameters[test.parameter].operator} {words(test.parameter)}"
    return _plain(test)


def _plain(test: Expression) -> str:
    if isinstance(test, Is):
        return f"`{test.fact}`"
    if isinstance(test, Refer):
        return words(test.condition)
    if isinstance(test, OneOf):
        return f"`{test.fact}` is {' or '.join(test.values)}"
    if isinstance(test, Unknowable):
        return f"nobody can compute it: {test.why}" + (f", unless `{test.unless}`" if test.unless else "")
    return "never" if test == Always(False) else "always"


def _amount(amount: Amount) -> str:
    if isinstance(amount, Name):
        return f"`{amount.name}`"
    return f"{OPERATIONS[amount.operation]} ({', '.join(map(_amount, amount.parts))})"

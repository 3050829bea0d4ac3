"""Exact numbers, intervals of them, and Kleene's three truth values.

Truth is ``True``, ``False`` or ``None`` (unknown). Numbers are ``int`` where whole, else ``Fraction``;
no float is ever made. Amounts are never negative, so an amount that nobody knows is ``ANY``: 0 to no bound.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NamedTuple

from tallystick.errors import InputError

Number = int | Fraction
Truth = bool | None

#: Longest text of a number, and largest power of ten either way: a hostile file stays cheap.
MAX_TEXT = 80
MAX_EXPONENT = 60


class Interval(NamedTuple):
    """All amounts from ``lower`` to ``upper``, both included; ``upper`` None: no upper bound is known."""

    lower: Number
    upper: Number | None


ANY = Interval(0, None)
ZERO = Interval(0, 0)


def parse_number(text: str, where: str = "") -> Number:
    """``1e25``, ``0.30`` or a fraction of two of these, ``1e25/3``, exactly and not negative.

    Raises InputError.
    """
    if text.isdecimal() and text.isascii() and len(text) <= MAX_EXPONENT:
        return int(text)
    top, slash, bottom = text.partition("/")
    number = _decimal(top, text, where)
    if not slash:
        return number
    divisor = _decimal(bottom, text, where)
    if not divisor:
        raise _not_a_number(text, where)
    return whole(Fraction(number) / divisor)


def _decimal(part: str, text: str, where: str) -> Number:
    try:
        value = Decimal(part) if len(text) <= MAX_TEXT else Decimal("nan")
        # Decimal takes signs, spaces, underscores and other scripts' digits; a law's figure has none of them.
        plain = part.isascii() and part[:1] not in ("+", "-") and not set(part) & set("_ \t\n")
        if plain and value.is_finite() and value and abs(value.adjusted()) > MAX_EXPONENT:
            raise InputError(f"{text[:40]!r} is too large or too small", where=where, mend="at most 1e60")
        if plain and value.is_finite() and value >= 0:
            exponent = value.as_tuple().exponent
            return int(value) if isinstance(exponent, int) and exponent >= 0 else whole(Fraction(value))
    except InvalidOperation:
        pass
    raise _not_a_number(text, where)


def _not_a_number(text: str, where: str) -> InputError:
    mend = "write it as 1e25, 0.3 or 1e25/3, without sign or unit"
    return InputError(f"{text[:40]!r} is not a number", where=where, mend=mend)


def whole(value: Number) -> Number:
    """The same number, as an int where it is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def number_text(value: Number) -> str:
    """The number for people and JSON, exactly: ``102e24`` as ``1.02e26``, a third as ``1/3``."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return number_text(value.numerator)
    if isinstance(value, Fraction):
        return _decimal_text(value) or f"{number_text(value.numerator)}/{number_text(value.denominator)}"
    if value < 1_000_000:
        return str(value)
    digits = str(value)
    kept = digits.rstrip("0")
    if len(kept) > 7:
        return digits
    return f"{kept[0]}{'.' + kept[1:] if len(kept) > 1 else ''}e{len(digits) - 1}"


def _decimal_text(value: Fraction) -> str | None:
    """The fraction as a short decimal, or None where it has none."""
    places = next((p for p in range(1, 7) if value.denominator and 10**p % value.denominator == 0), None)
    if places is None:
        return None
    scaled = value.numerator * (10**places // value.denominator)
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}".rstrip("0")


def interval_text(value: Interval) -> str:
    """The interval for people: one number where both ends agree."""
    if value == ANY:
        return "not known"
    if value.upper is None:
        return f"at least {number_text(value.lower)}"
    if value.lower == value.upper:
        return number_text(value.lower)
    return f"{number_text(value.lower)} to {number_text(value.upper)}"


def add(parts: Iterable[Interval]) -> Interval:
    """The sum of amounts."""
    lower: Number = 0
    upper: Number | None = 0
    for part in parts:
        lower += part.lower
        upper = None if upper is None or part.upper is None else upper + part.upper
    return Interval(lower, upper)


def multiply(first: Interval, second: Interval) -> Interval:
    """The product of two amounts. Nothing times an amount without bound is nothing."""
    if first == ZERO or second == ZERO:
        return ZERO
    upper = None if first.upper is None or second.upper is None else whole(first.upper * second.upper)
    return Interval(whole(first.lower * second.lower), upper)


def greatest(parts: Iterable[Interval]) -> Interval:
    """The largest of amounts."""
    found = list(parts)
    uppers = [p.upper for p in found]
    return Interval(
        max(p.lower for p in found), None if None in uppers else max(u for u in uppers if u is not None)
    )


def least(parts: Iterable[Interval]) -> Interval:
    """The smallest of amounts."""
    found = list(parts)
    uppers = [p.upper for p in found if p.upper is not None]
    return Interval(min(p.lower for p in found), min(uppers) if uppers else None)


def compare(operator: str, amount: Interval, line: Interval) -> Truth:
    """``amount operator line`` for ``>``, ``>=``, ``<``, ``<=``: unknown where it could be either."""
    low, high = amount
    line_low, line_high = line
    if operator == ">":
        return _settled(line_high is not None and low > line_high, high is not None and high <= line_low)
    if operator == ">=":
        return _settled(line_high is not None and low >= line_high, high is not None and high < line_low)
    if operator == "<":
        return _settled(high is not None and high < line_low, line_high is not None and low >= line_high)
    return _settled(high is not None and high <= line_low, line_high is not None and low > line_high)


def _settled(holds: bool, fails: bool) -> Truth:
    return True if holds else False if fails else None


def negation(value: Truth) -> Truth:
    """Kleene's not."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """Kleene's and: false where one is false, else unknown where one is unknown."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """Kleene's or: true where one is true, else unknown where one is unknown."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def agreement(values: Iterable[Truth]) -> Truth:
    """What all readings of a text agree on, else unknown."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def truth_text(value: Truth) -> str:
    """``true``, ``false`` or ``unknown``."""
    return "unknown" if value is None else "true" if value else "false"

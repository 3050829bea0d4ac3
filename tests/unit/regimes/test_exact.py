"""Exact numbers, intervals and Kleene's truth values."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.regimes.law.exact import (
    ANY,
    Interval,
    add,
    agreement,
    compare,
    conjunction,
    disjunction,
    interval_text,
    multiply,
    negation,
    number_text,
    parse_number,
)

TRUTHS = st.sampled_from([True, False, None])
AMOUNTS = st.fractions(min_value=0, max_value=10**30)
OPERATORS = st.sampled_from([">", ">=", "<", "<="])


@st.composite
def nested(draw: st.DrawFn) -> tuple[Interval, Interval]:
    """An interval and one within it."""
    ends = sorted(draw(st.lists(AMOUNTS, min_size=4, max_size=4)))
    return Interval(ends[0], ends[3]), Interval(ends[1], ends[2])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e25", 10**25),
        ("1e25/3", Fraction(10**25, 3)),
        ("0.30", Fraction(3, 10)),
        ("1.02e26", 102 * 10**24),
        ("15.8", Fraction(79, 5)),
        ("0", 0),
    ],
)
def test_numbers_are_exact(text: str, number: Fraction) -> None:
    assert parse_number(text) == number


def test_three_float_tenths_are_not_three_tenths_but_ours_are() -> None:
    assert add([Interval(parse_number("0.1"), parse_number("0.1"))] * 3).lower == parse_number("0.3")
    assert sum([0.1] * 3) != 0.3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1e25 ",
        "1_000",
        "nan",
        "inf",
        "1e99999999",
        "1/0",
        "1/0.0",
        "0x10",
        "١",
        "1e25/3/4",
        "1" * 200,
    ],
)
def test_what_is_not_a_plain_number_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_number(text)


@given(st.decimals(min_value=0, max_value=10**40, allow_nan=False, allow_infinity=False, places=8))
def test_any_decimal_is_read_as_its_fraction(value: Decimal) -> None:
    assert parse_number(str(value)) == Fraction(value)


@given(AMOUNTS)
def test_what_is_printed_is_read_back(value: Fraction) -> None:
    text = number_text(value if value.denominator > 1 else value.numerator)
    if len(text) <= 80 and all(part.isascii() for part in text):
        assert parse_number(text) == value


def test_intervals_are_printed_for_people() -> None:
    assert interval_text(ANY) == "not known"
    assert interval_text(Interval(10**25, None)) == "at least 1e25"
    assert interval_text(Interval(8 * 10**24, 13 * 10**24)) == "8e24 to 1.3e25"


@given(nested(), nested(), OPERATORS)
def test_narrowing_never_flips_a_comparison(
    amount: tuple[Interval, Interval], line: tuple[Interval, Interval], operator: str
) -> None:
    wide, narrow = compare(operator, amount[0], line[0]), compare(operator, amount[1], line[1])
    assert wide is None or narrow is wide


@given(AMOUNTS, AMOUNTS, OPERATORS)
def test_points_compare_as_fractions_do(left: Fraction, right: Fraction, operator: str) -> None:
    truth = {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[operator]
    assert compare(operator, Interval(left, left), Interval(right, right)) is truth


def test_without_an_upper_bound_only_the_lower_end_decides() -> None:
    line = Interval(10, 10)
    assert compare(">", Interval(11, None), line) is True
    assert compare(">", Interval(9, None), line) is None
    assert compare("<", Interval(11, None), line) is False


@given(nested(), nested())
def test_sum_and_product_keep_what_they_are_of(
    first: tuple[Interval, Interval], second: tuple[Interval, Interval]
) -> None:
    for combine in (lambda a, b: add([a, b]), multiply):
        wide, narrow = combine(first[0], second[0]), combine(first[1], second[1])
        assert wide.lower <= narrow.lower
        assert wide.upper is not None
        assert narrow.upper is not None
        assert narrow.upper <= wide.upper


@given(TRUTHS, TRUTHS)
def test_de_morgan_holds_in_three_values(a: bool | None, b: bool | None) -> None:
    assert negation(conjunction([a, b])) is disjunction([negation(a), negation(b)])


def test_unknown_is_neither() -> None:
    assert conjunction([None, False]) is False
    assert conjunction([None, True]) is None
    assert disjunction([None, True]) is True
    assert disjunction([None, False]) is None
    assert agreement([True, False]) is None
    assert agreement([False, False]) is False

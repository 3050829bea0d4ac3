"""Overlapping rules are found on every day, under negation and between lines; the undecided is refused."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.regimes.bad_files import GOOD

from tallystick.errors import InputError
from tallystick.regimes.judging.plan import plan_of
from tallystick.regimes.law.exact import Interval, Number
from tallystick.regimes.law.expression import All, Any_, Exceeds, Expression, Is, Name, Not
from tallystick.regimes.law.instrument import Condition, Defeater, Instrument, Outcome, Parameter, Value
from tallystick.regimes.library import load_all, load_instrument
from tallystick.regimes.linting import overlap
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.linting.overlap import overlaps
from tallystick.regimes.stated.fact_set import View

START = date(2026, 2, 1)
TODAY = date(2026, 11, 24)


def problems(folder: Path, *changes: tuple[str, str]) -> list[str]:
    text = GOOD
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path = folder / "test.good.yaml"
    path.write_text(text)
    return [p.problem for p in lint_files([path], today=TODAY).problems if "hold" in p.problem]


def test_a_line_that_moves_later_opens_an_overlap_under_a_negation(tmp_path: Path) -> None:
    """From 2027 the first rule stops at 1e25 only, the second still begins at 1e24."""
    later = '      - {from: 2027-01-01, value: "1e25", reference: [act#art-4]}\n'
    fixed = (
        '  fixed:\n    title: Ban\n    unit: FLOP\n    operator: ">"\n    values:\n'
        '      - {from: 2026-02-01, value: "1e24", reference: [act#art-4]}\n'
    )
    found = problems(
        tmp_path,
        ("counting: {compute.counted", later + fixed + "counting: {compute.counted"),
        (
            "    when: {exceeds: [compute.counted, high]}\n    gives: banned",
            "    when: {exceeds: [compute.counted, fixed]}\n    gives: banned",
        ),
    )
    assert found == [
        "above_low and above_high can both hold from 2027-01-01 on, and give outcomes that exclude each other"
    ]


def test_an_exception_that_ends_opens_an_overlap(tmp_path: Path) -> None:
    apart = (
        "exceptions:\n  banned_instead:\n    defeats: [above_low]\n"
        "    when: {exceeds: [compute.counted, high]}\n    reference: [act#art-4]\nUNTIL"
    )
    low = (
        "{all: [{exceeds: [compute.counted, low]}, {not: {exceeds: [compute.counted, high]}}]}",
        "{exceeds: [compute.counted, low]}",
    )
    text = ("outcomes:\n", apart.replace("UNTIL", "outcomes:\n"))
    assert problems(tmp_path, low, text) == []
    text = ("outcomes:\n", apart.replace("UNTIL", "    until: 2028-01-01\noutcomes:\n"))
    assert ["from 2028-01-01 on" in found for found in problems(tmp_path, low, text)] == [True]


def test_an_overlap_between_two_lines_that_are_fractions_is_found(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        ('value: "1e22"', 'value: "0.25"'),
        ('value: "1e24"', 'value: "0.375"'),
        (
            "    when: {exceeds: [compute.counted, high]}\n    gives: banned",
            "    when: {all: [{exceeds: [compute.counted, low]}, {not: {exceeds: [compute.counted, high]}}]}"
            "\n    gives: banned",
        ),
    )
    assert len(found) == 1


def test_what_is_too_much_to_work_out_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(GOOD)
    assert list(overlaps(load_instrument(path))) == []
    monkeypatch.setattr(overlap, "MOST", 1)
    with pytest.raises(InputError, match="too much to work out"):
        load_instrument(path)


NAMES = ("a", "b")
FACTS = ("developer.academic", "developer.licensed")
AMOUNT = "compute.original"
LINES: tuple[Number, ...] = (0, 1, 2, Fraction(1, 3))


def expressions() -> st.SearchStrategy[Expression]:
    leaves: st.SearchStrategy[Expression] = st.one_of(
        st.builds(Is, st.sampled_from(FACTS)),
        st.builds(Exceeds, st.just(Name(AMOUNT)), st.sampled_from(NAMES)),
    )
    pairs = st.lists(leaves, min_size=1, max_size=3).map(tuple)
    inner = st.one_of(leaves, st.builds(All, pairs), st.builds(Any_, pairs))
    return st.one_of(inner, st.builds(Not, inner), st.builds(All, st.tuples(inner, st.builds(Not, inner))))


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Two conditions with excluding outcomes, lines that move and end, and up to two exceptions."""
    days = [START + timedelta(days=k) for k in range(4)]
    parameters = {}
    for name in NAMES:
        since = sorted(draw(st.sets(st.sampled_from(days), min_size=1, max_size=3)))
        values = [Value(day, None, day, draw(st.sampled_from(LINES)), "", (), "V1", "") for day in since]
        if draw(st.booleans()):
            values[-1] = replace(values[-1], until=since[-1] + timedelta(days=1))
        operator = draw(st.sampled_from([">", ">=", "<", "<="]))
        parameters[name] = Parameter(name, name, "FLOP", operator, tuple(values))
    conditions = {n: Condition(n, n, draw(expressions()), n, (), "V1") for n in ("one", "two")}
    exceptions = {}
    for name, targets in (("x", ("one", "two")), ("y", ("one", "two", "x"))):
        if draw(st.booleans()):
            until = draw(st.sampled_from([None, *days]))
            target = draw(st.sampled_from([t for t in targets if t != "x" or "x" in exceptions]))
            exceptions[name] = Defeater(name, name, draw(expressions()), (target,), (), "V1", until)
    base = load_all().get("uk")
    outcomes = {n: Outcome(n, n, True, (o,), False) for n, o in (("one", "two"), ("two", "one"))}
    return replace(
        base,
        parameters=parameters,
        conditions=conditions,
        exceptions=exceptions,
        outcomes=outcomes,
        counting={},
    )


#: On, under, between and over all lines that are drawn.
AMOUNTS: tuple[Number, ...] = (0, Fraction(1, 6), Fraction(1, 3), Fraction(2, 3), 1, Fraction(3, 2), 2, 3)


def both_hold(one: Instrument) -> bool:
    """By evaluation itself, on every day and for every combination of facts that can matter."""
    for day in (START + timedelta(days=k) for k in range(-1, 7)):
        tests = plan_of(one, day).claimed.agreed
        for amount, first, second in product(AMOUNTS, (False, True), (False, True)):
            truths = dict(zip(FACTS, (first, second), strict=True))
            view = View({AMOUNT: Interval(amount, amount)}, truths, {})
            if all(test(view) for test in tests):
                return True
    return False


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_an_overlap_is_found_where_evaluation_finds_one_and_nowhere_else(data: st.DataObject) -> None:
    one = data.draw(instruments())
    found = list(overlaps(one))
    assert all(each.decided for each in found)
    assert bool(found) is both_hold(one)

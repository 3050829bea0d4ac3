"""What was not read in the text verifies nothing, wherever it stands in a file."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.check import Question, answer
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.law.counting import Counting
from tallystick.regimes.law.exact import Interval, Number, Truth
from tallystick.regimes.law.expression import (
    All,
    Always,
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
from tallystick.regimes.law.instrument import Condition, Defeater, Instrument, Outcome, Parameter, Value
from tallystick.regimes.library import load_all, load_instrument, shipped_vocabulary
from tallystick.regimes.stated.fact import Fact
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_set import FactSet

START = date(2026, 2, 1)
AT = date(2026, 11, 24)
AMOUNTS = ("compute.original", "compute.counted", "compute.run")
TRUTHS = ("developer.academic", "developer.licensed")
DAYS = [START + timedelta(days=k) for k in range(4)]
LINES: tuple[Number, ...] = (0, 1, 2, 3)


def verified(text: str, folder: Path, facts: dict[str, object]) -> dict[str, Truth]:
    path = folder / "test.good.yaml"
    path.write_text(text)
    entries = [{"name": name, "value": value, "verified": True} for name, value in facts.items()]
    found = fact_set({"facts": entries, "complete": "verified"}, "test", shipped_vocabulary())
    result = evaluate(load_instrument(path), found, AT)
    return {one.name: one.verified for one in result.outcomes}


def test_a_condition_that_another_refers_to_takes_its_confidence_along(tmp_path: Path) -> None:
    weak = GOOD.replace(
        "    gives: banned\n    reference: [act#art-4]\n",
        "    gives: banned\n    reference: [act#art-4]\n    confidence: R\n"
        "  above_too:\n    when: {condition: above_high}\n    gives: banned\n    reference: [act#art-4]\n",
    )
    assert verified(weak, tmp_path, {"compute.pretraining": "1e25"})["banned"] is None
    assert verified(weak, tmp_path, {"compute.pretraining": "1e20"})["banned"] is None
    assert verified(
        weak.replace("confidence: R", "confidence: V1"), tmp_path, {"compute.pretraining": "1e25"}
    )["banned"]


@pytest.mark.parametrize(
    "when", ["{exceeds: [compute.counted, high]}", "{not: {exceeds: [compute.counted, high]}}"]
)
@pytest.mark.parametrize("code", ["R", "S", "X"])
def test_the_end_of_a_line_rests_on_the_text_that_ends_it(when: str, code: str, tmp_path: Path) -> None:
    value = '{from: 2026-02-01, value: "1e24", reference: [act#art-4]}'
    until = value.replace("01, value", "01, until: 2026-06-01, value")
    ended = (
        GOOD.replace(value, until.replace("]}", f"], confidence: {code}}}"))
        .replace("    when: {exceeds: [compute.counted, high]}\n", f"    when: {when}\n")
        .replace(", excludes: [banned]", "")
    )
    assert verified(ended, tmp_path, {"compute.pretraining": "1e25"})["banned"] is None
    read = ended.replace(f"confidence: {code}", "confidence: V1")
    assert verified(read, tmp_path, {"compute.pretraining": "1e25"})["banned"] is when.startswith("{not")


def test_a_duty_that_hangs_on_an_unread_condition_is_not_verified(tmp_path: Path) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(
        GOOD.replace(
            "    gives: banned\n    reference: [act#art-4]\n",
            "    gives: banned\n    reference: [act#art-4]\n    confidence: R\n",
        ).replace("when: reported, deontic", "if: {condition: above_high}, deontic")
    )
    entry = {"name": "compute.pretraining", "value": "1e25", "verified": True}
    facts = fact_set({"facts": [entry], "complete": "verified"}, "test", shipped_vocabulary())
    (duty,) = evaluate(load_instrument(path), facts, AT).duties
    assert duty.brought == (True, None)


def leaves(conditions: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    amount = st.builds(Name, st.sampled_from(AMOUNTS))
    line = st.sampled_from(("a", "b"))
    found: list[st.SearchStrategy[Expression]] = [
        st.builds(Is, st.sampled_from((*TRUTHS, "jurisdictions.develops"))),
        st.builds(Exceeds, amount, line),
        st.builds(RatioExceeds, amount, amount, line),
        st.just(OneOf("model.release_kind", ("open",))),
        st.builds(Always, st.booleans()),
        st.builds(Unknowable, st.just("why"), st.sampled_from((None, *TRUTHS))),
    ]
    if conditions:
        found.append(st.builds(Refer, st.sampled_from(conditions)))
    return st.one_of(found)


def expressions(conditions: tuple[str, ...] = ()) -> st.SearchStrategy[Expression]:
    leaf = leaves(conditions)
    parts = st.lists(leaf, min_size=1, max_size=3).map(tuple)
    inner = st.one_of(leaf, st.builds(All, parts), st.builds(Any_, parts))
    return st.one_of(inner, st.builds(Not, inner))


@st.composite
def unread(draw: st.DrawFn) -> Instrument:
    """Every part of it has a code that verifies nothing."""
    code = st.sampled_from(("R", "S", "X"))
    parameters = {}
    for name in ("a", "b"):
        since = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=2)))
        ends = draw(st.sampled_from([None, since[-1] + timedelta(days=1)]))
        values = [Value(d, None, d, draw(st.sampled_from(LINES)), "", (), draw(code), "") for d in since]
        values[-1] = replace(values[-1], until=ends)
        parameters[name] = Parameter(
            name, name, "FLOP", draw(st.sampled_from([">", ">=", "<"])), tuple(values)
        )
    one = Condition("one", "one", draw(expressions()), "one", (), draw(code))
    two = Condition("two", "two", draw(expressions(("one",))), "two", (), draw(code))
    against = Defeater(
        "x",
        "x",
        draw(expressions(("one", "two"))),
        (draw(st.sampled_from(("one", "two", "notify_ministry"))),),
        (),
        draw(code),
        draw(st.sampled_from([None, *DAYS])),
    )
    base = load_all().get("kr.basic")
    rule: Counting = replace(base.counting["compute.counted"], confidence=draw(code))
    duty = replace(
        base.obligations[0],
        id="notify_ministry",
        when=draw(st.sampled_from(((), ("one",), ("two",)))),
        only_if=draw(st.one_of(st.none(), expressions(("one", "two")))),
        confidence=draw(code),
    )
    return replace(
        base,
        confidence=draw(code),
        parameters=parameters,
        counting={"compute.counted": rule},
        conditions={"one": one, "two": two},
        exceptions={"x": against},
        outcomes={n: Outcome(n, n, True, (), draw(st.booleans())) for n in ("one", "two")},
        obligations=(duty,),
    )


@given(
    unread(),
    st.sampled_from([START - timedelta(days=1), *DAYS, date(2026, 3, 1)]),
    st.sampled_from([0, 1, 5]),
)
@settings(max_examples=80, deadline=None)
def test_an_instrument_that_nobody_read_verifies_nothing(one: Instrument, day: date, amount: int) -> None:
    held = Interval(amount, amount)
    names = (*AMOUNTS, *(f"compute.{c.name}" for rule in one.counting.values() for c in rule.components))
    truths = (*TRUTHS, "jurisdictions.develops", "roles.developer", "jurisdictions.KR.develops")
    facts = (
        *(Fact(name, held, held) for name in dict.fromkeys(names)),
        *(Fact(name, True, True) for name in truths),
    )
    result = evaluate(one, FactSet(facts), day)
    assert [outcome.verified for outcome in result.outcomes] == [None, None]
    assert {truths[1] for outcome in result.outcomes for truths in outcome.readings.values()} == {None}
    assert (result.verified, result.binds_verified) == (None, None)
    capped = result.in_effect and any(outcome.breach for outcome in result.outcomes)
    assert result.breaches[1] is (None if capped else False)
    assert [(duty.verified, duty.brought[1]) for duty in result.duties] == [(None, None)]
    assert {str(step.verified) for step in result.trace if step.judged} <= {"None", "not known"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: applies, reference", "value: applies, confidence: R, reference"),
        (
            "sunset: open",
            "  - {date: 2026-02-20, value: revoked, confidence: X, reference: [act#art-9]}\nsunset: open",
        ),
    ],
    ids=["whether it applies", "whether it was revoked"],
)
@pytest.mark.parametrize("amount", ["1e20", "1e25"])
def test_what_hangs_on_a_status_that_was_not_read_is_no_verified_breach_and_none_kept(
    old: str, new: str, amount: str, tmp_path: Path
) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(GOOD.replace(old, new))
    regimes = load_all([path])
    stated = {
        "compute.pretraining": amount,
        "roles.developer": "true",
        "jurisdictions.EU.develops": "true",
    }
    facts = [
        {"name": name, "value": value, "verified": True, "from": "2026-02-01", "to": "2026-03-02"}
        for name, value in stated.items()
    ]
    given = fact_set({"facts": facts, "complete": "verified"}, "test", regimes.vocabulary)
    question = Question(date(2026, 3, 1), names=("test.good",))
    (result,) = answer(regimes, given, question).results
    # Below the line it is kept whether or not the text applies.
    kept = amount == "1e20" and "applies" in old
    assert result.breaches[1] is (False if kept else None)
    assert [one.verified for one in result.duties] == [None]
    assert result.trace[0].text.endswith(": never verified")

"""Over all shipped instruments: knowing more never turns true into false; bulk equals single evaluation."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.regimes.judging.bulk import book_at
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.law.exact import number_text
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_set import FactSet

AT = date(2026, 11, 24)
FACTS = load_all().vocabulary.facts
AMOUNTS = sorted(n for n, f in FACTS.items() if f.kind == "amount" and not f.derived)
BOOLEANS = sorted(n for n, f in FACTS.items() if f.kind == "boolean" and f.unless_stated is None)
#: Numbers about which the lines of the instruments lie.
NUMBERS = st.sampled_from([0, 1, 16, 100, 10**4, 10**8, *(k * 10**e for e in range(18, 28) for k in (1, 3))])


@st.composite
def narrowed(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A mapping of facts, and one that says more: ranges within its ranges, and facts that it leaves open."""
    wide: dict[str, Any] = {}
    narrow: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(AMOUNTS), unique=True, max_size=12)):
        ends = [number_text(n) for n in sorted(draw(st.lists(NUMBERS, min_size=4, max_size=4)))]
        narrow[name] = [ends[1], ends[2]]
        if draw(st.booleans()):
            wide[name] = [ends[0], ends[3]]
    for name in draw(st.lists(st.sampled_from(BOOLEANS), unique=True, max_size=8)):
        narrow[name] = draw(st.booleans())
        if draw(st.booleans()):
            wide[name] = narrow[name]
    return wide, narrow


def facts_of(data: dict[str, Any], *, verified: bool = False) -> FactSet:
    if verified:
        keys = {True: "value", False: "claimed"}
        entries = [{"name": n, keys[isinstance(v, bool)]: v, "verified": True} for n, v in data.items()]
        return fact_set({"facts": entries}, "test", load_all().vocabulary)
    return fact_set(data, "test", load_all().vocabulary)


@given(narrowed())
@settings(max_examples=60, deadline=None)
def test_knowing_more_never_flips_an_outcome(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before, after = (book_at(AT).judge(facts_of(data, verified=True)) for data in pair)
    for regime, outcomes in before.items():
        for name, sides in outcomes.items():
            for old, new in zip(sides, after[regime][name], strict=True):
                assert old is None or new is old, (regime, name)


@given(narrowed())
@settings(max_examples=8, deadline=None)
def test_bulk_and_single_evaluation_agree(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    facts = facts_of(pair[1])
    judged = book_at(AT).judge(facts)
    for regime, outcomes in judged.items():
        single = evaluate(load_all().get(regime), facts, AT)
        assert {o.name: (o.claimed, o.verified) for o in single.outcomes} == outcomes


@given(narrowed())
@settings(max_examples=30, deadline=None)
def test_what_nobody_verified_is_never_verified(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Without a verified fact an outcome is verified only where it holds or fails whatever the facts."""
    nothing = book_at(AT).judge(facts_of({}))
    judged = book_at(AT).judge(facts_of(pair[1]))
    for regime, outcomes in judged.items():
        for name, (_, verified) in outcomes.items():
            assert verified is nothing[regime][name][1]


def test_values_of_low_confidence_are_never_verified() -> None:
    everything = {name: ["1e27", "1e27"] for name in AMOUNTS} | dict.fromkeys(BOOLEANS, True)
    judged = book_at(AT).judge(facts_of(everything, verified=True))
    found = 0
    for instrument in load_all():
        if instrument.confidence in ("R", "S", "X"):
            for name, (_, verified) in judged.get(instrument.id, {}).items():
                used = [c for c in instrument.conditions.values() if c.gives == name]
                assert verified is None or any(c.confidence in ("V1", "V2") for c in used)
                found += 1
    assert found > 3

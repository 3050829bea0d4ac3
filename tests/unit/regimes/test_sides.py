"""The verified side takes nothing from a claim, the past nothing from the future, and slips are told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.regimes.judging.check import Answer, Question, answer, check
from tallystick.regimes.law.exact import ANY
from tallystick.regimes.law.vocabulary import FactName
from tallystick.regimes.library import load_all, shipped_vocabulary
from tallystick.regimes.linting.contradictions import contradictions
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_merging import merged
from tallystick.regimes.stated.fact_set import FactSet

DAY = date(2026, 6, 1)
ACT = "developer.commission_designated"


def read(data: Any) -> FactSet:
    return fact_set(data, "facts.json", shipped_vocabulary())


def asked(data: Any, *names: str, at: date = DAY) -> Answer:
    return answer(load_all(), read(data), Question(at, names=names or ("eu.gpai_sr",)))


def test_what_is_stated_and_not_verified_is_neither_presumed_nor_zero() -> None:
    stated = read({"facts": [{"name": ACT, "value": True}]})
    assert (stated.claimed.truths[ACT], stated.verified.truths.get(ACT)) == (True, None)
    assert read({"facts": []}).verified.truths[ACT] is False
    verified = read({"facts": [{"name": ACT, "value": True, "verified": True}]})
    assert verified.verified.truths[ACT] is True
    parts = read({"facts": [{"name": "compute.upstream", "value": "1e25"}], "complete": "verified"})
    assert parts.verified.amount("compute.upstream") == ANY


def test_a_designation_that_is_only_claimed_is_not_verified_away() -> None:
    facts = [{"name": "compute.pretraining", "value": "1e24", "verified": True}, {"name": ACT, "value": True}]
    (outcome,) = asked({"facts": facts, "complete": "verified"}).results[0].outcomes
    assert (outcome.claimed, outcome.verified) == (True, None)


def test_a_later_claim_of_nothing_does_not_bring_the_zero_back() -> None:
    more = {"name": "compute.upstream", "value": "1e25"}
    claims = [more, {**more, "value": "0", "on": "2026-01-01"}]
    shown = read({"facts": [parts_of("1e23"), *claims], "complete": "verified"}).verified
    assert shown.amount("compute.upstream") == ANY


def parts_of(amount: str) -> dict[str, Any]:
    return {"name": "compute.pretraining", "value": amount, "verified": True}


SERIES = (
    *("compute.pretraining", "compute.fine_tuning", "compute.run", "largest_run_flop", "training_flop"),
    *("cluster.h100e", ACT),
)


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Facts of several names and days, undated ones too, some verified."""
    found: dict[tuple[str, date | None], dict[str, Any]] = {}
    for name in draw(st.lists(st.sampled_from(SERIES), max_size=10)):
        day = draw(st.sampled_from([None, *(DAY + timedelta(days=k) for k in (-40, -3, 0, 1, 9, 90))]))
        value = (
            draw(st.booleans()) if name == ACT else f"{draw(st.integers(1, 9))}e{draw(st.integers(21, 26))}"
        )
        on = {"on": day.isoformat()} if day else {}
        found[name, day] = {"name": name, "value": value, "verified": draw(st.booleans()), **on}
    return list(found.values())


@given(entries(), st.sampled_from(["false", "true", "verified"]))
@settings(max_examples=60, deadline=None)
def test_facts_of_later_days_change_nothing(found: list[dict[str, Any]], complete: str) -> None:
    before = [one for one in found if one.get("on", "0000") <= DAY.isoformat()]
    names = ("eu.gpai_sr", "us.eo14110.model", "prop.miri")
    with_all, with_past = (
        asked({"facts": facts, "complete": complete}, *names).as_json() for facts in (found, before)
    )
    assert with_all == with_past


def test_two_inspections_bound_each_their_own_day() -> None:
    run = {"name": "largest_run_flop", "verified": True}
    facts = [{**run, "value": "1e22", "on": "2026-01-01"}, {**run, "value": "2e25", "on": "2026-06-01"}]
    found = {
        at: asked(facts, at=at).results[0].figures["compute.counted"]["literal"][1].lower
        for at in (date(2026, 5, 31), date(2026, 6, 1))
    }
    assert list(found.values()) == [10**22, 2 * 10**25]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"compute.pretraining": 10**5000}, "not a number"),
        ({"compute.pretraining": -(10**5000)}, "not a number"),
        ({10**5000: "1"}, "without a name"),
        ({"facts": [], "complete": 10**5000}, "complete"),
        ({"model.generates_language": 10**5000}, "neither true nor false"),
        ([{"name": "compute.run", "value": "1", "on": 10**5000}], "not a date"),
        ([{"name": "compute.run", "value": "1", 10**5000: 1}], "unknown key"),
        ({"compute.pretraining": "-0"}, "without sign"),
        ({"compute.pretraining": "+5"}, "without sign"),
        ({"compute.pretraining": "1e25/+5"}, "without sign"),
    ],
)
def test_what_cannot_be_written_out_is_refused_in_one_line(facts: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        read(facts)
    assert "\n" not in str(refused.value)


def test_texts_that_steer_a_terminal_are_refused() -> None:
    name = FactName("developer.country", "text", "Country", "none", None, False)
    words = replace(shipped_vocabulary(), facts={name.name: name})
    with pytest.raises(InputError, match="control characters") as refused:
        fact_set({name.name: "\x1b[2J"}, "facts.json", words)
    assert "\x1b" not in str(refused.value)


def test_a_tie_to_a_state_is_one_to_the_country() -> None:
    def binds(**ties: bool) -> str:
        stated = {f"jurisdictions.{place.replace('_', '-')}.develops": held for place, held in ties.items()}
        facts = {"roles.developer": True, **stated}
        return str(check(facts, "2026-11-24", names=["us.frontier"])["results"][0]["binds"]["claimed"])

    assert (binds(US=True), binds(US_CA=True), binds(US_NY=False)) == ("true", "true", "unknown")
    denied = asked({"jurisdictions.US-CA.develops": True, "jurisdictions.US.develops": False})
    assert "is denied" in denied.warnings[0]


def test_contradictions_are_reported_beside_the_answer() -> None:
    claim = {"name": "compute.run", "claimed": "1e21", "lower": "5e22", "upper": "6e22", "verified": True}
    found = asked([claim])
    assert "claimed 1e21, verified 5e22 to 6e22" in found.warnings[0]
    assert found.as_json()["warnings"] == list(found.warnings)
    within = {**claim, "claimed": "5e22"}
    assert asked([within]).warnings == ()
    run = {"name": "largest_run_flop", "lower": "1e25", "upper": "3e25", "claimed": "2e25", "verified": True}
    parts = {"name": "compute.pretraining", "value": "1e23", "verified": True}
    short = asked({"facts": [run, parts], "complete": "verified"})
    assert ["claimed components of compute add up to 1e23" in warning for warning in short.warnings] == [True]
    assert asked({"facts": [run, {**parts, "value": "2e25"}], "complete": "verified"}).warnings == ()
    total = {"name": "training_flop", "value": "1e24", "verified": True}
    assert any("more than all training" in warning for warning in asked([run, total]).warnings)


def test_what_complete_does_not_cover_is_told() -> None:
    claim = {"name": "compute.upstream", "value": "1e25"}
    parts = {"name": "compute.pretraining", "value": "1e23", "verified": True}
    (warning,) = asked({"facts": [claim, parts], "complete": "verified"}).warnings
    assert "compute.upstream is claimed and not verified" in warning
    site = {"name": "training_flop", "lower": "5e25", "upper": "6e25", "claimed": "5.5e25", "verified": True}
    found = asked({"facts": [site], "complete": "verified"})
    assert "taken as claimed 0 to 5.5e25, verified 0 to 6e25, not as zero" in found.warnings[0]
    assert found.results[0].verified is None


def test_a_yes_that_was_verified_and_is_denied_is_told() -> None:
    facts = [{"name": "model.generates_language", "claimed": False, "verified": False}]
    shown = [{"name": "model.generates_language", "value": True, "verified": True}]
    both = merged([("a", read(facts)), ("b", read(shown))])
    assert "claimed false, verified true" in contradictions(both)[0]


def test_a_smaller_run_than_a_site_showed_is_told() -> None:
    site = {"name": "largest_run_flop", "claimed": "5e25", "lower": "4e25", "upper": "6e25", "verified": True}
    language = {"name": "model.generates_language", "value": True, "verified": True}
    found = asked({"facts": [site, language, {"name": "compute.run", "value": "1e20"}]})
    assert (found.results[0].claimed, found.results[0].verified) == (True, True)
    assert "compute.run, claimed 1e20, is less than the largest run of one site" in found.warnings[0]


def test_what_no_single_answer_settles_is_in_the_json() -> None:
    facts = {"compute.pretraining": "9e25", "compute.synthetic_private": "1.2e25", "roles.developer": True}
    ties = {"jurisdictions.US-CA.develops": True}
    found = asked({"facts": {**facts, **ties}, "complete": True}, "ca.sb53", at=date(2026, 11, 24))
    assert found.asked.left, "readings differ"
    assert {one["regime"]: one["facts"] for one in found.as_json()["not_settled"]} == {
        regime: list(names) for regime, names in found.asked.left.items()
    }


def test_a_report_that_failed_is_marked() -> None:
    facts = {"facts": [], "ok": False}
    assert "ok: false" in asked(facts).warnings[0]
    assert asked({**facts, "ok": True}).warnings == ()
    assert "no signature is checked" in asked(facts).as_json()["authenticity"]

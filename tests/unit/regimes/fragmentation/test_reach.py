"""Why a regime brings no duty, what a thin profile is warned of, and claims outside verified bounds."""

from datetime import date

import pytest
from tests.unit.regimes.fragmentation.three_regimes import PROFILE, profile

from tallystick.regimes.fragmentation.comparison import compare
from tallystick.regimes.fragmentation.reach import reason_of
from tallystick.regimes.library import Regimes, load_all
from tallystick.reporting.regimes.text import comparison_text

AT = date(2026, 11, 24)
REACH = """
schema: developer/1
name: Rook (fictional)
roles: [provider]
ties: {EU: [places_on_market]}
facts: {developer.business_users_eu: ["9000", "11000"]}
models: []
"""
WIDE = '{pretraining: {claimed: "2e26", lower: "1.9e26", upper: "2.1e26", verified: true}}'
FALSE = '{pretraining: {claimed: "2e23", lower: "1.9e26", upper: "2.1e26", verified: true}}'


def codes(text: str, regimes: Regimes) -> dict[str, str | None]:
    found = compare(profile(text), regimes, AT)
    reasons = {one.instrument.id: reason_of(one) for one in found.standings}
    return {name: reason.code if reason else None for name, reason in reasons.items()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("EU: [places_on_market]", "KR: [deploys]", "no tie"),
        ("EU: [places_on_market]", "EU: [deploys]", "no tie"),
        ("roles: [developer]", "roles: [deployer]", "no role"),
        ("name: T", "name: T", None),
    ],
)
def test_each_regime_has_its_reason(three: Regimes, old: str, new: str, expected: str | None) -> None:
    assert codes(PROFILE.replace(old, new, 1), three)["test.east"] == expected


def test_neither_tie_nor_role(three: Regimes) -> None:
    text = PROFILE.replace("EU: [places_on_market]", "KR: [deploys]").replace("[developer]", "[deployer]")
    assert codes(text, three)["test.east"] == "no tie and no role"


def test_a_line_that_is_not_met_is_no_question_of_reach(three: Regimes) -> None:
    text = (
        PROFILE.split("models:")[0]
        + 'models:\n  - {name: S, complete: true, compute: {pretraining: "1e23"}}\n'
    )
    found = codes(text, three)
    assert found == dict.fromkeys(("test.east", "test.north", "test.west"), "line not met")
    shown = comparison_text(compare(profile(text), three, AT))
    assert "Reaches you, brings no duty" in shown
    assert "Does not reach you" not in shown
    assert "taken as absent" not in shown


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{US-CA: [established, develops], US-NY: [deploys], EU: [places_on_market]}", "{}", "lists no ties"),
        ("roles: [developer]", "roles: []", "lists no roles"),
    ],
)
def test_a_thin_profile_is_warned_of(three: Regimes, old: str, new: str, words: str) -> None:
    found = compare(profile(PROFILE.replace(old, new)), three, AT)
    assert found.today.duties == 0
    assert any(words in text for text in found.warnings)
    assert words in " ".join(comparison_text(found).split())
    assert words in " ".join(found.as_json()["warnings"])


def test_no_models_and_models_of_which_nothing_is_said(three: Regimes) -> None:
    head = PROFILE.split("models:")[0]
    none, unsaid = (compare(profile(text), three, AT) for text in (head + "models: []\n", head))
    assert any("models: []" in text for text in none.warnings)
    assert any("lists no models" in text for text in unsaid.warnings)


def test_a_full_profile_is_not_warned_of(three: Regimes) -> None:
    assert compare(profile(), three, AT).warnings == ()


def test_a_tie_of_a_model_is_a_tie(three: Regimes) -> None:
    text = PROFILE.replace(
        "ties: {US-CA: [established, develops], US-NY: [deploys], EU: [places_on_market]}", "ties: {}"
    )
    text = text.replace("    complete: true", "    ties: {EU: [places_on_market]}\n    complete: true")
    assert compare(profile(text), three, AT).warnings == ()


def test_a_claim_outside_verified_bounds_is_warned_of_and_frees_nobody(three: Regimes) -> None:
    assert WIDE in PROFILE
    head = PROFILE.split("  - name: Tern 1")[0]
    model = "  - {name: Tern 2, complete: verified, compute: " + FALSE + "}\n"
    found = compare(profile(head + model), three, AT)
    assert [text for text in found.warnings if text.startswith("Tern 2: compute.pretraining")]
    assert {one.instrument.id: one.state for one in found.standings}["test.east"] == "binds"
    bare = compare(profile((head + model).replace("verified: [roles, ties]\n", "")), three, AT)
    east = next(one for one in bare.standings if one.instrument.id == "test.east")
    assert (east.state, east.contradicted) == ("unknown", True)
    assert "mend the claim" in " ".join(comparison_text(bare).split())


def test_a_regime_without_duties_rolls_up_from_its_outcomes() -> None:
    found = compare(profile(REACH), load_all(), AT).as_json()["regimes"]
    reach = next(one for one in found if one["regime"] == "eu.reach")
    assert (reach["state"], reach["claimed"], reach["verified"]) == ("unknown", "unknown", "unknown")
    over = compare(profile(REACH.replace('["9000", "11000"]', '"11000"')), load_all(), AT).as_json()[
        "regimes"
    ]
    reach = next(one for one in over if one["regime"] == "eu.reach")
    assert (reach["state"], reach["claimed"], reach["verified"]) == ("no duties", "true", "unknown")
    assert reach["no_duties_because"]["code"] == "no duties in it"

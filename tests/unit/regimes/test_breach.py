"""A breach: by verified facts of any day on which the text was in force, of a developer whom it binds."""

from typing import Any

import pytest

from tallystick.regimes.judging.check import check

CAP, PAUSE, LICENCE = "template.run_cap", "template.pause", "template.licence"
RUN = {"name": "largest_run_flop", "verified": True}


def asked(facts: Any, regime: str, at: str = "2026-11-24") -> dict[str, Any]:
    found: dict[str, Any] = check(facts, at, names=(regime,), files=[regime])["results"][0]
    return found


def breach(facts: Any, regime: str, at: str = "2026-11-24") -> tuple[str, str, str]:
    found = asked(facts, regime, at)
    return found["breach"], found["breach_claimed"], found["breach_verified"]


OVER = {**RUN, "lower": "2e26", "upper": "3e26", "on": "2026-03-01"}


def test_a_later_claim_does_not_undo_what_was_verified() -> None:
    facts = [OVER, {"name": "largest_run_flop", "claimed": "1e24", "on": "2026-04-01"}]
    data = check(facts, "2026-11-24", names=(CAP,), files=[CAP])
    assert breach(facts, CAP) == ("true", "true", "true")
    assert data["results"][0]["verified"] == "true"
    assert data["results"][0]["outcomes"][0]["breach_days"] == ["2026-03-01"]
    assert "and does not take its place" in data["warnings"][0]


def test_a_clean_later_period_does_not_undo_a_breach() -> None:
    clean = [
        {**RUN, "name": n, "value": "1e24", "on": "2026-04-01"} for n in ("largest_run_flop", "training_flop")
    ]
    assert breach(clean, CAP)[2] == "unknown", "undeclared training is not stated"
    quiet = {**RUN, "name": "undeclared_training_flop", "value": "0", "on": "2026-04-01"}
    assert breach([*clean, quiet], CAP, "2026-04-01")[2] == "unknown", "of one day of many"
    assert breach([OVER, *clean, quiet], CAP)[2] == "true"


def test_a_later_claim_of_a_component_does_not_hide_the_verified_one() -> None:
    facts = [
        {
            "name": "compute.pretraining",
            "lower": "2e25",
            "upper": "3e25",
            "verified": True,
            "on": "2026-03-01",
        },
        {"name": "compute.pretraining", "claimed": "1e20", "on": "2026-04-01"},
        {"name": "model.generates_language", "value": True, "verified": True},
    ]
    assert check(facts, "2026-11-24", names=("eu.gpai_sr",))["results"][0]["verified"] == "true"


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ({"roles.developer": False}, ("unknown", "false", "unknown")),
        ({}, ("unknown", "unknown", "unknown")),
        ({"roles.developer": True}, ("true", "true", "unknown")),
    ],
)
def test_only_one_who_is_bound_breaks_it(role: dict[str, bool], found: tuple[str, str, str]) -> None:
    facts = {"compute.pretraining": "2e25", "developer.licensed": False, **role}
    assert breach({"facts": facts, "complete": True}, LICENCE) == found


def test_one_who_says_that_it_is_bound_is_held_to_verified_figures() -> None:
    figures = [
        {
            "name": "compute.pretraining",
            "claimed": "1e24",
            "lower": "2e25",
            "upper": "2e25",
            "verified": True,
        },
        {"name": "developer.licensed", "value": False, "verified": True},
    ]
    for role, stands in ((True, "true"), (False, "unknown")):
        facts = [*figures, {"name": "roles.developer", "value": role}]
        assert breach({"facts": facts, "complete": "verified"}, LICENCE) == (stands, "false", "unknown")


@pytest.mark.parametrize(
    ("days", "at", "found"),
    [
        ({"on": "2026-12-15"}, "2027-01-01", "unknown"),
        ({"on": "2027-06-30"}, "2027-06-30", "true"),
        ({"on": "2027-06-30"}, "2027-07-02", "true"),
        ({"on": "2027-06-30"}, "2027-06-29", "unknown"),
        ({"on": "2027-07-01"}, "2027-07-02", "unknown"),
        ({"from": "2027-01-01T00:00:00Z", "to": "2027-07-01T00:00:00Z"}, "2027-07-02", "true"),
        ({"from": "2027-01-01T00:00:00Z", "to": "2027-02-01T00:00:00Z"}, "2027-03-01", "true"),
        ({"from": "2026-12-01T00:00:00Z", "to": "2027-02-01T00:00:00Z"}, "2027-03-01", "unknown"),
        ({"from": "2027-06-01T00:00:00Z", "to": "2027-08-01T00:00:00Z"}, "2027-09-01", "unknown"),
        ({"from": "2026-11-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}, "2027-01-01", "unknown"),
    ],
)
def test_a_run_breaks_a_pause_only_where_all_its_period_is_in_it(
    days: dict[str, str], at: str, found: str
) -> None:
    assert breach([{**RUN, "value": "5e24", **days}], PAUSE, at)[2] == found


def test_a_quiet_period_across_the_first_day_of_a_pause_keeps_it() -> None:
    days = {"from": "2026-12-01T00:00:00Z", "to": "2027-02-01T00:00:00Z"}
    facts = [{**RUN, "name": name, "value": "1e20", **days} for name in ("largest_run_flop", "training_flop")]
    assert breach(facts, PAUSE, "2027-01-31")[2] == "false"


def test_days_of_claims_move_nothing_on_the_verified_side() -> None:
    undated = {**RUN, "value": "5e24"}
    claim = {"name": "training_flop", "claimed": "1e20", "on": "2027-02-01"}
    assert breach([undated], PAUSE, "2027-08-01")[2] == "unknown"
    assert breach([undated, claim], PAUSE, "2027-08-01")[2] == "unknown"

"""A breach is certain only by law, states and acts of the same days; none is shown only of days covered."""

from pathlib import Path
from typing import Any

import pytest

from tallystick.regimes.judging.check import check
from tallystick.regimes.library import source_text

CAP, PAUSE, LICENCE = "template.run_cap", "template.pause", "template.licence"
LICENSED, DEVELOPER, PRETRAINING = "developer.licensed", "roles.developer", "compute.pretraining"


def shown(name: str, value: Any, on: str = "") -> dict[str, Any]:
    dated = {"on": on} if on else {}
    return {"name": name, "value": value, "verified": True, **dated}


def outcome(facts: Any, at: str, regime: str = CAP, file: str = "", name: str = "") -> dict[str, Any]:
    found = check(facts, at, names=(regime,), files=[file or regime])["results"][0]
    broken = [one for one in found["outcomes"] if one["breach"] and name in ("", one["outcome"])]
    first: dict[str, Any] = broken[0]
    return {**first, "stands": found["breach"]}


def truths(found: dict[str, Any]) -> tuple[str, str]:
    return found["breach_claimed"], found["breach_verified"]


def own_file(folder: Path, template: str, *changes: tuple[str, str]) -> str:
    text = source_text(template)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{template}.yaml"
    path.write_text(text.replace(f"id: {template}", "id: my.rule"), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    "states",
    [
        [shown(DEVELOPER, True), shown(LICENSED, True, "2026-02-01"), shown(LICENSED, False, "2026-06-01")],
        [
            shown(LICENSED, False),
            shown(DEVELOPER, False, "2026-02-01"),
            shown(DEVELOPER, True, "2026-06-01"),
        ],
        [shown(DEVELOPER, True), shown(LICENSED, False, "2026-06-01")],
    ],
    ids=["licence lost", "role taken up", "first stated after the run"],
)
@pytest.mark.parametrize("at", ["2026-06-01", "2026-11-24"])
def test_a_lawful_run_is_not_judged_by_later_states(states: list[dict[str, Any]], at: str) -> None:
    facts = {"complete": "verified", "facts": [*states, shown(PRETRAINING, "2e25", "2026-03-01")]}
    found = outcome(facts, at, LICENCE, name="unlicensed")
    assert (*truths(found), found["stands"]) == ("unknown", "unknown", "unknown")


@pytest.mark.parametrize("verified", [True, False])
def test_a_claimed_role_of_later_days_makes_no_breach_of_verified_figures(verified: bool) -> None:
    roles = [
        {**shown(DEVELOPER, value, day), "verified": False}
        for value, day in ((verified, "2026-02-01"), (True, "2026-06-01"))
    ]
    run = [shown(LICENSED, False), shown(PRETRAINING, "2e25", "2026-03-01")]
    found = outcome({"complete": "verified", "facts": [*roles, *run]}, "2026-06-01", LICENCE)
    assert found["stands"] == ("true" if verified else "unknown")


def test_a_run_without_a_licence_stays_a_breach_when_one_is_given_later() -> None:
    states = [
        shown(DEVELOPER, True),
        shown(LICENSED, False, "2026-02-01"),
        shown(LICENSED, True, "2026-06-01"),
    ]
    facts = {"complete": "verified", "facts": [*states, shown(PRETRAINING, "2e25", "2026-03-01")]}
    found = outcome(facts, "2026-11-24", LICENCE, name="unlicensed")
    assert (found["breach_verified"], found["breach_days"]) == ("true", ["2026-03-01"])


def test_what_was_done_adds_up_while_nothing_changes() -> None:
    parts = [shown(PRETRAINING, "9e24", "2026-03-01"), shown("compute.fine_tuning", "2e24", "2026-05-01")]
    facts = {"complete": "verified", "facts": [*parts, shown(DEVELOPER, True), shown(LICENSED, False)]}
    found = outcome(facts, "2026-11-24", LICENCE, name="unlicensed")
    assert (found["breach_verified"], found["breach_days"]) == ("true", ["2026-05-01"])


EXCEPTION = """exceptions:
  spared:
    title: Until June the cap spares all
    defeats: [run_above_cap]
    when: {exceeds: [site.any_run_flop, undeclared]}
    until: 2026-06-01
    reference: [rule#art-1]
outcomes:
"""


@pytest.mark.parametrize("at", ["2026-05-31", "2026-06-01", "2026-11-24"])
def test_a_run_that_an_exception_spared_is_no_breach_after_it(tmp_path: Path, at: str) -> None:
    file = own_file(tmp_path, CAP, ("outcomes:\n", EXCEPTION))
    run = {
        "name": "largest_run_flop",
        "lower": "2e26",
        "upper": "3e26",
        "verified": True,
        "on": "2026-03-01",
    }
    found = outcome([run], at, "my.rule", file)
    assert truths(found) == ("false" if at == "2026-05-31" else "unknown", "unknown")
    later = outcome([run, {**run, "on": "2026-06-01"}], "2026-11-24", "my.rule", file)
    assert later["breach_days"] == ["2026-06-01"]


OWN_RUN = "facts:\n  service.run_flop: {kind: amount, unit: FLOP, title: Largest run of the service}\ncond"


@pytest.mark.parametrize(
    ("runs", "at", "found"),
    [
        ([("5e24", "2026-12-15")], "2027-01-01", "unknown"),
        ([("5e24", "2027-02-15"), ("5e20", "2027-03-15")], "2027-03-20", "true"),
        ([("5e24", "2027-02-15"), ("5e20", "2027-03-15")], "2027-08-01", "true"),
    ],
)
def test_an_amount_in_flop_is_an_act_whatever_its_name(
    tmp_path: Path, runs: list[tuple[str, str]], at: str, found: str
) -> None:
    changes = ("\ncond", "\n" + OWN_RUN), ("site.any_run_flop", "service.run_flop")
    file = own_file(tmp_path, PAUSE, *changes, ("site.largest_run_flop", "service.run_flop"))
    facts = [shown("service.run_flop", value, day) for value, day in runs]
    assert truths(outcome(facts, at, "my.rule", file)) == (found, found)


def test_a_state_of_a_day_in_the_pause_is_looked_at_without_any_act(tmp_path: Path) -> None:
    own = "facts:\n  developer.went_on: {kind: boolean, title: The developer went on training}\ncond"
    test = "{exceeds: [site.any_run_flop, line]}"
    both = "{any: [{is: developer.went_on}, {all: [{is: developer.went_on}, " + test + "]}]}"
    file = own_file(tmp_path, PAUSE, ("\ncond", "\n" + own), (test, both))
    facts = [shown("developer.went_on", True, "2027-02-01"), shown("developer.went_on", False, "2027-03-01")]
    found = outcome(facts, "2027-03-20", "my.rule", file)
    assert (*truths(found), found["breach_days"]) == ("true", "true", ["2027-02-01"])


TRAINING = {"name": "training_flop", "lower": "1e23", "upper": "1e24", "verified": True}


@pytest.mark.parametrize(
    ("days", "kept"), [({"from": "2026-02-01", "to": "2026-03-01"}, False), ({"on": "2026-02-01"}, True)]
)
def test_a_licence_that_was_verified_for_a_period_is_not_verified_after_it(
    days: dict[str, str], kept: bool
) -> None:
    april = {"from": "2026-04-01", "to": "2026-05-01"}
    licence = {"name": LICENSED, "value": True, "verified": True, **days}
    facts = [
        licence,
        {"name": DEVELOPER, "value": True, "verified": True},
        {"name": PRETRAINING, "value": "2e25", "verified": True, **april},
    ]
    found = outcome({"complete": "verified", "facts": facts}, "2026-04-30", LICENCE, name="unlicensed")
    assert ({"from": "2026-04-01", "to": "2026-04-30"} in found["covered"]) is kept


@pytest.mark.parametrize("at", ["2026-11-24", "2036-01-01"])
def test_verified_facts_of_one_day_show_nothing_of_the_others(at: str) -> None:
    found = outcome([{**TRAINING, "on": "2026-02-01"}], at)
    assert found["breach_verified"] == "unknown"
    assert found["covered"] == [{"from": "2026-02-01", "to": "2026-02-01"}]


def test_a_cap_is_kept_where_verified_periods_cover_all_its_days() -> None:
    months = [("2026-01-01", "2026-03-01"), ("2026-03-01", "2026-05-01"), ("2026-05-01", "2026-06-02")]
    facts = [{**TRAINING, "from": f"{a}T00:00:00Z", "to": f"{b}T00:00:00Z"} for a, b in months]
    found = outcome(facts, "2026-06-01")
    assert found["breach_verified"] == "false"
    assert found["covered"] == [{"from": "2026-01-01", "to": "2026-06-01"}]
    gap = outcome([facts[0], facts[2]], "2026-06-01")
    assert gap["breach_verified"] == "unknown"
    assert [one["to"] for one in gap["covered"]] == ["2026-02-28"]
    assert outcome(facts, "2026-06-02")["breach_verified"] == "unknown"


def test_a_pause_that_is_over_is_not_kept_by_silence() -> None:
    assert outcome([], "2028-01-01", PAUSE)["breach_verified"] == "unknown"
    assert outcome([], "2026-12-31", PAUSE)["breach_verified"] == "false", "it has not begun"
    days = {"from": "2027-01-01T00:00:00Z", "to": "2027-07-01T00:00:00Z"}
    kept = outcome([{**TRAINING, **days}], "2028-01-01", PAUSE)
    assert (kept["breach_verified"], kept["covered"]) == (
        "false",
        [{"from": "2027-01-01", "to": "2027-06-30"}],
    )


def test_on_a_day_before_every_text_there_is_no_breach() -> None:
    """No day of the law has come: nothing to cover, and nothing breached."""
    for at in ("1900-01-01", "2024-06-01"):
        results = check({"complete": "verified", "facts": {}}, at=at, everything=True)["results"]
        assert all(result["breach"] != "true" for result in results)

"""Dates: what holds when, and what was known when."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.check import check, group_of
from tallystick.regimes.judging.condition import line_at
from tallystick.regimes.law.status import ended, in_effect, known_at_all, status_at, status_read, takes_effect
from tallystick.regimes.library import load_all, load_instrument

EU = "eu.gpai_sr"
HISTORIC = {"npt": "binding", "cwc": "binding", "gromyko": "historic", "open_skies_1955": "historic"}
FACTS = {
    "compute.pretraining": "2e25",
    "model.generates_language": True,
    "roles.provider": True,
    "jurisdictions.EU.places_on_market": True,
}


@pytest.mark.parametrize(
    ("day", "value", "effect"),
    [
        (date(2024, 7, 11), None, False),
        (date(2024, 7, 12), "adopted", False),
        (date(2024, 8, 1), "in_force", False),
        (date(2025, 8, 1), "in_force", False),
        (date(2025, 8, 2), "applies", True),
        (date(2026, 8, 1), "applies", True),
        (date(2026, 8, 2), "enforceable", True),
        (date(2040, 1, 1), "enforceable", True),
    ],
)
def test_four_dates_are_kept_apart(day: date, value: str | None, effect: bool) -> None:
    one = load_all().get(EU)
    entry = status_at(one, day, None)
    assert (entry.value if entry else None) == value
    assert in_effect(one, day, None) is effect


def test_a_future_day_of_application_is_known_since_adoption() -> None:
    one = load_all().get(EU)
    assert not known_at_all(one, date(2024, 7, 11))
    assert takes_effect(one, date(2024, 7, 12)) == date(2025, 8, 2)


def test_what_was_known_before_a_revocation_still_shows_the_order_in_force() -> None:
    order = load_all().get("us.eo14110.model")
    day = date(2025, 6, 1)
    assert status_at(order, day, None).value == "revoked"  # type: ignore[union-attr]
    assert status_at(order, day, date(2024, 12, 31)).value == "applies"  # type: ignore[union-attr]
    assert in_effect(order, day, date(2024, 12, 31))
    assert not in_effect(order, day, None)


def test_new_york_is_enacted_and_not_yet_effective_and_the_duties_come_with_the_new_year() -> None:
    facts = {
        "complete": True,
        "facts": {
            "compute.pretraining": "2e26",
            "developer.revenue_usd_prior_year": "1e9",
            "roles.developer": True,
            "roles.frontier_developer": True,
            "jurisdictions.places_on_market": True,
            "jurisdictions.develops": True,
            "jurisdictions.deploys": True,
            "jurisdictions.does_business": True,
        },
    }
    now = check(facts, "2026-11-24", names=["ny.raise"])["results"][0]
    then = check(facts, "2027-02-01", names=["ny.raise"])["results"][0]
    assert (now["status"], now["claimed"], now["in_effect"]) == ("enacted_not_effective", "true", False)
    assert {duty["claimed"] for duty in now["obligations"]} == {"false"}
    assert then["in_effect"] is True
    assert "true" in {duty["claimed"] for duty in then["obligations"]}
    assert all(duty["starts"] >= "2027-01-01" for duty in now["obligations"])


def test_known_on_leaves_out_what_was_not_yet_public() -> None:
    old = check(FACTS, "2026-11-24", known_on="2024-07-11", everything=True)
    assert EU not in [one["regime"] for one in old["results"]]
    assert "us.eo14110.model" in [one["regime"] for one in old["results"]]


def test_bills_proposals_and_history_are_not_mixed_with_binding_law_unless_asked() -> None:
    usual = {one["regime"] for one in check(FACTS, "2026-11-24")["results"]}
    assert {"eu.gpai_sr", "ca.sb53", "kr.basic", "ny.raise"} <= usual
    assert not {"us.frontier", "prop.miri", "hist.baruch", "us.eo14110.model", "ca.sb1047"} & usual
    bills = check(FACTS, "2026-11-24", kinds=["bill"])["results"]
    assert {one["kind"] for one in bills} == {"bill"}
    everything = {one["regime"] for one in check(FACTS, "2026-11-24", everything=True)["results"]}
    assert len(everything) == len(load_all())


def test_an_order_was_binding_while_it_lasted() -> None:
    order = load_all().get("us.eo14110.model")
    assert group_of(order, date(2026, 11, 24)) == "historic"


def test_the_duty_binds_who_places_on_the_market_of_the_region_only() -> None:
    def binds(facts: dict[str, object]) -> str:
        return str(check(facts, "2026-11-24", names=[EU])["results"][0]["binds"]["claimed"])

    assert binds(FACTS) == "true"
    nowhere = {**FACTS, "jurisdictions.EU.places_on_market": False}
    assert binds(nowhere) == "unknown", "he may mean to place it there, and then he notifies"
    assert binds({**nowhere, "jurisdictions.EU.intends_to_place": False}) == "false"
    assert binds({**nowhere, "jurisdictions.EU.intends_to_place": True}) == "true"
    assert binds({"compute.pretraining": "2e25"}) == "unknown"
    assert binds({"roles.provider": True, "jurisdictions.KR.places_on_market": True}) == "unknown"


def test_a_rebuttal_defeats_the_presumption_and_not_the_designation() -> None:
    def claimed(**acts: bool) -> str:
        facts = {**FACTS, **{f"developer.{name}": value for name, value in acts.items()}}
        return str(check(facts, "2026-11-24", names=[EU])["results"][0]["claimed"])

    assert claimed() == "true"
    assert claimed(rebuttal_accepted=True) == "false"
    assert claimed(rebuttal_accepted=True, commission_designated=True) == "true"


def test_a_line_of_a_later_text_was_not_known_when_the_act_was_adopted() -> None:
    known = {
        (name, line): load_all().get(name).parameters[line].values[0].known_on
        for name, line in (
            ("eu.gpai", "indicative"),
            ("eu.gpai", "systemic_presumption"),
            ("eu.gpai_sr", "indicative"),
            ("eu.modifier", "third"),
            ("eu.modifier", "systemic_threshold"),
            ("kr.basic", "threshold"),
        )
    }
    assert list(known.values()) == [
        date(2025, 7, 18),
        date(2024, 7, 12),
        date(2025, 7, 18),
        date(2025, 7, 18),
        date(2024, 7, 12),
        date(2025, 9, 8),
    ]


def test_treaties_in_force_bind_states_and_dead_proposals_are_history() -> None:
    groups = {name: group_of(load_all().get(f"hist.{name}"), date(2026, 11, 24)) for name in HISTORIC}
    assert groups == HISTORIC
    for name in ("hist.npt", "hist.cwc"):
        one = load_all().get(name)
        assert (one.binds.roles, one.binds.nexus) == (("state",), ("jurisdictions.party",))


def test_an_amended_line_is_read_as_it_was_known(tmp_path: Path) -> None:
    amended = (
        '{from: 2026-02-01, value: "1e24", reference: [act#art-4]}\n'
        '      - {from: 2026-07-01, value: "1e23", known_on: 2026-06-01, reference: [act#art-4]}'
    )
    path = tmp_path / "test.good.yaml"
    path.write_text(GOOD.replace('{from: 2026-02-01, value: "1e24", reference: [act#art-4]}', amended))
    high = load_instrument(path).parameters["high"]
    assert [v.known_on for v in high.values] == [date(2026, 1, 1), date(2026, 6, 1)]

    def line(at: date, known_on: date | None = None) -> object:
        found = line_at(high, at, known_on)
        return (found.value.text, found.ahead) if found else None

    assert line(date(2026, 8, 1)) == ("1e23", False)
    assert line(date(2026, 8, 1), date(2026, 5, 31)) == ("1e24", False)
    assert line(date(2026, 6, 30)) == ("1e24", False)
    assert line(date(2026, 1, 15)) == ("1e24", True)
    assert line(date(2026, 8, 1), date(2025, 12, 31)) is None


def test_nobody_knew_of_a_sunset_before_it_was_announced() -> None:
    """The INF treaty: in force since 1988-06-01, withdrawal announced on 2019-02-01 for 2019-08-02."""
    inf, day = load_all().get("hist.inf"), date(2019, 9, 1)
    assert not in_effect(inf, day, None)
    assert in_effect(inf, day, date(1990, 1, 1))
    assert in_effect(inf, day, date(2019, 1, 31))
    assert not in_effect(inf, day, date(2019, 2, 1))
    assert in_effect(inf, date(2019, 8, 1), None)
    assert (ended(inf, day, date(2019, 1, 31)), ended(inf, date(2019, 8, 2), None)) == (False, True)


@pytest.mark.parametrize(
    ("sunset", "known_on"),
    [
        ("2026-06-01", date(2026, 1, 1)),
        ("{on: 2026-06-01, known_on: 2026-03-01, reference: [act#art-9]}", date(2026, 3, 1)),
    ],
)
def test_a_sunset_is_known_with_the_text_unless_the_file_says_since_when(
    sunset: str, known_on: date, tmp_path: Path
) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(GOOD.replace("sunset: open", f"sunset: {sunset}"))
    one = load_instrument(path)
    assert (one.sunset, one.sunset_known_on) == (date(2026, 6, 1), known_on)
    assert (in_effect(one, date(2026, 5, 31), None), in_effect(one, date(2026, 6, 1), None)) == (True, False)


def test_the_act_of_2025_of_new_york_applied_for_eight_days_or_not_as_sources_conflict() -> None:
    one = load_all().get("ny.raise.2025")
    effect = {day: in_effect(one, date(2026, 3, day), None) for day in (18, 19, 26, 27)}
    assert effect == {18: False, 19: True, 26: True, 27: False}
    assert in_effect(one, date(2026, 11, 24), date(2026, 1, 1)), "the replacement was not yet known"
    assert [status_read(one, date(2026, 3, day), None) for day in (18, 19, 27)] == [True, False, True]
    assert {duty.confidence for duty in one.obligations} == {"S"}


def test_a_bill_that_was_vetoed_was_a_bill_before() -> None:
    one = load_all().get("ca.sb1047")
    days = [date(2024, 2, 6), date(2024, 2, 7), date(2024, 8, 29), date(2024, 9, 29)]
    found = [status_at(one, day, None) for day in days]
    assert [entry and entry.value for entry in found] == [None, "proposed", "adopted", "vetoed"]
    assert not any(in_effect(one, day, None) for day in days)


def test_an_edition_that_was_not_read_has_a_code_of_its_own() -> None:
    for rule in load_all().get("eu.gpai_sr").counting.values():
        codes = [rule.confidence_at(date(2025, 11, day)) for day in (18, 19)]
        assert (rule.confidence, codes) == ("V1", ["V1", "V2"])
        assert rule.confidence_at(date(2026, 1, 1), date(2025, 11, 18)) == "V1", (
            "the later text was not known"
        )


def test_treaties_about_other_things_are_held_for_their_institution_only() -> None:
    found = {one.id for one in load_all() if one.institution_only and one.binding}
    assert {"hist.npt", "hist.cwc"} <= found
    assert not {"prop.miri", "eu.gpai", "cn.csl", "us.eo14365"} & found

"""Caps, pauses, registrations and licences: breach, approach to the line, and crossing."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.check import Answer, Question, answer, check
from tallystick.regimes.law.exact import Interval
from tallystick.regimes.library import load_all
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.wording.answer_text import answer_text

CAP, PAUSE = "template.run_cap", "template.pause"


def asked(template: str, facts: Any, at: date = date(2026, 11, 24), **more: Any) -> Answer:
    regimes = load_all([Path(template)])
    return answer(
        regimes, fact_set(facts, "test", regimes.vocabulary), Question(at, names=(template,), **more)
    )


def test_templates_are_asked_only_when_named() -> None:
    facts = {"site.largest_run_flop": "2e26"}
    assert not [
        r for r in check(facts, "2026-11-24", everything=True)["results"] if "template" in r["regime"]
    ]
    named = check(facts, "2026-11-24", files=[CAP])
    assert [r["claimed"] for r in named["results"] if r["regime"] == CAP] == ["true"]


def test_a_breach_by_the_verified_facts_stands_whatever_is_claimed() -> None:
    entry = {
        "name": "largest_run_flop",
        "lower": "1.1e26",
        "upper": "2e26",
        "claimed": "9e25",
        "verified": True,
    }
    found = asked(CAP, [entry])
    outcome = found.results[0].outcomes[0]
    assert (outcome.claimed, outcome.verified) == (False, True)
    assert found.breach is True


def test_a_band_across_the_cap_is_neither_a_breach_nor_none() -> None:
    entry = {"name": "largest_run_flop", "lower": "9e25", "upper": "1.1e26", "verified": True}
    found = asked(CAP, [entry])
    assert found.results[0].outcomes[0].verified is None
    assert found.breach is None


def test_verified_training_below_the_cap_clears_every_run() -> None:
    entry = {"name": "training_flop", "lower": "1e25", "upper": "5e25", "claimed": "2e25", "verified": True}
    outcome = asked(CAP, [entry]).results[0].outcomes[0]
    assert (outcome.claimed, outcome.verified) == (False, False)


@pytest.mark.parametrize(
    ("amount", "margin", "near"),
    [
        ("7.9e25", "4/5", False),
        ("8e25", "4/5", True),
        ("1e26", "4/5", True),
        ("1.1e26", "4/5", False),
        ("8e25", "9/10", False),
    ],
)
def test_the_approach_begins_at_the_margin_and_ends_with_the_breach(
    amount: str, margin: str, near: bool
) -> None:
    found = asked(CAP, {"site.largest_run_flop": amount}, margin=Fraction(margin))
    line = found.results[0].lines[0]
    assert line.approach is near
    assert line.claimed_share == Interval(Fraction(amount) / 10**26, Fraction(amount) / 10**26)


def series(*entries: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "facts": [
            {"name": "site.largest_run_flop", "claimed": [low, high], "on": on} for on, low, high in entries
        ]
    }


def test_a_steady_rate_crosses_on_the_day_worked_by_hand() -> None:
    """2e25 on 1 January, 3e25 ten days later: 1e24 a day; 7e25 are left, so 70 days."""
    found = asked(
        CAP, series(("2026-01-01", "2e25", "2e25"), ("2026-01-11", "3e25", "3e25")), date(2026, 2, 1)
    )
    crossing = found.results[0].lines[0].crossing
    assert crossing is not None
    assert crossing.earliest == crossing.latest == date(2026, 3, 22)


def test_bands_give_an_earliest_and_a_latest_day() -> None:
    """Rates of (3e25-2.5e25)/10 to (3.5e25-2e25)/10 a day: 65e24/1.5e24 = 43.3, 70e24/5e23 = 140 days."""
    found = asked(
        CAP, series(("2026-01-01", "2e25", "2.5e25"), ("2026-01-11", "3e25", "3.5e25")), date(2026, 2, 1)
    )
    crossing = found.results[0].lines[0].crossing
    assert crossing is not None
    assert crossing.earliest == date(2026, 2, 23)
    assert crossing.latest == date(2026, 5, 31)


def test_a_series_that_may_stand_still_may_never_cross() -> None:
    found = asked(
        CAP, series(("2026-01-01", "2e25", "4e25"), ("2026-01-11", "3e25", "5e25")), date(2026, 2, 1)
    )
    crossing = found.results[0].lines[0].crossing
    assert crossing is not None
    assert crossing.earliest is not None
    assert crossing.latest is None


@pytest.mark.parametrize(
    ("day", "breach"),
    [
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
        (date(2027, 6, 30), True),
        (date(2027, 7, 1), None),
    ],
)
def test_a_pause_is_broken_only_between_its_days(day: date, breach: bool | None) -> None:
    assert asked(PAUSE, {"site.largest_run_flop": "2e24"}, day).breach is breach


def test_a_cluster_above_the_line_must_be_declared() -> None:
    facts: dict[str, Any] = {"cluster.h100e": "17", "roles.cluster_operator": True}
    name = "template.cluster_registration"
    assert asked(name, {**facts, "cluster.declared": True}).breach is None, "a claim proves nothing"
    assert asked(name, {**facts, "cluster.declared": False}).breach is True
    assert asked(name, facts).breach is None
    held = [("cluster.h100e", "17"), ("cluster.declared", True)]
    shown = [{"name": fact, "value": value, "verified": True} for fact, value in held]
    assert asked(name, shown).breach is None, "nothing is dated, so it is shown of that day alone"
    days = {"from": "2026-01-01T00:00:00Z", "to": "2026-11-25T00:00:00Z"}
    assert asked(name, [{**one, **days} for one in shown]).breach is False


def test_a_licence_is_needed_between_its_lines() -> None:
    result = asked(
        "template.licence",
        {"facts": {"compute.pretraining": "2e25", "developer.licensed": True}, "complete": True},
    ).results[0]
    assert {o.name: o.claimed for o in result.outcomes} == {
        "licence_needed": True,
        "unlicensed": False,
        "forbidden": False,
    }
    assert [d.obligation.id for d in result.duties if d.claimed is None] == ["apply", "report"]


def test_a_mere_claim_is_never_called_kept() -> None:
    found = asked(CAP, {"site.largest_run_flop": "1e20", "site.undeclared_training_flop": "0"})
    data = found.as_json()
    assert (data["breach"], data["results"][0]["breach"]) == ("unknown", "unknown")
    assert (data["results"][0]["breach_claimed"], data["results"][0]["breach_verified"]) == (
        "false",
        "unknown",
    )
    text = answer_text(found, trace=False)
    assert "UNPROVEN  template.run_cap" in text
    assert "KEPT" not in text
    names = ("training_flop", "undeclared_training_flop")
    bounds = {"lower": "0", "upper": "1e23", "verified": True}
    shown = asked(CAP, [{"name": name, **bounds} for name in names])
    assert shown.as_json()["breach"] == "unknown", "nothing is dated, so it is shown of that day alone"
    assert "KEPT      template.run_cap: on 2026-11-24, by verified facts" in answer_text(shown, trace=False)
    days = {"from": "2026-01-01T00:00:00Z", "to": "2026-11-25T00:00:00Z"}
    shown = asked(CAP, [{"name": name, **bounds, **days} for name in names])
    assert shown.as_json()["breach"] == "false"
    assert "KEPT      template.run_cap: on 2026-01-01 to 2026-11-24, by" in answer_text(shown, trace=False)


def test_verified_figures_have_a_crossing_of_their_own() -> None:
    """1e25 and, 92 days later, 4e25, which is 5e25 where one run took both.

    5e25 are left at 4e25 in 92 days, 115 days from 1 June, or 6e25 at 3e25 in 92 days, which are 184.
    """
    facts = [
        {
            "name": "largest_run_flop",
            "claimed": "1e24",
            "lower": low,
            "upper": low,
            "verified": True,
            "from": begin,
            "to": end,
        }
        for low, begin, end in (("1e25", "2026-02-01", "2026-03-02"), ("4e25", "2026-03-02", "2026-06-02"))
    ]
    line = asked(CAP, facts, date(2026, 6, 1)).results[0].lines[0]
    claimed, verified = line.crossings
    assert claimed is None
    assert verified is not None
    assert (verified.earliest, verified.latest) == (date(2026, 9, 24), date(2026, 12, 2))
    assert (verified.seen, verified.past) == (False, False)
    data = line.as_json()
    assert data["crossing_claimed"] is None
    assert data["crossing_verified"] == data["crossing"]


def test_a_crossing_between_the_first_and_the_last_day_is_seen() -> None:
    entries = [("2026-03-01", "1e25", "1e25"), ("2026-04-01", "2e26", "2e26"), ("2026-06-01", "3e25", "3e25")]
    crossing = asked(CAP, series(*entries), date(2028, 1, 1)).results[0].lines[0].crossing
    assert crossing is not None
    assert (crossing.earliest, crossing.latest) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (crossing.seen, crossing.past) == (True, False)


def test_a_crossing_that_was_predicted_for_a_day_gone_by_is_marked() -> None:
    entries = [("2026-03-01", "1e25", "1e25"), ("2026-04-01", "8e25", "8e25")]
    for day, past in ((date(2026, 4, 9), False), (date(2028, 1, 1), True)):
        crossing = asked(CAP, series(*entries), day).results[0].lines[0].crossing
        assert crossing is not None
        assert (crossing.seen, crossing.past) == (False, past)


EXTRA = ("developer.revenue_usd_prior_year", "cluster.h100e")


@pytest.mark.parametrize("day", ["2020-01-01", "2026-01-06", "2026-01-31"])
def test_days_of_other_facts_are_no_days_of_the_figure(day: str) -> None:
    """Otherwise a zero that is only assumed, or yesterday's figure once more, would make the rate."""
    plain = series(("2026-01-01", "2e25", "2e25"), ("2026-01-11", "3e25", "3e25"))
    more = [*plain["facts"], *({"name": name, "value": "1", "on": day} for name in EXTRA)]
    days = [
        asked(CAP, {"facts": facts, "complete": True}, date(2026, 2, 1)).results[0].lines[0].crossing
        for facts in (plain["facts"], more)
    ]
    assert days[0] == days[1]
    assert days[0] is not None


def test_days_between_two_values_of_a_cap_are_unknown_and_not_kept(tmp_path: Path) -> None:
    """A gap in the file is no permission: nobody wrote what holds on its days."""
    path = tmp_path / "test.good.yaml"
    path.write_text(
        GOOD.replace(
            '{from: 2026-02-01, value: "1e24", reference: [act#art-4]}',
            '{from: 2026-02-01, until: 2026-05-01, value: "1e24", reference: [act#art-4]}\n'
            '      - {from: 2026-07-01, value: "1e18", reference: [act#art-4]}',
        )
    )
    gap = [p for p in lint_files([path], today=date(2026, 11, 24)).problems if "no line from" in p.problem]
    assert [(p.where, p.warning) for p in gap] == [(f"{path}:27", True)]
    regimes = load_all([path])
    facts = fact_set(
        {
            "facts": [
                {"name": name, "value": value, "verified": True}
                for name, value in (
                    ("compute.pretraining", "1e25"),
                    ("roles.developer", True),
                    ("jurisdictions.EU.develops", True),
                )
            ],
            "complete": "verified",
        },
        "test",
        regimes.vocabulary,
    )
    found = {
        day: answer(regimes, facts, Question(day, names=("test.good",)))
        for day in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 30), date(2026, 7, 1))
    }
    assert [one.breach for one in found.values()] == [True, None, None, True]
    text = answer_text(found[date(2026, 6, 30)], trace=True)
    assert "NO LINE   test.good: Ban: no line in force on 2026-06-30" in text
    assert "against high: no line in force on 2026-06-30" in " ".join(text.split())

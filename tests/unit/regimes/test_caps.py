"""Caps, pauses, registrations and licences: breach, approach to the line, and crossing."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tallystick.regimes.check import Answer, Question, answer, check
from tallystick.regimes.exact import Interval
from tallystick.regimes.fact_file import fact_set
from tallystick.regimes.library import load_all

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
        (date(2027, 7, 1), False),
    ],
)
def test_a_pause_is_broken_only_between_its_days(day: date, breach: bool) -> None:
    assert asked(PAUSE, {"site.largest_run_flop": "2e24"}, day).breach is breach


def test_a_cluster_above_the_line_must_be_declared() -> None:
    facts: dict[str, Any] = {"cluster.h100e": "17"}
    name = "template.cluster_registration"
    assert asked(name, {**facts, "cluster.declared": True}).breach is False
    assert asked(name, {**facts, "cluster.declared": False}).breach is True
    assert asked(name, facts).breach is None


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

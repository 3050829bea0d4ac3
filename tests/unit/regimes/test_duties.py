"""Duties: tests of their own, exceptions that take them off, and exceptions that end."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.errors import InputError
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.judging.plan import plan_of
from tallystick.regimes.judging.result import Duty, Result
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.library import load_all, load_instrument
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import fact_set

AT = date(2026, 11, 24)
EXEMPT = """exceptions:
  exempt:
    defeats: [report]
    when: {is: developer.academic}
    until: 2026-10-01
    reference: [act#art-5]
outcomes:
"""
PROVIDER: dict[str, Any] = {
    "roles.provider": True,
    "jurisdictions.places_on_market": True,
    "compute.pretraining": "5e24",
    "model.generates_language": True,
}


def held(one: Instrument, facts: dict[str, Any], at: date = AT, *, verified: bool = False) -> Result:
    given: dict[str, Any] = {"complete": "true", "facts": facts}
    if verified:
        keys = {True: "value", False: "claimed"}
        entries = [{"name": n, keys[isinstance(v, bool)]: v, "verified": True} for n, v in facts.items()]
        given = {"complete": "verified", "facts": entries}
    return evaluate(one, fact_set(given, "test", load_all().vocabulary), at)


def duty(result: Result, name: str) -> Duty:
    return next(one for one in result.duties if one.obligation.id == name)


def good(folder: Path, *changes: tuple[str, str]) -> Path:
    text = GOOD
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    path = folder / "test.good.yaml"
    path.write_text(text)
    return path


def test_open_source_takes_off_two_duties_and_leaves_two() -> None:
    gpai = load_all().get("eu.gpai")
    free = {**PROVIDER, "model.open_source_licence": True, "model.monetised": False}
    result = held(gpai, free)
    assert duty(result, "technical_documentation").claimed is False
    assert duty(result, "downstream_documentation").claimed is False
    assert duty(result, "copyright_policy").claimed is True
    assert duty(result, "training_content_summary").claimed is True
    assert result.claimed is True
    risky = {**free, "compute.pretraining": "1.1e25"}
    assert duty(held(gpai, risky), "technical_documentation").claimed is True


@pytest.mark.parametrize(
    ("stated", "due"),
    [
        ({"jurisdictions.EU.established": False}, True),
        ({"jurisdictions.EU.established": True}, False),
        ({"jurisdictions.established": True}, False),
        ({"jurisdictions.EU.established": False, "jurisdictions.established": True}, True),
        ({"jurisdictions.US.established": True}, None),
        ({}, None),
    ],
)
def test_a_representative_is_for_those_established_outside(stated: dict[str, bool], due: bool | None) -> None:
    facts = {**PROVIDER, "model.monetised": True, **stated}
    for verified in (False, True):
        result = held(load_all().get("eu.gpai"), facts, verified=verified)
        one = duty(result, "representative")
        assert one.brought == ((due, due) if verified else (due, None))
        assert one.claimed is due


def test_models_of_before_august_2025_have_systemic_risk_and_two_more_years() -> None:
    one = load_all().get("eu.gpai_sr")
    old = {
        "roles.provider": True,
        "jurisdictions.places_on_market": True,
        "compute.pretraining": "2e25",
        "model.generates_language": True,
        "model.placed_before_2025_08_02": True,
    }
    for day, due in ((date(2027, 8, 1), False), (date(2027, 8, 2), True)):
        result = held(one, old, day)
        assert result.outcomes[0].claimed is True
        assert duty(result, "notify").claimed is due
    assert date(2027, 8, 2) in one.change_days()
    before, after = (held(one, old, day) for day in (date(2027, 8, 1), date(2027, 8, 2)))
    assert any("(until 2027-08-02)" in step.text for step in before.trace)
    assert any("(no longer since 2027-08-02)" in step.text for step in after.trace)
    assert any(step.rule == "obligation notify" for step in before.trace)


@pytest.mark.parametrize("name", ["ca.sb53", "ny.raise", "il.aisma"])
def test_a_federal_route_takes_off_incident_reports_only(name: str) -> None:
    one, day = load_all().get(name), date(2028, 2, 1)
    facts = {"compute.pretraining": "1.01e26", "developer.revenue_usd_prior_year": "6e8"}
    own = held(one, facts, day)
    route = f"developer.{name[:2]}_federal_incident_route"
    federal = held(one, {**facts, route: True}, day)
    gone = {d.obligation.id for d in own.duties if d.brought[0]} - {
        d.obligation.id for d in federal.duties if d.brought[0]
    }
    assert gone == {"report_incident", "report_imminent_incident"}


def test_an_exception_that_ends_takes_a_duty_off_until_then(tmp_path: Path) -> None:
    one = load_instrument(good(tmp_path, ("outcomes:\n", EXEMPT)))
    facts = {
        "roles.developer": True,
        "jurisdictions.develops": True,
        "compute.pretraining": "1e23",
        "developer.academic": True,
    }
    assert duty(held(one, facts, date(2026, 9, 30)), "report").claimed is False
    assert duty(held(one, facts, date(2026, 10, 1)), "report").claimed is True


def test_an_exception_of_low_confidence_never_takes_a_duty_off_for_certain(tmp_path: Path) -> None:
    weak = EXEMPT.replace("    until: 2026-10-01\n", "    confidence: R\n")
    one = load_instrument(good(tmp_path, ("outcomes:\n", weak)))
    facts = {
        "roles.developer": True,
        "jurisdictions.develops": True,
        "compute.pretraining": "1e23",
        "developer.academic": True,
    }
    found = duty(held(one, facts, verified=True), "report")
    assert (found.claimed, found.verified) == (False, None)


def test_a_duty_that_every_reading_brings_is_brought() -> None:
    """Each reading of a silent text is followed through to the duty, and only then compared."""
    for one in load_all():
        plan = plan_of(one, AT)
        facts = fact_set({"complete": "true", "facts": {}}, "test", load_all().vocabulary).at(AT)
        found = plan.outcomes(facts)
        for each in one.obligations:
            brought = plan.brings(each, facts, verified=False)
            if each.when and not one.exceptions_to(each.id) and each.only_if is None:
                truths = [found[name][0] for name in each.when]
                assert True not in truths or brought is True
                assert any(truth is not False for truth in truths) or brought is False


def test_cases_say_which_duties_they_bring(tmp_path: Path) -> None:
    path = good(tmp_path, ('expect: {reported: "true"}', 'expect: {}, duties: {report: "false"}'))
    report = lint_files([path], today=AT)
    assert "the facts bring duty report about: expected false, got true" in report.problems[0].problem
    path = good(tmp_path, ('expect: {reported: "true"}', 'expect: {}, duties: {reprot: "true"}'))
    assert "did you mean report?" in lint_files([path], today=AT).problems[0].mend


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("defeats: [report]", "defeats: [reprot]", "'reprot' is not known"),
        ("  exempt:", "  report:", "an exception and an obligation"),
        ("until: 2026-10-01", "until: 2026-10-32", "is not a date"),
    ],
)
def test_bad_exceptions_to_duties_are_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        load_instrument(good(tmp_path, ("outcomes:\n", EXEMPT.replace(old, new))))


def test_a_name_of_two_things_cannot_be_defeated(tmp_path: Path) -> None:
    exempt = EXEMPT.replace("[report]", "[above_low]")
    path = good(tmp_path, ("outcomes:\n", exempt), ("{id: report,", "{id: above_low,"))
    with pytest.raises(InputError, match="is a condition and an obligation"):
        load_instrument(path)


@pytest.mark.parametrize(
    ("clock", "message"),
    [
        ("{within: P3D, from: [sometime]}", "moment or event 'sometime'"),
        ("{before: the_flood}", "moment or event 'the_flood'"),
        ("{before: release, from: [threshold_met]}", ""),
        ("{before: training_start, ahead: P30D}", ""),
        ("{within: P3D, ahead: P30D}", "ahead is there without before"),
    ],
)
def test_clocks_run_from_known_moments(clock: str, message: str, tmp_path: Path) -> None:
    path = good(tmp_path, ("satisfies: declare", f"clock: {clock}, satisfies: declare"))
    if message:
        with pytest.raises(InputError, match=message):
            load_instrument(path)
    else:
        assert load_instrument(path).obligations[0].has_deadline


def test_what_one_may_do_has_no_deadline() -> None:
    may = next(d for d in load_all().get("eu.gpai_sr").obligations if d.id == "report_incidents_by_code")
    assert may.clock is not None
    assert may.clock.sets_time
    assert not may.has_deadline
    notify = next(d for d in load_all().get("eu.gpai_sr").obligations if d.id == "notify")
    assert notify.has_deadline


def test_the_edition_of_a_counting_rule_is_that_of_the_day() -> None:
    rule = load_all().get("eu.gpai_sr").counting["compute.counted"]
    july, ahead = rule.edition_at(date(2025, 9, 1))
    assert (july.text, ahead) == ("Commission guidelines, text of July 2025", False)
    assert rule.edition_at(date(2025, 11, 19))[0].text == rule.edition
    assert rule.edition_at(date(2025, 7, 17)) == (july, True)
    facts = {"compute.pretraining": "2e25"}
    texts = {
        day: next(s.text for s in held(load_all().get("eu.gpai_sr"), facts, day).trace if "FLOP" in s.text)
        for day in (date(2025, 1, 1), date(2025, 9, 1), AT)
    }
    assert "text of July 2025 (from 2025-07-18 on)" in texts[date(2025, 1, 1)]
    assert "text of July 2025:" in texts[date(2025, 9, 1)]
    assert "C(2025) 7719 final" in texts[AT]

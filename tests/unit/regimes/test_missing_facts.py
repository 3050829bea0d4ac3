"""What was not stated is ordered by the regimes that one answer settles; each is tried, not guessed."""

from datetime import date
from typing import Any

from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.check import Answer, Question, answer, check
from tallystick.regimes.library import load_all
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.wording.answer_text import answer_text

DAY = date(2026, 11, 24)


def asked(facts: dict[str, Any], *names: str) -> Answer:
    regimes = load_all()
    return answer(regimes, fact_set(facts, "facts", regimes.vocabulary), Question(DAY, names=names))


def test_the_most_comes_first_and_names_its_regimes() -> None:
    found = asked({"roles.developer": True}).asked.settling
    counts = [len(one.settles) for one in found]
    assert counts == sorted(counts, reverse=True)
    assert {"cn.genai", "cn.label"} <= set(next(one for one in found if one.name == "ties to CN").settles)


def test_what_is_said_to_settle_settles() -> None:
    """Each of the regimes that ties to China are said to settle does not bind once there are none."""
    facts: dict[str, Any] = {"roles.developer": True, "roles.service_provider": True}
    settles = next(one for one in asked(facts).asked.settling if one.name == "ties to CN").settles
    vocabulary = load_all().vocabulary
    none = {f"jurisdictions.CN.{tie}": False for tie in vocabulary.jurisdictions}
    results = check({**facts, **none}, DAY.isoformat(), names=settles)["results"]
    assert {one["binds"]["claimed"] for one in results} == {"false"}


def test_a_settled_regime_asks_for_nothing() -> None:
    found = asked({"roles.provider": False, "roles.modifier": False}, "eu.gpai_sr").asked
    assert found.settling == ()
    assert found.left == {}


def test_where_readings_differ_no_fact_settles_and_it_is_said() -> None:
    facts: dict[str, Any] = {
        "roles.developer": True,
        "jurisdictions.US-CA.develops": True,
        "compute.pretraining": "9e25",
        "compute.synthetic_private": "1.2e25",
        "developer.revenue_usd_prior_year": "1",
    }
    regimes = load_all()
    given = fact_set({"facts": facts, "complete": True}, "facts", regimes.vocabulary)
    text = answer_text(answer(regimes, given, Question(DAY, names=("ca.sb53",))), trace=False)
    assert "ca.sb53: a reading of its text, on which the outcome depends" in " ".join(text.split())


def test_json_has_it() -> None:
    (entry, *_) = check({"roles.developer": True}, DAY.isoformat())["not_stated"]
    assert set(entry) == {"facts", "settles"}


def test_a_case_that_stays_unknown_names_the_fact_that_it_does_not_state(tmp_path: Any) -> None:
    old = "{exceeds: [compute.counted, low]}, {not:"
    source = GOOD.replace(old, f"{{is: model.monetised}}, {old}")
    path = tmp_path / "test.good.yaml"
    path.write_text(source)
    assert source != GOOD, "the good file has changed"
    problem = next(
        one for one in lint_files([path], today=DAY).problems if "case" in one.problem and not one.warning
    )
    assert "reported: expected true, got unknown; not stated in the case: model.monetised" in problem.problem
    assert "state it in the case" in problem.mend

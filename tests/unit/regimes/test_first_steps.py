"""What somebody who encodes his first law stumbles over is answered by what to do."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.errors import InputError
from tallystick.regimes.judging.check import Question, answer, check
from tallystick.regimes.library import load_all, source_text, words_and_counting
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import fact_set, parse_facts
from tallystick.regimes.wording.answer_text import answer_text

ABROAD = GOOD.replace("jurisdiction: none", "jurisdiction: US-RI").replace("region: EU", "region: US-RI")


def written(folder: Path, text: str) -> Path:
    path = folder / "test.good.yaml"
    path.write_text(text)
    return path


def first_mend(folder: Path, text: str) -> str:
    return lint_files([written(folder, text)]).problems[0].mend


def bound(facts: dict[str, Any], path: Path) -> str:
    (result,) = check(facts, "2026-11-24", names=["test.good"], files=[path])["results"]
    return str(result["binds"]["claimed"])


def test_a_file_may_be_about_a_place_that_no_shipped_file_names(tmp_path: Path) -> None:
    path = written(tmp_path, ABROAD)
    facts = {"roles.developer": True, "jurisdictions.US-RI.develops": True, "compute.run": "2e22"}
    assert bound(facts, path) == "true"
    assert bound(facts | {"jurisdictions.US-RI.develops": False}, path) == "false"


def test_a_place_is_unknown_where_no_file_names_it() -> None:
    with pytest.raises(InputError, match=r"region 'US-RL' is not known.*US-CA"):
        check({"jurisdictions.US-RL.develops": True}, "2026-11-24")
    with pytest.raises(InputError, match=r"write jurisdictions\.REGION\.TIE; ties: places_on_market"):
        check({"jurisdictions.US-RI.sells": True}, "2026-11-24")


@pytest.mark.parametrize("place", ["Rhode Island", "us-ri", "USA", "US_RI"])
def test_places_have_codes(place: str, tmp_path: Path) -> None:
    assert "ISO 3166 such as US-RI" in first_mend(
        tmp_path, ABROAD.replace("region: US-RI", f"region: {place}")
    )


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("binds: {", "\tbinds: {", "indent by spaces"),
        ('value: "1e22"', "value: 10,000", "quote texts that hold commas"),
        ('value: "1e22"', 'value: "10,000"', "without commas"),
        ("[act#art-3]", "[law#art-3]", "add it under sources"),
        ("[act#art-3]", '["act art 3"]', "#whole for all of it"),
        ("roles: [developer]", "roles: [lab]", "show vocabulary --source"),
        ("sunset: open", "sunset: never", "open or a date"),
    ],
)
def test_the_mend_says_what_to_write(old: str, new: str, mend: str, tmp_path: Path) -> None:
    assert old in GOOD, "the good file has changed"
    assert mend in first_mend(tmp_path, GOOD.replace(old, new, 1))


def test_vocabulary_and_counting_rules_can_be_read() -> None:
    assert {"vocabulary", "us_run", "eu_cumulative"} <= set(words_and_counting())
    assert "compute.pretraining" in source_text("vocabulary")
    assert source_text("us_run").startswith("schema: counting/1")
    with pytest.raises(InputError, match="tallystick regimes show us_run --source"):
        load_all().get("us_run")


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("compute.pretrain", "did you mean compute.pretraining"),
        ("roles.devloper", "did you mean roles.developer"),
    ],
)
def test_unknown_facts_name_the_nearest(name: str, mend: str) -> None:
    data = json.dumps({name: "1"}).encode()
    with pytest.raises(InputError, match=mend):
        parse_facts(data, "facts", load_all().vocabulary)


def test_an_undecided_answer_names_what_to_state() -> None:
    regimes = load_all()
    question = Question(date(2026, 11, 24), names=("ca.sb53", "eu.gpai_sr"))

    def said(facts: dict[str, Any]) -> str:
        found = answer(regimes, fact_set(facts, "facts", regimes.vocabulary), question)
        return " ".join(answer_text(found, trace=False).split())

    assert "2 components of compute: ca.sb53, eu.gpai_sr 1 role of frontier" in said({"compute.run": "1"})
    assert "developer.revenue_usd_prior_year" not in said({"developer.revenue_usd_prior_year": "1"})
    model = {
        "roles.developer": True,
        "roles.provider": True,
        "jurisdictions.US-CA.develops": True,
        "developer.revenue_usd_prior_year": "1",
        "compute.pretraining": "2e26",
        "model.generates_language": True,
        "jurisdictions.EU.places_on_market": True,
    }
    assert "Not stated" not in said({"facts": model, "complete": True})

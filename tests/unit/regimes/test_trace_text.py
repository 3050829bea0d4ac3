"""The trace as a lawyer reads it: nothing twice, sources by number, and in agreement with the table."""

import re
from datetime import date
from typing import Any

import pytest

from tallystick.regimes.judging.check import Question, answer, check
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.wording.answer_text import answer_text

DAY = date(2026, 11, 24)
DEVELOPER: dict[str, Any] = {
    "roles.developer": True,
    "roles.provider": True,
    "jurisdictions.EU.places_on_market": True,
    "jurisdictions.US-CA.develops": True,
    "compute.pretraining": "9e25",
    "compute.synthetic_private": "1.2e25",
    "model.generates_language": True,
}


def traced(*names: str, **more: Any) -> str:
    regimes = load_all()
    given = {"complete": "true", "facts": {**DEVELOPER, **more}}
    facts = fact_set(given, "facts", regimes.vocabulary)
    return answer_text(answer(regimes, facts, Question(DAY, names=names)), trace=True)


def joined(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["ca.sb53", "kr.basic", "prop.miri", "eu.gpai_sr", "ny.raise.2025"])
def test_a_source_is_named_once_and_every_number_is_explained(name: str) -> None:
    text = joined(traced(name))
    body, _, listed = text.partition("sources: ")
    numbers = {
        int(n) for mark in re.findall(r"\[(\d[^\]]*)\]", body) for n in re.findall(r"(?:^|; )(\d+)", mark)
    }
    assert numbers == {int(n) for n in re.findall(r"\[(\d+)\] ", listed)}
    for source in load_all().get(name).sources.values():
        assert body.count(source.title) <= 1, "the head may name it, no step does"


def test_what_is_the_same_in_each_reading_stands_once() -> None:
    text = joined(traced("kr.basic"))
    assert text.count("whether the technology is state of the art is for the ministry to judge") == 1
    assert "in each reading (all must hold): nobody can compute" in text
    assert (
        "literal reading: compute.counted 9e25 >= 1e26 FLOP [false / not verified] -> claimed false" in text
    )
    assert "synthetic and strict readings: compute.counted 1.02e26 >= 1e26 FLOP [true / not verified]" in text
    assert (
        joined(traced("ca.sb53")).count("developer.ca_federal_incident_route (presumed) [false / false]") == 1
    )


def test_a_duty_and_its_test_stand_together_and_once() -> None:
    text = joined(traced("eu.gpai_sr"))
    assert text.count("Notify the Commission within two weeks") == 1
    test = "if systemic risk [true / not verified]; unless exception placed_before stands [false / false]"
    assert f"[1, Art. 52(1)] {test} -> claimed true, verified unknown" in text
    assert text.count("test as in the duty above") == 3
    assert "(to: European Commission, AI Office)" in text


def test_a_test_that_an_exception_defeats_says_so() -> None:
    text = joined(traced("ca.sb53", **{"compute.pretraining": "2e26", "model.not_foundation_model": True}))
    assert (
        "2e26 > 1e26 FLOP [true / not verified]; defeated, since exception not_foundation_model stands, "
        "which is not verified" in text
    )


@pytest.mark.parametrize("name", ["cn.csl", "coe.cets225", "vn", "uk", "hist.baruch"])
def test_data_and_trace_agree_where_there_is_no_outcome(name: str) -> None:
    text = traced(name)
    (found,) = check({"complete": "true", "facts": DEVELOPER}, DAY.isoformat(), names=[name])["results"]
    said = re.search(r"It draws no line.*?-> claimed (\w+), verified (\w+)", joined(text))
    assert said is not None
    assert said.groups() == (found["claimed"], found["verified"])
    assert "draws no line" in joined(text.split("reaches you: ")[0])


def test_what_binds_names_the_facts_that_it_rests_on() -> None:
    text = joined(traced("ca.sb53", "cn.csl"))
    assert (
        "Stated of these: roles.developer, jurisdictions.US-CA.develops. Not verified: roles.developer"
        in text
    )

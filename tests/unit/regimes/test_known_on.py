"""``known_on``: what was not public on the day takes no part, and what nobody knew of is unknown."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.check import Answer, Question, answer, check
from tallystick.regimes.library import load_all
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.wording.answer_text import answer_text

AT = date(2026, 11, 24)
LATER = GOOD.replace(
    '{from: 2026-02-01, value: "1e24", reference: [act#art-4]}',
    '{from: 2026-02-01, value: "1e24", reference: [rules#art-4]KNOWN}',
).replace("sources:\n", "sources:\n  rules: {title: The Rules, read: V1}\n")


def held(folder: Path, text: str, known_on: date) -> Answer:
    path = folder / "test.good.yaml"
    path.write_text(text)
    regimes = load_all([path])
    entry = {"name": "compute.pretraining", "value": "1e25", "verified": True}
    facts = fact_set({"facts": [entry], "complete": "verified"}, "test", regimes.vocabulary)
    return answer(regimes, facts, Question(AT, known_on, names=("test.good",)))


def test_of_what_nobody_knew_everything_is_unknown(tmp_path: Path) -> None:
    found = held(tmp_path, GOOD, date(2025, 12, 31))
    (result,) = found.results
    assert {truth for o in result.outcomes for truth in (o.claimed, o.verified)} == {None}
    assert {truth for d in result.duties for truth in (d.claimed, d.verified, *d.brought)} == {None}
    assert (result.claimed, result.breach, found.breach) == (None, None, None)
    assert "KEPT" not in answer_text(found, trace=True)
    assert held(tmp_path, GOOD, date(2026, 1, 1)).results[0].outcomes[1].verified is True


def test_a_line_of_a_later_text_is_unknown_until_that_text_is_public(tmp_path: Path) -> None:
    text = LATER.replace("KNOWN", ", known_on: 2026-01-20")
    found = {
        day: [outcome.verified for outcome in held(tmp_path, text, day).results[0].outcomes]
        for day in (date(2026, 1, 19), date(2026, 1, 20))
    }
    assert list(found.values()) == [[None, None], [False, True]]


@pytest.mark.parametrize(("known", "warned"), [("", True), (", known_on: 2026-01-20", False)])
def test_a_day_of_knowledge_that_another_text_gave_is_a_warning(
    known: str, warned: bool, tmp_path: Path
) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(LATER.replace("KNOWN", known))
    report = lint_files([path], today=AT)
    assert report.ok
    found = [p for p in report.problems if "cites another text" in p.problem]
    assert [p.where for p in found] == ([f"{path}:27"] if warned else [])


def test_the_trace_names_no_edition_that_was_not_yet_public() -> None:
    def edition(known_on: str | None) -> str:
        facts = {"complete": True, "facts": {"compute.pretraining": "2e26"}}
        result = check(facts, "2026-09-01", known_on=known_on, names=["eu.gpai_sr"])["results"][0]
        return next(str(step["text"]) for step in result["trace"] if step["rule"] == "compute.counted")

    assert "C(2025) 7719 final" in edition(None)
    assert "text of July 2025:" in edition("2025-09-01")
    assert "text of July 2025 (not yet known on 2024-09-01)" in edition("2024-09-01")

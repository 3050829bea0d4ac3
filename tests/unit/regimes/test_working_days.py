"""Clocks count days of the calendar: working days are refused as a code, and warned of in the words."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.test_encode_tutorial import blocks

from tallystick.regimes.files.shape import Problem
from tallystick.regimes.linting.lint import lint_files

(FILE,) = blocks("ri.h5224.yaml")
TITLE = '    title: "Answer without fault'
CLOCK = "    clock: {within: %s, from: [incident_discovered]}\n"


def found(folder: Path, title: str, clock: str, doubt: str = "") -> tuple[Problem, ...]:
    path = folder / "ri.h5224.yaml"
    text = FILE.replace(TITLE, f"{CLOCK % clock}{TITLE} {title}", 1)
    text = text.replace("doubts:\n", f"doubts:\n  - {doubt}\n", 1) if doubt else text
    path.write_text(text, encoding="utf-8")
    return lint_files([path], today=date(2026, 11, 24)).problems


def test_a_code_for_working_days_is_refused_with_what_to_write(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, "", "P10BD")
    assert "'P10BD' is not in the form expected" in problem.problem
    assert "working days have no code: write the days, P10D, and say so under doubts" in problem.mend


@pytest.mark.parametrize("word", ["10 working days", "ten Business Days", "10 business-days"])
def test_working_days_in_the_title_need_a_doubt(word: str, tmp_path: Path) -> None:
    (problem,) = found(tmp_path, word, "P10D")
    assert problem.warning
    assert "answer_for_injuries speaks of" in problem.problem
    line = next(i for i, text in enumerate((tmp_path / "ri.h5224.yaml").read_text().splitlines(), 1)
                if text.startswith("    clock:"))  # fmt: skip
    assert problem.where.endswith(f":{line}")
    assert found(tmp_path, word, "P10D", "Its clock counts 10 working days.") == ()


def test_hours_and_days_of_the_calendar_are_no_matter(tmp_path: Path) -> None:
    assert found(tmp_path, "10 working days", "PT72H") == ()
    assert found(tmp_path, "10 days", "P10D") == ()

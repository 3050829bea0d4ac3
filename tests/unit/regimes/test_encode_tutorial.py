"""What the tutorial for encoding a law prints is what works: its file, its exception, its counting rules."""

import re
from datetime import date
from pathlib import Path

import pytest

from tallystick.regimes.judging.check import Question, answer
from tallystick.regimes.library import load_all, shipped_counting
from tallystick.regimes.linting.lint import LintReport, lint_files
from tallystick.regimes.stated.fact_file import read_facts
from tallystick.regimes.wording.answer_text import answer_text

PAGE = Path(__file__).parents[3] / "docs" / "tutorial-encode-a-law.md"
TEXT = PAGE.read_text(encoding="utf-8")
#: The day on which its file was compared with its sources.
READ_ON = date(2026, 11, 24)


def blocks(name: str = "") -> list[str]:
    """The YAML of that file name, or all without a name."""
    return re.findall(rf"```yaml{f' {re.escape(name)}' if name else ''}\n(.*?)```", TEXT, re.DOTALL)


def linted(folder: Path, text: str) -> LintReport:
    path = folder / "ri.h5224.yaml"
    path.write_text(text, encoding="utf-8")
    return lint_files([path], today=READ_ON)


def test_its_finished_file_has_no_error_and_no_warning(tmp_path: Path) -> None:
    (text,) = blocks("ri.h5224.yaml")
    assert linted(tmp_path, text).problems == ()


def test_its_exception_with_its_case_takes_the_duty_off(tmp_path: Path) -> None:
    (text,) = blocks("ri.h5224.yaml")
    exception = next(one for one in blocks() if one.startswith("exceptions:"))
    case = next(one for one in blocks() if "name: research" in one)
    with_both = text.replace("outcomes:\n", f"{exception}outcomes:\n", 1).rstrip() + "\n" + case
    assert linted(tmp_path, with_both).problems == ()
    (found,) = linted(tmp_path, text.rstrip() + "\n" + case).problems
    assert "the facts bring duty answer_for_injuries about: expected false, got" in found.problem


@pytest.mark.parametrize("rule", sorted(shipped_counting()))
def test_every_counting_rule_is_listed(rule: str) -> None:
    assert f"| `{rule}` |" in TEXT


def test_the_bill_shows_its_duty_as_one_that_would_follow(tmp_path: Path) -> None:
    law, model = tmp_path / "ri.h5224.yaml", tmp_path / "model.yaml"
    law.write_text(blocks("ri.h5224.yaml")[0], encoding="utf-8")
    model.write_text(blocks("model.yaml")[0], encoding="utf-8")
    regimes = load_all([law])
    question = Question(date(2025, 3, 1), names=("ri.h5224",))
    found = answer(regimes, read_facts(model, regimes.vocabulary), question)
    plain, traced = (" ".join(answer_text(found, trace=trace).split()) for trace in (False, True))
    assert "ri.h5224 yes 0 proposed, no force: covered model true / unknown" in plain
    assert "these duties would follow if adopted) - must: Answer without fault" in plain
    assert "would follow if it had force: - must: Answer without fault" in traced

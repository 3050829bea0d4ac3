"""Lint asks for cases on, just under and just over each line that stands on the days of the cases."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.files.shape import Problem
from tallystick.regimes.linting.lint import lint_files

AT = date(2026, 11, 24)
FIRST, REST = GOOD[: GOOD.index("  - {name: low")], GOOD[GOOD.index("  - {name: low") :].splitlines()


def warned(folder: Path, text: str) -> list[Problem]:
    path = folder / "test.good.yaml"
    path.write_text(text)
    report = lint_files([path], today=AT)
    assert report.ok, report.problems
    return [p for p in report.problems if "no case is" in p.problem]


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("on low", "on the line low of 1e22"),
        ("under low", "just under the line low of 1e22"),
        ("over low", "just over the line low of 1e22"),
        ("over high", "just over the line high of 1e24"),
    ],
)
def test_each_side_of_each_line_is_asked_for(left_out: str, said: str, tmp_path: Path) -> None:
    kept = [line for line in REST if f"name: {left_out}," not in line]
    (problem,) = warned(tmp_path, FIRST + "\n".join(kept) + "\n")
    assert problem.warning
    assert said in problem.problem
    value = next(i for i, line in enumerate(FIRST.splitlines(), 1) if f'value: "{said.split()[-1]}"' in line)
    assert problem.where == f"{tmp_path / 'test.good.yaml'}:{value}"


@pytest.mark.parametrize(
    ("amount", "tries"),
    [
        ("8.9e21", False),
        ("9e21", True),
        ('["9.1e21", "9.9e21"]', True),
        ('["9.1e21", "1e22"]', False),
        ('["1e20", "9.9e21"]', False),
    ],
)
def test_just_under_is_within_a_tenth_with_the_whole_range(amount: str, tries: bool, tmp_path: Path) -> None:
    text = GOOD.replace('"9.9e21"', amount if amount.startswith("[") else f'"{amount}"')
    found = [p.problem for p in warned(tmp_path, text)]
    assert found == ([] if tries else ["no case is just under the line low of 1e22"])


def test_lines_of_few_whole_pieces_are_tried_one_piece_away(tmp_path: Path) -> None:
    text = GOOD
    for old, new in (("1e22", "4"), ("9.9e21", "3"), ("1.01e22", "5"), ("1e23", "7")):
        text = text.replace(f'"{old}"', f'"{new}"')
    assert warned(tmp_path, text) == []


def test_lines_that_stand_on_no_day_of_a_case_are_not_asked_for(tmp_path: Path) -> None:
    value = '      - {from: 2026-02-01, value: "1e24", reference: [act#art-4]}\n'
    later = '      - {from: 2027-02-01, value: "1e25", reference: [act#art-4]}\n'
    text = GOOD.replace(value, value + later)
    assert warned(tmp_path, text) == []
    moved = text + (
        '  - {name: later, at: 2027-03-01, facts: {compute.pretraining: "2e25"}, expect: {banned: "true"}}\n'
    )
    found = [p.problem for p in warned(tmp_path, moved)]
    assert [one for one in found if "1e25" in one] == [
        f"no case is {place} the line high of 1e25" for place in ("on", "just under", "just over")
    ]

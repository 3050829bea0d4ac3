"""Broken files are refused with file and line, and with what would mend them."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD, MEANING, READING, STRUCTURE, WARNINGS

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import MAX_DEPTH, parse_yaml
from tallystick.regimes.library import file_problems, load_instrument
from tallystick.regimes.linting.lint import lint_files

ALL = {**STRUCTURE, **READING, **MEANING}


def written(folder: Path, text: str) -> Path:
    path = folder / "test.good.yaml"
    path.write_text(text)
    return path


def test_one_source_that_tells_of_it_is_no_two(tmp_path: Path) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(GOOD.replace("confidence: V1", "confidence: V2").replace("read: V1", "read: S"))
    problem = next(p for p in lint_files([path]).problems if "read less well" in p.problem)
    assert (problem.warning, "two S make V2" in problem.mend) == (False, True)


def test_the_good_file_has_no_problem(tmp_path: Path) -> None:
    report = lint_files([written(tmp_path, GOOD)], today=date(2026, 11, 24))
    assert report.problems == ()
    assert (report.files, report.cases) == (1, 7)


@pytest.mark.parametrize("name", ALL)
def test_bad_files_are_refused_with_file_and_line(name: str, tmp_path: Path) -> None:
    old, new, message, line = ALL[name]
    assert GOOD.count(old) >= 1, "the good file has changed"
    path = written(tmp_path, GOOD.replace(old, new, 1))
    problems = [p for p in file_problems(path) if not p.warning]
    assert any(message in f"{p.problem} {p.mend}" for p in problems), problems
    assert problems[0].where == f"{path}:{line}"
    assert problems[0].mend
    with pytest.raises(InputError) as refused:
        load_instrument(path)
    assert f"{path}:" in str(refused.value)


@pytest.mark.parametrize("name", WARNINGS)
def test_doubtful_files_are_read_with_a_warning_at_its_line(name: str, tmp_path: Path) -> None:
    old, new, message, line = WARNINGS[name]
    assert old in GOOD, "the good file has changed"
    path = written(tmp_path, GOOD.replace(old, new, 1))
    report = lint_files([path], today=date(2026, 11, 24))
    found = [problem for problem in report.problems if message in problem.problem]
    assert [(p.where.removeprefix(f"{path}"), p.warning) for p in found] == [(f":{line}", True)]
    assert report.ok
    assert load_instrument(path).id == "test.good"


def test_two_secondary_sources_that_agree_are_as_good_as_one_that_quotes(tmp_path: Path) -> None:
    one = GOOD.replace('edition: "1", read: V1', 'edition: "1", read: S').replace(
        "confidence: V1", "confidence: V2"
    )
    assert any("were read less well: act S" in p.problem for p in file_problems(written(tmp_path, one)))
    two = one.replace("sources:\n", "sources:\n  note: {title: A note, read: S}\n").replace(
        "[act#art-", "[note#whole, act#art-"
    )
    assert file_problems(written(tmp_path, two)) == []


def test_unquoted_numbers_are_text_like_all_else(tmp_path: Path) -> None:
    one = load_instrument(written(tmp_path, GOOD.replace('"1e24"', "1e24").replace('"1e22"', "1.0e22")))
    assert one.parameters["low"].values[0].number == 10**22


def test_an_old_verification_date_is_a_warning_and_no_error(tmp_path: Path) -> None:
    report = lint_files([written(tmp_path, GOOD)], today=date(2027, 11, 24))
    assert report.ok
    assert "388 days ago" in report.problems[0].problem


def test_a_case_that_does_not_come_out_is_an_error_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace('{reported: "true"}', '{reported: "false"}'))
    report = lint_files([path], today=date(2026, 11, 24))
    assert not report.ok
    assert report.problems[0].where == f"{path}:46"
    assert "reported: expected false, got true" in report.problems[0].problem


def test_an_exception_that_keeps_outcomes_apart_is_enough(tmp_path: Path) -> None:
    text = GOOD.replace(
        "{all: [{exceeds: [compute.counted, low]}, {not: {exceeds: [compute.counted, high]}}]}",
        "{exceeds: [compute.counted, low]}",
    ).replace(
        "outcomes:\n",
        "exceptions:\n  banned_instead:\n    defeats: [above_low]\n"
        "    when: {exceeds: [compute.counted, high]}\n    reference: [act#art-4]\noutcomes:\n",
    )
    assert lint_files([written(tmp_path, text)], today=date(2026, 11, 24)).problems == ()


def test_exceptions_that_defeat_each_other_are_refused(tmp_path: Path) -> None:
    rule = "when: {is: developer.licensed}, reference: [act#art-4]}\n"
    text = GOOD.replace(
        "outcomes:\n",
        f"exceptions:\n  one: {{defeats: [two], {rule}  two: {{defeats: [one], {rule}outcomes:\n",
    )
    problems = file_problems(written(tmp_path, text))
    assert "defeats itself" in problems[0].problem


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    with pytest.raises(InputError) as refused:
        parse_yaml("\n".join(lines).encode(), "bomb.yaml")
    assert refused.value.where == "bomb.yaml:1"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: " + b"[" * 50, "deep"),
        (b"a: \xff", "not UTF-8"),
        (b"", "empty"),
        (b"x" * (2 << 20), "1 MiB"),
        (b"? [a]\n: b\n", "not text"),
        (b"a: \x00", "not YAML"),
    ],
)
def test_hostile_bytes_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_yaml(data, "hostile.yaml")
    assert message in str(refused.value)
    assert MAX_DEPTH < 100

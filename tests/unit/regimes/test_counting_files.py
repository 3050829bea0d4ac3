"""Counting rules are checked as instruments are: sources, components, readings, how well they were read."""

import re
from pathlib import Path

import pytest

from tallystick.regimes.files.file_shapes import COUNTING
from tallystick.regimes.files.parse import counting_of
from tallystick.regimes.law.counting import COMPONENTS
from tallystick.regimes.library import COUNTINGS, shaped, source_text
from tallystick.regimes.linting.counting_checks import counting_problems
from tallystick.regimes.linting.lint import lint_shipped, shipped_files

SAYS = {
    "pretraining": "yes",
    "fine_tuning": "yes",
    "reinforcement_learning": "yes",
    "synthetic_private": "silent",
}
#: One a line, from line 10 on.
COMPONENT_LINES = "".join(
    f'  {name}: {{counts: "{SAYS.get(name, "no")}", reference: [act#art-2]}}\n' for name in COMPONENTS
)
RULE = """schema: counting/1
name: mine
title: A rule
editions:
  - {from: 2026-01-01, edition: "1", reference: [act#art-1]}
confidence: V1
precision: any
accuracy: none
components:
{COMPONENT_LINES}readings:
  - {id: literal, title: Nothing more, silent: excluded}
  - {id: strict, title: All of it, silent: [synthetic_private]}
sources:
  act: {title: The Act, edition: "1", read: V1}
""".replace("{COMPONENT_LINES}", COMPONENT_LINES)

INFERENCE, UPSTREAM = (10 + COMPONENTS.index(name) for name in ("inference", "upstream"))
STRICT = 12 + len(COMPONENTS)

#: name: (text replaced, by what, part of the message, line).
BAD = {
    "source": (
        'inference: {counts: "no", reference: [act',
        'inference: {counts: "no", reference: [acte',
        "'acte'",
        INFERENCE,
    ),
    "missing": (
        '  upstream: {counts: "no", reference: [act#art-2]}\n',
        "",
        "component upstream is missing",
        9,
    ),
    "unknown": ("  upstream:", "  upstrem:", "component 'upstrem' is not known", UPSTREAM),
    "twice": ("id: strict", "id: literal", "reading literal is there twice", STRICT),
    "not silent": ("[synthetic_private]}", "[evaluation]}", "counts evaluation, of which", STRICT),
    "recalled": ("read: V1", "read: R", "mine has confidence V1, and its sources were read less well", 6),
    "edition": ("reference: [act#art-1]", "reference: [act#one]", "'one' names no place", 5),
}


def test_an_edition_is_known_since_its_text_was_public(tmp_path: Path) -> None:
    text = source_text("generic_run")
    (since,) = re.findall(r"from: (\d{4}-\d{2}-\d{2})", text)
    path = tmp_path / "generic_run.yaml"
    path.write_text(re.sub(r"(read: V\d)\}", r"\1, known_on: 2031-02-03}", text, count=1))
    (edition,) = counting_of(shaped(path, COUNTING)).editions
    assert (str(edition.since), str(edition.known_on)) == (since, "2031-02-03")


def test_a_good_rule_has_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(RULE)
    assert counting_problems(path, "mine.yaml") == []


@pytest.mark.parametrize("name", BAD)
def test_bad_rules_are_named_at_their_line(name: str, tmp_path: Path) -> None:
    old, new, message, line = BAD[name]
    assert old in RULE
    path = tmp_path / "mine.yaml"
    path.write_text(RULE.replace(old, new, 1))
    found = [(p.problem, p.where) for p in counting_problems(path, "mine.yaml")]
    assert [where for problem, where in found if message in problem] == [f"mine.yaml:{line}"], found


def test_the_rules_of_the_package_are_linted_with_its_instruments() -> None:
    rules = list(COUNTINGS.glob("*.yaml"))
    for path in rules:
        assert counting_problems(path, path.name) == []
    assert lint_shipped().files == len(shipped_files()) + len(rules)

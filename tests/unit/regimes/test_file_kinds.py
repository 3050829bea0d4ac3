"""A file given to the wrong command is named for what it is, with the command that reads it."""

from pathlib import Path
from typing import Any

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.errors import InputError
from tallystick.regimes.files.file_kinds import COUNTING, FACTS, PROFILE, REGIME, kind_of
from tallystick.regimes.files.yaml_file import read_yaml
from tallystick.regimes.library import COUNTINGS, EXAMPLES, INSTRUMENTS, load_instrument, shipped_vocabulary
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.example_facts import EXAMPLE_FACTS
from tallystick.regimes.stated.fact_file import parse_facts

PROFILE_WITHOUT_SCHEMA = "name: Me\nroles: [developer]\nties: {EU: [develops]}\nfacts: {}\n"


def test_every_shipped_file_is_what_it_is() -> None:
    assert {kind_of(read_yaml(path).plain) for path in INSTRUMENTS.glob("*.yaml")} == {REGIME}
    assert {kind_of(read_yaml(path).plain) for path in COUNTINGS.glob("*.yaml")} == {COUNTING}
    assert {kind_of(read_yaml(path).plain) for path in EXAMPLES.glob("*.yaml")} == {PROFILE}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"facts": []}, FACTS),
        ({"ok": True, "facts": [{"name": "accelerators"}], "conclusion": "x"}, FACTS),
        ({"compute.run": "1"}, FACTS),
        ([{"name": "compute.run", "value": "1"}], FACTS),
        ({"binds": {}, "obligations": []}, REGIME),
        ({"roles": [], "ties": {}}, PROFILE),
        ({"schema": 10**5000}, None),
        ({}, None),
        ([], None),
        ("text", None),
    ],
)
def test_shapes(data: Any, kind: str | None) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("text", "what", "reader"),
    [
        (EXAMPLE_FACTS, "this is a facts file", "`tallystick regimes check` reads it"),
        (PROFILE_WITHOUT_SCHEMA, "this is a developer's profile", "`tallystick regimes compare` reads it"),
    ],
)
def test_lint_and_with_say_what_a_file_is_in_one_problem(
    text: str, what: str, reader: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    (problem,) = lint_files([path]).problems
    assert what in problem.problem
    assert problem.mend == reader
    with pytest.raises(InputError, match=what):
        load_instrument(path)


@pytest.mark.parametrize(
    ("text", "what"),
    [(GOOD, "this is a regime file"), (PROFILE_WITHOUT_SCHEMA, "this is a developer's profile")],
)
def test_check_says_what_a_file_is(text: str, what: str) -> None:
    with pytest.raises(InputError, match=f"{what}, not a facts file"):
        parse_facts(text.encode(), "mine.yaml", shipped_vocabulary())


def test_the_example_of_a_facts_file_is_one() -> None:
    facts = parse_facts(EXAMPLE_FACTS.encode(), "example", shipped_vocabulary())
    assert facts.notes == ()
    assert {"roles.provider", "jurisdictions.EU.places_on_market", "compute.pretraining"} <= {
        fact.name for fact in facts.facts
    }


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n"])
def test_an_empty_file_is_told_which_example_to_copy(text: str) -> None:
    with pytest.raises(InputError, match="empty") as error:
        parse_facts(text.encode(), "mine.yaml", shipped_vocabulary())
    assert "facts for check, developer for compare, template.run_cap for a regime" in error.value.mend


@pytest.mark.parametrize("key", ["fact", "Facts", "factss"])
def test_a_slip_in_the_key_of_facts_is_named(key: str) -> None:
    data = f"complete: true\n{key}:\n  roles.developer: true\n"
    with pytest.raises(InputError, match=f"unknown key '{key}'") as error:
        parse_facts(data.encode(), "mine.yaml", shipped_vocabulary())
    assert error.value.mend == "did you mean facts?"

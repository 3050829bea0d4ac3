"""What an amendment adds, ends or moves takes no part in an answer as known before that amendment."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.check import Question, answer
from tallystick.regimes.judging.result import Result
from tallystick.regimes.library import load_all
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import fact_set

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)
BASE = GOOD.replace(
    "sources:\n", 'sources:\n  later: {title: The Amendment, edition: "1", read: V1, known_on: 2026-07-01}\n'
)
EXCEPTION = """exceptions:
  exempt:
    when: {is: model.open_source_licence}
    defeats: [above_high]
    reference: [later#art-1]
outcomes:
"""


def held(folder: Path, text: str, known_on: date, at: date = date(2026, 11, 24)) -> Result:
    path = folder / "test.good.yaml"
    path.write_text(text)
    regimes = load_all([path])
    names = {"compute.pretraining": "1e25", "model.open_source_licence": "true", "roles.developer": "true"}
    facts = [{"name": name, "value": value, "verified": True} for name, value in names.items()]
    facts.append({"name": "jurisdictions.EU.develops", "value": "true", "verified": True})
    stated = fact_set({"facts": facts, "complete": "verified"}, "test", regimes.vocabulary)
    return answer(regimes, stated, Question(at, known_on, names=("test.good",))).results[0]


def truth(result: Result, name: str) -> tuple[bool | None, bool | None]:
    return next((one.claimed, one.verified) for one in result.outcomes if one.name == name)


def due(result: Result, name: str = "report") -> tuple[bool | None, bool | None]:
    return next((one.claimed, one.verified) for one in result.duties if one.obligation.id == name)


def test_an_exception_of_a_later_text_takes_nothing_off_before_it_was_public(tmp_path: Path) -> None:
    text = BASE.replace("outcomes:\n", EXCEPTION, 1)
    assert truth(held(tmp_path, text, BEFORE), "banned") == (True, True)
    assert truth(held(tmp_path, text, AFTER), "banned") == (False, False)
    assert not [s for s in held(tmp_path, text, BEFORE).trace if s.rule == "exempt"]


def test_the_end_of_an_exception_that_was_decided_later_does_not_end_it_before(tmp_path: Path) -> None:
    ends = "    until: {on: 2026-08-01, known_on: 2026-07-01, reference: [later#art-2]}\n"
    text = BASE.replace("outcomes:\n", EXCEPTION.replace("later#art-1", "act#art-9"), 1).replace(
        "    defeats: [above_high]\n", f"    defeats: [above_high]\n{ends}"
    )
    assert truth(held(tmp_path, text, BEFORE), "banned") == (False, False)
    assert truth(held(tmp_path, text, AFTER), "banned") == (True, True)


def test_a_condition_that_was_added_later_gives_nothing_before(tmp_path: Path) -> None:
    added = """conditions:
  open_too:
    when: {is: model.open_source_licence}
    gives: banned
    reference: [later#art-3]
"""
    text = BASE.replace("conditions:\n", added).replace('value: "1e24"', 'value: "1e26"', 1)
    text = text.replace(", excludes: [banned]", "")
    assert truth(held(tmp_path, text, BEFORE), "banned") == (False, False)
    assert truth(held(tmp_path, text, AFTER), "banned") == (True, True)


def test_an_outcome_of_which_no_condition_was_known_is_unknown(tmp_path: Path) -> None:
    text = BASE.replace("    reference: [act#art-4]", "    reference: [act#art-4]\n    known_on: 2026-07-01")
    assert truth(held(tmp_path, text, BEFORE), "banned") == (None, None)
    assert truth(held(tmp_path, text, AFTER), "banned") == (True, True)


@pytest.mark.parametrize("kept", ["", "act#art-8, "])
def test_a_duty_of_a_later_text_is_unknown_before(kept: str, tmp_path: Path) -> None:
    text = BASE.replace(
        "when: reported, deontic: must, satisfies: declare, reference: [act#art-3]",
        f"when: banned, deontic: must, satisfies: declare, reference: [{kept}later#art-4]",
    )
    before = held(tmp_path, text, BEFORE)
    assert (due(before), before.duties[0].brought) == ((None, None), (None, None))
    assert [s.text for s in before.trace if s.rule == "obligation report"] == [
        f"Report: not known on {BEFORE}"
    ]
    assert due(held(tmp_path, text, AFTER)) == (True, True)


def test_the_first_day_of_a_duty_that_was_moved_later_is_unknown_before(tmp_path: Path) -> None:
    moved = "{on: 2027-01-01, known_on: 2026-07-01, reference: [later#art-5]}"
    text = BASE.replace("when: reported, deontic", f"when: banned, starts: {moved}, deontic")
    assert due(held(tmp_path, text, BEFORE)) == (None, None)
    assert held(tmp_path, text, BEFORE).duties[0].starts is None
    assert due(held(tmp_path, text, AFTER)) == (False, False)


def test_the_last_day_of_a_duty_that_was_set_later_does_not_end_it_before(tmp_path: Path) -> None:
    ended = "{on: 2026-09-01, known_on: 2026-07-01, reference: [later#art-6]}"
    text = BASE.replace("when: reported, deontic", f"when: banned, ends: {ended}, deontic")
    assert due(held(tmp_path, text, BEFORE)) == (True, True)
    assert due(held(tmp_path, text, AFTER)) == (False, False)


def test_the_end_of_a_line_that_was_set_later_does_not_end_it_before(tmp_path: Path) -> None:
    ended = "until: {on: 2026-09-01, known_on: 2026-07-01, reference: [later#art-7]}"
    text = BASE.replace('value: "1e24", reference', f'{ended}, value: "1e24", reference')
    before, after = held(tmp_path, text, BEFORE), held(tmp_path, text, AFTER)
    assert [truth(one, "banned") for one in (before, after)] == [(True, True), (False, False)]
    assert (before.breaches[1], after.breaches[1]) == (True, None)


def test_a_line_that_a_later_one_replaces_ends_with_what_was_known_of_that_one(tmp_path: Path) -> None:
    line = '{from: 2026-02-01, until: 2026-09-01, value: "1e24", reference: [act#art-4]}'
    then = '{from: 2026-09-01, value: "1e26", reference: [later#art-4]}'
    old = '{from: 2026-02-01, value: "1e24", reference: [act#art-4]}'
    text = BASE.replace(f"      - {old}", f"      - {line}\n      - {then}")
    assert truth(held(tmp_path, text, BEFORE), "banned") == (True, True)
    assert truth(held(tmp_path, text, AFTER), "banned") == (False, False)


def test_a_breach_is_judged_by_what_was_known(tmp_path: Path) -> None:
    text = BASE.replace("outcomes:\n", EXCEPTION, 1)
    assert held(tmp_path, text, BEFORE).breaches[1] is True
    assert held(tmp_path, text, AFTER).breaches[1] is not True


def test_a_rule_of_another_text_without_a_day_of_knowledge_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(BASE.replace("outcomes:\n", EXCEPTION, 1).replace(", known_on: 2026-07-01", ""))
    found = [p for p in lint_files([path], today=AFTER).problems if "cites another text" in p.problem]
    assert [(p.where.rpartition(":")[2], p.warning) for p in found] == [("39", True)]
    path.write_text(BASE.replace("outcomes:\n", EXCEPTION, 1))
    assert not [p for p in lint_files([path], today=AFTER).problems if "cites another text" in p.problem]

"""Facts that a regime file adds to the vocabulary: a law that needs a new one needs no checkout."""

from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.errors import InputError
from tallystick.regimes.judging.check import check
from tallystick.regimes.library import load_all, shipped_vocabulary
from tallystick.regimes.linting.lint import lint_files

OWN = (
    "facts:\n"
    "  model.gives_legal_advice: {kind: boolean, title: The model gives legal advice}\n"
    "  developer.lawyers: {kind: amount, unit: users, title: Lawyers that the developer employs}\n"
)
LAWYERS = """  lawyers:
    title: Lawyers from which on it advises
    unit: users
    operator: ">="
    values:
      - {from: 2026-02-01, value: "3", reference: [act#art-4]}
counting:"""
ADVICE = """  advice:
    when: {all: [{is: model.gives_legal_advice}, {exceeds: [developer.lawyers, lawyers]}]}
    gives: advises
    reference: [act#art-4]
outcomes:
  advises: {title: Advises, bound: true}"""
CASE = (
    '  - {name: CASE, at: 2026-03-01, facts: {model.gives_legal_advice: "true", developer.lawyers: "COUNT"}, '
    'expect: {advises: "TRUTH"}}\n'
)
CASES = "".join(
    CASE.replace("CASE", name).replace("COUNT", count).replace("TRUTH", truth)
    for name, count, truth in (("under", "2", "false"), ("on", "3", "true"), ("over", "4", "true"))
)


def own_file(folder: Path, facts: str = OWN) -> Path:
    text = (
        GOOD.replace("counting:", LAWYERS).replace("outcomes:", ADVICE, 1).replace("binds:", facts + "binds:")
    )
    path = folder / "test.good.yaml"
    path.write_text(text + CASES)
    return path


def test_a_file_with_its_own_facts_is_linted_and_its_cases_run(tmp_path: Path) -> None:
    report = lint_files([own_file(tmp_path)])
    assert [p.problem for p in report.problems if not p.warning] == []
    assert report.cases == 10


def test_own_facts_are_stated_and_checked_as_shipped_ones(tmp_path: Path) -> None:
    facts = {"complete": True, "model.gives_legal_advice": True, "developer.lawyers": "3"}
    path = own_file(tmp_path)

    def claimed(changed: dict[str, object]) -> str:
        stated = {**facts, **changed}
        data = {"complete": stated.pop("complete"), "facts": {**stated, "compute.pretraining": "1"}}
        answer = check(data, "2026-03-01", names=("test.good",), files=[str(path)])
        return next(o["claimed"] for o in answer["results"][0]["outcomes"] if o["outcome"] == "advises")

    assert claimed({}) == "true"
    assert claimed({"developer.lawyers": "2"}) == "false"
    assert claimed({"model.gives_legal_advice": False}) == "false"
    with pytest.raises(InputError, match="not an exact number"):
        claimed({"developer.lawyers": True})
    with pytest.raises(InputError, match=r"model\.gives_legal_advise"):
        claimed({"model.gives_legal_advise": True})


def test_without_the_file_the_fact_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"model\.gives_legal_advice"):
        check({"model.gives_legal_advice": True}, "2026-03-01")
    assert "model.gives_legal_advice" in load_all([own_file(tmp_path)]).vocabulary.facts
    assert "model.gives_legal_advice" not in shipped_vocabulary().facts


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("developer.lawyers: {kind: amount", "cluster.h100e: {kind: amount", "is in the vocabulary already"),
        (
            "developer.lawyers: {kind: amount",
            "compute.lawyers: {kind: amount",
            "begin with compute are fixed",
        ),
        ("kind: amount, unit: users", "kind: amount", "is an amount without a unit"),
        ("kind: boolean", "kind: boolean, unit: users", "is boolean and has a unit"),
        ("kind: amount,", 'kind: amount, unless_stated: "true",', "is amount and has unless_stated"),
        ("kind: boolean, ", "kind: bool, ", "bool"),
    ],
)
def test_what_a_file_cannot_add_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    report = lint_files([own_file(tmp_path, OWN.replace(old, new))])
    assert any(problem in p.problem and not p.warning for p in report.problems), report.text()


def test_a_fact_that_no_test_reads_is_a_warning(tmp_path: Path) -> None:
    more = OWN + "  model.sings: {kind: boolean, title: The model sings}\n"
    report = lint_files([own_file(tmp_path, more)])
    assert [p.problem for p in report.problems if "sings" in p.problem] == ["no test reads model.sings"]
    assert report.ok


def test_two_files_must_mean_the_same_by_a_name(tmp_path: Path) -> None:
    first = own_file(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    second = own_file(other)
    second.write_text(second.read_text().replace("id: test.good", "id: test.other"))
    assert len(load_all([first, second]).own) == 2
    second.write_text(second.read_text().replace("Lawyers that", "Barristers that"))
    with pytest.raises(InputError, match=r"developer\.lawyers means something else in another file"):
        load_all([first, second])

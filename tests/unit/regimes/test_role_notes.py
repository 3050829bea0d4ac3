"""A role that is stated beside an outcome of the same name that the figures make false is remarked."""

from datetime import date
from typing import Any

import pytest

from tallystick.regimes.judging.check import check
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.judging.role_notes import role_notes
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set

DAY = date(2026, 11, 24)
STATED: dict[str, Any] = {
    "roles.developer": True,
    "roles.frontier_developer": True,
    "jurisdictions.US-CA.develops": True,
    "compute.pretraining": "1e24",
}


def notes(**changed: Any) -> list[str]:
    regimes = load_all()
    data = {"facts": {**STATED, **changed}, "complete": "true"}
    facts = fact_set(data, "facts", regimes.vocabulary).at(DAY)
    return list(role_notes([evaluate(regimes.get("ca.sb53"), facts, DAY)], facts))


def test_a_role_that_the_figures_do_not_bear_out_is_remarked() -> None:
    (found,) = notes()
    assert found.startswith("roles.frontier_developer is stated, and by your own figures frontier developer")
    assert "false under ca.sb53" in found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("compute.pretraining", "2e26"),
        ("roles.frontier_developer", False),
        ("jurisdictions.US-CA.develops", False),
    ],
)
def test_nothing_is_said_where_figures_or_ties_agree(name: str, value: Any) -> None:
    assert notes(**{name: value}) == []


def test_the_answer_carries_the_remark_as_a_warning() -> None:
    found = check({"facts": STATED, "complete": "true"}, DAY.isoformat(), names=["ca.sb53"])
    assert notes()[0] in found["warnings"]

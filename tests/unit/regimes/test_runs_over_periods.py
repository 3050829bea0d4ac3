"""A run may go on from one inspected period into the next: no period by itself shows that a cap was kept."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tallystick.regimes.judging.check import Answer, Question, answer
from tallystick.regimes.library import load_all, source_text
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.wording.answer_text import answer_text

CAP = "template.run_cap"
#: First day, and the first day after: three months in a row from the day on which the cap applies.
JANUARY, FEBRUARY, MARCH = (
    ("2026-01-01", "2026-02-01"),
    ("2026-02-01", "2026-03-01"),
    ("2026-03-01", "2026-04-01"),
)


def period(
    days: tuple[str, str], upper: str, *, largest: str = "", verified: bool = True
) -> list[dict[str, Any]]:
    begin, end = days
    dated = {"from": begin, "to": end, "verified": verified, "lower": "1e20"}
    found = [{"name": "training_flop", "upper": upper, **dated}]
    found.append({"name": "undeclared_training_flop", "upper": "1e21", **dated, "lower": "0"})
    if largest:
        found.append({"name": "largest_run_flop", "upper": largest, **dated})
    return found


def asked(*facts: list[dict[str, Any]], at: date = date(2026, 3, 31)) -> Answer:
    regimes = load_all([Path(CAP)])
    stated = fact_set([one for group in facts for one in group], "test", regimes.vocabulary)
    return answer(regimes, stated, Question(at, names=(CAP,)))


def cap(found: Answer) -> Any:
    return next(one for one in found.results[0].outcomes if one.name == "cap_breached")


def test_three_periods_that_may_hold_one_run_above_the_cap_do_not_show_that_it_was_kept() -> None:
    found = asked(*(period(days, "4e25") for days in (JANUARY, FEBRUARY, MARCH)))
    assert (cap(found).claimed, cap(found).verified) == (None, None)
    assert found.results[0].breaches == (None, None)
    assert cap(found).breached.covered == ((date(2026, 1, 1), date(2026, 2, 28)),)
    assert any("may have gone on" in warning for warning in found.warnings)
    assert "KEPT: by verified figures on all days" not in answer_text(found, trace=False)


def test_periods_that_together_are_below_the_cap_show_that_it_was_kept() -> None:
    found = asked(*(period(days, "3e25") for days in (JANUARY, FEBRUARY, MARCH)))
    assert (cap(found).verified, found.results[0].breaches[1]) == (False, False)
    assert any("allow together, 9e25" in warning for warning in found.warnings)


def test_a_gap_between_periods_leaves_the_later_one_unknown() -> None:
    found = asked(period(JANUARY, "3e25"), period(MARCH, "3e25"))
    assert cap(found).verified is None
    assert cap(found).breached.covered == ((date(2026, 1, 1), date(2026, 1, 31)),)
    assert any("2026-02-01" in warning and "may have gone on" in warning for warning in found.warnings)


def test_a_verified_largest_run_of_each_period_adds_up_like_training() -> None:
    found = asked(
        *(period(days, "9e25", largest="4e25") for days in (JANUARY, FEBRUARY)), at=date(2026, 2, 28)
    )
    assert cap(found).verified is False
    found = asked(
        *(period(days, "9e25", largest="6e25") for days in (JANUARY, FEBRUARY)), at=date(2026, 2, 28)
    )
    assert cap(found).verified is None


def test_a_breach_in_one_period_is_one_whatever_came_before() -> None:
    over = {"name": "largest_run_flop", "lower": "2e26", "upper": "3e26", "verified": True}
    later = [over | {"from": FEBRUARY[0], "to": FEBRUARY[1]}]
    found = asked(period(JANUARY, "3e25"), later, at=date(2026, 2, 28))
    assert (cap(found).verified, found.breach) == (True, True)


@pytest.mark.parametrize("shift", [0, 1])
def test_periods_that_meet_on_one_day_are_one_chain(shift: int) -> None:
    january = ("2026-01-01T00:00:00Z", f"2026-02-01T0{6 * shift}:00:00Z")
    february = (january[1], "2026-03-01T00:00:00Z")
    found = asked(period(january, "3e25"), period(february, "3e25"), at=date(2026, 2, 28))
    assert cap(found).verified is False


def test_claims_of_other_periods_change_nothing_of_what_was_verified() -> None:
    found = asked(period(JANUARY, "9e25", verified=False), period(FEBRUARY, "3e25"), at=date(2026, 2, 28))
    assert cap(found).verified is False


def test_a_largest_run_of_an_earlier_period_is_no_bound_in_the_last_one(tmp_path: Path) -> None:
    """The role's period ends last: a look at it finds the run of February beside the training of March."""
    text = source_text(CAP).replace("site.any_run_flop", "site.largest_run_flop")
    path = tmp_path / "my.cap.yaml"
    path.write_text(text.replace(f"id: {CAP}", "id: my.cap"))
    regimes = load_all([path])
    facts = [*period(JANUARY, "7e25", largest="6e25"), *period(FEBRUARY, "7e25", largest="6e25")]
    facts += period(MARCH, "1e21")
    facts.append(
        {"name": "roles.developer", "value": True, "verified": True, "from": "2026-01-01", "to": "2026-04-01"}
    )
    stated = fact_set(facts, "test", regimes.vocabulary)
    result = answer(regimes, stated, Question(date(2026, 3, 31), names=("my.cap",))).results[0]
    (outcome,) = [one for one in result.outcomes if one.name == "cap_breached"]
    assert outcome.verified is None
    assert outcome.breached.covered == ((date(2026, 1, 1), date(2026, 1, 31)),)

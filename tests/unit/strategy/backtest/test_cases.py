"""The coded cases as data: complete, tagged, and unchanged since their hash was recorded."""

from collections import Counter

import pytest

from tallystick.errors import InputError
from tallystick.strategy.backtest import case as cases_module
from tallystick.strategy.backtest.case import (
    SITUATION,
    TEXT,
    changed_files,
    coded_cases,
    read_data,
    recorded_hashes,
)


def test_all_cases_have_every_attribute_with_its_source() -> None:
    cases = coded_cases()
    assert len(cases) == 34
    assert all(set(case.codes) == {*TEXT, *SITUATION} for case in cases)
    assert len({case.id for case in cases}) == 34


def test_outcomes_are_those_of_the_rule_signed_and_in_force() -> None:
    ended = {case.id: case.outcome for case in coded_cases()}
    assert Counter(ended.values()) == {"accepted": 18, "rejected": 8, "failed": 8}
    assert {ended[name] for name in ("salt2_1979", "start2_1993", "ctbt_1996")} == {"failed"}
    assert {ended[name] for name in ("npt_1968", "inf_1987", "jcpoa_2015", "bwc_1972")} == {"accepted"}


def test_the_public_dataset_has_a_code_for_nothing_that_was_never_signed() -> None:
    signed_but_not_in_force = {"salt2_1979", "start2_1993", "ctbt_1996"}
    for case in coded_cases():
        if case.aad:
            assert case.accepted or case.id in signed_but_not_in_force


def test_files_have_the_hash_recorded_before_the_first_run() -> None:
    assert {"CODING_RULES.md", "frame.yaml", "first/atomic.yaml", "second_coding.yaml"} <= set(
        recorded_hashes()
    )
    assert changed_files() == ()


def test_a_changed_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases_module, "recorded_hashes", lambda: {"frame.yaml": "0" * 64})
    assert changed_files() == ("frame.yaml",)


def test_a_side_that_gives_more_is_named_where_parity_is_low() -> None:
    for case in coded_cases():
        if case.level("parity") <= 1:
            assert case.said("gives_more") != "neither", case.id
        if case.level("sequencing") >= 2:
            assert case.said("first") != "neither", case.id


def test_nobody_leaks_to_inspectors_that_do_not_exist() -> None:
    for case in coded_cases():
        if case.level("verification") == 0:
            assert (case.level("leakage_leader"), case.level("leakage_laggard")) == (0, 0), case.id


@pytest.mark.parametrize("code", ["4 documented baruch", "3 guessed baruch", "3 documented nowhere", "3"])
def test_a_code_that_is_none_is_refused_with_the_way_to_mend_it(code: str) -> None:
    raw = {**read_data("first/atomic.yaml")["cases"][0]}
    raw["text"] = {**raw["text"], "verification": code}
    with pytest.raises(InputError, match="VALUE TAG SOURCE"):
        cases_module._case(raw, "atomic", {"baruch", "coder", "stock"})

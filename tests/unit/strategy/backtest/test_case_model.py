"""From codes to terms and profiles: the same rules for all cases, and the direction of their effect."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.strategy.backtest.case import CodedCase, coded_cases
from tallystick.strategy.backtest.case_profiles import frame, profiles_of_case, technology_of_case
from tallystick.strategy.backtest.case_terms import terms_of_case
from tallystick.strategy.backtest.shares import case_shares

BY_ID = {case.id: case for case in coded_cases()}


def recoded(case: CodedCase, values: Mapping[str, str]) -> CodedCase:
    changed = {name: replace(case.codes[name], value=value) for name, value in values.items()}
    return replace(case, codes={**case.codes, **changed})


def test_a_one_sided_text_moves_one_side_only() -> None:
    terms = terms_of_case(BY_ID["jcpoa_2015"])
    assert [stage.movers for stage in terms.stages] == [("laggard",), ("laggard",)]
    assert terms.paid == ("laggard",)
    assert terms.sanctions.automatic


def test_who_disarms_first_leaves_the_rest_to_the_others_discretion() -> None:
    first, second = terms_of_case(BY_ID["baruch_1946"]).stages
    assert (first.movers, second.movers) == (("laggard",), ("leader",))
    assert (second.trigger, second.chooser) == ("discretion", "leader")


def test_inspection_after_the_first_step_is_not_at_work_in_it() -> None:
    assert [stage.inspected for stage in terms_of_case(BY_ID["soviet_1947"]).stages] == [False, True]


def test_a_veto_of_both_is_held_by_both() -> None:
    assert terms_of_case(BY_ID["bwc_1972"]).sanctions.veto_holders == ("leader", "laggard")


@given(st.sampled_from(sorted(frame().ranges)))
def test_quarters_rise_and_stay_within_the_frame(parameter: str) -> None:
    low, high = frame().ranges[parameter]
    quarters = [frame().quarter(parameter, level) for level in range(4)]
    assert quarters[0][0] == low
    assert quarters[3][1] == pytest.approx(high)
    assert all(a[0] <= b[0] and a[1] <= b[1] and a[0] < a[1] for a, b in pairwise(quarters))


def test_satellites_see_what_was_hidden_before() -> None:
    before = technology_of_case(BY_ID["open_skies_1955"]).parameters["national_means"]
    since = technology_of_case(BY_ID["salt1_abm_1972"]).parameters["national_means"]
    assert before.values[1] < since.values[0]


def test_what_is_not_coded_takes_the_whole_frame_in_every_case() -> None:
    for case in coded_cases():
        for profile in profiles_of_case(case):
            assert profile.parameters["discount"].values == frame().ranges["discount"]


@pytest.mark.parametrize("name", ["new_start_2010", "open_skies_1955", "cwc_1993"])
def test_more_to_leak_never_makes_agreement_likelier(name: str) -> None:
    cases = [
        recoded(BY_ID[name], {"leakage_leader": str(level), "leakage_laggard": str(level)})
        for level in range(4)
    ]
    shares = [share.agrees for share in case_shares(cases, draws=256)]
    assert shares == sorted(shares, reverse=True)


def test_leakage_decides_where_inspectors_go_anywhere() -> None:
    levels = [{"leakage_leader": level, "leakage_laggard": level} for level in ("0", "3")]
    none, much = case_shares([recoded(BY_ID["baruch_1946"], level) for level in levels], draws=256)
    assert none.agrees > much.agrees


def test_more_trust_never_makes_agreement_less_likely() -> None:
    cases = [recoded(BY_ID["gromyko_1946"], {"trust": str(level)}) for level in range(4)]
    shares = [share.agrees for share in case_shares(cases, draws=256)]
    assert shares == sorted(shares)
    assert shares[3] > shares[0]


def test_to_agree_and_keep_ones_word_is_asked_more_than_to_agree() -> None:
    for share in case_shares(list(coded_cases())[:6], draws=64):
        assert 0 <= share.holds <= share.agrees <= min(share.by_side.values())

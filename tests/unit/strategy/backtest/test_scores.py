"""Scores, calibration and agreement against values worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.strategy.backtest.agreement import agreement, second_codings, weighted_kappa
from tallystick.strategy.backtest.calibration import calibration
from tallystick.strategy.backtest.case import coded_cases
from tallystick.strategy.backtest.eras import by_era
from tallystick.strategy.backtest.scores import (
    area_under_curve,
    brier,
    log_loss,
    scores,
)

OUTCOME = np.array([1.0, 0.0, 1.0, 0.0])


def test_brier_and_log_score_by_hand() -> None:
    prediction = np.array([0.8, 0.8, 1.0, 0.0])
    assert brier(prediction, OUTCOME).tolist() == pytest.approx([0.04, 0.64, 0, 0])
    assert log_loss(prediction, OUTCOME)[:3].tolist() == pytest.approx(
        [-math.log(0.8), -math.log(0.2), -math.log(0.99)]
    )


def test_a_certain_error_costs_what_the_rule_says() -> None:
    assert log_loss(np.array([1.0]), np.array([0.0]))[0] == pytest.approx(-math.log(0.01))


def test_area_under_the_curve_by_hand() -> None:
    assert area_under_curve(np.array([0.9, 0.1, 0.5, 0.5]), OUTCOME) == pytest.approx(3.5 / 4)
    assert math.isnan(area_under_curve(np.array([0.5]), np.array([1.0])))


def test_a_worse_predictor_is_called_worse_and_a_better_one_told_apart() -> None:
    outcome = np.array([1.0, 0.0] * 20)
    found = scores(
        {"base": np.full(40, 0.5), "wrong": 1 - outcome, "right": outcome * 0.8 + 0.1}, "base", outcome, 0
    )
    base, wrong, right = found
    assert not base.worse_than_base
    assert not base.told_apart
    assert wrong.worse_than_base
    assert wrong.told_apart
    assert right.told_apart
    assert not right.worse_than_base
    assert right.brier.low <= right.brier.value <= right.brier.high


def test_the_same_seed_gives_the_same_intervals() -> None:
    predictions = {"base": np.full(4, 0.5), "own": np.array([0.7, 0.2, 0.6, 0.5])}
    assert scores(predictions, "base", OUTCOME, 3) == scores(predictions, "base", OUTCOME, 3)


def test_eras_add_up_to_the_whole_difference() -> None:
    found = by_era(np.array([0.9, 0.4, 0.2, 0.1]), np.full(4, 0.5), OUTCOME, ["a", "a", "b", "b"], seed=0)
    assert [(row.era, row.cases) for row in found.rows] == [("a", 2), ("b", 2)]
    mean = sum(row.cases * row.against_base for row in found.rows) / 4
    assert found.against_base.value == pytest.approx(mean)
    assert found.against_base.low == pytest.approx(min(row.against_base for row in found.rows))
    assert found.against_base.high == pytest.approx(max(row.against_base for row in found.rows))


def test_calibration_counts_every_case_once() -> None:
    prediction = np.linspace(0, 1, 34)
    rows = calibration(prediction, (prediction > 0.5).astype(np.float64))
    assert [row.cases for row in rows] == [12, 11, 11]
    assert sum(row.accepted for row in rows) == 17
    assert [row.observed for row in rows] == sorted(row.observed for row in rows)


def test_kappa_by_hand() -> None:
    # Distances 0 0 1 1; over all 16 pairs they sum to twice 0 0 0 2 and twice 1 1 1 1, that is 12.
    assert weighted_kappa([0, 0, 1, 1], [0, 0, 0, 2]) == pytest.approx(1 - 0.5 / 0.75)
    assert math.isnan(weighted_kappa([1, 1], [1, 1]))


@given(st.lists(st.integers(0, 3), min_size=2, max_size=20))
def test_a_coding_agrees_with_itself(codes: list[int]) -> None:
    kappa = weighted_kappa(codes, codes)
    assert math.isnan(kappa) if len(set(codes)) == 1 else kappa == pytest.approx(1)


def test_disagreement_is_published_by_case() -> None:
    other = {case.id: case.said("parity") for case in coded_cases()} | {"inf_1987": "3"}
    row = agreement(coded_cases(), "parity", other)
    assert row.differ == ("inf_1987",)
    assert row.same == pytest.approx(33 / 34)


def test_second_codings_say_who_made_them_and_that_none_is_independent() -> None:
    codings = {coding.name: coding for coding in second_codings(coded_cases())}
    assert set(codings) == {"second_coding", "provisional_coding", "aad"}
    assert "NOT independent" in codings["second_coding"].coder
    assert "NOT independent" in codings["provisional_coding"].coder
    assert {row.attribute for row in codings["second_coding"].rows} >= {"verification", "parity", "trust"}
    assert codings["aad"].rows[0].cases == 19

"""Rivals of the model: fitted by what they may see, and by nothing else."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.strategy.backtest.permutation import area, permutation_p, shifted_brier
from tallystick.strategy.backtest.predictors import (
    base_rate,
    chosen_logistic,
    leave_group_out,
    leave_one_out,
    log_odds,
    logistic,
    shift,
    shifted,
)
from tallystick.strategy.backtest.scores import brier

Float = npt.NDArray[np.float64]
RNG = np.random.default_rng(7)
ODDS = RNG.normal(-1, 2, 20)
VARIABLES = RNG.normal(0, 1, (20, 2))
OUTCOME = (VARIABLES[:, 0] + RNG.normal(0, 0.8, 20) > 0).astype(np.float64)
FOLDS = leave_one_out(20)


@given(st.lists(st.floats(-6, 6), min_size=2, max_size=30), st.data())
def test_the_shift_makes_chances_sum_to_the_accepted(odds: list[float], data: st.DataObject) -> None:
    accepted = data.draw(st.integers(1, len(odds) - 1))
    moved = np.array(odds) + shift(np.array(odds), accepted)
    assert (1 / (1 + np.exp(-moved))).sum() == pytest.approx(accepted, abs=1e-6)


@pytest.mark.parametrize("held_out", [0, 7, 19])
def test_no_predictor_sees_the_outcome_that_it_predicts(held_out: int) -> None:
    other = OUTCOME.copy()
    other[held_out] = 1 - other[held_out]
    for predict in (
        lambda y: shifted(ODDS, y, FOLDS),
        lambda y: base_rate(y, FOLDS),
        lambda y: logistic(VARIABLES, y, FOLDS),
        lambda y: chosen_logistic([VARIABLES[:, :1], VARIABLES[:, 1:]], y, FOLDS)[0],
    ):
        assert predict(OUTCOME)[held_out] == pytest.approx(predict(other)[held_out], abs=1e-12)


def test_no_era_is_predicted_from_itself() -> None:
    eras = ["a"] * 6 + ["b"] * 10 + ["c"] * 4
    folds = leave_group_out(eras)
    assert sorted(int(k) for _, test in folds for k in test) == list(range(20))
    changed = OUTCOME.copy()
    changed[:6] = 1 - changed[:6]
    assert base_rate(OUTCOME, folds)[0] == base_rate(changed, folds)[0]


def test_one_era_cannot_be_left_out() -> None:
    with pytest.raises(InputError, match="two eras"):
        leave_group_out(["a", "a"])


def test_the_base_rate_leaves_the_case_out() -> None:
    outcome = np.array([1.0, 1.0, 0.0, 0.0])
    assert base_rate(outcome, leave_one_out(4)).tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3])


def test_the_logistic_finds_a_variable_that_decides_and_stays_finite() -> None:
    table = np.linspace(-1, 1, 30)[:, None]
    outcome = (table[:, 0] > 0).astype(np.float64)
    found = logistic(table, outcome, leave_one_out(30))
    assert found[0] < 0.1
    assert found[-1] > 0.9
    assert np.isfinite(found).all()


def test_the_pair_that_fits_is_chosen_over_noise() -> None:
    noise = np.random.default_rng(1).normal(0, 1, (20, 2))
    _, chosen = chosen_logistic([noise, VARIABLES], OUTCOME, FOLDS)
    assert set(chosen) == {1}


def test_shares_of_nothing_and_all_have_finite_odds() -> None:
    assert np.isfinite(log_odds(np.array([0.0, 1.0]), 64)).all()


def test_the_shortcut_of_the_permutation_equals_the_whole_fit() -> None:
    statistic = shifted_brier(ODDS)
    for seed in range(5):
        shuffled = np.random.default_rng(seed).permutation(OUTCOME)
        whole = brier(shifted(ODDS, shuffled, FOLDS), shuffled).mean()
        assert statistic(shuffled) == pytest.approx(-whole, abs=1e-9)


def test_what_predicts_perfectly_is_not_matched_by_shuffling() -> None:
    outcome = np.array([0.0, 1.0] * 10)
    assert permutation_p(outcome, area(outcome), seed=0, shuffles=200) < 0.01
    assert permutation_p(outcome, area(np.zeros(20)), seed=0, shuffles=200) == 1.0

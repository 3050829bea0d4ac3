import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tallystick.errors import InputError
from tallystick.trials.evasion_game import solve_game, undetected_training


def test_matching_pennies_is_fair_and_even() -> None:
    game = solve_game(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    assert game.value == pytest.approx(0, abs=1e-9)
    assert game.rows == pytest.approx([0.5, 0.5])
    assert game.columns == pytest.approx([0.5, 0.5])


def test_rock_paper_scissors_with_a_heavier_rock() -> None:
    # Rock against scissors pays 2: the known solution plays paper half the time.
    game = solve_game(np.array([[0.0, -1.0, 2.0], [1.0, 0.0, -1.0], [-2.0, 1.0, 0.0]]))
    assert game.value == pytest.approx(0, abs=1e-9)
    assert game.rows == pytest.approx([0.25, 0.5, 0.25])
    assert game.columns == pytest.approx([0.25, 0.5, 0.25])


def test_dominated_strategies_are_never_played() -> None:
    payoff = np.array([[3.0, 2.0, 5.0], [1.0, 4.0, 6.0], [0.0, 1.0, 4.0]])
    game = solve_game(payoff)
    # Row 3 and column 3 are dominated; [[3, 2], [1, 4]] has value 2.5, rows (3/4, 1/4), columns (1/2, 1/2).
    assert game.value == pytest.approx(2.5)
    assert game.rows == pytest.approx([0.75, 0.25, 0.0], abs=1e-9)
    assert game.columns == pytest.approx([0.5, 0.5, 0.0], abs=1e-9)


def test_a_saddle_point_is_pure() -> None:
    game = solve_game(np.array([[4.0, 5.0], [3.0, 1.0]]))
    assert (game.value, list(game.rows), list(game.columns)) == (4.0, [1.0, 0.0], [1.0, 0.0])


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-5, 5))
)
def test_neither_side_can_do_better_alone(payoff: np.ndarray) -> None:
    game = solve_game(payoff)
    assert game.rows.sum() == pytest.approx(1)
    assert game.columns.sum() == pytest.approx(1)
    assert game.gap < 1e-6
    mirrored = solve_game(-payoff.T)
    assert mirrored.value == pytest.approx(-game.value, abs=1e-6)


def test_the_payoff_is_training_that_goes_unseen() -> None:
    detection = np.array([[0.9, 1.0], [0.2, 0.6]])
    payoff = undetected_training(detection, np.array([1.0, 0.5]))
    assert payoff == pytest.approx(np.array([[0.1, 0.0], [0.4, 0.2]]))
    priced = undetected_training(detection, np.array([1.0, 0.5]), np.array([0.0, 0.3]))
    assert solve_game(priced).value == pytest.approx(0.4)


@pytest.mark.parametrize("bad", [np.zeros((0, 2)), np.zeros(3), np.array([[np.nan]])])
def test_an_unusable_matrix_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(InputError, match="Mend"):
        solve_game(bad)

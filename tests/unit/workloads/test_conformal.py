import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallystick.records.workload import ABSTAINED, CLASSES, NO_TRAINING_UNCLEAR, TRAINING_UNCLEAR
from tallystick.trials.calibration import calibrate, upper_quantile
from tallystick.workloads.conformal import Allowances, possible, shortfalls, verdict_of_set

P, F, INFERENCE, OTHER, IDLE = CLASSES
NOTHING = Allowances((0,) * 5, (0,) * 5)


def verdict(scores: list[int], allowances: Allowances) -> int:
    inside = possible(np.array([scores]), CLASSES, allowances)
    return int(verdict_of_set(inside, CLASSES)[0])


def test_without_allowances_the_best_class_is_the_verdict() -> None:
    assert verdict([1, 2, 9, 3, 0], NOTHING) == CLASSES.index(INFERENCE)


def test_two_kinds_of_training_are_training_of_unclear_kind() -> None:
    close = Allowances((0,) * 5, (5,) * 5)
    assert verdict([10, 8, 1, 0, 0], close) == TRAINING_UNCLEAR


def test_a_side_that_trails_by_little_stays_possible() -> None:
    assert verdict([10, 0, 8, 0, 0], Allowances((0, 0, 2, 0, 0), (0,) * 5)) == ABSTAINED
    assert verdict([10, 0, 7, 0, 0], Allowances((0, 0, 2, 0, 0), (0,) * 5)) == CLASSES.index(P)


def test_equal_scores_across_sides_are_an_abstention() -> None:
    assert verdict([4, 0, 4, 0, 0], NOTHING) == ABSTAINED


def test_shortfalls_are_of_the_side_and_within_it() -> None:
    side, within = shortfalls(np.array([[10, 4, 7, 1, 0]]), CLASSES)
    assert side.tolist() == [[0, 0, 3, 3, 3]]
    assert within.tolist() == [[0, 6, 0, 6, 7]]


def test_a_model_of_one_side_alone_never_trails() -> None:
    side, _ = shortfalls(np.array([[1, 5]]), (INFERENCE, IDLE))
    assert side.tolist() == [[0, 0]]


@given(
    st.lists(st.lists(st.integers(-(2**30), 2**30), min_size=5, max_size=5), min_size=1, max_size=30),
    st.lists(st.integers(0, 2**30), min_size=10, max_size=10),
)
def test_the_best_class_is_always_possible(rows: list[list[int]], allowed: list[int]) -> None:
    scores = np.array(rows)
    inside = possible(scores, CLASSES, Allowances(tuple(allowed[:5]), tuple(allowed[5:])))
    assert inside[np.arange(len(scores)), scores.argmax(axis=1)].all()


def test_quantile_is_the_conformal_rank() -> None:
    values = np.arange(1, 100)  # 99 values: rank ceil(100 * 0.9) = 90
    assert upper_quantile(values, np.ones(99), 100_000) == 90
    assert upper_quantile(np.array([3, 1, 2]), np.ones(3), 100_000) == 3
    assert upper_quantile(np.zeros(0, np.int64), np.zeros(0), 1) == 0


def test_a_family_that_weighs_more_moves_the_quantile() -> None:
    values = np.arange(100)
    weight = np.where(values >= 50, 9.0, 1.0)
    assert upper_quantile(values, weight, 500_000) > 70


def test_sets_cover_new_windows_of_each_class_as_stated() -> None:
    """Scores of exchangeable windows: each class is missed at most as often as allowed, within noise."""
    rng = np.random.default_rng(8)
    kinds = (P, F, INFERENCE, OTHER)

    def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
        label = rng.integers(0, 4, count)
        scores = rng.normal(0, 100, (count, 4)) + 120 * np.eye(4)[label]
        return scores.astype(np.int64), label

    scores, label = drawn(4000)
    found = calibrate(scores, label, np.ones(len(label)), kinds, coverage_ppm=900_000)
    scores, label = drawn(20_000)
    inside = possible(scores, kinds, found.allowances)[np.arange(len(label)), label]
    for k in range(4):
        assert inside[label == k].mean() > 0.885


def test_sets_without_training_are_no_abstention() -> None:
    assert verdict([0, 0, 10, 9, 0], Allowances((0,) * 5, (0, 0, 0, 2, 0))) == NO_TRAINING_UNCLEAR

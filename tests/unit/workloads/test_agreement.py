import numpy as np
import pytest

from tallystick.workloads.agreement import adjusted_rand_index


def test_agreement_of_unrelated_labels_is_near_nothing() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 5, 5000), rng.integers(0, 5, 5000)
    assert adjusted_rand_index(first, first[::1]) == 1.0
    assert abs(adjusted_rand_index(first, second)) < 0.01
    assert adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])) == pytest.approx(4 / 7)

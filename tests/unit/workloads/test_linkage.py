import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from tallystick.workloads.agreement import adjusted_rand_index
from tallystick.workloads.linkage import average_linkage


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 30), st.integers(0, 2**32), st.integers(0, 10**6))
def test_same_groups_as_scipy(count: int, seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    distance = np.triu(rng.integers(1, 10**6, (count, count)), 1)
    distance = distance + distance.T
    groups = average_linkage(distance, cut)
    ours = np.zeros(count, np.int64)
    for number, members in enumerate(groups):
        ours[members] = number
    theirs = fcluster(linkage(squareform(distance), "average"), cut + 1e-6, "distance")
    assert sorted(i for g in groups for i in g) == list(range(count))
    assert adjusted_rand_index(ours, theirs) == 1.0


def test_edges() -> None:
    assert average_linkage(np.zeros((0, 0), np.int64), 5) == []
    assert average_linkage(np.zeros((1, 1), np.int64), 5) == [[0]]
    assert average_linkage(np.zeros((4, 4), np.int64), 0) == [[0, 1, 2, 3]]


def test_agreement_of_unrelated_labels_is_near_nothing() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 5, 5000), rng.integers(0, 5, 5000)
    assert adjusted_rand_index(first, first[::1]) == 1.0
    assert abs(adjusted_rand_index(first, second)) < 0.01
    assert adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])) == pytest.approx(4 / 7)

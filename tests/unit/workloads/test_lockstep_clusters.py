import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S
from tallystick.workloads.lockstep_clusters import merged, singles
from tallystick.workloads.lockstep_series import CLIP, Levels, Series, series_of

TICKS = 600


def series(power: Int64) -> Series:
    """Series of subjects with these levels (n, TICKS) in ppm, one a second."""
    known = np.ones(power.shape, np.bool_)
    return series_of(Levels(NS_PER_S, power, known), known)


def noise(count: int, seed: int) -> Int64:
    return (500_000 + 50_000 * np.random.default_rng(seed).standard_normal((count, TICKS))).astype(np.int64)


def test_the_sum_of_squares_is_the_unit() -> None:
    found = series(noise(5, 1))
    flat = found.views.reshape(5, -1).astype(np.int64)
    assert np.abs((flat * flat).sum(axis=1) / found.unit - 1).max() < 0.05
    assert np.abs(flat.sum(axis=1)).max() < 0.02 * 64 * flat.shape[1]


def test_a_subject_that_never_changes_correlates_with_nothing() -> None:
    level = np.full((3, TICKS), 400_000, np.int64)
    found = series(level)
    assert not found.views.any()
    assert [c.members for c in merged(singles(found, range(3)), found)] == [(0,), (1,), (2,)]


def test_unknown_and_idle_ticks_count_for_nothing() -> None:
    power = noise(2, 3)
    active = np.ones(power.shape, np.bool_)
    active[:, :200] = False
    found = series_of(Levels(NS_PER_S, power, np.ones(power.shape, np.bool_)), active)
    assert not found.views[:, :, :200].any()
    assert found.ticks_used.tolist() == [400, 400]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 5), st.integers(1, 4))
def test_within_is_the_sum_over_pairs_and_every_subject_is_in_one_cluster(
    seed: int, groups: int, each: int
) -> None:
    shared = np.repeat(noise(groups, seed), each, axis=0)
    found = series(shared + noise(groups * each, seed + 1) // 4)
    clusters = merged(singles(found, range(groups * each)), found)
    assert sorted(m for c in clusters for m in c.members) == list(range(groups * each))
    flat = found.views.reshape(groups * each, -1).astype(np.int64)
    products = flat @ flat.T
    for c in clusters:
        block = products[np.ix_(c.members, c.members)]
        assert c.within == int(block.sum() - np.trace(block))
        assert (c.views == found.views[list(c.members)].astype(np.int64).sum(axis=0)).all()


def test_one_outlier_does_not_outweigh_the_rest() -> None:
    power = noise(2, 8)
    power[:, 300] += 10**8
    found = series(power)
    joined = int((found.views[0].astype(np.int64) * found.views[1]).sum()) / found.unit
    assert joined < 0.3
    assert CLIP == 320

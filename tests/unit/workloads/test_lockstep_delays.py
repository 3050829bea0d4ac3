import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.telemetry.table import Int64
from tallystick.workloads.lockstep_delays import PARTS, delays, heaps_of, in_heaps, moved

TICKS = 600


def programs(late: list[float], seed: int, noise: float = 0.3) -> Int64:
    """One smooth program on as many members as ``late``, each so many ticks late, with noise of its own."""
    rng = np.random.default_rng(seed)
    fine = np.convolve(rng.standard_normal(10 * (TICKS + 40)), np.hanning(40), "same")
    at = np.arange(TICKS) + 20.0
    rows = [np.interp(at - d, np.arange(len(fine)) / 10, fine / fine.std()) for d in late]
    return np.rint(64 * (np.array(rows) + noise * rng.standard_normal((len(late), TICKS)))).astype(np.int64)


def test_delays_are_told_to_a_small_part_of_a_tick() -> None:
    late = np.random.default_rng(1).uniform(-1, 1, 40)
    found = delays(programs(late.tolist(), 2)) / PARTS
    assert np.abs(found - (late - late.mean())).max() < 0.15


def test_copies_half_a_tick_apart_are_two_heaps_and_one_run_is_not() -> None:
    two = heaps_of(programs([0.0] * 20 + [0.5] * 30, 3), 2)
    assert two.heap.tolist() == [0] * 20 + [1] * 30
    assert two.gap_in_spreads > 6
    assert two.agreed_ppm == 1_000_000
    assert abs(two.width_ticks - 0.5) < 0.1
    one = [heaps_of(programs([0.0] * 50, seed), 2).gap_in_spreads for seed in range(10)]
    assert max(one) < 4


def test_three_copies_are_three_heaps() -> None:
    three = heaps_of(programs([0.0] * 20 + [0.6] * 20 + [1.2] * 20, 4), 3)
    assert three.heap.tolist() == [0] * 20 + [1] * 20 + [2] * 20
    assert three.gap_in_spreads > 5


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-4000, 4000), min_size=3, max_size=60), st.integers(2, 3))
def test_heaps_are_intervals_in_order(values: list[int], count: int) -> None:
    delay = np.array(values, np.int64)
    heap = in_heaps(delay, count)
    assert (np.diff(heap[np.argsort(delay, kind="stable")]) >= 0).all()
    assert set(heap.tolist()) <= set(range(count))


def test_moved_beyond_its_length_is_nothing() -> None:
    series = np.arange(1, 4, dtype=np.int64)
    assert moved(series, 1).tolist() == [0, 1, 2]
    assert moved(series, -2).tolist() == [3, 0, 0]
    assert moved(series, 5).tolist() == [0, 0, 0]

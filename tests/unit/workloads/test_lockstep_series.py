import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.accounting.energy import MAX_GAP_INTERVALS
from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S
from tallystick.workloads.lockstep_clusters import agreements
from tallystick.workloads.lockstep_series import Readings, _exchanges, _median, empty_levels, fill

from .sample_tables import subject, table_of


def on_line(tick: int, time: list[int], level: list[int], interval: int) -> tuple[int, bool]:
    """The level at one tick, worked out one reading at a time; microseconds as in the code."""
    after = sum(t < tick for t in time)
    left, right = max(after - 1, 0), min(after, len(time) - 1)
    gap = time[right] - time[left]
    if 0 < gap <= MAX_GAP_INTERVALS * interval:
        part, whole = min(max((tick - time[left]) // 1000, 0), gap // 1000), max(gap // 1000, 1)
        return level[left] + (level[right] - level[left]) * part // whole, True
    nearest = right if abs(time[right] - tick) < abs(tick - time[left]) else left
    return level[nearest], abs(time[nearest] - tick) <= interval


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_levels_lie_on_lines_between_readings(data: st.DataObject) -> None:
    times = data.draw(
        st.lists(
            st.lists(st.integers(0, 59_999), max_size=20, unique=True).map(sorted), min_size=1, max_size=4
        )
    )
    times = [[t * 10**6 for t in own] for own in times]
    levels = [
        data.draw(st.lists(st.integers(-(10**6), 10**7), min_size=len(t), max_size=len(t))) for t in times
    ]
    names = [subject(f"n{i}", interval_s=2 + i) for i in range(len(times))]
    table = table_of(names, [(t, [0] * len(t)) for t in times])
    flat = np.array([v for own in levels for v in own], np.int64)
    readings = Readings(table.subject, table.time_ns, flat)
    step = data.draw(st.sampled_from([1, 2, 3])) * NS_PER_S
    everyone = np.arange(len(names))
    found = empty_levels(len(names), step, 60 * NS_PER_S // step)
    fill(found, everyone, table, readings, everyone, 0)
    for row, (time, level) in enumerate(zip(times, levels, strict=True)):
        for tick in range(found.ppm.shape[1]):
            wanted = (
                on_line(tick * step + step // 2, time, level, names[row].interval_ns) if time else (0, False)
            )
            assert (found.ppm[row, tick], found.known[row, tick]) == wanted


def test_exchanges_sort_every_sequence_of_zeros_and_ones() -> None:
    """Which is enough for all sequences (Knuth 5.3.4, the zero-one principle)."""
    for width in range(1, 12):
        lanes = list(((np.arange(2**width)[:, None] >> np.arange(width)) & 1).T)
        for low, high in _exchanges(width):
            lanes[low], lanes[high] = np.minimum(lanes[low], lanes[high]), np.maximum(lanes[low], lanes[high])
        assert (np.diff(np.stack(lanes), axis=0) >= 0).all()


def test_the_running_median_is_that_of_each_window() -> None:
    level = np.random.default_rng(2).integers(-(10**6), 10**6, (3, 40))
    found = _median(level, 4)
    padded = np.pad(level, ((0, 0), (4, 4)), mode="edge")
    assert all(found[i, t] == sorted(padded[i, t : t + 9])[4] for i in range(3) for t in range(40))


def shifted_sum(one: Int64, other: Int64, shift: int) -> int:
    ticks = one.shape[1]
    return sum(
        int(one[v, t]) * int(other[v, t - shift])
        for v in range(len(one))
        for t in range(ticks)
        if 0 <= t - shift < ticks
    )


def test_agreements_are_exact_for_small_and_for_large_integers() -> None:
    rng = np.random.default_rng(4)
    for most in (10**3, 10**8):
        one, other = rng.integers(-most, most, (2, 2, 30))
        assert agreements(one, other, 3).tolist() == [shifted_sum(one, other, s) for s in range(-3, 4)]

"""Energy integration: exact integers, nothing invented, nothing counted twice."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.accounting.energy import MAX_GAP_INTERVALS, hold_intervals, integrate
from tallystick.units import NS_PER_S, SLOT_NS, WINDOW_NS

START = 1_772_409_600_000_000_000
END = START + SLOT_NS
SLOT_US = SLOT_NS // 1000


@st.composite
def readings(draw: st.DrawFn) -> tuple[list[int], list[int], int]:
    count = draw(st.integers(0, 25))
    offsets = draw(st.lists(st.integers(0, SLOT_NS - 1), min_size=count, max_size=count, unique=True))
    power = draw(st.lists(st.integers(0, 50_000_000), min_size=count, max_size=count))
    return sorted(START + o for o in offsets), power, draw(st.integers(1, 200 * NS_PER_S))


@given(readings())
@settings(max_examples=200)
def test_holds_do_not_overlap_and_stay_in_the_slot(given_: tuple[list[int], list[int], int]) -> None:
    times, _, interval = given_
    spans = hold_intervals(times, interval, START, END)
    assert len(spans) == len(times)
    edge = START // 1000
    for (left, right), time in zip(spans, times, strict=True):
        assert edge <= left <= time // 1000 <= right <= END // 1000
        edge = right


@given(readings())
@settings(max_examples=200)
def test_observed_never_exceeds_the_span_and_windows_add_up(
    given_: tuple[list[int], list[int], int],
) -> None:
    times, power, interval = given_
    whole = integrate(times, power, interval, START, END, SLOT_NS)[0]
    windows = integrate(times, power, interval, START, END, WINDOW_NS)
    assert 0 <= whole.observed_us <= SLOT_US
    assert all(0 <= w.observed_us <= WINDOW_NS // 1000 for w in windows)
    assert sum(w.observed_us for w in windows) == whole.observed_us
    lost = whole.energy_mj - sum(w.energy_mj for w in windows)
    assert 0 <= lost < len(windows)


@given(readings())
@settings(max_examples=200)
def test_energy_lies_between_least_and_greatest_power(given_: tuple[list[int], list[int], int]) -> None:
    times, power, interval = given_
    for span in integrate(times, power, interval, START, END, WINDOW_NS):
        low = Fraction(min(power, default=0) * span.observed_us, 10**6)
        high = Fraction(max(power, default=0) * span.observed_us, 10**6)
        assert low - 1 < span.energy_mj <= high


@given(st.integers(1, 60), st.integers(0, 50_000_000))
@settings(max_examples=60)
def test_constant_power_without_gaps_is_power_times_time(seconds: int, power: int) -> None:
    times = list(range(START, END, seconds * NS_PER_S))
    for amount in integrate(times, [power] * len(times), seconds * NS_PER_S, START, END, WINDOW_NS):
        assert (amount.observed_us, amount.energy_mj) == (300_000_000, power * 300)


@given(st.integers(1, 100), st.integers(1, 100))
@settings(max_examples=60)
def test_a_gap_is_never_filled(before: int, after: int) -> None:
    """Two samples far apart hold for one interval each side, as far as the slot reaches, and no longer."""
    second = NS_PER_S
    times = [START + before * second, END - after * second]
    amount = integrate(times, [1000, 1000], second, START, END, SLOT_NS)[0]
    assert amount.observed_us == 4_000_000
    assert amount.energy_mj == 4_000


@pytest.mark.parametrize(("apart", "observed"), [(MAX_GAP_INTERVALS, 5), (MAX_GAP_INTERVALS + 1, 4)])
def test_where_a_gap_begins(apart: int, observed: int) -> None:
    times = [START + 100 * NS_PER_S, START + (100 + apart) * NS_PER_S]
    assert integrate(times, [0, 0], NS_PER_S, START, END, SLOT_NS)[0].observed_us == observed * 10**6


def test_nothing_observed_is_nothing_accounted() -> None:
    assert [(w.observed_us, w.energy_mj) for w in integrate([], [], 1, START, END, WINDOW_NS)] == [(0, 0)] * 3


def test_a_step_is_split_at_the_midpoint() -> None:
    times = [START, START + 2 * NS_PER_S, START + 4 * NS_PER_S]
    amount = integrate(times, [0, 1000, 5000], 2 * NS_PER_S, START, END, SLOT_NS)[0]
    # 0 W until 1 s, 1 W until 3 s, 5 W until one interval after the last sample, 6 s.
    assert (amount.observed_us, amount.energy_mj) == (6_000_000, 2 * 1000 + 3 * 5000)


@given(readings(), st.integers(0, 24), st.integers(1, 10**6))
@settings(max_examples=100)
def test_more_power_is_never_less_energy(
    given_: tuple[list[int], list[int], int], at: int, more: int
) -> None:
    times, power, interval = given_
    if not times:
        return
    raised = list(power)
    raised[at % len(raised)] += more
    less = integrate(times, power, interval, START, END, SLOT_NS)[0]
    assert integrate(times, raised, interval, START, END, SLOT_NS)[0].energy_mj >= less.energy_mj

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.accounting.energy import integrate
from tallystick.errors import SampleError
from tallystick.records.subject import SubjectKind
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.amounts import amounts

from .sample_tables import START_NS, subject, table_of

SPANS = st.sampled_from([10 * NS_PER_S, 60 * NS_PER_S, SLOT_NS // 3, SLOT_NS])


@st.composite
def series(draw: st.DrawFn) -> tuple[int, list[int], list[int]]:
    """Interval in s, rising times and powers of one subject: any cadence, jitter and gaps."""
    interval = draw(st.sampled_from([1, 2, 10, 47, 900]))
    offsets = draw(st.lists(st.integers(0, SLOT_NS - 1), unique=True, max_size=30))
    regular = draw(st.booleans())
    if regular:
        jitter = draw(st.integers(0, NS_PER_S))
        offsets = [k * interval * NS_PER_S + (k * 7919 * jitter) % NS_PER_S for k in range(40)]
        offsets = sorted({o for o in offsets if o < SLOT_NS})
    powers = draw(st.lists(st.integers(0, 50_000_000), min_size=len(offsets), max_size=len(offsets)))
    return interval, [START_NS + o for o in sorted(offsets)], powers


@settings(max_examples=80, deadline=None)
@given(st.lists(series(), min_size=1, max_size=4), SPANS)
def test_equals_the_pure_rule(parts: list[tuple[int, list[int], list[int]]], span: int) -> None:
    subjects = [subject(f"n{i}", interval_s=interval) for i, (interval, _, _) in enumerate(parts)]
    table = table_of(subjects, [(times, powers) for _, times, powers in parts])
    if not len(table):
        return
    found = amounts(table, span)
    assert found.start_ns == START_NS
    for i, (interval, times, powers) in enumerate(parts):
        pure = integrate(times, powers, interval * NS_PER_S, START_NS, START_NS + SLOT_NS, span)
        assert found.observed_us[i].tolist() == [p.observed_us for p in pure]
        assert found.energy_mj[i].tolist() == [p.energy_mj for p in pure]


def test_largest_amount_does_not_wrap() -> None:
    node = subject("n", interval_s=900)
    found = amounts(table_of([node], [([START_NS + SLOT_NS // 2], [50_000_000])]), SLOT_NS)
    assert found.energy_mj.tolist() == [[50_000_000 * 900]]


def test_meters_and_missing_readings_have_no_amounts() -> None:
    table = table_of([subject("m", SubjectKind.METER)], [([START_NS], [5])])
    assert not amounts(table, SLOT_NS).observed_us.any()


@pytest.mark.parametrize("power", [-1, 50_000_001])
def test_unbelievable_power_is_refused(power: int) -> None:
    with pytest.raises(SampleError, match="NODE_POWER_USAGE"):
        amounts(table_of([subject("n")], [([START_NS], [power])]), SLOT_NS)


def test_rows_of_two_slots_are_refused() -> None:
    table = table_of([subject("n")], [([START_NS, START_NS + SLOT_NS], [1, 1])])
    with pytest.raises(SampleError, match="more than one slot"):
        amounts(table, SLOT_NS)


def test_empty_table() -> None:
    table = table_of([subject("n")], [([], [])])
    assert np.array_equal(amounts(table, SLOT_NS).energy_mj, [[0]])

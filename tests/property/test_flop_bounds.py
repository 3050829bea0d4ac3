"""Bounds of a run are ordered and monotone, for any chip and any evidence."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.accounting.chips import chip_table
from tallystick.accounting.run_flop import RunEvidence, hard_upper_flop, run_flop

AMOUNTS = st.integers(0, 10**15)


@st.composite
def evidence(draw: st.DrawFn) -> RunEvidence:
    energy = draw(st.none() | AMOUNTS)
    active = None if energy is None else draw(st.none() | st.integers(0, 10**6))
    idle = 0 if energy is None else draw(AMOUNTS)
    key = draw(st.sampled_from(sorted(chip_table())))
    return RunEvidence(key, draw(st.integers(1, 10**6)), draw(AMOUNTS), energy, idle, active)


@given(evidence())
@settings(max_examples=150)
def test_lower_estimate_upper_are_in_order(run: RunEvidence) -> None:
    found = run_flop(run)
    assert 0 <= found.flop.lower <= found.flop.estimate <= found.flop.upper
    assert 0 <= found.worst_under_report_ppm <= 1_000_000
    # The part that may be missed is rounded up, never down.
    left = 1_000_000 - found.worst_under_report_ppm
    assert left * found.flop.upper <= found.flop.estimate * 1_000_000


@given(evidence(), AMOUNTS)
@settings(max_examples=100)
def test_more_time_is_never_a_lower_bound_or_estimate(run: RunEvidence, more: int) -> None:
    longer = replace(run, chip_us=run.chip_us + more)
    assert run_flop(longer).flop.upper >= run_flop(run).flop.upper
    assert run_flop(longer).flop.estimate >= run_flop(run).flop.estimate
    assert run_flop(longer).flop.lower >= run_flop(run).flop.lower


@given(evidence(), AMOUNTS, st.integers(0, 10**6))
@settings(max_examples=100)
def test_another_channel_never_loosens_the_hard_bound(run: RunEvidence, energy: int, active: int) -> None:
    timed = replace(run, energy_mj=None, tensor_active_ppm=None)
    metered = replace(timed, energy_mj=energy)
    watched = replace(metered, tensor_active_ppm=active)
    assert hard_upper_flop(watched) <= hard_upper_flop(metered) <= hard_upper_flop(timed)


@given(evidence(), AMOUNTS)
@settings(max_examples=100)
def test_more_energy_never_lowers_anything(run: RunEvidence, more: int) -> None:
    weak = replace(run, energy_mj=run.energy_mj or 0)
    strong = replace(weak, energy_mj=(weak.energy_mj or 0) + more)
    one, other = run_flop(weak).flop, run_flop(strong).flop
    assert (one.lower <= other.lower, one.estimate <= other.estimate, one.upper <= other.upper) == (True,) * 3

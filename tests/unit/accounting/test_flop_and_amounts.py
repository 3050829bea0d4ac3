"""FLOP and amounts of an entry: public linear rules, in exact integers."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.accounting.amounts import entry_amounts
from tallystick.accounting.energy import SpanAmount
from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware, hardware_table
from tallystick.accounting.run_flop import RunEvidence, hard_upper_flop
from tallystick.errors import InputError
from tallystick.records.flop import NO_FLOP
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.units import WINDOWS_PER_HOUR

H100 = hardware("h100-sxm")
WINDOW_US = 300_000_000
FULL = SpanAmount(WINDOW_US, 700_000 * 300)
A0 = Subject("a0", SubjectKind.ACCELERATOR, "h100-sxm", ("a0",), "dcgm", Trust.OPERATOR, 10**9, 0)
TRAINING, IDLE = CLASSES.index(WorkloadClass.PRETRAINING), CLASSES.index(WorkloadClass.IDLE)


@pytest.mark.parametrize("kind", hardware_table().values(), ids=lambda k: k.key)
def test_the_hardware_table_makes_sense(kind) -> None:
    assert 0 <= kind.idle_mw < kind.rated_mw
    assert 0 < kind.least_flop_per_mj <= kind.typical_flop_per_mj <= kind.most_flop_per_mj
    assert kind.most_flop_per_s % kind.covers == 0
    assert kind.source
    # At rated power the physical bound by energy does not undercut the peak rate.
    assert kind.rated_mw * kind.most_flop_per_mj >= kind.most_flop_per_s


def test_unknown_hardware_is_named_with_what_there_is() -> None:
    with pytest.raises(InputError, match="h100-sxm"):
        hardware("abacus")


@given(st.integers(0, WINDOW_US), st.integers(0, 10**12))
@settings(max_examples=150)
def test_flop_is_an_interval_within_the_peak_rate(observed_us: int, energy_mj: int) -> None:
    flop = training_flop(H100, observed_us, energy_mj)
    assert 0 <= flop.lower <= flop.estimate <= flop.upper <= -(-H100.most_flop_per_s * observed_us // 10**6)


@given(st.integers(0, WINDOW_US), st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=100)
def test_more_energy_is_never_less_flop(observed_us: int, energy_mj: int, more: int) -> None:
    less, greater = (training_flop(H100, observed_us, e) for e in (energy_mj, energy_mj + more))
    assert greater.lower >= less.lower
    assert greater.estimate >= less.estimate
    assert greater.upper >= less.upper


@given(st.sampled_from(sorted(hardware_table())), st.integers(0, WINDOW_US), st.integers(0, 10**9))
@settings(max_examples=150)
def test_an_entry_and_a_run_have_one_hard_bound(key: str, observed_us: int, energy_mj: int) -> None:
    kind = hardware(key)
    run = RunEvidence(kind.chip, kind.covers, kind.covers * observed_us, energy_mj)
    assert training_flop(kind, observed_us, energy_mj).upper == hard_upper_flop(run)


@given(st.integers(0, WINDOW_US), st.integers(0, 10**9), st.integers(0, WINDOW_US), st.integers(0, 10**9))
@settings(max_examples=100)
def test_parts_are_never_bounded_below_the_whole(us: int, mj: int, more_us: int, more_mj: int) -> None:
    """Nor do windows summed allow less than the same time and energy as one: rounding goes upwards."""
    parts = training_flop(H100, us, mj).upper + training_flop(H100, more_us, more_mj).upper
    by_energy = H100.most_flop_per_mj * (mj + more_mj)
    by_time = H100.most_flop_per_s * (us + more_us) // 10**6
    assert parts <= by_energy
    assert parts <= by_time + 2


def test_nothing_drawn_above_idle_has_no_lower_bound_but_an_upper_one() -> None:
    flop = training_flop(H100, WINDOW_US, H100.idle_mw * 300)
    assert (flop.lower, flop.estimate) == (0, 0)
    assert flop.upper == H100.idle_mw * 300 * H100.most_flop_per_mj


def _amounts(workload: WorkloadClass | None, verdict: int, counted: bool = True, subject: Subject = A0):
    windows = [FULL] * WINDOWS_PER_HOUR
    return entry_amounts(
        subject, counted, windows, [verdict] * WINDOWS_PER_HOUR, [workload] * WINDOWS_PER_HOUR
    )


def test_declared_training_counts_whatever_the_classifier_says_but_for_idle() -> None:
    assert _amounts(WorkloadClass.PRETRAINING, TRAINING).flop == _amounts(WorkloadClass.FINE_TUNING, 2).flop
    assert _amounts(WorkloadClass.PRETRAINING, IDLE).flop == NO_FLOP


def test_unstated_work_counts_in_the_upper_bound_alone() -> None:
    declared, unstated = _amounts(WorkloadClass.PRETRAINING, TRAINING), _amounts(None, TRAINING)
    assert (unstated.flop.lower, unstated.flop.estimate) == (0, 0)
    assert unstated.flop.upper == declared.flop.upper > 0


@pytest.mark.parametrize("workload", [WorkloadClass.INFERENCE, WorkloadClass.OTHER, WorkloadClass.IDLE])
def test_other_work_has_energy_and_no_training(workload: WorkloadClass) -> None:
    amount = _amounts(workload, TRAINING)
    assert (amount.flop, amount.energy_mj) == (NO_FLOP, 700_000 * 3600)


def test_a_node_whose_accelerators_report_themselves_has_energy_only() -> None:
    amount = _amounts(WorkloadClass.PRETRAINING, TRAINING, counted=False)
    assert (sum(amount.time_ms), amount.flop) == (0, NO_FLOP)
    assert amount.energy_mj > 0


def test_a_node_counts_each_of_its_accelerators() -> None:
    names = tuple(f"n-{i}" for i in range(8))
    node = replace(A0, name="n", kind=SubjectKind.NODE, hardware="hgx-h100-8", covers=names)
    assert _amounts(WorkloadClass.INFERENCE, 2, subject=node).time_ms == (0, 0, 8 * 3_600_000, 0, 0, 0)


def test_each_window_counts_as_what_it_is_declared() -> None:
    half = WINDOWS_PER_HOUR // 2
    declared = [WorkloadClass.PRETRAINING] * half + [None] * half
    windows = [FULL] * WINDOWS_PER_HOUR
    amount = entry_amounts(A0, True, windows, [TRAINING] * WINDOWS_PER_HOUR, declared)
    assert amount.time_ms == (1_800_000, 0, 0, 0, 0, 1_800_000)
    whole = _amounts(WorkloadClass.PRETRAINING, TRAINING).flop
    assert (amount.flop.lower, amount.flop.upper) == (whole.lower // 2, whole.upper)

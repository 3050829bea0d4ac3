"""Attacks on the judgement that a clean form hides: sparse samples, part of each hour, no stated class."""

import pytest

from tallystick.accounting.hardware import hardware
from tallystick.evidence.block import BlockHeader, SampleBlock
from tallystick.inspection.judgement import LEAST_CONTRADICTING, weigh
from tallystick.inspection.opened import OpenedHour
from tallystick.records.entry import LedgerEntry
from tallystick.records.flop import NO_FLOP
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED, TRAINING_UNCLEAR, WorkloadClass
from tallystick.units import NS_PER_S, SLOT_NS, WINDOWS_PER_HOUR

A0 = Subject("a0", SubjectKind.ACCELERATOR, "h100-sxm", ("a0",), "dcgm", Trust.OPERATOR, 10 * NS_PER_S, 0)
TRAINING, SERVING = CLASSES.index(WorkloadClass.PRETRAINING), CLASSES.index(WorkloadClass.INFERENCE)
PEAK = hardware("h100-sxm").most_flop_per_s * 3600
INFERENCE = WorkloadClass.INFERENCE


def opened(verdicts: list[int], declared: list[WorkloadClass | None], every_s: int = 10) -> OpenedHour:
    """An hour at 600 W, sampled every ``every_s`` seconds."""
    blocks = []
    for slot in range(4):
        times = list(range(slot * SLOT_NS, (slot + 1) * SLOT_NS, every_s * NS_PER_S))
        header = BlockHeader("a0", A0.kind, A0.source, A0.trust, A0.interval_ns, slot * SLOT_NS)
        channels = {"DCGM_FI_DEV_POWER_USAGE": [600_000] * len(times)}
        blocks.append(SampleBlock(header, times, [0] * len(times), channels))
    counts = tuple(verdicts.count(i) for i in range(NOT_OBSERVED + 1))
    entry = LedgerEntry("a0", 0, 3_600_000, (0,) * 6, 0, tuple(declared), "job", counts, NO_FLOP, "model", ())
    return OpenedHour(0, A0, entry, tuple(blocks), verdicts)


def test_honest_serving_hides_nothing() -> None:
    weighed = weigh(opened([SERVING] * 12, [INFERENCE] * 12))
    assert (weighed.contradicting, weighed.untested, weighed.suspect_flop) == (0, 0, 0)


def test_declared_training_is_not_suspect() -> None:
    assert weigh(opened([TRAINING] * 12, [WorkloadClass.FINE_TUNING] * 12)).suspect_flop == 0


@pytest.mark.parametrize("verdict", [TRAINING, TRAINING_UNCLEAR])
def test_training_for_part_of_each_hour_contradicts(verdict: int) -> None:
    weighed = weigh(opened([verdict] * 8 + [SERVING] * 4, [INFERENCE] * 12))
    assert weighed.contradicting == 8 >= LEAST_CONTRADICTING
    assert weighed.contradicting_flop.lower > 0


def test_the_edge_of_a_job_counts_in_the_bound_alone() -> None:
    weighed = weigh(opened([TRAINING] * 2 + [SERVING] * 10, [INFERENCE] * 12))
    assert weighed.contradicting < LEAST_CONTRADICTING
    assert weighed.suspect_flop > 0


@pytest.mark.parametrize("verdict", [ABSTAINED, NOT_OBSERVED])
def test_what_could_not_be_told_is_suspect_at_its_energy(verdict: int) -> None:
    weighed = weigh(opened([verdict] * 12, [INFERENCE] * 12))
    assert weighed.contradicting == 0
    assert weighed.untested == WINDOWS_PER_HOUR
    assert weighed.suspect_flop > PEAK // 2


def test_work_of_no_stated_class_is_suspect() -> None:
    assert weigh(opened([TRAINING] * 12, [None] * 12)).suspect_flop > PEAK // 2
    assert weigh(opened([SERVING] * 12, [None] * 12)).suspect_flop == 0


def test_time_that_no_sample_covers_is_suspect_at_peak_rate() -> None:
    weighed = weigh(opened([NOT_OBSERVED] * 12, [INFERENCE] * 12, every_s=300))
    assert weighed.suspect_flop > PEAK * 9 // 10

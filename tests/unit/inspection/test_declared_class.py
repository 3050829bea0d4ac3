"""Check 19: a run over nodes that is declared as inference and told to be other work, window after window."""

from collections.abc import Sequence
from typing import cast

import pytest

from tallystick.accounting.run_reference import RunReference
from tallystick.evidence.block import SampleBlock
from tallystick.inspection.declared_class import LEAST_DECLARED, LockStepRun, lock_step_runs
from tallystick.inspection.findings import other_than_declared
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.recomputation import LockStepGroup
from tallystick.inspection.sightings import Sighting
from tallystick.records.entry import LedgerEntry
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Severity
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import ABSTAINED, NOT_OBSERVED, VERDICT_NAMES, WorkloadClass
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

INFERENCE, IDLE, OTHER = WorkloadClass.INFERENCE, WorkloadClass.IDLE, WorkloadClass.OTHER
PRETRAINING = WorkloadClass.PRETRAINING
REFERENCE = RunReference("m", {"accelerator": 400_000}, (), (), "h")
NAMES = tuple(f"gpu-{number}" for number in range(12))


def subject(name: str, kind: SubjectKind = SubjectKind.ACCELERATOR) -> Subject:
    return Subject(name, kind, "h100-sxm", (name,), "dcgm", Trust.OPERATOR, 10 * NS_PER_S, 0)


def sighting(slot: int, nodes: int = 3, **votes: int) -> Sighting:
    """All of NAMES in one group in the slot of this number, with votes by a word of the verdict's name."""
    counted = [0] * (NOT_OBSERVED + 1)
    for word, count in votes.items():
        counted[next(i for i, name in enumerate(VERDICT_NAMES) if name.startswith(word))] = count
    group = LockStepGroup(NAMES, None, 900_000, nodes, tuple(counted))
    members = tuple((subject(name), cast(SampleBlock, None)) for name in NAMES)
    return Sighting(slot * SLOT_NS, group, members, frozenset(NAMES), len(NAMES))


def opened(name: str, hour: int, workload: WorkloadClass | None = INFERENCE) -> OpenedHour:
    entry = LedgerEntry(
        name,
        hour * NS_PER_HOUR,
        3_600_000,
        (0,) * 6,
        0,
        (workload,) * 12,
        "job-7",
        (0,) * 8,
        NO_FLOP,
        "m",
        (),
    )
    return OpenedHour(0, subject(name), entry, ())


def one_run(seen: Sequence[Sighting], hours: Sequence[OpenedHour]) -> LockStepRun:
    (found,) = lock_step_runs(seen, hours, REFERENCE)
    return found


HOURS = [opened("gpu-0", hour) for hour in range(5)]


def test_other_work_in_every_slot_is_named_though_most_windows_were_not_told() -> None:
    run = one_run([sighting(slot, other=6, abstained=30) for slot in range(20)], HOURS)
    assert run.named
    assert (run.jobs, run.declared, run.nodes, run.slots) == (("job-7",), (INFERENCE,), 3, 20)
    assert (run.as_declared, sum(run.otherwise.values()), run.told[ABSTAINED]) == (0, 120, 600)
    finding = other_than_declared(run)
    assert finding.severity is Severity.MAJOR
    assert "of 120 windows that were told, 0 look as declared and 120 do not, most like other" in finding.text


def test_inference_that_is_told_to_be_inference_is_not_named() -> None:
    run = one_run([sighting(slot, inference=30, other=6) for slot in range(20)], HOURS)
    assert not run.named
    assert run.evidence.log2_most < 0


def test_up_to_the_reference_share_told_otherwise_is_not_named_however_long() -> None:
    hours = [opened("gpu-0", hour) for hour in range(50)]
    assert not one_run([sighting(slot, inference=6, other=4) for slot in range(200)], hours).named
    assert one_run([sighting(slot, inference=4, other=6) for slot in range(200)], hours).named


def test_a_few_slots_are_not_enough() -> None:
    assert not one_run([sighting(slot, other=36) for slot in range(8)], HOURS).named


def test_windows_not_told_count_for_neither_side() -> None:
    silent = {"abstained": 30, "no": 6}
    assert one_run([sighting(slot, **silent) for slot in range(20)], HOURS).evidence.windows == 0


@pytest.mark.parametrize("workload", [OTHER, PRETRAINING, None])
def test_work_declared_as_anything_else_is_not_tested(workload: WorkloadClass | None) -> None:
    seen = [sighting(slot, other=36) for slot in range(20)]
    assert lock_step_runs(seen, [opened("gpu-0", hour, workload) for hour in range(5)], REFERENCE) == ()
    mixed = [*HOURS, opened("gpu-1", 2, workload)]
    assert lock_step_runs(seen, mixed, REFERENCE) == ()


def test_one_node_is_not_tested() -> None:
    assert lock_step_runs([sighting(slot, 1, other=36) for slot in range(20)], HOURS, REFERENCE) == ()


def test_too_few_declared_windows_say_nothing() -> None:
    seen = [sighting(slot, other=36) for slot in range(20)]
    assert 3 * 4 < LEAST_DECLARED <= 3 * 8  # three windows a slot, four slots an hour
    assert lock_step_runs(seen, HOURS[:1], REFERENCE) == ()
    assert len(lock_step_runs(seen, HOURS[:2], REFERENCE)) == 1


def test_a_run_on_idle_accelerators_is_named() -> None:
    hours = [opened("gpu-3", hour, IDLE) for hour in range(5)]
    assert one_run([sighting(slot, pretraining=36) for slot in range(20)], hours).named
    assert not one_run([sighting(slot, idle=36) for slot in range(20)], hours).named


def test_without_a_reference_set_nothing_is_tested() -> None:
    seen = [sighting(slot, other=36) for slot in range(20)]
    assert lock_step_runs(seen, HOURS, RunReference("m", {}, (), (), "h")) == ()

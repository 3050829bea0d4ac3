from dataclasses import replace

import numpy as np
import pytest

from tallystick.records.subject import Subject, SubjectKind
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.lockstep import BATCH, group_slot

from .sample_tables import lockstep_table, slot_times, subject, table_of


def shapes(table: SampleTable, names: list[str] | None = None) -> list[set[str]]:
    """The group numbers within each found group."""
    return [{name.split("-")[0] for name in g.subjects} for g in group_slot(table, names)]


@pytest.mark.parametrize("interval_s", [2, 10])
@pytest.mark.parametrize("kind", [SubjectKind.NODE, SubjectKind.ACCELERATOR])
def test_two_jobs_are_two_groups(interval_s: int, kind: SubjectKind) -> None:
    table = lockstep_table([6, 5], interval_s=interval_s, kind=kind)
    groups = group_slot(table)
    assert sorted(len(g.subjects) for g in groups) == [5, 6]
    assert shapes(table) == [{"g0"}, {"g1"}]
    assert min(g.coherence_ppm for g in groups) > 800_000


def test_subjects_of_their_own_stay_alone() -> None:
    alone = [len(group_slot(lockstep_table([1] * 8, seed=seed))) for seed in range(20)]
    assert sum(alone) >= 0.9 * 20 * 8


def test_idle_subjects_are_in_no_group() -> None:
    groups = group_slot(lockstep_table([4], idle=[1, 3]))
    assert [g.subjects for g in groups] == [("g0-000", "g0-002")]


def test_a_subset_is_grouped_by_itself() -> None:
    table = lockstep_table([4, 4])
    names = ["g0-001", "g1-005", "g0-003"]
    assert shapes(table, names) == [{"g0"}, {"g1"}]
    pair = next(g for g in group_slot(table, names) if len(g.subjects) == 2)
    assert pair.coherence_ppm == next(
        g.coherence_ppm for g in group_slot(table, ["g0-001", "g0-003"]) if len(g.subjects) == 2
    )


def test_nodes_whose_accelerators_report_are_left_out() -> None:
    table = lockstep_table([2], kind=SubjectKind.ACCELERATOR)
    assert {s for g in group_slot(table) for s in g.subjects} == {"g0-000", "g0-001"}


def copies(shift_s: int, seed: int, nodes: int = 5, interval_s: int = 2) -> SampleTable:
    """Two runs of one and the same program, the second started ``shift_s`` later, on ``nodes`` nodes each.

    A step of about 7 s ends in a dip of 1 s, and every 130 s or so an evaluation of 15 s draws less. A
    reading is the mean of the 2 s before it; each node's sensor reads at instants of its own.
    """
    rng = np.random.default_rng(seed)
    fine = np.arange(0, SLOT_NS // NS_PER_S + shift_s + 1, 0.5)
    program = np.zeros_like(fine)
    ends = np.cumsum(rng.normal(7.0, 0.05, len(fine)))
    for end in ends[ends < fine[-1]]:
        program[(fine >= end) & (fine < end + 1)] = -1.0
    for end in np.cumsum(rng.normal(130.0, 1.0, 20)):
        program[(fine >= end) & (fine < end + 15)] = -0.7
    program = np.convolve(program, np.full(4, 0.25), "same")
    subjects: list[Subject] = []
    rows: list[tuple[list[int], list[int]]] = []
    for group, late in enumerate((0, shift_s)):
        for _ in range(nodes):
            begins = int(rng.integers(0, interval_s * 1000))
            times = [t + begins * NS_PER_S // 1000 for t in slot_times(interval_s)]
            at = np.arange(len(times)) * interval_s + shift_s - late + begins / 1000
            own = 0.1 * rng.standard_normal(len(times))
            power = 6_900_000 + 700_000 * (np.interp(at, fine, program) + own)
            subjects.append(subject(f"g{group}-{len(subjects):03d}", SubjectKind.NODE, interval_s))
            rows.append((times, np.rint(power).astype(np.int64).tolist()))
    return table_of(subjects, rows)


def test_twenty_of_twenty_copies_started_at_other_times_are_told_apart() -> None:
    shifts = np.random.default_rng(1).integers(3, 120, 20).tolist()
    wrong = [s for i, s in enumerate(shifts) if sorted(map(sorted, shapes(copies(s, i)))) != [["g0"], ["g1"]]]
    assert wrong == []


def test_a_program_and_itself_are_one_run() -> None:
    assert shapes(copies(0, 3)) == [{"g0", "g1"}]


def test_a_run_is_put_together_over_batches_whatever_the_names() -> None:
    table = lockstep_table([1] * (BATCH + 40) + [12], interval_s=2)
    place = np.random.default_rng(0).permutation(len(table.subjects)).tolist()
    renamed = tuple(replace(s, name=f"x{p:03d}-{s.name}") for s, p in zip(table.subjects, place, strict=True))
    order = sorted(range(len(renamed)), key=lambda i: renamed[i].name)
    groups = group_slot(replace(table, subjects=renamed))
    (run,) = [g for g in groups if len(g.subjects) > 6]
    assert {name.split("-")[1] for name in run.subjects} == {f"g{BATCH + 40}"}
    assert len(run.subjects) == 12
    assert sum(order.index(i) < BATCH for i in range(BATCH + 40, BATCH + 52)) not in (0, 12)


def test_the_order_of_subjects_in_the_table_changes_nothing() -> None:
    table = lockstep_table([5, 4, 1])
    turned = table.subjects[::-1]
    rows = np.argsort(len(turned) - 1 - table.subject, kind="stable")
    other = SampleTable(
        turned,
        (len(turned) - 1 - table.subject)[rows],
        table.time_ns[rows],
        table.quality[rows],
        {name: values[rows] for name, values in table.channels.items()},
    )
    assert group_slot(other) == group_slot(table)

from dataclasses import replace

import numpy as np
import pytest

from tallystick.errors import SampleError
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED, TRAINING_UNCLEAR, WorkloadClass
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS
from tallystick.workloads.amounts import amounts, slot_start
from tallystick.workloads.classifier import Verdicts
from tallystick.workloads.run_class import class_of_run
from tallystick.workloads.runs import FoundRun, RunFinder, covering_runs
from tallystick.workloads.traffic import LINKS

from .sample_tables import START_NS, lockstep_table, subject

IDLE_MW = 2_150_000


def verdicts(table: SampleTable, verdict: int = ABSTAINED) -> Verdicts:
    shape = (len(table.subjects), 3)
    return Verdicts(table.subjects, slot_start(table), np.full(shape, verdict))


def find(tables: list[SampleTable], verdict: int = ABSTAINED) -> tuple[FoundRun, ...]:
    finder = RunFinder()
    for table in tables:
        finder.add(table, verdicts(table, verdict))
    return finder.finish()


def idled(table: SampleTable, first_s: int, last_s: int) -> SampleTable:
    """The table with every subject idle in a span of the slot."""
    at = (table.time_ns % SLOT_NS) // NS_PER_S
    power = np.where((at >= first_s) & (at < last_s), IDLE_MW, table.channels["NODE_POWER_USAGE"])
    return replace(table, channels={"NODE_POWER_USAGE": power})


def without(table: SampleTable, first_s: int, last_s: int) -> SampleTable:
    """The table without samples in a span of the slot."""
    at = (table.time_ns % SLOT_NS) // NS_PER_S
    kept = (at < first_s) | (at >= last_s)
    channels = {name: values[kept] for name, values in table.channels.items()}
    return SampleTable(
        table.subjects, table.subject[kept], table.time_ns[kept], table.quality[kept], channels
    )


def test_one_job_over_slots_is_one_run_with_all_its_energy() -> None:
    tables = [lockstep_table([5, 3], slot=k) for k in range(4)]
    large, small = find(tables)
    assert (large.id, small.id) == ("run-0001", "run-0002")
    assert (len(large.subjects), len(small.subjects)) == (5, 3)
    assert (large.start_ns, large.end_ns) == (START_NS, START_NS + 4 * SLOT_NS)
    whole = sum(int(amounts(t, SLOT_NS).energy_mj[:5].sum()) for t in tables)
    assert 0 <= whole - large.energy_mj < 5 * 4 * 90  # floored per bin
    assert large.observed_us == 5 * 4 * 900 * 10**6
    assert sum(large.votes) == large.votes[ABSTAINED] == 5 * 4 * 3


def test_a_pause_at_idle_ends_a_run_and_a_shorter_one_does_not() -> None:
    tables = [lockstep_table([4], slot=k, interval_s=2) for k in range(3)]
    assert len(find([tables[0], idled(tables[1], 300, 340), tables[2]])) == 1
    first, second = find([tables[0], idled(tables[1], 300, 400), tables[2]])
    assert abs(first.end_ns - (START_NS + SLOT_NS + 300 * NS_PER_S)) <= 10 * NS_PER_S
    assert abs(second.start_ns - (START_NS + SLOT_NS + 400 * NS_PER_S)) <= 10 * NS_PER_S


def test_a_gap_in_the_telemetry_is_no_pause() -> None:
    tables = [lockstep_table([4], slot=k, interval_s=2) for k in range(2)]
    assert len(find([without(tables[0], 500, 640), tables[1]])) == 1
    assert len(find([without(tables[0], 300, 700), tables[1]])) == 2


def test_one_slot_in_which_a_job_fell_apart_tears_nothing() -> None:
    tables = [lockstep_table([6], slot=k) for k in range(5)]
    torn = lockstep_table([1] * 6, slot=2)
    tables[2] = replace(torn, subjects=tables[0].subjects)
    (run,) = find(tables)
    assert len(run.subjects) == 6
    assert run.end_ns - run.start_ns == 5 * SLOT_NS


def test_two_jobs_that_looked_like_one_for_a_slot_stay_two() -> None:
    tables = [lockstep_table([5, 3], slot=k) for k in range(5)]
    tables[2] = replace(lockstep_table([8], slot=2), subjects=tables[0].subjects)
    assert sorted(len(r.subjects) for r in find(tables)) == [3, 5]


def test_lone_node_is_a_run_and_idle_ones_are_none() -> None:
    (run,) = find([lockstep_table([1, 1], slot=k, idle=[1]) for k in range(2)])
    assert run.subjects == ("g0-000",)
    assert run.coherence_ppm == 0
    assert run.workload is None


def test_slots_out_of_order_are_refused() -> None:
    finder = RunFinder()
    late, early = lockstep_table([2], slot=1), lockstep_table([2], slot=0)
    finder.add(late, verdicts(late))
    with pytest.raises(SampleError, match="out of order"):
        finder.add(early, verdicts(early))


def test_nothing_gives_no_runs() -> None:
    assert RunFinder().finish() == ()


def votes(**counts: int) -> tuple[int, ...]:
    cast = [0] * (NOT_OBSERVED + 1)
    for name, count in counts.items():
        special = {"abstained": ABSTAINED, "unclear": TRAINING_UNCLEAR}
        cast[special[name] if name in special else CLASSES.index(WorkloadClass[name])] = count
    return tuple(cast)


def test_class_of_accelerators_follows_the_votes() -> None:
    pair = (subject("a", SubjectKind.ACCELERATOR), subject("b", SubjectKind.ACCELERATOR))
    assert class_of_run(pair, votes(PRETRAINING=5, FINE_TUNING=2), 1) is WorkloadClass.PRETRAINING
    assert class_of_run(pair, votes(PRETRAINING=5, FINE_TUNING=4), 1) is WorkloadClass.PRETRAINING
    assert class_of_run(pair, votes(PRETRAINING=1, FINE_TUNING=4), 1) is WorkloadClass.FINE_TUNING
    assert class_of_run(pair, votes(unclear=9), 1) is WorkloadClass.PRETRAINING
    assert class_of_run(pair, votes(unclear=5, INFERENCE=4), 1) is None
    assert class_of_run(pair, votes(INFERENCE=1, abstained=99), 1) is None
    assert class_of_run(pair, votes(IDLE=9), 1) is None
    assert class_of_run(pair, votes(INFERENCE=9), 2) is WorkloadClass.INFERENCE
    assert class_of_run(pair, votes(abstained=9), 2) is WorkloadClass.PRETRAINING


def test_nodes_in_lockstep_train_and_one_node_may_abstain() -> None:
    nodes = (subject("a"), subject("b"))
    assert class_of_run(nodes, votes(abstained=9), 2) is WorkloadClass.PRETRAINING
    assert class_of_run(nodes, votes(INFERENCE=9), 2) is WorkloadClass.PRETRAINING
    assert class_of_run(nodes, votes(FINE_TUNING=9), 2) is WorkloadClass.FINE_TUNING
    assert class_of_run(nodes[:1], votes(abstained=9), 1) is None


def test_hours_go_to_the_run_that_covers_most() -> None:
    hour = START_NS // NS_PER_HOUR * NS_PER_HOUR
    minute = 60 * NS_PER_S
    first = FoundRun("run-0001", ("a",), hour + 50 * minute, hour + 80 * minute, 0, None, 0, 0, ())
    second = FoundRun("run-0002", ("a",), hour + 85 * minute, hour + 120 * minute, 0, None, 0, 0, ())
    found = covering_runs((first, second))
    assert found == {("a", hour): first, ("a", hour + NS_PER_HOUR): second}


def test_a_run_says_how_unequal_its_link_traffic_is() -> None:
    table = lockstep_table([4], kind=SubjectKind.ACCELERATOR)
    assert find([table])[0].link_imbalance_ppm is None
    grown = 10**9 * (1 + np.arange(len(table), dtype=np.int64))
    channels = table.channels | dict(zip(LINKS, (3 * grown, grown), strict=True))
    (run,) = find([replace(table, channels=channels)])
    assert run.link_imbalance_ppm == 500_000

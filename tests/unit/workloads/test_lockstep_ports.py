from dataclasses import replace

import numpy as np
import pytest

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import ABSTAINED
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.classifier import Verdicts
from tallystick.workloads.lockstep import Group, group_slot
from tallystick.workloads.lockstep_ports import LEAST_BYTES_PER_MS
from tallystick.workloads.runs import RunFinder, slot_findings
from tallystick.workloads.traffic import PORTS

from .sample_tables import slot_times, subject, table_of

SENT, RECEIVED = PORTS
INTERVAL_S = 2
TICKS = len(slot_times(INTERVAL_S))
GB = 10**9


def steps(seed: int, greatest: float = 20.0 * GB) -> Int64:
    """Bytes per second (ticks,) of work that exchanges now and then, at random."""
    rng = np.random.default_rng([3, seed])
    return np.rint(greatest * rng.random(TICKS) * (rng.random(TICKS) < 0.3)).astype(np.int64)


def site(sent: list[Int64], received: list[Int64] | None = None, each: int = 2, seed: int = 0) -> SampleTable:
    """Nodes whose ports carry such rates; ``each`` accelerators of one have nothing but noise in common.

    Accelerators of one node share their power, so that power alone finds each node and no more.
    """
    rng = np.random.default_rng(seed)
    times = slot_times(INTERVAL_S)
    subjects, rows, counts = [], [], {SENT: [], RECEIVED: []}
    for number, rates in enumerate(sent):
        names = tuple(f"n{number}-a{i}" for i in range(each))
        subjects.append(replace(subject(f"n{number}", SubjectKind.NODE, INTERVAL_S), covers=names))
        subjects += [subject(name, SubjectKind.ACCELERATOR, INTERVAL_S) for name in names]
        both = (rates, rates if received is None else received[number])
        shared = rng.normal(0, 60_000, TICKS)
        for member in range(each + 1):
            own = 450_000 + shared + rng.normal(0, 6_000, TICKS)
            rows.append((times, [MISSING] * TICKS if not member else np.rint(own).astype(int).tolist()))
            for name, way in zip(PORTS, both, strict=True):
                grown = (10**12 + np.cumsum(way * INTERVAL_S)).tolist()
                counts[name].append([MISSING] * TICKS if member else grown)
    return table_of(subjects, rows, counts)


def sets(groups: tuple[Group, ...]) -> list[set[str]]:
    """The nodes of each group."""
    return [{name.split("-")[0] for name in g.subjects} for g in groups]


def without_ports(table: SampleTable) -> SampleTable:
    return replace(table, channels={k: v for k, v in table.channels.items() if k not in PORTS})


def test_ports_join_the_nodes_of_a_job_and_no_others() -> None:
    table = site([steps(1), steps(1), steps(2), steps(2), steps(3)])
    assert len(group_slot(without_ports(table))) == 5
    groups = group_slot(table)
    assert sets(groups) == [{"n0", "n1"}, {"n2", "n3"}, {"n4"}]
    assert groups[0].coherence_ppm > 900_000


def test_ports_join_nodes_that_report_no_accelerators() -> None:
    table = site([steps(1), steps(1), steps(2)])
    nodes = [s.kind is SubjectKind.NODE for s in table.subjects]
    chosen = np.flatnonzero(nodes)
    rows = np.isin(table.subject, chosen)
    power = np.random.default_rng(1).integers(4_000_000, 6_000_000, rows.sum())
    channels = {name: table.channels[name][rows] for name in PORTS} | {"NODE_POWER_USAGE": power}
    alone = SampleTable(
        tuple(table.subjects[i] for i in chosen.tolist()),
        np.repeat(np.arange(len(chosen)), TICKS),
        table.time_ns[rows],
        table.quality[rows],
        channels,
    )
    assert [set(g.subjects) for g in group_slot(alone)] == [{"n0", "n1"}, {"n2"}]


def test_quiet_ports_join_nothing_however_alike() -> None:
    quiet = 0.9 * LEAST_BYTES_PER_MS * 1000
    assert len(group_slot(site([steps(1, quiet)] * 3))) == 3
    assert len(group_slot(site([steps(1, 2 * quiet)] * 3))) == 1


def test_ports_join_nothing_within_a_node() -> None:
    """Accelerators of one node that power leaves apart stay apart, unless their node goes with another."""
    table = site([steps(1), steps(2)])
    rng = np.random.default_rng(5)
    power = table.channels["DCGM_FI_DEV_POWER_USAGE"].copy()
    power[table.subject == 2] = rng.integers(300_000, 600_000, TICKS)
    apart = replace(table, channels={**table.channels, "DCGM_FI_DEV_POWER_USAGE": power})
    assert sorted(len(g.subjects) for g in group_slot(apart)) == [1, 1, 2]


@pytest.mark.parametrize("change", ["one way", "stuck", "missing", "jumping"])
def test_damaged_ports_are_as_good_as_none(change: str) -> None:
    table = site([steps(1), steps(1), steps(2)])
    channels = dict(table.channels)
    for number, name in enumerate(PORTS):
        values = channels[name].copy()
        read = values != MISSING
        if change == "one way" and number:
            del channels[name]
            continue
        if change == "stuck":
            values[read] = 10**12
        if change == "missing":
            values[:] = MISSING
        if change == "jumping":
            values[read] = np.random.default_rng(number).integers(0, 2**62, read.sum())
        channels[name] = values
    assert group_slot(replace(table, channels=channels)) == group_slot(without_ports(table))


def test_one_way_traffic_is_told_from_traffic_both_ways() -> None:
    """The first two nodes train, the third sends caches to the fourth, and the last one's ports are quiet."""
    quiet = np.full(TICKS, 10**6)
    sent = [steps(1), steps(1), steps(2), quiet, quiet]
    received = [steps(1), steps(1), quiet, steps(2), quiet]
    table = site(sent, received)
    finder = RunFinder()
    finder.add(
        table, Verdicts(table.subjects, slot_start(table), np.full((len(table.subjects), 3), ABSTAINED))
    )
    shown = {frozenset(n.split("-")[0] for n in r.subjects): r.port_imbalance_ppm for r in finder.finish()}
    assert shown[frozenset({"n0", "n1"})] == 0
    assert min(shown[frozenset({"n2"})] or 0, shown[frozenset({"n3"})] or 0) > 900_000
    assert shown[frozenset({"n4"})] is None


def test_a_slot_found_elsewhere_gives_the_same_runs() -> None:
    table = site([steps(1), steps(1), steps(2)])
    verdicts = Verdicts(table.subjects, slot_start(table), np.full((len(table.subjects), 3), ABSTAINED))
    here, elsewhere = RunFinder(), RunFinder()
    here.add(table, verdicts)
    elsewhere.take(slot_findings(table), verdicts)
    assert here.finish() == elsewhere.finish() != ()


def test_a_cluster_of_a_quiet_node_does_not_go_along_with_one_stray_member() -> None:
    """Power puts one accelerator of the first node with all of the third, whose ports are quiet."""
    quiet = np.full(TICKS, 10**6)
    table = site([steps(1), steps(1), quiet], each=8)
    power = table.channels["DCGM_FI_DEV_POWER_USAGE"].copy()
    place = [s.name for s in table.subjects].index
    stray, other = table.subject == place("n0-a0"), table.subject == place("n2-a0")
    power[stray] = power[other] + np.random.default_rng(6).integers(-9000, 9000, TICKS)
    groups = group_slot(replace(table, channels={**table.channels, "DCGM_FI_DEV_POWER_USAGE": power}))
    assert sorted(len(g.subjects) for g in groups) == [9, 15]

import hashlib
from collections.abc import Iterable

import numpy as np
import pytest

from tallystick.records.sample import CHANNELS, MISSING, POWER_CHANNEL, ChannelKind, Quality
from tallystick.records.subject import SubjectKind, Trust
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.source import SimulatedSource, open_simulation
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, SLOT_NS

POWER = "DCGM_FI_DEV_POWER_USAGE"


def digest(tables: Iterable[SampleTable]) -> list[str]:
    """One hash per table over every column."""
    hashes = []
    for table in tables:
        state = hashlib.sha256()
        for column in (table.subject, table.time_ns, table.quality, *table.channels.values()):
            assert column.dtype == np.int64
            state.update(column.tobytes())
        hashes.append(state.hexdigest())
    return hashes


def on_grids(source: SimulatedSource) -> dict[str, np.ndarray]:
    """Each channel's readings (subjects, ticks) as floats, NaN where there is none."""
    step_ns = source.spec.interval_s * NS_PER_S
    ticks = source.spec.hours * 3600 // source.spec.interval_s
    grids = {name: np.full((len(source.inventory()), ticks), np.nan) for name in CHANNELS}
    for table in source.slots():
        tick = (table.time_ns - source.spec.start_ns) // step_ns
        for name, values in table.channels.items():
            grids[name][table.subject, tick] = np.where(values == MISSING, np.nan, values)
    return grids


@pytest.fixture(scope="module")
def relabel() -> SimulatedSource:
    return open_simulation("relabel,seed=11,traces=off")


@pytest.fixture(scope="module")
def grids(relabel: SimulatedSource) -> dict[str, np.ndarray]:
    return on_grids(relabel)


@pytest.fixture(scope="module")
def power(grids: dict[str, np.ndarray]) -> np.ndarray:
    return grids[POWER]


def test_the_inventory_is_sorted_and_covers_the_site() -> None:
    subjects = open_simulation("honest,accelerators=9000,traces=off").inventory()
    names = [subject.name for subject in subjects]
    assert names == sorted(names)
    assert len(set(names)) == len(names) == 1 + 9 * 1125
    meter = subjects[0]
    assert (meter.kind, meter.trust, meter.hardware) == (SubjectKind.METER, Trust.SEALED, "")
    nodes = [subject for subject in subjects if subject.kind is SubjectKind.NODE]
    assert meter.covers == tuple(node.name for node in nodes)
    chips = [subject for subject in subjects if subject.kind is SubjectKind.ACCELERATOR]
    assert all(chip.covers == (chip.name,) and chip.hardware == "h100-sxm" for chip in chips)
    assert [name for node in nodes for name in node.covers] == [chip.name for chip in chips]


@pytest.mark.parametrize("spec", ["honest,hours=2,interval=60", "relabel,hours=3,accelerators=64,interval=5"])
def test_tables_keep_the_schema(spec: str) -> None:
    source = open_simulation(f"{spec},seed=4,traces=off")
    kinds = np.array([subject.kind.value for subject in source.inventory()])
    tables = list(source.slots())
    assert len(tables) == source.spec.hours * 4
    for index, table in enumerate(tables):
        assert table.subjects == source.inventory()
        start_ns = source.spec.start_ns + index * SLOT_NS
        assert table.time_ns.min() >= start_ns
        assert table.time_ns.max() < start_ns + SLOT_NS
        order = np.lexsort((table.time_ns, table.subject))
        assert np.array_equal(order, np.arange(len(table)))
        again = (np.diff(table.subject) == 0) & (np.diff(table.time_ns) == 0)
        assert not again.any()
        assert tuple(table.channels) == tuple(CHANNELS)
        for name, values in table.channels.items():
            channel = CHANNELS[name]
            theirs = kinds[table.subject] == channel.subject.value
            assert (values[~theirs] == MISSING).all()
            assert (values[theirs] >= 0).all()
            assert (values[theirs] <= channel.maximum).all()


def test_the_same_spec_gives_the_same_bytes_however_often() -> None:
    spec = "relabel,seed=7,hours=2,accelerators=64,traces=off"
    source = open_simulation(spec)
    first = digest(source.slots())
    stopped = source.slots()
    next(stopped)
    assert digest(source.slots()) == first
    assert digest(stopped) == first[1:]
    assert digest(open_simulation(spec).slots()) == first
    assert len(set(first)) == len(first)
    other = digest(open_simulation(spec.replace("seed=7", "seed=8")).slots())
    assert not set(other) & set(first)


def test_counters_only_fall_where_a_reset_is_flagged() -> None:
    source = open_simulation("honest,seed=2,hours=12,traces=off")
    gaps = resets = 0
    last: dict[str, dict[int, int]] = {name: {} for name in CHANNELS}
    for table in source.slots():
        bounds = table.bounds()
        reset = (table.quality & Quality.AFTER_RESET) != 0
        gaps += int(((table.quality & Quality.AFTER_GAP) != 0).sum())
        resets += int(reset.sum())
        for channel in CHANNELS.values():
            if channel.kind is not ChannelKind.COUNTER:
                continue
            for subject in np.unique(table.subject[table.channels[channel.name] != MISSING]):
                rows = slice(bounds[subject], bounds[subject + 1])
                values = table.channels[channel.name][rows]
                before = last[channel.name].get(int(subject), int(values[0]))
                falls = np.diff(values, prepend=before) < 0
                assert not (falls & ~reset[rows]).any()
                assert falls[reset[rows]].all() or (values[reset[rows]] == 0).all()
                last[channel.name][int(subject)] = int(values[-1])
    assert gaps > 10
    assert resets > 0
    assert resets % 8 == 0


def test_rows_after_a_missing_sample_say_so() -> None:
    source = open_simulation("honest,seed=2,hours=4,accelerators=64,traces=off")
    step_ns = source.spec.interval_s * NS_PER_S
    last = np.full(len(source.inventory()), -1)
    missing = 0
    for table in source.slots():
        tick = (table.time_ns - source.spec.start_ns) // step_ns
        for subject in range(len(table.subjects)):
            rows = table.subject == subject
            skipped = np.diff(tick[rows], prepend=last[subject]) > 1
            assert np.array_equal(skipped, (table.quality[rows] & Quality.AFTER_GAP) != 0)
            missing += int(skipped.sum())
            last[subject] = tick[rows][-1]
    assert missing > 0


def test_the_meter_agrees_with_the_nodes_and_with_itself(
    relabel: SimulatedSource, grids: dict[str, np.ndarray]
) -> None:
    nodes = np.nansum(grids[POWER_CHANNEL[SubjectKind.NODE]], axis=0)
    meter = grids["METER_POWER_USAGE"][0]
    energy = grids["METER_ENERGY_TOTAL"][0]
    assert not np.isnan(meter).any()
    assert np.array_equal(np.diff(energy), meter[1:] * relabel.spec.interval_s)
    # Node sensors err by up to 1 % each, so their sum by less; the meter by 0.5 %.
    assert abs(nodes.mean() / meter.mean() - 1) < 0.01


def test_node_power_lies_where_real_nodes_lie(relabel: SimulatedSource, grids: dict[str, np.ndarray]) -> None:
    node = grids[POWER_CHANNEL[SubjectKind.NODE]]
    (hidden,) = set(relabel.truth()) - set(relabel.jobs())
    names = [subject.name for subject in relabel.inventory()]
    busy = sorted({name.split("-")[0] for name in hidden.subjects})
    rows = [names.index(name) for name in busy]
    start, end = ticks_of(relabel, hidden.start_ns, hidden.end_ns)
    assert 5.2e6 < np.nanmean(node[rows, start + 60 : end]) < 7.3e6
    assert 1.7e6 < np.nanmean(node[rows, : start - 1]) < 2.3e6
    assert np.nanpercentile(grids[POWER], 0.1) > 55e3
    assert np.nanmax(grids[POWER]) <= 700e3 * 1.03


def ticks_of(source: SimulatedSource, start_ns: int, end_ns: int) -> tuple[int, int]:
    step_ns = source.spec.interval_s * NS_PER_S
    return (start_ns - source.spec.start_ns) // step_ns, (end_ns - source.spec.start_ns) // step_ns


def correlation(rows: np.ndarray) -> np.ndarray:
    """Correlations (subjects, subjects) of first differences."""
    return np.corrcoef(np.nan_to_num(np.diff(rows, axis=1)))


def test_one_training_job_moves_in_lock_step(relabel: SimulatedSource, power: np.ndarray) -> None:
    (hidden,) = set(relabel.truth()) - set(relabel.jobs())
    names = [subject.name for subject in relabel.inventory()]
    start, end = ticks_of(relabel, hidden.start_ns, hidden.end_ns)
    one_per_node = [names.index(name) for name in hidden.subjects[::8]]
    found = correlation(power[one_per_node, start + 60 : end - 2])
    assert 0.4 < np.median(found[np.triu_indices(len(found), 1)]) < 0.97


def test_independent_work_does_not_move_together(relabel: SimulatedSource, power: np.ndarray) -> None:
    names = [subject.name for subject in relabel.inventory()]
    serving = [
        name
        for job in relabel.truth()
        if job.workload is WorkloadClass.INFERENCE and job.end_ns - job.start_ns > 12 * 3600 * NS_PER_S
        for name in job.subjects[::8]
    ]
    tuning = [job for job in relabel.truth() if job.workload is WorkloadClass.FINE_TUNING]
    training = [job.subjects[0] for job in tuning]
    rows = [names.index(name) for name in dict.fromkeys([*serving, *training])]
    found = correlation(power[rows])
    assert np.abs(found[np.triu_indices(len(rows), 1)]).max() < 0.2


def test_a_replica_moves_as_one(relabel: SimulatedSource, grids: dict[str, np.ndarray]) -> None:
    tensor = grids["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"]
    names = [subject.name for subject in relabel.inventory()]
    job = next(job for job in relabel.truth() if job.workload is WorkloadClass.INFERENCE)
    start, end = ticks_of(relabel, job.start_ns, job.end_ns)
    rows = [names.index(name) for name in job.subjects[:8]]
    levels = np.corrcoef(np.nan_to_num(tensor[rows, start + 1 : end - 1]))
    assert np.median(levels) > 0.5


def test_training_keeps_tensor_cores_and_links_busy(
    relabel: SimulatedSource, grids: dict[str, np.ndarray]
) -> None:
    (hidden,) = set(relabel.truth()) - set(relabel.jobs())
    names = [subject.name for subject in relabel.inventory()]
    rows = [names.index(name) for name in hidden.subjects]
    start, end = ticks_of(relabel, hidden.start_ns, hidden.end_ns)
    inside = slice(start + 60, end - 1)
    tensor = grids["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"][rows, inside]
    assert 0.25e6 < np.nanmean(tensor) < 0.6e6
    assert np.nanmedian(grids["DCGM_FI_DEV_GPU_UTIL"][rows, inside]) > 0.9e6
    sent, received = (
        np.nanmedian(np.diff(grids[f"DCGM_FI_DEV_NVLINK_COUNT_{way}_BYTES"][rows, inside]))
        for way in ("TX", "RX")
    )
    assert sent > 1e9
    assert abs(received / sent - 1) < 0.01

"""The site made of recorded MLPerf runs, on the reference data; figures recomputed from the raw files."""

import os
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tallystick.errors import InputError
from tallystick.records.sample import MISSING, Quality
from tallystick.records.subject import SubjectKind, Trust
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.mlperf import NOTICE, MlperfSource, open_mlperf
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_HOUR, SLOT_NS

_ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("TALLYSTICK_REFERENCE_DATA", _ROOT.parent / "shared" / "data")) / "mlperf_power"
needs_data = pytest.mark.skipif(
    not (DATA / "training_runs.csv").is_file(),
    reason=f"no reference data at {DATA}; set TALLYSTICK_REFERENCE_DATA",
)


@pytest.fixture(scope="module")
def source() -> MlperfSource:
    return open_mlperf(DATA)


@pytest.fixture(scope="module")
def tables(source: MlperfSource) -> list[SampleTable]:
    return list(source.slots())


@needs_data
def test_nodes_report_for_the_operator_and_meters_are_sealed(source: MlperfSource) -> None:
    subjects = {s.name: s for s in source.inventory()}
    nodes = [s for s in subjects.values() if s.kind is SubjectKind.NODE]
    assert [s.name for s in nodes] == [f"n{i:03d}" for i in range(64 + 9 + 8 + 7)]
    assert len(subjects) == 2 * len(nodes)
    for node in nodes:
        meter = subjects[f"meter-{node.name}"]
        assert (node.trust, meter.trust) == (Trust.OPERATOR, Trust.SEALED)
        assert (node.hardware, len(node.covers), meter.covers) == ("hgx-h100-8", 8, (node.name,))
    assert len({a for n in nodes for a in n.covers}) == 8 * len(nodes)


@needs_data
def test_every_reading_is_kept_and_no_time_invented(source: MlperfSource, tables: list[SampleTable]) -> None:
    raw = pq.read_table(DATA / "training_node_power.parquet").to_pandas()
    raw = raw[(raw.node >= 0) & (raw.watts >= 0) & ~raw.duplicated(["run", "node", "t_s"])]
    listed = pacsv.read_csv(DATA / "training_runs.csv").to_pandas()
    once = listed[~listed.duplicated(["benchmark", "nodes", "run_start_ms", "meter"])]
    raw = raw[raw.run.isin(once.run)]
    dc = raw.run.isin(once[once.meter != "AC"].run)

    totals = {}
    for channel in ("NODE_POWER_USAGE", "METER_POWER_USAGE"):
        values = np.concatenate([t.channels[channel] for t in tables])
        totals[channel] = values[values != MISSING]
    assert len(totals["NODE_POWER_USAGE"]) == dc.sum()
    assert len(totals["METER_POWER_USAGE"]) == (~dc).sum()
    assert totals["NODE_POWER_USAGE"].sum() == round(raw.watts[dc].astype(float).sum() * 1000)
    assert totals["METER_POWER_USAGE"].sum() == round(raw.watts[~dc].astype(float).sum() * 1000)

    times = np.concatenate([t.time_ns for t in tables])
    subject = np.concatenate([t.subject for t in tables])
    for index, s in enumerate(source.inventory()):
        own = times[subject == index]
        assert own[0] - s.interval_ns <= s.joined_ns <= own[0]
        assert own[-1] < s.left_ns <= own[-1] + s.interval_ns
        assert (np.diff(own) > 0).all()
        assert np.diff(own).max() < 900 * 10**9


@needs_data
def test_tables_are_slots_in_order(tables: list[SampleTable]) -> None:
    slots = [set((t.time_ns // SLOT_NS).tolist()) for t in tables]
    assert all(len(s) == 1 for s in slots)
    assert [min(s) for s in slots] == sorted({min(s) for s in slots})
    for table in tables:
        assert (np.lexsort((table.time_ns, table.subject)) == np.arange(len(table))).all()
    assert any((t.quality & int(Quality.AFTER_GAP)).any() for t in tables)


@needs_data
def test_truth_names_each_run_once(source: MlperfSource, tables: list[SampleTable]) -> None:
    truth = {j.job: j for j in source.truth()}
    assert len(truth) == 148
    assert source.jobs() == ()
    job = truth["gpt3-64-run80"]
    assert job.subjects == tuple(f"n{i:03d}" for i in range(64))
    assert job.end_ns - job.start_ns == 3_412_670_000_000
    assert job.workload is WorkloadClass.PRETRAINING
    assert truth["llama2_70b_lora-8-run93"].workload is WorkloadClass.FINE_TUNING
    busy: dict[str, int] = {}
    for j in source.truth():
        for name in j.subjects:
            assert j.start_ns >= busy.get(name, 0), "two runs on one node at once"
            busy[name] = j.end_ns
    last = max(t.time_ns.max() for t in tables)
    assert 3 * NS_PER_HOUR < last - tables[0].time_ns.min() < 12 * NS_PER_HOUR


@needs_data
def test_gpt3_energy_agrees_with_the_submitters_total(
    source: MlperfSource, tables: list[SampleTable]
) -> None:
    """408.44 kWh at the nodes and 415.22 kWh at the wall, of the one run whose total is published."""
    known = {"NODE_POWER_USAGE": 408.44, "METER_POWER_USAGE": 415.22}
    for channel, expected in known.items():
        totals = [
            _kwh(tables, channel, job.start_ns, job.end_ns)
            for job in source.truth()
            if job.job in source.reference
        ]
        assert len(totals) == 3
        assert min(abs(t / expected - 1) for t in totals) < 0.01


def _kwh(tables: list[SampleTable], channel: str, start_ns: int, end_ns: int) -> float:
    """Mean power of the 64 nodes' readings in the run, times its length."""
    values = []
    for t in tables:
        names = np.array([s.name[-4:] < "n064" for s in t.subjects])
        inside = (
            (t.time_ns >= start_ns)
            & (t.time_ns < end_ns)
            & names[t.subject]
            & (t.channels[channel] != MISSING)
        )
        values.append(t.channels[channel][inside])
    return float(np.concatenate(values).mean()) * 64 * (end_ns - start_ns) / 3.6e18


@needs_data
def test_reference_and_notice(source: MlperfSource) -> None:
    assert set(source.reference) == {"gpt3-64-run80", "gpt3-64-run81", "gpt3-64-run82"}
    known = source.reference["gpt3-64-run80"]
    assert known.flop == 6 * known.parameters * known.tokens == 1_268_357_529_600_000_000_000
    assert source.notice == NOTICE
    assert any("listed twice" in note for note in source.notes)


@needs_data
@pytest.mark.parametrize("missing", ["training_runs.csv", "training_node_power.parquet"])
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    for name in {"training_runs.csv", "training_node_power.parquet"} - {missing}:
        shutil.copyfile(DATA / name, tmp_path / name)
    with pytest.raises(InputError, match=f"{missing}: no such file.* Mend: give the folder"):
        open_mlperf(tmp_path)


RUNS = """run,benchmark,accelerator,nodes,n_acc,run_start_ms,duration_s,meter
0,bert,NVIDIA H100-SXM5-80GB,1,8,1000,60,AC
1,bert,NVIDIA H100-SXM5-80GB,1,8,1000,60,DC (node PSU output)
"""
BAD_RUNS = {
    "no_folder": (None, "no such file"),
    "not_csv": ("\xff\xfe", "damaged"),
    "one_meter": (RUNS.rsplit("\n", 2)[0] + "\n", "lacks one of its two meters"),
    "other_chip": (RUNS.replace("H100-SXM5-80GB", "B200"), "row 0.*not on nodes of 8"),
    "column_missing": (RUNS.replace("meter", "sensor"), "no column 'meter'"),
    "name": (RUNS.replace("bert", "be rt"), "row 0.*not a name"),
    "text_for_number": (RUNS.replace(",60,", ",long,"), "row 0.*not a number"),
}


def _folder(path: Path, runs: str | None, watts: list[float]) -> Path:
    if runs is not None:
        (path / "training_runs.csv").write_text(runs, "latin-1")
        n = len(watts)
        table = pa.table(
            {"run": [0] * n + [1] * n, "node": [0] * 2 * n, "t_s": [float(2 * i) for i in range(n)] * 2}
        )
        pq.write_table(
            table.append_column("watts", pa.array(watts * 2)), path / "training_node_power.parquet"
        )
    return path


@pytest.mark.parametrize("name", BAD_RUNS)
def test_bad_lists_of_runs(name: str, tmp_path: Path) -> None:
    runs, words = BAD_RUNS[name]
    with pytest.raises(InputError, match=words):
        open_mlperf(_folder(tmp_path, runs, [5000.0] * 30))


def test_nan_power_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'watts' is not all numbers"):
        open_mlperf(_folder(tmp_path, RUNS, [5000.0, float("nan")]))


def test_a_small_folder_makes_a_small_site(tmp_path: Path) -> None:
    source = open_mlperf(_folder(tmp_path, RUNS, [5000.0, -43.0, 5000.0006] + [0.0] * 3))
    (table,) = source.slots()
    assert [s.name for s in source.inventory()] == ["meter-n000", "n000"]
    assert table.channels["METER_POWER_USAGE"][:5].tolist() == [5_000_000, 5_000_001, 0, 0, 0]
    assert source.notes == (NOTICE, "2 readings below 0 W: left out")

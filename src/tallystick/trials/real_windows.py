"""Labelled windows of real node power: MLPerf training runs (DC meter) and inference systems.

Two warnings go with every figure from here. Training was logged by node loggers on one kind of machine and
inference by a bench analyser on eight others, so a classifier may learn the meter or the chassis; readings
are thinned to one every 2 s and whole systems are held out. And the inference systems differ from any in the
hardware table: each is judged as a node of eight H100.

A *site* here is one submitted system by name, the finest thing that the logs tell apart: no split has
windows of one on both sides. Inference systems are eight machines. The training systems of 1, 8, 9 and 64
nodes are of one submitter and one chassis type, and the logs number nodes but do not name them, so that
whether two of those systems shared a machine, or a meter, is not known and cannot be held out.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from tallystick.records.sample import POWER_CHANNEL
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.telemetry.mlperf import open_mlperf
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.trials.labels import JobLabel, LabelledWindows, joined, labelled_windows
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.features import features

INTERVAL_NS = 2 * NS_PER_S
MW_PER_W = 1000
HARDWARE = "hgx-h100-8"
INFERENCE = CLASSES.index(WorkloadClass.INFERENCE)


def real_windows(folder: Path) -> LabelledWindows:
    """Training and inference windows of the folder ``mlperf_power``, at most 8 nodes of a run."""
    return by_system(joined([training_windows(folder), inference_windows(folder)]))


def by_system(windows: LabelledWindows) -> LabelledWindows:
    """The windows with a site for each system; those that train are numbered among those that serve.

    Consecutive sites then hold both. A job of no system, which is idle time, has a site of its own.
    """
    work = {
        kind: sorted({j.hardware for j in windows.jobs if j.source == f"{kind} meter"})
        for kind in ("training", "inference")
    }
    place = {name: (2 * k + 1) / (2 * len(names)) for names in work.values() for k, name in enumerate(names)}
    number = {name: k for k, name in enumerate(sorted(place, key=lambda n: (place[n], n)))}
    jobs = tuple(replace(j, site=number.get(j.hardware, len(number))) for j in windows.jobs)
    return replace(windows, jobs=jobs)


def training_windows(folder: Path, most_nodes: int | None = 8) -> LabelledWindows:
    """Windows of the training nodes: family and workload by benchmark, hardware by the system's size."""
    found = labelled_windows([open_mlperf(folder)], SubjectKind.NODE, most_nodes)
    return replace(found, jobs=tuple(_named(job) for job in found.jobs))


def _named(job: JobLabel) -> JobLabel:
    """The label of a job with an id such as gpt3-64-run80."""
    if not job.job:
        return job
    benchmark, nodes, _ = job.job.rsplit("-", 2)
    mechanism = "training on one node" if nodes == "1" else "training on several nodes"
    return replace(
        job,
        workload=f"{benchmark} on {nodes} nodes",
        family=benchmark,
        mechanism=mechanism,
        hardware=f"{nodes} x 8 H100",
        source="training meter",
    )


def inference_windows(folder: Path) -> LabelledWindows:
    """All whole windows of ``inference_system_power.parquet``, thinned to a reading every 2 s."""
    with (folder / "inference_runs.csv").open(encoding="utf-8", newline="") as file:
        known = {int(row["run"]): row for row in csv.DictReader(file)}
    jobs: list[JobLabel] = []
    values, job, start = [], [], []
    for number, table in _tables(folder):
        found = features(table, SubjectKind.NODE)
        seen = found.observed > 0
        row = known[number]
        if not jobs or jobs[-1].job != str(number):
            jobs.append(_inference_label(number, row))
        values.append(found.values[seen])
        start.append(found.window_start_ns()[seen])
        job.append(np.full(int(seen.sum()), len(jobs) - 1, np.int64))
    count = sum(len(v) for v in values)
    return LabelledWindows(
        SubjectKind.NODE,
        np.concatenate(values),
        np.full(count, INFERENCE, np.int64),
        np.ones(count, np.bool_),
        np.concatenate(job),
        np.zeros(count, np.int64),
        np.concatenate(start),
        tuple(jobs),
    )


def _inference_label(number: int, row: dict[str, str]) -> JobLabel:
    benchmark = row["benchmark"].removesuffix("-99.9").removesuffix("-99")
    return JobLabel(
        site=0,
        job=str(number),
        workload=f"{row['benchmark']} {row['scenario']}",
        family=f"{benchmark} inference",
        mechanism=f"{row['scenario']} inference",
        evasion="",
        hardware=row["system"],
        source="inference meter",
        start_ns=0,
        end_ns=0,
    )


def _tables(folder: Path) -> Iterator[tuple[int, SampleTable]]:
    table = parquet.read_table(folder / "inference_system_power.parquet")
    run, time_s, watts = (table.column(name).to_numpy() for name in ("run", "t_s", "watts"))
    for number in np.unique(run).tolist():
        mine = run == number
        time_ns = np.rint(time_s[mine].astype(np.float64)).astype(np.int64) * NS_PER_S
        power = np.rint(watts[mine].astype(np.float64) * MW_PER_W).astype(np.int64)
        time_ns, first = np.unique(time_ns - time_ns.min(), return_index=True)
        power = power[first]
        even = time_ns % INTERVAL_NS == 0
        for slot in np.unique(time_ns[even] // SLOT_NS):
            rows = even & (time_ns // SLOT_NS == slot)
            yield number, _table(f"inference-{number}", time_ns[rows], power[rows])


def _table(name: str, time_ns: Int64, power: Int64) -> SampleTable:
    subject = Subject(name, SubjectKind.NODE, HARDWARE, (), "mlperf", Trust.EXTERNAL, INTERVAL_NS, 0)
    nothing = np.zeros(len(time_ns), np.int64)
    return SampleTable((subject,), nothing, time_ns, nothing, {POWER_CHANNEL[SubjectKind.NODE]: power})

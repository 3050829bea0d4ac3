"""Windows of real inference systems, from the power readings of MLPerf inference submissions.

The systems differ from any in the hardware table: each is judged as a node of 8 H100, which is one more
reason to read the figures with care.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from tallystick.records.sample import POWER_CHANNEL
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.trials.labels import LabelledWindows
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.features import features

INTERVAL_NS = 2 * NS_PER_S
MW_PER_W = 1000
HARDWARE = "hgx-h100-8"


def inference_windows(folder: Path, label: int) -> LabelledWindows:
    """All whole windows of ``inference_system_power.parquet``, thinned to a reading every 2 s."""
    parts = [features(table, SubjectKind.NODE) for table in _tables(folder)]
    values = np.concatenate([p.values[p.observed > 0] for p in parts])
    count = len(values)
    return LabelledWindows(
        SubjectKind.NODE,
        values,
        np.full(count, label, np.int64),
        np.ones(count, np.int64),
        np.zeros(count, np.int64),
    )


def _tables(folder: Path) -> Iterator[SampleTable]:
    table = parquet.read_table(folder / "inference_system_power.parquet")
    run, time_s, watts = (table.column(name).to_numpy() for name in ("run", "t_s", "watts"))
    for number in np.unique(run):
        mine = run == number
        time_ns = np.rint(time_s[mine].astype(np.float64)).astype(np.int64) * NS_PER_S
        power = np.rint(watts[mine].astype(np.float64) * MW_PER_W).astype(np.int64)
        time_ns, first = np.unique(time_ns - time_ns.min(), return_index=True)
        power = power[first]
        even = time_ns % INTERVAL_NS == 0
        for slot in np.unique(time_ns[even] // SLOT_NS):
            rows = even & (time_ns // SLOT_NS == slot)
            yield _table(f"inference-{number}", time_ns[rows], power[rows])


def _table(name: str, time_ns: Int64, power: Int64) -> SampleTable:
    subject = Subject(name, SubjectKind.NODE, HARDWARE, (), "mlperf", Trust.EXTERNAL, INTERVAL_NS, 0)
    nothing = np.zeros(len(time_ns), np.int64)
    return SampleTable((subject,), nothing, time_ns, nothing, {POWER_CHANNEL[SubjectKind.NODE]: power})

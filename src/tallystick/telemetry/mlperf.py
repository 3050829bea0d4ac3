"""A site made of real training runs: node power of MLPerf Training v4.0 on 8-GPU H100 nodes.

Every run was metered twice. The output of the node's own power supplies (DC) becomes the operator's
channel, the meter at the wall (AC) the sealed one. Readings are kept as they are, watts rounded to
milliwatts, at their own times; only the runs are moved, each as a whole, onto one timeline
(``mlperf_layout``). Node power stays node power: no accelerator readings are made up.

The input is a folder with ``training_runs.csv`` (a row per run: run, benchmark, nodes, n_acc,
accelerator, run_start_ms, duration_s, meter) and ``training_node_power.parquet`` (run, node, t_s,
watts; ``t_s`` counts from the logged start of the run; node -1 is a switch and left out).

Known of the data: many pairs of nodes in the larger runs carry the very same readings, in both meters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np

from tallystick.records.sample import MISSING, POWER_CHANNEL, Quality
from tallystick.records.subject import JobRecord, Subject, SubjectKind, Trust
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.inventory import stay_of
from tallystick.telemetry.marks import Marker
from tallystick.telemetry.mlperf_files import PairedRun, Readings, read_runs
from tallystick.telemetry.mlperf_layout import INTERVAL_NS, Placement, lay_out
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import SLOT_NS

NOTICE = "derived from MLPerf logs, not verified by MLCommons Association"
HARDWARE = "hgx-h100-8"

#: Tokens of one gpt3 run to its target, and parameters of the model: the benchmark's rules.
GPT3_TOKENS = 1_207_959_552
GPT3_PARAMETERS = 175_000_000_000


@dataclass(frozen=True, slots=True)
class KnownRun:
    """What is known of one run from its definition: ``flop`` = 6 x parameters x tokens."""

    tokens: int
    parameters: int
    flop: int


GPT3 = KnownRun(GPT3_TOKENS, GPT3_PARAMETERS, 6 * GPT3_PARAMETERS * GPT3_TOKENS)


class MlperfSource:
    """A ``Source`` over the runs. ``reference`` maps job ids of ``truth`` to what is known of them.

    ``notes`` says what was left out of the data, and begins with ``notice``, which every figure derived
    from it carries.
    """

    notice = NOTICE

    def __init__(self, placements: tuple[Placement, ...], notes: tuple[str, ...]) -> None:
        self._placements = placements
        self.notes = (NOTICE, *notes)
        columns = _rows_by_name(placements)
        self._subjects = tuple(_subject(name, rows) for name, rows in sorted(columns.items()))
        self._table = _table(self._subjects, columns)
        self.reference: Mapping[str, KnownRun] = MappingProxyType(
            {_job_id(p.run): GPT3 for p in placements if p.run.benchmark == "gpt3"}
        )

    def inventory(self) -> tuple[Subject, ...]:
        """Nodes and their meters, sorted by name. Each from its first sample to its last."""
        return self._subjects

    @property
    def plays_meter(self) -> bool:
        """The recorded meter did not sign; its replay does, and the report says so."""
        return True

    def known_flop(self) -> Mapping[str, int]:
        """The published FLOP of the gpt3 runs."""
        return {job: known.flop for job, known in self.reference.items()}

    def slots(self) -> Iterator[SampleTable]:
        """Tables in time order, one slot each."""
        marker = Marker(np.full(len(self._subjects), INTERVAL_NS, dtype=np.int64))
        table = self._table
        slots = table.time_ns // SLOT_NS
        edges = [0, *(np.flatnonzero(np.diff(slots)) + 1).tolist(), len(slots)]
        for start, stop in pairwise(edges):
            yield marker.mark(
                SampleTable(
                    table.subjects,
                    table.subject[start:stop],
                    table.time_ns[start:stop],
                    table.quality[start:stop],
                    {name: values[start:stop] for name, values in table.channels.items()},
                )
            )

    def jobs(self) -> tuple[JobRecord, ...]:
        """Nothing: the data hold no operator's word about jobs."""
        return ()

    def truth(self) -> tuple[JobRecord, ...]:
        """One record per run, from its logged start to its logged stop, in time order."""
        records = [
            JobRecord(
                _job_id(p.run),
                tuple(sorted(p.nodes.values())),
                p.origin_ns,
                p.origin_ns + p.run.duration_ns,
                _workload(p.run.benchmark),
            )
            for p in self._placements
        ]
        return tuple(sorted(records, key=lambda r: (r.start_ns, r.job)))


def open_mlperf(path: Path) -> MlperfSource:
    """Build the site from the folder ``path``. Raises InputError where a file is missing or unusable."""
    runs, notes = read_runs(path)
    return MlperfSource(lay_out(runs), notes)


def _job_id(run: PairedRun) -> str:
    return f"{run.benchmark}-{run.nodes}-run{run.number}"


def _workload(benchmark: str) -> WorkloadClass:
    """gpt3 continues pre-training; all but the LoRA benchmark train from scratch."""
    return WorkloadClass.FINE_TUNING if benchmark == "llama2_70b_lora" else WorkloadClass.PRETRAINING


def _rows_by_name(placements: tuple[Placement, ...]) -> dict[str, Readings]:
    """All readings of each node and each meter, on the timeline, in time order."""
    parts: dict[str, list[Readings]] = {}
    for p in sorted(placements, key=lambda p: p.origin_ns):
        for node, name in p.nodes.items():
            for subject, meter in ((name, p.run.dc), (f"meter-{name}", p.run.ac)):
                readings = meter[node]
                parts.setdefault(subject, []).append(
                    Readings(readings.time_ns + p.origin_ns, readings.power_mw)
                )
    return {
        name: Readings(
            np.concatenate([r.time_ns for r in readings]), np.concatenate([r.power_mw for r in readings])
        )
        for name, readings in parts.items()
    }


def _subject(name: str, rows: Readings) -> Subject:
    meter = name.startswith("meter-")
    subject = Subject(
        name=name,
        kind=SubjectKind.METER if meter else SubjectKind.NODE,
        hardware="" if meter else HARDWARE,
        covers=(name.removeprefix("meter-"),) if meter else tuple(f"{name}-a{i}" for i in range(8)),
        source="mlperf-ac" if meter else "mlperf-dc",
        trust=Trust.SEALED if meter else Trust.OPERATOR,
        interval_ns=INTERVAL_NS,
        joined_ns=0,
    )
    return stay_of(subject, int(rows.time_ns[0]), int(rows.time_ns[-1]))


def _table(subjects: tuple[Subject, ...], rows: dict[str, Readings]) -> SampleTable:
    """All samples, sorted by (slot, subject, time)."""
    counts = [len(rows[s.name].time_ns) for s in subjects]
    subject: Int64 = np.repeat(np.arange(len(subjects), dtype=np.int64), counts)
    times = np.concatenate([rows[s.name].time_ns for s in subjects])
    power = np.concatenate([rows[s.name].power_mw for s in subjects])
    order = np.argsort(times // SLOT_NS, kind="stable")
    subject, times, power = subject[order], times[order], power[order]
    is_meter = np.array([s.kind is SubjectKind.METER for s in subjects])[subject]
    return SampleTable(
        subjects,
        subject,
        times,
        np.full(len(times), int(Quality.GOOD), dtype=np.int64),
        {
            POWER_CHANNEL[SubjectKind.NODE]: np.where(is_meter, MISSING, power),
            POWER_CHANNEL[SubjectKind.METER]: np.where(is_meter, power, MISSING),
        },
    )

"""Reads the two files of MLPerf node power and pairs the runs of the two meters."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tallystick.errors import InputError
from tallystick.telemetry.place import quoted, shown_path
from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_MS

RUNS_FILE = "training_runs.csv"
POWER_FILE = "training_node_power.parquet"
ACCELERATOR = "NVIDIA H100-SXM5-80GB"
ACCELERATORS_PER_NODE = 8

#: Runs, nodes, seconds and watts beyond this are damage.
MAX_NUMBER = 10**6

AC, DC = "AC", "DC (node PSU output)"

_MEND = "give the folder that holds training_runs.csv and training_node_power.parquet"
_RUN_COLUMNS = ("run", "benchmark", "accelerator", "nodes", "n_acc", "run_start_ms", "duration_s", "meter")
_POWER_COLUMNS = ("run", "node", "t_s", "watts")


@dataclass(frozen=True)
class Readings:
    """One meter of one node: ``time_ns`` (n,) rising strictly, ``power_mw`` (n,)."""

    time_ns: Int64
    power_mw: Int64


@dataclass(frozen=True)
class PairedRun:
    """One run with both meters. Times in the readings count from the logged start of the run.

    ``number`` is the run's number in the list for the AC meter. ``dc`` and ``ac`` map the node's number
    to its readings; both have the same nodes. ``start_ns`` is when it really started.
    """

    number: int
    benchmark: str
    nodes: int
    start_ns: int
    duration_ns: int
    dc: dict[int, Readings]
    ac: dict[int, Readings]

    def first_ns(self) -> int:
        """The earliest reading of either meter, usually before the run's start."""
        return min(int(r.time_ns[0]) for r in (*self.dc.values(), *self.ac.values()))

    def last_ns(self) -> int:
        """The latest reading of either meter."""
        return max(int(r.time_ns[-1]) for r in (*self.dc.values(), *self.ac.values()))


def read_runs(folder: Path) -> tuple[tuple[PairedRun, ...], tuple[str, ...]]:
    """All runs by number, and a note for each thing left out.

    Raises InputError where a file is missing, lacks a column, or is not of the hardware expected.
    """
    logged = _read_csv(folder / RUNS_FILE)
    readings, notes = _read_power(folder / POWER_FILE)
    pairs, repeats = _pair(logged, shown_path(folder / RUNS_FILE))
    if repeats:
        notes.append(f"{repeats} runs are listed twice under the same start: kept once")
    runs = []
    for ac, dc in pairs:
        by_ac, by_dc = readings.get(ac.number, {}), readings.get(dc.number, {})
        common = sorted(by_ac.keys() & by_dc.keys())
        if not len(common) == len(by_ac) == len(by_dc) == ac.nodes:
            notes.append(f"run {ac.number}: {len(common)} of {ac.nodes} nodes have both meters")
        if common:
            meters = {n: by_dc[n] for n in common}, {n: by_ac[n] for n in common}
            runs.append(
                PairedRun(
                    ac.number,
                    ac.benchmark,
                    ac.nodes,
                    ac.start_ms * NS_PER_MS,
                    ac.duration_ns,
                    *meters,
                )
            )
    twins = sum(_twins(run.dc) for run in runs)
    if twins:
        notes.append(
            f"{twins} pairs of nodes within a run have identical readings: how well runs are grouped looks "
            "better on these data than it is"
        )
    if not runs:
        raise InputError("no run has both meters", where=shown_path(folder), mend=_MEND)
    return tuple(runs), tuple(notes)


def _twins(nodes: dict[int, Readings]) -> int:
    """Pairs of nodes whose readings are the same to the last watt."""
    alike = Counter(r.power_mw.tobytes() for r in nodes.values())
    return sum(n * (n - 1) // 2 for n in alike.values())


@dataclass(frozen=True, slots=True)
class _LoggedRun:
    """One row of the list of runs: one run as one meter saw it."""

    number: int
    benchmark: str
    nodes: int
    start_ms: int
    duration_ns: int
    meter: str


def _read_csv(path: Path) -> list[_LoggedRun]:
    table = _read(path, lambda: pacsv.read_csv(path))
    missing = [c for c in _RUN_COLUMNS if c not in table.column_names]
    if missing:
        raise InputError(f"has no column '{missing[0]}'", where=shown_path(path), mend=_MEND)
    rows = table.select(list(_RUN_COLUMNS)).to_pylist()
    return [_logged_run(row, f"{shown_path(path)}, row {i}") for i, row in enumerate(rows)]


def _logged_run(row: dict[str, Any], where: str) -> _LoggedRun:
    integers = [row[c] for c in ("run", "nodes", "n_acc", "run_start_ms")]
    duration = row["duration_s"]
    if not all(isinstance(v, int) and v >= 0 for v in integers) or not isinstance(duration, float | int):
        raise InputError(
            "run, nodes, n_acc, run_start_ms or duration_s is not a number", where=where, mend=_MEND
        )
    if row["accelerator"] != ACCELERATOR or row["n_acc"] != ACCELERATORS_PER_NODE * row["nodes"]:
        raise InputError(
            f"the run is not on nodes of {ACCELERATORS_PER_NODE} {ACCELERATOR}",
            where=where,
            mend="leave it out",
        )
    name = str(row["benchmark"])
    if not (name.isascii() and name.replace("_", "").isalnum() and len(name) <= 40):
        raise InputError(f"benchmark {quoted(name)} is not a name", where=where, mend="use a-z, 0-9 and _")
    if not 0 < duration < 10**7:
        raise InputError(f"duration_s is {duration}", where=where, mend="give the run's length in seconds")
    milliseconds = round(duration * 1000)
    return _LoggedRun(
        row["run"], name, row["nodes"], row["run_start_ms"], milliseconds * NS_PER_MS, str(row["meter"])
    )


def _pair(logged: list[_LoggedRun], file: str) -> tuple[list[tuple[_LoggedRun, _LoggedRun]], int]:
    """(AC, DC) rows of the same run by number, and how many runs were listed more than once."""
    found: dict[tuple[str, int, int], dict[str, _LoggedRun]] = {}
    repeats = 0
    for run in sorted(logged, key=lambda r: r.number):
        meters = found.setdefault((run.benchmark, run.nodes, run.start_ms), {})
        repeats += run.meter in meters
        meters.setdefault(run.meter, run)
    for (benchmark, _, start_ms), meters in found.items():
        if set(meters) != {AC, DC}:
            raise InputError(
                f"run {quoted(benchmark)} started at {start_ms} ms lacks one of its two meters",
                where=file,
                mend=_MEND,
            )
    return [(meters[AC], meters[DC]) for meters in found.values()], repeats // 2


def _read_power(path: Path) -> tuple[dict[int, dict[int, Readings]], list[str]]:
    """Readings by run and node, switches left out, and notes on what was dropped."""
    table = _read(path, lambda: pq.read_table(path))
    missing = [c for c in _POWER_COLUMNS if c not in table.column_names]
    if missing:
        raise InputError(f"has no column '{missing[0]}'", where=shown_path(path), mend=_MEND)
    run, node, seconds, watts = (_numbers(table.column(c), c, path) for c in _POWER_COLUMNS)
    # Times are stored in single precision: rounding brings the logged milliseconds back.
    times = np.rint(seconds * 1000).astype(np.int64) * NS_PER_MS
    columns = [run.astype(np.int64), node.astype(np.int64), times, np.rint(watts * 1000).astype(np.int64)]
    return _clean(*columns)


def _clean(
    run: Int64, node: Int64, times: Int64, power: Int64
) -> tuple[dict[int, dict[int, Readings]], list[str]]:
    """Without switches, negative power and repeated times, in time order."""
    notes = []
    negative = int(((node >= 0) & (power < 0)).sum())
    if negative:
        notes.append(f"{negative} readings below 0 W: left out")
    keep = np.flatnonzero((node >= 0) & (power >= 0))
    order = keep[np.lexsort((times[keep], node[keep], run[keep]))]
    run, node, times, power = run[order], node[order], times[order], power[order]
    same = (run[1:] == run[:-1]) & (node[1:] == node[:-1]) & (times[1:] == times[:-1])
    if same.any():
        notes.append(f"{int(same.sum())} readings repeat a time: first kept")
        first = np.concatenate(([True], ~same))
        run, node, times, power = run[first], node[first], times[first], power[first]
    return _by_node(run, node, times, power), notes


def _by_node(run: Int64, node: Int64, times: Int64, power: Int64) -> dict[int, dict[int, Readings]]:
    edges = np.flatnonzero((np.diff(run) != 0) | (np.diff(node) != 0)) + 1
    result: dict[int, dict[int, Readings]] = {}
    for start, stop in zip([0, *edges.tolist()], [*edges.tolist(), len(run)], strict=True):
        if start < stop:
            nodes = result.setdefault(int(run[start]), {})
            nodes[int(node[start])] = Readings(times[start:stop], power[start:stop])
    return result


def _numbers(column: pa.ChunkedArray, name: str, path: Path) -> npt.NDArray[np.float64]:
    numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    values: npt.NDArray[np.float64] = (column.to_numpy() if numeric else np.zeros(0)).astype(np.float64)
    if not numeric or column.null_count or not (np.abs(values) < MAX_NUMBER).all():
        raise InputError(f"column '{name}' is not all numbers", where=shown_path(path), mend=_MEND)
    return values


def _read(path: Path, reader: Callable[[], pa.Table]) -> pa.Table:
    if not path.is_file():
        raise InputError("no such file", where=shown_path(path), mend=_MEND)
    try:
        return reader()
    except (pa.ArrowException, OSError, ValueError):
        raise InputError("cannot be read: damaged or cut short", where=shown_path(path), mend=_MEND) from None

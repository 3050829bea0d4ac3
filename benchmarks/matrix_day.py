"""A day of the committed matrix: rows proven and verified, eight lineages, nodes of eight accelerators.

``python -m benchmarks.matrix_day [ROWS] [DAYS]``. 1,250 rows are a day of 10,000 accelerators. The bars, on 2
cores: proven within 10 minutes and verified within 6 s; a month (DAYS = 30) verified within 3 minutes and
1 GB. A month checks the same day's rows again and again, which costs what other rows would: each batch is
verified from the rows alone. Prints the figures for the rows at hand, and what 1,250 would take at that pace.
"""

import random
import resource
import sys
import time
from functools import partial

from tallystick.evidence.matrix.amounts import CellAmounts, RowAmounts
from tallystick.evidence.matrix.check_row import check_rows
from tallystick.evidence.matrix.columns import ColumnPlan, plan_columns
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.row import CommittedRow, commit_row
from tallystick.execution.local import mapped, processors
from tallystick.inspection.committed import ROWS_PER_BATCH

ROWS, DAY_ROWS = 24, 1250
LINEAGES = 8
DAY_MS = 8 * 86_400_000
SECRET = bytes(range(32))

_Row = tuple[DueRow, CommittedRow]


def due_row(plan: ColumnPlan, row: int) -> DueRow:
    """A row of eight accelerators that were there all day."""
    place = RowPlace("Bench", "Bench", "log.example/bench", 20_514, row, bytes(32), plan.digest)
    return DueRow(place, DAY_MS)


def amounts_of(row: int) -> RowAmounts:
    """Any amounts: what they are does not change what they cost."""
    draw = random.Random(row)
    times = [draw.randrange(DAY_MS // 20) for _ in range(LINEAGES + 1)]
    cells = [CellAmounts(ms, ms // 1000 * 700, ms // 25) for ms in times]
    idle = CellAmounts(DAY_MS - sum(times), 61_000_000, 0)
    return RowAmounts((cells[0], idle, *cells[1:]))


def prove_row(plan: ColumnPlan, row: int) -> _Row:
    """One row with its proof."""
    due = due_row(plan, row)
    return due, commit_row(SECRET, plan, due, amounts_of(row))


def verify_rows(plan: ColumnPlan, rows: list[_Row]) -> int:
    """How many rows hold: all of them, or it raises."""
    return len(check_rows(plan, rows))


def report(rows: int = ROWS, days: int = 1) -> None:
    """Prove and verify ``rows``, the verification ``days`` times."""
    plan, _ = plan_columns("Bench", [f"lineage {i}" for i in range(LINEAGES)], SECRET)
    workers = processors()
    started, before = time.perf_counter(), processor_seconds()
    proven = list(mapped(partial(prove_row, plan), range(rows), workers))
    proving, proving_work = time.perf_counter() - started, processor_seconds() - before
    batches = [proven[at : at + ROWS_PER_BATCH] for at in range(0, rows, ROWS_PER_BATCH)]
    started, before = time.perf_counter(), processor_seconds()
    checked = sum(mapped(partial(verify_rows, plan), batches * days, workers))
    checking, checking_work = time.perf_counter() - started, processor_seconds() - before
    peak = (
        sum(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    )
    day = DAY_ROWS / rows
    print(
        f"matrix, {rows} rows proven {proving:10.1f} s with {workers} workers, {proving_work:,.0f} s of "
        f"processors; 1,250 rows {proving * day:,.0f} s (bar 600)"
    )
    day = DAY_ROWS / checked
    print(
        f"matrix, {checked} rows verified {checking:8.1f} s, {checking_work:,.1f} s of processors; "
        f"1,250 rows {checking * day:,.1f} s (bar 6); peak {peak:,.0f} MiB with a worker"
    )


def processor_seconds() -> float:
    """Of this process and of workers that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    report(*map(int, sys.argv[1:]))

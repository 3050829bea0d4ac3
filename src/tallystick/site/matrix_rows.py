"""The rows of the matrix of one day, from its ledger entries: committed and proven, each once."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tallystick.declarations.days import due_rows
from tallystick.declarations.inventory import Roster
from tallystick.declarations.leaf import DayStart
from tallystick.evidence.matrix.amounts import RowAmounts, add_hours
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.matrix.place import DueRow
from tallystick.evidence.matrix.row import CommittedRow, commit_row
from tallystick.execution.local import mapped
from tallystick.records.entry import LedgerEntry

#: A pool of processes takes longer to start than so few rows to prove.
FEWEST_FOR_A_POOL = 12


def day_amounts(
    start: DayStart, entries: Sequence[LedgerEntry], due: Sequence[DueRow], plan: ColumnPlan
) -> list[RowAmounts]:
    """The amounts of each due row. ``entries`` are the day's, hour by hour, in the order of the roster."""
    columns, width = len(plan.roles), start.rows
    hours_of = (entries[row.place.row :: width] for row in due)
    return [add_hours((entry.amounts for entry in hours), columns) for hours in hours_of]


def prove_rows(
    secret: bytes,
    plan: ColumnPlan,
    site: str,
    origin: str,
    roster: Roster,
    start: DayStart,
    entries: Sequence[LedgerEntry],
    workers: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> list[CommittedRow]:
    """The day's rows. ``progress`` is told of each row that is proven."""
    due = due_rows(roster, plan, site, origin, start)
    amounts = day_amounts(start, entries, due, plan)
    rows = []
    for row in _proven(secret, plan, list(zip(due, amounts, strict=True)), workers):
        rows.append(row)
        progress(1)
    return rows


def _proven(
    secret: bytes, plan: ColumnPlan, work: list[tuple[DueRow, RowAmounts]], workers: int
) -> Iterator[CommittedRow]:
    few = len(work) < FEWEST_FOR_A_POOL
    return mapped(partial(_prove, secret, plan), work, 1 if few else workers)


def _prove(secret: bytes, plan: ColumnPlan, work: tuple[DueRow, RowAmounts]) -> CommittedRow:
    due, amounts = work
    return commit_row(secret, plan, due, amounts)

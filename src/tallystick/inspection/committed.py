"""Check 9: the rows of the matrix that a bundle's period is made of, each verified at its place."""

from collections.abc import Callable, Iterator, Sequence

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.days import Day
from tallystick.declarations.statement import Declaration
from tallystick.errors import VerificationError
from tallystick.evidence.matrix.check_row import CheckedRow, check_rows
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.matrix.place import DueRow
from tallystick.evidence.matrix.row import CommittedRow
from tallystick.evidence.matrix.sums import Matrix
from tallystick.execution.local import mapped

#: Rows verified together: enough that a batch is cheap for each, few enough that memory stays small.
ROWS_PER_BATCH = 256
#: A pool of processes takes longer to start than so few rows to check.
FEWEST_FOR_A_POOL = 512

_Batch = tuple[ColumnPlan | None, list[tuple[DueRow, CommittedRow]]]


def committed_matrix(
    bundle: Bundle,
    declaration: Declaration,
    workers: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> Matrix:
    """All rows that are due in the period. Raises VerificationError or FormatError naming one culprit.

    ``progress`` is told of rows that were checked; ``workers`` processes check them.
    """
    plans: dict[bytes, ColumnPlan] = {}
    rows: list[CheckedRow] = []
    days = bundle.days_of(declaration)
    for day in days:
        if day.plan is None:
            raise VerificationError("a day before the log had a plan of columns", where=f"leaf {day.at}")
        plans.setdefault(day.plan.digest, day.plan)
    few = sum(len(day.due) for day in days) < FEWEST_FOR_A_POOL
    for checked in mapped(_check, _batches(bundle, days), 1 if few else workers):
        rows += checked
        progress(len(checked))
    return Matrix(tuple(plans.values()), tuple(rows))


def _batches(bundle: Bundle, days: Sequence[Day]) -> Iterator[_Batch]:
    for day in days:
        due = committed_rows(bundle, day)
        for at in range(0, len(due), ROWS_PER_BATCH):
            yield day.plan, due[at : at + ROWS_PER_BATCH]


def _check(batch: _Batch) -> tuple[CheckedRow, ...]:
    plan, rows = batch
    if plan is None:
        raise VerificationError("a day before the log had a plan of columns")
    return check_rows(plan, rows)


def committed_rows(bundle: Bundle, day: Day) -> list[tuple[DueRow, CommittedRow]]:
    """What is due of a day, with what stands there. Raises VerificationError where that is no row."""
    found = []
    for leaf, due in enumerate(day.due, day.first_row):
        row = bundle.leaves[leaf]
        if not isinstance(row, CommittedRow):
            raise VerificationError("no row stands there", where=str(due.place))
        found.append((due, row))
    return found

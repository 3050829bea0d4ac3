"""Small honest rows that the tests of the matrix share: one lineage, three columns, two days, two sites."""

from functools import cache

from tallystick.evidence.matrix.amounts import CellAmounts, RowAmounts
from tallystick.evidence.matrix.columns import ColumnPlan, plan_columns
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.row import CommittedRow, RowOpening, commit_row, open_row

SECRET = bytes(range(32))
OPERATOR = "Ares"
PLAN, PLAN_OPENINGS = plan_columns(OPERATOR, ["lineage-a"], SECRET)
GROWN, GROWN_OPENINGS = plan_columns(OPERATOR, ["lineage-a", "lineage-b"], SECRET)
DAY_MS = 8 * 86_400_000
FIRST_DAY = 20_514

OTHER, IDLE, LINEAGE = 0, 1, 2


def due_row(
    day: int = FIRST_DAY, site: str = "Arden", row: int = 0, plan: ColumnPlan = PLAN, time_ms: int = DAY_MS
) -> DueRow:
    """A row of eight accelerators that were there all day."""
    origin = f"log.example/{site}"
    return DueRow(RowPlace(OPERATOR, site, origin, day, row, bytes(32), plan.digest), time_ms)


def row_amounts(training_ms: int = 500_000_000, columns: int = 3, time_ms: int = DAY_MS) -> RowAmounts:
    """Training in the first lineage, the rest idle, and nothing in other columns."""
    training = CellAmounts(training_ms, training_ms // 1000 * 700, training_ms // 25)
    idle = CellAmounts(time_ms - training_ms, 61_000_000, 0)
    return RowAmounts((CellAmounts(), idle, training, *[CellAmounts()] * (columns - 3)))


@cache
def honest(due: DueRow, plan: ColumnPlan = PLAN, training_ms: int = 500_000_000) -> CommittedRow:
    """The row that an honest site commits. Made once, since each costs half a second."""
    return commit_row(SECRET, plan, due, row_amounts(training_ms, len(plan.roles)))


def opening(due: DueRow, plan: ColumnPlan = PLAN, training_ms: int = 500_000_000) -> RowOpening:
    """What the site keeps of the same row."""
    return open_row(SECRET, plan, due, row_amounts(training_ms, len(plan.roles)))

"""Verify rows of the matrix, one or many, against what the log says is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.matrix.amounts import AMOUNT_BITS, Amount
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.matrix.place import ROW_LABEL, DueRow, RowPlace
from tallystick.evidence.matrix.row import CommittedRow, check_plan
from tallystick.evidence.proofs.pedersen import Opening, sum_commitments, verify_opening
from tallystick.evidence.proofs.range_proof import Claim, verify_batch
from tallystick.evidence.proofs.ristretto import Point
from tallystick.evidence.proofs.statement import Statement


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """The commitments of a row that has been verified at its place. ``check_rows`` makes it."""

    place: RowPlace
    commitments: tuple[Point, ...]

    @property
    def columns(self) -> int:
        """How many columns the row has."""
        return len(self.commitments) // len(Amount)


def check_row(plan: ColumnPlan, due: DueRow, row: CommittedRow) -> CheckedRow:
    """Verify one row. Raises as ``check_rows``."""
    return check_rows(plan, [(due, row)])[0]


def check_rows(plan: ColumnPlan, rows: Sequence[tuple[DueRow, CommittedRow]]) -> tuple[CheckedRow, ...]:
    """Verify rows of one plan together: all columns there, time closes, every amount in [0, 2**32).

    ``DueRow`` comes from the log and the inventory, never from whoever sent the row. Raises
    VerificationError for what does not hold and FormatError for what is no row, naming one culprit by site,
    day and row; InputError where what is due does not fit the plan.
    """
    claims = [_claim(plan, due, row) for due, row in rows]
    verify_batch(claims)
    return tuple(CheckedRow(due.place, row.commitments) for due, row in rows)


def own_rows(rows: Iterable[tuple[DueRow, CommittedRow]]) -> tuple[CheckedRow, ...]:
    """Rows of one's own log, unchecked: for whoever proved them, and for nobody else."""
    return tuple(CheckedRow(due.place, row.commitments) for due, row in rows)


def _claim(plan: ColumnPlan, due: DueRow, row: CommittedRow) -> Claim:
    where = str(due.place)
    check_plan(plan, due)
    if len(row.commitments) != len(Amount) * len(plan.roles):
        raise VerificationError(
            f"{len(row.commitments)} commitments, not {len(Amount)} for each of {len(plan.roles)} columns",
            where=where,
        )
    _check_time(due, row, where)
    context = due.place.context(due.inventory_ms, row.time_blinding)
    try:
        statement = Statement(AMOUNT_BITS, row.commitments, ROW_LABEL, context)
    except FormatError as error:
        raise FormatError(error.problem, where=where) from error
    return Claim(statement, row.proof, where)


def _check_time(due: DueRow, row: CommittedRow, where: str) -> None:
    try:
        times = sum_commitments(row.commitments[Amount.TIME :: len(Amount)])
        verify_opening(times, Opening(due.inventory_ms, row.time_blinding))
    except FormatError as error:
        raise FormatError(error.problem, where=where) from error
    except VerificationError as error:
        raise VerificationError(
            f"accelerator-time over all columns does not close to the inventory's {due.inventory_ms} ms",
            where=where,
        ) from error

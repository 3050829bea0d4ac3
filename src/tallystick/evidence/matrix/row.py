"""One row of the matrix: commit it, prove it, write it and read it."""

import base64
import os
from dataclasses import dataclass

from tallystick.errors import FormatError, InputError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.matrix.amounts import AMOUNT_BITS, Amount, RowAmounts, position
from tallystick.evidence.matrix.blinding import prover_secret, row_blindings
from tallystick.evidence.matrix.columns import MAX_COLUMNS, ColumnPlan
from tallystick.evidence.matrix.place import ROW_LABEL, DueRow, RowPlace
from tallystick.evidence.proofs.blinding import Randomness
from tallystick.evidence.proofs.pedersen import Opening
from tallystick.evidence.proofs.range_proof import prove
from tallystick.evidence.proofs.ristretto import (
    ENCODED_BYTES,
    ORDER,
    Point,
    decode_point,
    decode_scalar,
    encode_scalar,
)

TYPE = "row"
MAX_PROOF_TEXT = 2048
_KEYS = ("commitments", "proof", "time_blinding", "type")


@dataclass(frozen=True, slots=True)
class CommittedRow:
    """What the log holds of a row: nothing in it says where it belongs (``DueRow`` does).

    ``commitments`` in the order of ``RowAmounts.flat``; ``time_blinding`` opens the sum of all times.
    """

    commitments: tuple[Point, ...]
    time_blinding: int
    proof: bytes

    @property
    def columns(self) -> int:
        """How many columns the row has."""
        return len(self.commitments) // len(Amount)

    def as_json(self) -> Json:
        """The leaf's value."""
        return {
            "commitments": _text(b"".join(self.commitments)),
            "proof": _text(self.proof),
            "time_blinding": _text(encode_scalar(self.time_blinding)),
            "type": TYPE,
        }

    def encode(self) -> bytes:
        """Canonical bytes."""
        return canonical.encode(self.as_json())


@dataclass(frozen=True, slots=True)
class RowOpening:
    """What the operator keeps of a row, or makes again: amounts and blindings. Secret."""

    place: RowPlace
    amounts: RowAmounts
    blindings: tuple[int, ...]

    @property
    def columns(self) -> int:
        """How many columns the row has."""
        return len(self.amounts.cells)

    def cell(self, column: int, amount: Amount) -> Opening:
        """The opening of one amount."""
        at = position(column, amount)
        return Opening(self.amounts.flat[at], self.blindings[at])


def open_row(secret: bytes, plan: ColumnPlan, due: DueRow, amounts: RowAmounts) -> RowOpening:
    """Amounts and blindings of a row: the same each time for the same content.

    Raises InputError where the row does not fit the plan or its time does not close, and says by how much:
    that message is for the operator alone.
    """
    check_plan(plan, due)
    if len(amounts.cells) != len(plan.roles):
        raise InputError(
            f"{len(amounts.cells)} columns do not fill a plan of {len(plan.roles)}", where=str(due.place)
        )
    missing = due.inventory_ms - amounts.time_ms
    if missing:
        side = "below" if missing > 0 else "above"
        raise InputError(
            f"time over all columns is {abs(missing)} ms {side} the inventory's {due.inventory_ms} ms",
            where=str(due.place),
            mend="count every accelerator's whole time in the inventory once",
        )
    return RowOpening(due.place, amounts, row_blindings(secret, due.place, amounts))


def commit_row(
    secret: bytes,
    plan: ColumnPlan,
    due: DueRow,
    amounts: RowAmounts,
    randomness: Randomness = os.urandom,
) -> CommittedRow:
    """Commit to the amounts of a row and prove that each is in range. Only tests pass ``randomness``.

    Make a row once and keep it: another call gives the same commitments with another proof.
    Raises InputError as ``open_row`` does.
    """
    opening = open_row(secret, plan, due, amounts)
    time_blinding = sum(opening.blindings[:: len(Amount)]) % ORDER
    claim = prove(
        amounts.flat,
        opening.blindings,
        AMOUNT_BITS,
        ROW_LABEL,
        prover_secret(secret, due.place),
        due.place.context(due.inventory_ms, time_blinding),
        randomness,
    )
    return CommittedRow(claim.statement.commitments, time_blinding, claim.proof)


def check_plan(plan: ColumnPlan, due: DueRow) -> None:
    """Raise InputError unless the place names this plan and its operator."""
    if due.place.columns != plan.digest or due.place.operator != plan.operator:
        raise InputError("the row's place names another plan of columns", where=str(due.place))


def decode_row(data: bytes, where: str) -> CommittedRow:
    """Read a row. Raises FormatError unless ``data`` is the one encoding of a row of valid points."""
    return parse_row(canonical.decode(data, where), where)


def parse_row(value: Json, where: str) -> CommittedRow:
    """Read a row from a leaf's value. Raises FormatError as ``decode_row``."""
    fields = Fields(value, _KEYS, where)
    if fields.text("type", len(TYPE)) != TYPE:
        raise FormatError("not a row", where=where)
    points = _bytes(fields.text("commitments", 4 * ENCODED_BYTES * MAX_COLUMNS), where)
    width = len(Amount) * ENCODED_BYTES
    if not points or len(points) % width:
        raise FormatError("the commitments do not make whole columns", where=where)
    row = CommittedRow(
        tuple(
            decode_point(points[at : at + ENCODED_BYTES], where)
            for at in range(0, len(points), ENCODED_BYTES)
        ),
        decode_scalar(_bytes(fields.text("time_blinding", 2 * ENCODED_BYTES), where), where),
        _bytes(fields.text("proof", MAX_PROOF_TEXT), where),
    )
    if row.as_json() != value:
        raise FormatError("not canonical base64", where=where)
    return row


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError("not base64", where=where) from error

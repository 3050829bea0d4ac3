"""Each way to make a row say what is not so, under its own name, refused by the check that is due."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from matrix_rows import DAY_MS, FIRST_DAY, GROWN, PLAN, SECRET, due_row, honest, opening, row_amounts

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.matrix.amounts import AMOUNT_BITS, CellAmounts, RowAmounts
from tallystick.evidence.matrix.check_row import check_row, check_rows
from tallystick.evidence.matrix.place import ROW_LABEL, DueRow
from tallystick.evidence.matrix.row import CommittedRow, commit_row, decode_row
from tallystick.evidence.proofs.blinding import BlindingStream
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.prover import Witness, prove_statement
from tallystick.evidence.proofs.ristretto import IDENTITY, ORDER, Point, add, multiply, multiply_base
from tallystick.evidence.proofs.statement import Statement

NO_RANGE = "the range proof does not hold"
NO_CLOSE = "does not close to the inventory"


def forge(amounts: Sequence[int], inventory_ms: int = DAY_MS) -> CommittedRow:
    """What a site makes whose prover checks nothing: any amounts, negative ones included."""
    place = due_row().place
    blindings = opening(due_row()).blindings
    commitments = tuple(
        add(multiply_base(v % ORDER), multiply(b, BLINDING_BASE))
        for v, b in zip(amounts, blindings, strict=True)
    )
    time_blinding = sum(blindings[::3]) % ORDER
    statement = Statement(AMOUNT_BITS, commitments, ROW_LABEL, place.context(inventory_ms, time_blinding))
    padding = statement.parties - len(amounts)
    witness = Witness([*(v % ORDER for v in amounts), *[0] * padding], [*blindings, *[1] * padding])
    stream = BlindingStream(SECRET, statement, witness.values, witness.blindings, bytes)
    return CommittedRow(commitments, time_blinding, prove_statement(statement, witness, stream).encode())


def test_an_honest_row_is_accepted_and_read_back() -> None:
    row = honest(due_row())
    assert check_row(PLAN, due_row(), decode_row(row.encode(), "row")).commitments == row.commitments


def test_a_negative_amount_that_wraps_is_refused() -> None:
    """-1e8 ms in one column lets another claim 1e8 ms more idle time; the day still closes."""
    amounts = list(row_amounts().flat)
    amounts[0] -= 100_000_000
    amounts[3] += 100_000_000
    with pytest.raises(VerificationError, match=NO_RANGE):
        check_row(PLAN, due_row(), forge(amounts))


def test_an_amount_of_2_to_the_32_is_refused() -> None:
    amounts = list(row_amounts().flat)
    amounts[8] = 2**32
    with pytest.raises(VerificationError, match=NO_RANGE):
        check_row(PLAN, due_row(), forge(amounts))
    with pytest.raises(InputError, match="which a row cannot hold"):
        CellAmounts(flop_units=2**32)


def test_a_dropped_column_is_refused() -> None:
    row = honest(due_row())
    with pytest.raises(VerificationError, match="6 commitments, not 3 for each of 3 columns"):
        check_row(PLAN, due_row(), replace(row, commitments=row.commitments[:6]))


def test_reordered_columns_are_refused() -> None:
    """Times still add up after the swap of training and idle: the range proof's transcript catches it."""
    c = honest(due_row()).commitments
    swapped = replace(honest(due_row()), commitments=c[:3] + c[6:] + c[3:6])
    with pytest.raises(VerificationError, match=NO_RANGE):
        check_row(PLAN, due_row(), swapped)


def test_reordered_amounts_of_a_column_are_refused() -> None:
    c = honest(due_row()).commitments
    swapped = replace(honest(due_row()), commitments=(*c[:7], c[8], c[7]))
    with pytest.raises(VerificationError, match=NO_RANGE):
        check_row(PLAN, due_row(), swapped)


@pytest.mark.parametrize(
    "other",
    [
        due_row(day=FIRST_DAY + 1),
        due_row(site="Brume"),
        due_row(row=1),
        replace(due_row(), place=replace(due_row().place, origin="log.example/elsewhere")),
        replace(due_row(), place=replace(due_row().place, roster=b"\1" * 32)),
    ],
    ids=["day", "site", "row", "log", "roster"],
)
def test_a_row_moved_to_another_place_is_refused(other: DueRow) -> None:
    with pytest.raises(VerificationError, match=NO_RANGE):
        check_row(PLAN, other, honest(due_row()))


def test_a_row_moved_to_another_operator_is_refused() -> None:
    """Even where the other operator's plan is a copy of this one's."""
    plan = replace(PLAN, operator="Borealis")
    due = replace(due_row(), place=replace(due_row().place, operator="Borealis", columns=plan.digest))
    with pytest.raises(VerificationError, match=NO_RANGE):
        check_row(plan, due, honest(due_row()))


def test_a_row_checked_under_another_plan_is_refused() -> None:
    with pytest.raises(InputError, match="another plan of columns"):
        check_row(GROWN, due_row(), honest(due_row()))


def test_time_that_does_not_close_is_refused() -> None:
    short = row_amounts(time_ms=DAY_MS - 1)
    with pytest.raises(InputError, match="1 ms below the inventory's"):
        commit_row(SECRET, PLAN, due_row(), short)
    with pytest.raises(VerificationError, match=NO_CLOSE):
        check_row(PLAN, due_row(), forge(short.flat))


def test_another_inventory_time_is_refused() -> None:
    with pytest.raises(VerificationError, match=NO_CLOSE):
        check_row(PLAN, due_row(time_ms=DAY_MS + 1), honest(due_row()))


def test_a_time_blinding_that_was_shifted_is_refused() -> None:
    row = honest(due_row())
    with pytest.raises(VerificationError, match=NO_CLOSE):
        check_row(PLAN, due_row(), replace(row, time_blinding=row.time_blinding + 1))


def test_the_proof_of_another_row_is_refused_and_the_culprit_named() -> None:
    first, second = due_row(), due_row(day=FIRST_DAY + 1)
    borrowed = replace(honest(second), proof=honest(first).proof)
    with pytest.raises(VerificationError, match=f"{NO_RANGE}") as caught:
        check_rows(PLAN, [(first, honest(first)), (second, borrowed)])
    assert caught.value.where == "site Arden, 2026-03-03, row 0"
    assert len(check_rows(PLAN, [(first, honest(first)), (second, honest(second))])) == 2


@pytest.mark.parametrize("point", [IDENTITY, Point(b"\1" + bytes(31)), Point(b"\xff" * 32)])
@pytest.mark.parametrize("at", [0, 1])
def test_a_commitment_that_is_no_point_or_the_identity_is_refused(point: Point, at: int) -> None:
    c = honest(due_row()).commitments
    row = replace(honest(due_row()), commitments=(*c[:at], point, *c[at + 1 :]))
    with pytest.raises((FormatError, VerificationError)) as caught:
        check_row(PLAN, due_row(), row)
    assert caught.value.where == "site Arden, 2026-03-02, row 0"
    with pytest.raises(FormatError):
        decode_row(row.encode(), "row")


def test_other_encodings_of_a_row_are_refused() -> None:
    data = honest(due_row()).encode()
    for changed in (
        data + b"\n",
        data.replace(b":", b": ", 1),
        data.replace(b'="', b'"', 1),
        data[:-1],
        b"{}",
    ):
        with pytest.raises(FormatError):
            decode_row(changed, "row")


def test_too_few_columns_are_not_committed() -> None:
    with pytest.raises(InputError, match="2 columns do not fill a plan of 3"):
        commit_row(SECRET, PLAN, due_row(), RowAmounts((CellAmounts(DAY_MS), CellAmounts())))

"""Each way to claim what is not so, under its own name, refused by the check that is due."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from claims_site import (
    A100,
    AMOUNTS,
    DAY,
    DUE,
    GENERATION,
    IDLE,
    LINEAGE,
    OTHER,
    RECORD,
    SECRET,
    Book,
    book,
    book_of,
    opened,
)

from tallystick.claims.bounds import REMAINDER_BITS, Bound, Sense
from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.claim import Claim, ClaimProof
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.claims.public_record import MeterTotal
from tallystick.claims.relations import KNOWN_LABEL, REMAINDER_LABEL, bound_to, known_context, remainder_of
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.sums import CommittedSums, OpenedSums
from tallystick.claims.total import Total
from tallystick.claims.verify import verify_claims
from tallystick.errors import InputError, VerificationError
from tallystick.evidence.matrix.row import RowOpening
from tallystick.evidence.matrix.sums import Matrix
from tallystick.evidence.proofs.blinding import BlindingStream
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.pedersen import Opening
from tallystick.evidence.proofs.prover import Witness, prove_statement
from tallystick.evidence.proofs.ristretto import ORDER, add, multiply, multiply_base
from tallystick.evidence.proofs.same_scalar import prove_same_scalar
from tallystick.evidence.proofs.statement import Statement

NOT_SHOWN = "does not show this statement"
CAP = Cap(Figure.ESTIMATE, 10**21)


def forge(b: Book, statement: ClaimStatement, leave_out: int | None = None) -> Claim:
    """What an operator makes whose prover checks nothing, and may put padding in the place of a bound."""
    bounds = statement.bounds(b.record)
    sums = OpenedSums(b.record, b.opened)
    context = bound_to(b.record, CommittedSums(b.record, b.matrix).digest, statement)
    pairs = [(bound, remainder_of(bound, sums.weigh(bound.terms))) for bound in bounds]
    if leave_out is not None:
        pairs[leave_out] = (bounds[leave_out], Opening(0, 1))
    known = [
        prove_same_scalar(o.blinding, (BLINDING_BASE,), KNOWN_LABEL, SECRET, known_context(context, index))
        for index, o in enumerate(o for bound, o in pairs if bound.sense is Sense.EXACTLY)
    ]
    ranged = [o for bound, o in pairs if bound.sense is not Sense.EXACTLY]
    values, blindings = [o.value % ORDER for o in ranged], [o.blinding for o in ranged]
    proof = _range_proof(values, blindings, context) if ranged else b""
    return Claim(statement, ClaimProof(tuple(known), proof))


def _range_proof(
    values: Sequence[int], blindings: Sequence[int], context: tuple[tuple[bytes, bytes], ...]
) -> bytes:
    commitments = tuple(
        add(multiply_base(v), multiply(b, BLINDING_BASE)) for v, b in zip(values, blindings, strict=True)
    )
    statement = Statement(REMAINDER_BITS, commitments, REMAINDER_LABEL, context)
    padding = statement.parties - len(values)
    witness = Witness([*values, *[0] * padding], [*blindings, *[1] * padding])
    stream = BlindingStream(SECRET, statement, witness.values, witness.blindings, bytes)
    return prove_statement(statement, witness, stream).encode()


def refuse(claim: Claim, b: Book | None = None, match: str = NOT_SHOWN) -> None:
    b = b or book()
    with pytest.raises(VerificationError, match=match):
        verify_claims(b.record, b.matrix, [claim])


def test_what_the_forger_makes_of_a_true_statement_is_accepted() -> None:
    """Or else the tests below would show nothing."""
    for statement in (CAP, Capacity(RECORD.inventory_ms, 1_900_000_000)):
        verify_claims(RECORD, book().matrix, [forge(book(), statement)])


@pytest.mark.parametrize(
    "statement",
    [
        Cap(Figure.ESTIMATE, 6 * 10**20),
        Total(Figure.TIME_BOUND, 10**21),
        Pause(Figure.ACCELERATOR_TIME, 1_899_999_999),
        Energy("Arden", RECORD.meters["Arden"], 0),
    ],
    ids=lambda statement: statement.kind,
)
def test_a_negative_remainder_that_wraps_is_refused(statement: ClaimStatement) -> None:
    b = book()
    if isinstance(statement, Energy):
        meter = MeterTotal(statement.meter.key, statement.meter.energy_mj + 1000)
        b = replace(b, record=replace(b.record, meters={"Arden": meter}))
        statement = replace(statement, meter=meter)
    refuse(forge(b, statement), b)


@pytest.mark.parametrize(
    "statement",
    [
        Total(Figure.ESTIMATE, 660_500_000 * 10**12 - 10**9, exact=True),
        Capacity(RECORD.inventory_ms, 1_899_999_999),
    ],
    ids=lambda statement: statement.kind,
)
def test_an_opened_total_that_is_off_by_one_is_refused(statement: ClaimStatement) -> None:
    refuse(forge(book(), statement))


def test_the_estimate_shown_as_a_bound_by_time_is_refused() -> None:
    """A cap that the estimate keeps and the bound does not."""
    estimate = book().prover.prove(CAP)
    refuse(Claim(Cap(Figure.TIME_BOUND, 10**21), estimate.proof))
    with pytest.raises(InputError, match="is false: column 3"):
        book().prover.prove(Cap(Figure.TIME_BOUND, 10**21))


def test_a_cap_raised_and_lowered_afterwards_is_refused() -> None:
    proof = book().prover.prove(CAP).proof
    for limit in (6 * 10**20, 10**21 - 10**9, 10**21 + 10**9):
        refuse(Claim(Cap(Figure.ESTIMATE, limit), proof))


def test_a_column_left_out_of_a_cap_is_refused() -> None:
    """The lineage over the cap has no remainder, and the padding of the proof takes its place."""
    refuse(forge(book(), Cap(Figure.ESTIMATE, 6 * 10**20), leave_out=1))


def test_a_matrix_padded_with_a_column_is_refused() -> None:
    row = book().matrix.rows[0]
    padded = replace(row, commitments=row.commitments + row.commitments[-3:])
    with pytest.raises(VerificationError, match="another plan of columns"):
        Matrix(book().matrix.plans, (padded, *book().matrix.rows[1:]))


def test_remainders_in_another_order_are_refused() -> None:
    """Two bounds, proven the other way round, as if *other training* were the lineage."""
    b = book()
    bounds = CAP.bounds(b.record)
    sums = OpenedSums(b.record, b.opened)
    openings = [remainder_of(bound, sums.weigh(bound.terms)) for bound in reversed(bounds)]
    context = bound_to(b.record, CommittedSums(b.record, b.matrix).digest, CAP)
    proof = _range_proof([o.value for o in openings], [o.blinding for o in openings], context)
    refuse(Claim(CAP, ClaimProof((), proof)))


def swapped(opening: RowOpening, left: int, right: int) -> RowOpening:
    cells = list(opening.amounts.cells)
    blindings = [opening.blindings[at : at + 3] for at in range(0, len(opening.blindings), 3)]
    cells[left], cells[right] = cells[right], cells[left]
    blindings[left], blindings[right] = blindings[right], blindings[left]
    amounts = replace(opening.amounts, cells=tuple(cells))
    return replace(opening, amounts=amounts, blindings=tuple(b for part in blindings for b in part))


@pytest.mark.parametrize("pair", [(LINEAGE, IDLE), (LINEAGE, OTHER), (LINEAGE, GENERATION)], ids=str)
def test_a_claim_over_rows_with_swapped_columns_is_refused(pair: tuple[int, int]) -> None:
    openings = book().opened.rows
    other = book_of(RECORD, (swapped(openings[0], *pair), *openings[1:]))
    refuse(other.prover.prove(Pause(Figure.ESTIMATE, 10**25)))


def test_a_dropped_row_is_named() -> None:
    b = book()
    claim = b.prover.prove(CAP)
    short = Matrix(b.matrix.plans, b.matrix.rows[1:])
    with pytest.raises(VerificationError, match=r"^site Arden, 2026-03-02, row 0: the row is missing$"):
        verify_claims(RECORD, short, [claim])


def test_a_claim_over_fewer_rows_does_not_serve_all() -> None:
    """The operator leaves out Arden's second row, proves a cap that holds without it, and sends all rows."""
    kept = [at for at, due in enumerate(DUE) if due.place.row == 0]
    record = replace(RECORD, due=tuple(DUE[at] for at in kept))
    fewer = book_of(record, tuple(opened(DUE[at], AMOUNTS[at]) for at in kept))
    claim = fewer.prover.prove(Cap(Figure.ESTIMATE, 6 * 10**20))
    assert verify_claims(record, fewer.matrix, [claim])
    refuse(claim)


def test_a_missing_day_is_named_whoever_left_it_out() -> None:
    b = book()
    claim = b.prover.prove(CAP)
    rows = tuple(row for row in b.matrix.rows if row.place.day != DAY)
    with pytest.raises(VerificationError, match="2026-03-02, row 0: the row is missing"):
        verify_claims(RECORD, Matrix(b.matrix.plans, rows), [claim])
    with pytest.raises(InputError, match="no row of site Arden is due at 2026-03-02 00:00"):
        replace(RECORD, due=tuple(due for due in DUE if due.place.day != DAY))


def test_a_row_that_is_not_due_is_named() -> None:
    b = book()
    record = replace(RECORD, due=tuple(due for due in DUE if due.place.row == 0))
    with pytest.raises(VerificationError, match="row 1: no such row is due"):
        verify_claims(record, b.matrix, [b.prover.prove(CAP)])


def test_slower_hardware_than_the_inventory_has_is_refused() -> None:
    """A bound by time at the A100's rate over rows of H100."""
    b = book()
    slow = replace(b, record=replace(RECORD, rates=dict.fromkeys(RECORD.rates, A100)))
    statement = Cap(Figure.TIME_BOUND, 1_400_000 * 10**15)
    claim = slow.prover.prove(statement)
    assert verify_claims(slow.record, slow.matrix, [claim])
    refuse(claim)
    refuse(forge(b, statement))


def test_a_total_that_the_meter_did_not_sign_is_refused() -> None:
    """The operator's own meter, its own total, or another site's."""
    arden, brume = RECORD.meters["Arden"], RECORD.meters["Brume"]
    for site, meter in (
        ("Arden", replace(arden, key="meter.example/own+key")),
        ("Arden", replace(arden, energy_mj=arden.energy_mj + 1)),
        ("Arden", brume),
    ):
        claim = Claim(Energy(site, meter, 500_000), ClaimProof((), b""))
        refuse(claim, match=f"the sealed meter of site {site} did not sign")
    refuse(Claim(Energy("Cirrus", arden, 0), ClaimProof((), b"")), match="site Cirrus, which its context")


def test_another_inventory_is_refused() -> None:
    claim = Claim(Capacity(RECORD.inventory_ms - 1), ClaimProof((), b""))
    refuse(claim, match="the inventory has 2764800000 ms in this period, not 2764799999")


def zeroed(sense: Sense) -> tuple[Book, ClaimStatement]:
    """Rows whose blindings the operator chose so that a remainder is the identity: open to all eyes."""
    statement: ClaimStatement = Total(Figure.ESTIMATE, 660_500_000 * 10**12, exact=sense is Sense.EXACTLY)
    openings = list(book().opened.rows)
    (bound,) = statement.bounds(RECORD)
    factor = bound.terms[0].rule.factor
    blinding = OpenedSums(RECORD, book().opened).weigh(bound.terms).blinding
    changed = list(openings[0].blindings)
    changed[2] = (changed[2] - blinding * pow(factor, -1, ORDER)) % ORDER
    openings[0] = replace(openings[0], blindings=tuple(changed))
    return book_of(RECORD, tuple(openings)), statement


@pytest.mark.parametrize("sense", [Sense.EXACTLY, Sense.AT_MOST])
def test_a_remainder_that_is_the_identity_is_refused(sense: Sense) -> None:
    b, statement = zeroed(sense)
    honest = book().prover.prove(statement)
    refuse(honest, b, match="identity")


def test_parts_missing_or_too_many_are_refused() -> None:
    exact = book().prover.prove(Capacity(RECORD.inventory_ms))
    cap = book().prover.prove(CAP)
    known, ranged = exact.proof.known[0], cap.proof.remainders
    refuse(replace(exact, proof=ClaimProof((), b"")), match="0 proofs of equality where 1 are due")
    refuse(replace(exact, proof=ClaimProof((known, known), b"")), match="2 proofs of equality where 1")
    refuse(replace(exact, proof=ClaimProof((known,), ranged)), match="a range proof comes where none is due")
    refuse(replace(cap, proof=ClaimProof((known,), ranged)), match="1 proofs of equality where 0 are due")
    refuse(replace(cap, proof=ClaimProof((), b"")), match="a range proof over 128 bits has 736 bytes")
    refuse(replace(exact, proof=ClaimProof((bytes(64),), b"")))
    refuse(replace(exact, proof=ClaimProof((b"\xff" * 64,), b"")), match="not below the group's order")


def test_a_bad_claim_in_a_batch_is_named() -> None:
    good = book().prover.prove(CAP)
    for bad, name in (
        (Claim(Cap(Figure.ESTIMATE, 10**22), good.proof), "claim 2 (cap)"),
        (Claim(Pause(Figure.ESTIMATE, 10**22), good.proof), "claim 2 (pause)"),
        (Claim(Total(Figure.ESTIMATE, 10**21, exact=True), good.proof), "claim 2 (total)"),
    ):
        with pytest.raises(VerificationError) as caught:
            verify_claims(RECORD, book().matrix, [good, bad, good])
        assert caught.value.where == name


def test_a_bound_beyond_64_bits_is_no_bound() -> None:
    with pytest.raises(VerificationError, match="beyond what a claim can prove"):
        Bound("x", Figure.ENERGY, (), Sense.AT_MOST, 2**64)
    with pytest.raises(InputError, match="is not from 0 to"):
        Cap(Figure.ESTIMATE, 2**64 * 10**9)

"""A false claim is not proven by accident: the prover says what breaks it and by how much."""

from dataclasses import replace

import pytest
from claims_site import AMOUNTS, DUE, PLAN, RECORD, SECRET, book

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.classes import Classes, Share, TimeClass
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.claims.prove import ClaimProver
from tallystick.claims.public_record import MeterTotal
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.total import Total
from tallystick.errors import InputError, VerificationError
from tallystick.evidence.matrix.columns import plan_columns
from tallystick.evidence.matrix.row import open_row
from tallystick.evidence.matrix.sums import Matrix, OpenMatrix

#: What the lineage and generation come to by the estimate.
LINEAGE = 623_500_000 * 10**12
ARDEN = RECORD.meters["Arden"]

FALSE: list[tuple[ClaimStatement, str]] = [
    (
        Cap(Figure.ESTIMATE, LINEAGE - 10**9),
        "'cap' is false: column 3 (lineage) is 1e9 FLOP above 6.23499999999e20 FLOP, passed on 2026-03-03",
    ),
    (
        Cap(Figure.ESTIMATE, 30_000_000 * 10**12),
        "column 0 (other training) is 1.05e19 FLOP above 3e19 FLOP, passed on 2026-03-02",
    ),
    (
        Total(Figure.ESTIMATE, 661 * 10**18, exact=True),
        "'total' is false: training is 5e17 FLOP below 6.61e20 FLOP",
    ),
    (
        Total(Figure.ESTIMATE, 66 * 10**19, exact=True),
        "'total' is false: training is 5e17 FLOP above 6.6e20 FLOP",
    ),
    (
        Pause(Figure.ACCELERATOR_TIME, 720_000_000),
        "training is 1180000000 accelerator-ms above 720000000 accelerator-ms, passed on 2026-03-03",
    ),
    (
        Capacity(RECORD.inventory_ms, 1_900_000_001),
        "'capacity' is false: training is 1 accelerator-ms below 1900000001 accelerator-ms",
    ),
    (
        Classes((Share(TimeClass.NOT_TRAINING, 312_790, 1_000_000),)),
        "'classes' is false: not training is 1792 accelerator-ms below 864801792 accelerator-ms",
    ),
]


@pytest.mark.parametrize(("statement", "message"), FALSE, ids=[s.kind for s, _ in FALSE])
def test_a_false_claim_is_not_proven_and_what_breaks_it_is_named(
    statement: ClaimStatement, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        book().prover.prove(statement)
    assert message in str(caught.value)
    assert "this message shows secrets" in str(caught.value)


@pytest.mark.parametrize(("shift", "side"), [(1_000, "below"), (-1_000, "above")])
def test_energy_beyond_the_tolerance_is_not_proven(shift: int, side: str) -> None:
    """One joule from the meter's total, with no tolerance."""
    meter = MeterTotal(ARDEN.key, ARDEN.energy_mj + shift)
    record = replace(RECORD, meters={"Arden": meter})
    prover = ClaimProver(record, book().matrix, book().opened, SECRET)
    with pytest.raises(InputError, match=rf"energy of site Arden is 1 J {side}"):
        prover.prove(Energy("Arden", meter, 0))
    assert prover.prove(Energy("Arden", meter, 2))


def test_limits_are_rounded_to_the_side_that_is_harder_to_keep() -> None:
    """FLOP down to 1e9; the meter's lower bound up and its upper bound down, to joules."""
    with pytest.raises(InputError, match="is false"):
        book().prover.prove(Cap(Figure.ESTIMATE, LINEAGE - 1))
    assert Cap(Figure.ESTIMATE, LINEAGE + 10**9 - 1).limit_text == "6.235e20 FLOP"
    energy = Energy("Arden", MeterTotal("key", 10_001), 100_000)
    assert (energy.least_j, energy.most_j) == (10, 11)
    (bound,) = Classes((Share(TimeClass.TRAINING, 1, 1_000_000),)).bounds(RECORD)
    assert bound.value == 2765


def test_openings_of_other_rows_are_not_taken() -> None:
    """A secret that the rows were not closed with gives the same amounts under other blindings."""
    openings = tuple(
        open_row(SECRET[::-1], PLAN, due, amounts) for due, amounts in zip(DUE, AMOUNTS, strict=True)
    )
    prover = ClaimProver(RECORD, book().matrix, OpenMatrix((PLAN,), openings), SECRET)
    with pytest.raises(InputError, match=r"openings of column 0 \(other training\) are not those"):
        prover.prove(Cap(Figure.ESTIMATE, 10**25))


def test_openings_that_miss_a_row_are_not_taken() -> None:
    openings = OpenMatrix((PLAN,), book().opened.rows[1:])
    with pytest.raises(VerificationError, match="the row is missing"):
        ClaimProver(RECORD, book().matrix, openings, SECRET)


def test_a_short_secret_is_not_taken() -> None:
    prover = ClaimProver(RECORD, book().matrix, book().opened, b"short")
    for statement in (Cap(Figure.ESTIMATE, 10**25), Capacity(RECORD.inventory_ms)):
        with pytest.raises(InputError, match="at least 32 bytes"):
            prover.prove(statement)


def test_a_bound_needs_peak_rates() -> None:
    record = replace(RECORD, rates={})
    prover = ClaimProver(record, book().matrix, book().opened, SECRET)
    with pytest.raises(InputError, match="no peak rates are known for accelerators of site Arden"):
        prover.prove(Cap(Figure.TIME_BOUND, 10**25))
    assert prover.prove(Cap(Figure.ESTIMATE, 10**25))


def test_generation_counts_where_no_column_keeps_it_apart() -> None:
    plan, _ = plan_columns("Ares", ["a", "b"], SECRET)
    due = tuple(replace(d, place=replace(d.place, columns=plan.digest)) for d in DUE)
    record = replace(RECORD, plans=(plan,), due=due, rates={}, accelerators={})
    with pytest.raises(VerificationError, match="which thus counts"):
        Cap(Figure.ESTIMATE, 10**25, counts_generation=False).bounds(record)
    assert len(Cap(Figure.ESTIMATE, 10**25).bounds(record)) == 3
    with pytest.raises(VerificationError, match="no column of generation inside training"):
        Classes((Share(TimeClass.GENERATION, 0, 1),)).bounds(record)


def test_a_matrix_under_other_plans_than_the_log_is_not_taken() -> None:
    grown, _ = plan_columns("Ares", ["lineage-a", "lineage-b"], SECRET, generation=True)
    matrix = Matrix((PLAN, grown), book().matrix.rows)
    with pytest.raises(VerificationError, match="other plans of columns than the log"):
        ClaimProver(RECORD, matrix, book().opened, SECRET)

"""Random small matrices: figures are what brute force says, and a claim has a proof just where it is true."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.claims.bounds import Bound
from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.claim import Claim, ClaimProof, decode_claim
from tallystick.claims.classes import Classes, Share, TimeClass
from tallystick.claims.context import ClaimContext, SiteLog
from tallystick.claims.figure import Figure, units_per
from tallystick.claims.pause import Pause
from tallystick.claims.prove import ClaimProver
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.sums import CommittedSums, OpenedSums
from tallystick.claims.verify import verify_claims
from tallystick.errors import FormatError, InputError
from tallystick.evidence.log.checkpoint import Checkpoint
from tallystick.evidence.matrix.amounts import CellAmounts, RowAmounts
from tallystick.evidence.matrix.check_row import CheckedRow
from tallystick.evidence.matrix.columns import plan_columns
from tallystick.evidence.matrix.flop_rules import PeakRates
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.row import RowOpening, open_row
from tallystick.evidence.matrix.sums import Matrix, OpenMatrix
from tallystick.evidence.proofs.pedersen import commit, verify_opening

SECRET = bytes(range(32))
HARDWARE = (PeakRates(2_323_970_000_000_001, 5_654_000_000), PeakRates(1, 1))
FIGURES = list(Figure)[:4]

amounts = st.one_of(st.just(0), st.just(2**32 - 1), st.integers(0, 2**32 - 1))


@dataclass(frozen=True)
class Book:
    record: PublicRecord
    matrix: Matrix
    opened: OpenMatrix

    def brute(self, figure: Figure, columns: tuple[int, ...], rows: tuple[int, ...]) -> int:
        """By hand, from the rules as the specification writes them."""
        total = 0
        for at in rows:
            row = self.opened.rows[at]
            rates = self.record.rates[row.place]
            for column in columns:
                cell = row.amounts.cells[column]
                total += {
                    Figure.ESTIMATE: 10_000 * cell.flop_units,
                    Figure.TIME_BOUND: -(-rates.flop_per_s // 10**12) * cell.time_ms,
                    Figure.ENERGY_BOUND: -(-rates.flop_per_mj // 10**6) * cell.energy_j,
                    Figure.ACCELERATOR_TIME: cell.time_ms,
                }[figure]
        return total

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(range(len(self.opened.rows)))


@st.composite
def books(draw: st.DrawFn) -> Book:
    generation = draw(st.booleans())
    plan, _ = plan_columns("Ares", ["a"], SECRET, generation)
    sites, days, rows = (draw(st.integers(1, 2)) for _ in range(3))
    names = ["Arden", "Brume"][:sites]
    due, cells, rates = [], [], {}
    for site in names:
        for day in range(days):
            for row in range(rows):
                place = RowPlace("Ares", site, f"log/{site}", day, row, bytes(32), plan.digest)
                row_amounts = RowAmounts(
                    tuple(CellAmounts(*(draw(amounts) for _ in range(3))) for _ in plan.roles)
                )
                due.append(DueRow(place, row_amounts.time_ms))
                cells.append(row_amounts)
                rates[place] = draw(st.sampled_from(HARDWARE))
    logs = tuple(SiteLog(s, Checkpoint(f"log/{s}", 5, bytes(32)), 0, 24 * days) for s in names)
    record = PublicRecord(ClaimContext("Ares", logs, 0, 24 * days, "p"), (plan,), tuple(due), rates)
    openings = tuple(open_row(SECRET, plan, d, a) for d, a in zip(due, cells, strict=True))
    matrix = Matrix((plan,), tuple(checked(opening) for opening in openings))
    return Book(record, matrix, OpenMatrix((plan,), openings))


def checked(opening: RowOpening) -> CheckedRow:
    pairs = zip(opening.amounts.flat, opening.blindings, strict=True)
    return CheckedRow(opening.place, tuple(commit(value, blinding) for value, blinding in pairs))


@settings(max_examples=12, deadline=None)
@given(books(), st.sampled_from(FIGURES))
def test_both_sides_come_to_what_brute_force_says(book: Book, figure: Figure) -> None:
    (bound,) = Pause(figure, 0).bounds(book.record)
    columns = tuple(c for c, _ in enumerate(book.record.plan.roles) if c != 1)
    opening = OpenedSums(book.record, book.opened).weigh(bound.terms)
    assert opening.value == book.brute(figure, columns, book.rows)
    assert sum(OpenedSums(book.record, book.opened).by_day(bound.terms).values()) == opening.value
    point = CommittedSums(book.record, book.matrix).weigh(bound.terms)
    verify_opening(point, opening)


@settings(max_examples=6, deadline=None)
@given(books(), st.sampled_from(FIGURES))
def test_an_allowance_is_proven_at_the_truth_and_not_a_unit_below(book: Book, figure: Figure) -> None:
    columns = tuple(c for c, _ in enumerate(book.record.plan.roles) if c != 1)
    truth = book.brute(figure, columns, book.rows)
    prover = ClaimProver(book.record, book.matrix, book.opened, SECRET)
    claim = prover.prove(Pause(figure, truth * units_per(figure)))
    verify_claims(book.record, book.matrix, [decode_claim(claim.encode(), "claim")])
    if truth:
        with pytest.raises(InputError, match="is false"):
            prover.prove(Pause(figure, (truth - 1) * units_per(figure)))


@settings(max_examples=12, deadline=None)
@given(books(), st.data())
def test_a_cap_holds_over_any_days_and_sites(book: Book, data: st.DataObject) -> None:
    """The largest column over all rows bounds each column over any of them."""
    generation = (2,) if book.record.plan.generation else ()
    columns = [(0, *generation), (len(book.record.plan.roles) - 1, *generation)]
    limit = max(book.brute(Figure.ESTIMATE, c, book.rows) for c in columns)
    bounds = Cap(Figure.ESTIMATE, limit * 10**9).bounds(book.record)
    assert _columns(bounds) == [set(c) for c in columns]
    some = tuple(data.draw(st.sets(st.sampled_from(book.rows))))
    assert all(book.brute(Figure.ESTIMATE, c, some) <= limit for c in columns)


@settings(max_examples=5, deadline=None)
@given(books(), st.integers(0, 10**6))
def test_a_share_is_proven_just_where_it_is_true(book: Book, ppm: int) -> None:
    idle = book.brute(Figure.ACCELERATOR_TIME, (1,), book.rows)
    whole = book.record.inventory_ms
    prover = ClaimProver(book.record, book.matrix, book.opened, SECRET)
    statement = Classes((Share(TimeClass.NOT_TRAINING, ppm, 10**6 if ppm else 10**6 - 1),))
    true = idle * 10**6 >= ppm * whole if ppm else idle * 10**6 <= (10**6 - 1) * whole
    if true:
        claims = [prover.prove(statement), prover.prove(Capacity(whole, whole - idle))]
        assert len(verify_claims(book.record, book.matrix, claims)) == 2
    else:
        with pytest.raises(InputError, match="is false"):
            prover.prove(statement)


VALID = Claim(Cap(Figure.ESTIMATE, 10**21), ClaimProof((), bytes(736))).encode()


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255))))
def test_bytes_are_one_claim_or_none(data: bytes | tuple[int, int]) -> None:
    if isinstance(data, tuple):
        at, byte = data
        data = VALID[:at] + bytes([byte]) + VALID[at + 1 :]
    try:
        claim = decode_claim(data, "claim")
    except FormatError:
        return
    assert claim.encode() == data


def _columns(bounds: tuple[Bound, ...]) -> list[set[int]]:
    return [{term.column for term in bound.terms} for bound in bounds]

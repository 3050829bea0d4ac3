"""Two days of two sites of one operator, of two types of accelerator, and what is public about them.

Arden has a row of eight H100 and one of four A100 on both days; Brume joins on the second day.
"""

from dataclasses import dataclass, replace
from functools import cache

from tallystick.claims.context import ClaimContext, SiteLog
from tallystick.claims.coverage import Coverage, list_coverage
from tallystick.claims.prove import ClaimProver
from tallystick.claims.pseudonyms import coverage_key
from tallystick.claims.public_record import MeterTotal, PublicRecord
from tallystick.evidence.log.checkpoint import Checkpoint
from tallystick.evidence.matrix.amounts import CellAmounts, RowAmounts
from tallystick.evidence.matrix.check_row import CheckedRow, check_row
from tallystick.evidence.matrix.columns import plan_columns
from tallystick.evidence.matrix.flop_rules import PeakRates
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.row import RowOpening, commit_row, open_row
from tallystick.evidence.matrix.sums import Matrix, OpenMatrix
from tallystick.evidence.proofs.pedersen import commit

SECRET = bytes(range(32))
OPERATOR = "Ares"
OTHER, IDLE, GENERATION, LINEAGE = range(4)
PLAN, _ = plan_columns(OPERATOR, ["lineage-a"], SECRET, generation=True)
DAY = 20_514
DAYS = (DAY, DAY + 1)
DAY_MS = 86_400_000
H100 = PeakRates(flop_per_s=2_323_970_000_000_000, flop_per_mj=5_654_000_001)
A100 = PeakRates(flop_per_s=700_000_000_000_001, flop_per_mj=1_560_000_000)

#: Site, day, row, accelerators; then time in s, energy in J, 1e13 FLOP of: other, generation, lineage.
ROWS = (
    ("Arden", DAY, 0, 8, (100_000, 70_000_000, 3_000_000), (0, 0, 0), (400_000, 280_000_000, 16_000_000)),
    ("Arden", DAY, 1, 4, (0, 0, 0), (20_000, 8_000_000, 100_000), (200_000, 70_000_000, 3_000_000)),
    ("Arden", DAY + 1, 0, 8, (0, 0, 0), (0, 0, 0), (600_000, 420_000_000, 24_000_000)),
    ("Arden", DAY + 1, 1, 4, (50_000, 17_000_000, 700_000), (0, 0, 0), (0, 0, 0)),
    ("Brume", DAY + 1, 0, 8, (0, 0, 0), (30_000, 20_000_000, 250_000), (500_000, 350_000_000, 19_000_000)),
)
IDLE_J = 5_000_000


def log_of(site: str, first_day: int) -> SiteLog:
    origin = f"log.example/{site}"
    return SiteLog(site, Checkpoint(origin, 900, bytes([len(site)] * 32)), 24 * first_day, 24 * (DAY + 2))


CONTEXT = ClaimContext(
    OPERATOR, (log_of("Arden", DAY), log_of("Brume", DAY + 1)), 24 * DAY, 24 * (DAY + 2), "2026-W10"
)


@dataclass(frozen=True)
class Book:
    """Both sides of the rows, and what is public about them."""

    record: PublicRecord
    matrix: Matrix
    opened: OpenMatrix

    @property
    def prover(self) -> ClaimProver:
        return ClaimProver(self.record, self.matrix, self.opened, SECRET)


def cells(accelerators: int, *training: tuple[int, int, int]) -> RowAmounts:
    """Other training, generation and lineage as told, the rest of the day idle."""
    other, generation, lineage = (CellAmounts(1000 * s, j, flop) for s, j, flop in training)
    trained = other.time_ms + generation.time_ms + lineage.time_ms
    return RowAmounts((other, CellAmounts(accelerators * DAY_MS - trained, IDLE_J), generation, lineage))


def due_row(site: str, day: int, row: int, accelerators: int) -> DueRow:
    place = RowPlace(OPERATOR, site, f"log.example/{site}", day, row, bytes(32), PLAN.digest)
    return DueRow(place, accelerators * DAY_MS)


DUE = tuple(due_row(*row[:4]) for row in ROWS)
AMOUNTS = tuple(cells(row[3], *row[4:]) for row in ROWS)


def site_energy_mj(site: str) -> int:
    joules = sum(
        cell.energy_j
        for due, amounts in zip(DUE, AMOUNTS, strict=True)
        if due.place.site == site
        for cell in amounts.cells
    )
    return 1000 * joules


RECORD = PublicRecord(
    CONTEXT,
    (PLAN,),
    DUE,
    {due.place: A100 if due.place.row else H100 for due in DUE},
    {24 * day + 6: {d.place: d.inventory_ms // DAY_MS for d in DUE if d.place.day == day} for day in DAYS},
    {site: MeterTotal(f"meter.example/{site}+key", site_energy_mj(site)) for site in ("Arden", "Brume")},
    coverage_key(SECRET, OPERATOR),
)


def opened(due: DueRow, amounts: RowAmounts) -> RowOpening:
    return open_row(SECRET, PLAN, due, amounts)


def checked(opening: RowOpening) -> CheckedRow:
    """A row as if it had been verified, for tests of what a claim alone has to refuse."""
    points = zip(opening.amounts.flat, opening.blindings, strict=True)
    return CheckedRow(opening.place, tuple(commit(value, blinding) for value, blinding in points))


def book_of(record: PublicRecord, openings: tuple[RowOpening, ...]) -> Book:
    matrix = Matrix(record.plans, tuple(checked(opening) for opening in openings))
    return Book(record, matrix, OpenMatrix(record.plans, openings))


@cache
def book() -> Book:
    """All rows. They are not proven: ``tests/unit/evidence/matrix`` does that, and ``proven_book``."""
    return book_of(RECORD, tuple(opened(due, amounts) for due, amounts in zip(DUE, AMOUNTS, strict=True)))


def serials(day: int) -> dict[RowPlace, list[str]]:
    """The accelerators of each row of a day."""
    return {
        place: [f"{place.site}-{place.row}-{at}" for at in range(count)]
        for place, count in RECORD.accelerators[24 * day + 6].items()
    }


@cache
def coverage(day: int) -> Coverage:
    """Where the accelerators of a day are at six in the morning."""
    return list_coverage(SECRET, RECORD, 24 * day + 6, serials(day))


def proven_book() -> Book:
    """Brume's only row, committed, proven and verified."""
    due, amounts = DUE[-1], AMOUNTS[-1]
    context = replace(CONTEXT, sites=CONTEXT.sites[1:])
    matrix = Matrix((PLAN,), (check_row(PLAN, due, commit_row(SECRET, PLAN, due, amounts)),))
    return Book(
        replace(RECORD, context=context, due=(due,)), matrix, OpenMatrix((PLAN,), (opened(due, amounts),))
    )

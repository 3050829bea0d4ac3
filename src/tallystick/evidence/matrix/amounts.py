"""What one cell and one row of the matrix hold: integers in fixed units, each below 2**32."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from tallystick.errors import InputError
from tallystick.evidence import canonical
from tallystick.records.entry import ColumnAmount

#: Width of every amount, proven in every row.
AMOUNT_BITS = 32
MAX_AMOUNT = 2**AMOUNT_BITS - 1
MJ_PER_JOULE = 1000
#: One unit of the FLOP estimate.
FLOP_PER_UNIT = 10**13


class Amount(IntEnum):
    """The three amounts of a column, in the order in which they are committed."""

    TIME = 0
    ENERGY = 1
    FLOP = 2


@dataclass(frozen=True, slots=True)
class CellAmounts:
    """One column of one row: accelerator-milliseconds, joules, and the FLOP estimate in 1e13 FLOP."""

    time_ms: int = 0
    energy_j: int = 0
    flop_units: int = 0

    def __post_init__(self) -> None:
        """Raises InputError for an amount outside [0, 2**32)."""
        for name, amount in (
            ("time_ms", self.time_ms),
            ("energy_j", self.energy_j),
            ("flop", self.flop_units),
        ):
            if type(amount) is not int or not 0 <= amount <= MAX_AMOUNT:
                raise InputError(
                    f"{name} is {amount}, which a row cannot hold",
                    mend=f"amounts are integers from 0 to {MAX_AMOUNT}; split a larger subject into several",
                )

    def __iter__(self) -> Iterator[int]:
        """The amounts in the order of ``Amount``."""
        return iter((self.time_ms, self.energy_j, self.flop_units))


@dataclass(frozen=True, slots=True)
class RowAmounts:
    """All cells of a row, by column."""

    cells: tuple[CellAmounts, ...]

    @property
    def time_ms(self) -> int:
        """Accelerator-time over all columns: what the inventory must say."""
        return sum(cell.time_ms for cell in self.cells)

    @property
    def flat(self) -> tuple[int, ...]:
        """All amounts in the order in which they are committed: by column, then by ``Amount``."""
        return tuple(amount for cell in self.cells for amount in cell)

    def encoding(self) -> bytes:
        """Canonical bytes. They are secret: blindings come from them, nobody else reads them."""
        return canonical.encode([list(cell) for cell in self.cells])


def add_hours(hours: Iterable[Iterable[ColumnAmount]], columns: int) -> RowAmounts:
    """A row from its hours: exact sums by column, then energy and FLOP rounded up once.

    Raises InputError for a column beyond ``columns`` and for a sum that a row cannot hold.
    """
    sums = [[0, 0, 0] for _ in range(columns)]
    for amount in (amount for hour in hours for amount in hour):
        if not 0 <= amount.column < columns:
            raise InputError(f"column {amount.column} is not one of {columns}")
        for at, value in enumerate((amount.time_ms, amount.energy_mj, amount.flop)):
            sums[amount.column][at] += value
    return RowAmounts(
        tuple(CellAmounts(ms, whole_joules(mj), whole_flop_units(flop)) for ms, mj, flop in sums)
    )


def whole_joules(energy_mj: int) -> int:
    """Energy of a column and day in joules, rounded up. Raises InputError for negative energy."""
    return _rounded_up(energy_mj, MJ_PER_JOULE, "energy")


def whole_flop_units(flop: int) -> int:
    """FLOP of a column and day in units of 1e13, rounded up. Raises InputError for negative FLOP."""
    return _rounded_up(flop, FLOP_PER_UNIT, "FLOP")


def position(column: int, amount: Amount) -> int:
    """Where an amount stands among the commitments of its row."""
    return len(Amount) * column + amount


def _rounded_up(amount: int, unit: int, name: str) -> int:
    if amount < 0:
        raise InputError(f"{name} is negative: {amount}")
    return -(-amount // unit)

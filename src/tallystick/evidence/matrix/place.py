"""Where a row stands. The verifier takes it from the log, never from the row."""

from dataclasses import dataclass
from datetime import date, timedelta

from tallystick.errors import InputError
from tallystick.evidence import canonical
from tallystick.evidence.proofs.ristretto import encode_scalar
from tallystick.evidence.proofs.statement import Context

PROTOCOL = "tallystick-commitments/1"
#: Label of the transcript of a row's range proof.
ROW_LABEL = b"tallystick matrix row v1"
DIGEST_BYTES = 32
MAX_NAME = 256
#: Days since 1970-01-01 that a calendar of four-digit years holds.
MAX_DAY = (date.max - date(1970, 1, 1)).days
MAX_ROWS = 2**32
HOURS_PER_DAY = 24
WHOLE_DAY = (0, HOURS_PER_DAY)


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Operator, site and log; day since 1970-01-01 (UTC) and row; digests of that day's roster and plan.

    ``row`` is the position of the subject among the rows of the roster, from 0. ``hours``: the first hour of
    the day that the row speaks of, and the hour it ends before; a whole day unless a period begins or ends
    within it.
    """

    operator: str
    site: str
    origin: str
    day: int
    row: int
    roster: bytes
    columns: bytes
    hours: tuple[int, int] = WHOLE_DAY

    def __post_init__(self) -> None:
        """Raises InputError for a name, number or digest that no place has."""
        for name in (self.operator, self.site, self.origin):
            if not 0 < len(name) <= MAX_NAME or not name.isprintable():
                raise InputError(f"a name of a row's place is not 1 to {MAX_NAME} printable characters")
        if not 0 <= self.day <= MAX_DAY or not 0 <= self.row < MAX_ROWS:
            raise InputError(f"day {self.day} or row {self.row} is out of range")
        first, end = self.hours
        if not 0 <= first < end <= HOURS_PER_DAY:
            raise InputError(f"hours {first} to {end} are no part of a day")
        if len(self.roster) != DIGEST_BYTES or len(self.columns) != DIGEST_BYTES:
            raise InputError(f"the digests of a row's roster and columns have {DIGEST_BYTES} bytes")

    @property
    def key(self) -> tuple[str, int, int, int]:
        """Site, day, row and first hour: what one row exists for."""
        return self.site, self.day, self.row, self.hours[0]

    def __str__(self) -> str:
        day = date(1970, 1, 1) + timedelta(self.day)
        part = "" if self.hours == WHOLE_DAY else f" {self.hours[0]:02}:00 to {self.hours[1]:02}:00"
        return f"site {self.site}, {day}{part}, row {self.row}"

    def encoding(self) -> bytes:
        """Canonical bytes, from which blindings are derived."""
        return canonical.encode(
            {
                "columns": self.columns.hex(),
                "day": self.day,
                "hours": list(self.hours),
                "operator": self.operator,
                "origin": self.origin,
                "protocol": PROTOCOL,
                "roster": self.roster.hex(),
                "row": self.row,
                "site": self.site,
            }
        )

    def context(self, inventory_ms: int, time_blinding: int) -> Context:
        """What the transcript hears before the row's range proof."""
        return (
            (b"protocol", PROTOCOL.encode()),
            (b"operator", self.operator.encode()),
            (b"site", self.site.encode()),
            (b"origin", self.origin.encode()),
            (b"day", _u64(self.day)),
            (b"hours", bytes(self.hours)),
            (b"row", _u64(self.row)),
            (b"roster", self.roster),
            (b"columns", self.columns),
            (b"inventory-ms", _u64(inventory_ms)),
            (b"time-blinding", encode_scalar(time_blinding)),
        )


@dataclass(frozen=True, slots=True)
class DueRow:
    """What the log and the inventory say is due: a row at ``place`` and its time.

    ``inventory_ms``: accelerator-milliseconds that the row's accelerators were in the inventory in its hours.
    """

    place: RowPlace
    inventory_ms: int

    def __post_init__(self) -> None:
        """Raises InputError for a time that no row has."""
        if not 0 <= self.inventory_ms < 2**64:
            raise InputError(f"{self.place}: the inventory's time is {self.inventory_ms} ms")


def _u64(number: int) -> bytes:
    return number.to_bytes(8, "little")

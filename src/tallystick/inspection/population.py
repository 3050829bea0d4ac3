"""What entries are drawn from: each hour of each subject at which accelerators are accounted, day by day."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.days import Day
from tallystick.declarations.statement import Declaration
from tallystick.units import NS_PER_HOUR


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """An entry to open: leaf index, row of the roster, start of its hour."""

    leaf: int
    row: int
    hour_ns: int


class Population:
    """The entries of a declared period that may be drawn, numbered hour by hour."""

    def __init__(self, bundle: Bundle, declaration: Declaration) -> None:
        """Raises VerificationError where the log's days do not make up the period."""
        self._days = bundle.days_of(declaration)
        self._rows = [_counted(day) for day in self._days]
        sizes = [day.start.hours * len(rows) for day, rows in zip(self._days, self._rows, strict=True)]
        self._ends = list(accumulate(sizes))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def entry(self, number: int) -> DrawnEntry:
        """The entry that has ``number``, from 0."""
        at = bisect_right(self._ends, number)
        day, rows = self._days[at], self._rows[at]
        within = number - (self._ends[at - 1] if at else 0)
        hour, index = divmod(within, len(rows))
        hour_ns = day.start.start_ns + hour * NS_PER_HOUR
        return DrawnEntry(day.entry_leaf(hour_ns, rows[index]), rows[index], hour_ns)


def _counted(day: Day) -> list[int]:
    return [row for row, here in enumerate(day.roster.counted) if here]

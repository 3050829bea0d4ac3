"""Samples in memory: one table of integer columns, sorted by subject and time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.subject import Subject
from tallystick.units import SLOT_NS

Int64 = npt.NDArray[np.int64]
#: Rows of a part of a table: columns of so many stay in a processor's cache.
PART_ROWS = 2**16


@dataclass(frozen=True)
class SampleTable:
    """Samples of several subjects, within one slot unless said otherwise.

    ``subject`` (n,) int64 indexes ``subjects``; ``time_ns`` (n,) int64 is nanoseconds since 1970 in
    UTC; ``quality`` (n,) int64 holds ``Quality`` flags; ``channels`` maps a channel's name to its
    (n,) int64 values with ``MISSING`` where there is none. Rows are sorted by (subject, time) and no
    (subject, time) occurs twice.
    """

    subjects: tuple[Subject, ...]
    subject: Int64
    time_ns: Int64
    quality: Int64
    channels: dict[str, Int64]

    def __len__(self) -> int:
        return len(self.time_ns)

    def bounds(self) -> Int64:
        """Row offsets (len(subjects) + 1,): rows of subject ``i`` are ``bounds[i]:bounds[i + 1]``."""
        return np.searchsorted(self.subject, np.arange(len(self.subjects) + 1)).astype(np.int64)

    def parts(self, rows: int = PART_ROWS) -> Iterator["TablePart"]:
        """Tables of whole subjects of at least ``rows`` rows, one after the other, that share its memory.

        What is worked out subject by subject is worked out faster, and in less memory, a part at a time.
        """
        bounds = self.bounds()
        first, last = 0, len(self.subjects)
        while first < last:
            stop = min(last, int(np.searchsorted(bounds, bounds[first] + rows)))
            inside = slice(int(bounds[first]), int(bounds[stop]))
            table = SampleTable(
                self.subjects[first:stop],
                self.subject[inside] - first,
                self.time_ns[inside],
                self.quality[inside],
                {name: values[inside] for name, values in self.channels.items()},
            )
            yield TablePart(table, first, inside.start)
            first = stop


@dataclass(frozen=True)
class TablePart:
    """Part of a table: its ``table`` begins with the whole's subject ``first`` and row ``first_row``."""

    table: SampleTable
    first: int
    first_row: int

    @property
    def subjects(self) -> slice:
        """Numbers of its subjects in the whole."""
        return slice(self.first, self.first + len(self.table.subjects))


def slot_of(table: SampleTable) -> int:
    """Start in ns of the slot in which the table's first row lies. The table is not empty."""
    return int(table.time_ns[0]) // SLOT_NS * SLOT_NS

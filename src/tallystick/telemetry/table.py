"""Samples in memory: one table of integer columns, sorted by subject and time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.subject import Subject
from tallystick.units import SLOT_NS

Int64 = npt.NDArray[np.int64]


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


def slot_of(table: SampleTable) -> int:
    """Start in ns of the slot in which the table's first row lies. The table is not empty."""
    return int(table.time_ns[0]) // SLOT_NS * SLOT_NS

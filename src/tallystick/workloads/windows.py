"""Cuts a slot into windows: which rows of a table belong to which window of which subject.

Windows are ``WINDOW_NS`` long, three to a slot, aligned to 1970. Samples faster than
``ANALYSIS_NS`` are thinned to about that cadence (every n-th row of a window), so that one model serves
sensors of 2 s and of 10 s. Nothing outside a window enters its features.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.sample import Quality
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, SLOT_NS, WINDOW_NS
from tallystick.workloads.amounts import slot_start

WINDOWS_PER_SLOT = SLOT_NS // WINDOW_NS
#: Cadence at which features are computed.
ANALYSIS_NS = 10 * NS_PER_S


@dataclass(frozen=True)
class Windows:
    """Thinned rows of all subjects of one kind, by window.

    ``subjects`` (n,) are indexes into the table's subjects; window ``w`` of ``subjects[i]`` is number
    ``i * WINDOWS_PER_SLOT + w``. ``window`` (rows,) is sorted. ``channels`` are the table's, at those
    rows. ``breaks`` (rows,) counts gaps and counter resets up to each row, thinned rows included: two
    rows with the same count have an unbroken counter between them.
    """

    start_ns: int
    subjects: Int64
    window: Int64
    time_ns: Int64
    breaks: Int64
    channels: dict[str, Int64]

    def __len__(self) -> int:
        return len(self.subjects) * WINDOWS_PER_SLOT


def windows(table: SampleTable, kind: SubjectKind) -> Windows:
    """Windows of the table's subjects of one kind. Raises SampleError where rows lie in several slots."""
    start = slot_start(table)
    chosen = np.array([i for i, s in enumerate(table.subjects) if s.kind is kind], np.int64)
    position = np.full(len(table.subjects), -1, np.int64)
    position[chosen] = np.arange(len(chosen))
    row_position = position[table.subject] if len(table) else table.subject
    rows = np.flatnonzero(row_position >= 0)
    window = row_position[rows] * WINDOWS_PER_SLOT + (table.time_ns[rows] - start) // WINDOW_NS
    breaks = np.cumsum(table.quality[rows] != int(Quality.GOOD)).astype(np.int64)
    kept = _thinned(table, table.subject[rows], window)
    rows, window, breaks = rows[kept], window[kept], breaks[kept]
    channels = {name: values[rows] for name, values in table.channels.items()}
    return Windows(start, chosen, window, table.time_ns[rows], breaks, channels)


def _thinned(table: SampleTable, subject: Int64, window: Int64) -> npt.NDArray[np.bool_]:
    """Rows to keep: every n-th of each window, n = ANALYSIS_NS over the subject's interval."""
    strides = np.array([max(1, ANALYSIS_NS // max(1, s.interval_ns)) for s in table.subjects], np.int64)
    if (strides[subject] == 1).all():
        return np.ones(len(window), np.bool_)
    begins = np.diff(window, prepend=-1) != 0
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    kept: npt.NDArray[np.bool_] = (np.arange(len(window)) - first) % strides[subject] == 0
    return kept

"""Marks gaps and counter resets that a source left unmarked, and counts what it marked."""

import numpy as np
import numpy.typing as npt

from tallystick.accounting.energy import MAX_GAP_INTERVALS, NS_PER_US
from tallystick.records.sample import CHANNELS, MISSING, ChannelKind, Quality
from tallystick.telemetry.table import Int64, SampleTable

_NEVER = np.iinfo(np.int64).min


class Marker:
    """Goes through the tables of one source in time order and remembers each subject's last sample.

    ``intervals_ns`` (n,) is the nominal interval of each subject.
    """

    def __init__(self, intervals_ns: Int64) -> None:
        self.gaps = 0
        self.resets = 0
        self._intervals_us = intervals_ns // NS_PER_US
        self._last_us = np.full(len(intervals_ns), _NEVER, dtype=np.int64)
        self._last_count: dict[str, Int64] = {}

    def mark(self, table: SampleTable) -> SampleTable:
        """The same table with ``AFTER_GAP`` and ``AFTER_RESET`` set wherever they are due."""
        if not len(table):
            return table
        quality = table.quality.copy()
        self.gaps += _set(quality, self._after_gap(table), Quality.AFTER_GAP)
        resets = np.zeros(len(table), dtype=np.bool_)
        for name, values in table.channels.items():
            if CHANNELS[name].kind is ChannelKind.COUNTER:
                resets |= self._after_reset(name, values, table.subject)
        self.resets += _set(quality, resets, Quality.AFTER_RESET)
        return SampleTable(table.subjects, table.subject, table.time_ns, quality, table.channels)

    def notes(self) -> tuple[str, ...]:
        """One line for each kind of mark that was added."""
        notes = []
        if self.gaps:
            notes.append(f"{self.gaps} samples follow an unmarked gap: marked")
        if self.resets:
            notes.append(f"{self.resets} samples follow an unmarked counter reset: marked")
        return tuple(notes)

    def _after_gap(self, table: SampleTable) -> npt.NDArray[np.bool_]:
        times = table.time_ns // NS_PER_US
        previous = _previous(times, table.subject, self._last_us)
        known = previous != _NEVER
        apart = times - np.where(known, previous, times)
        after: npt.NDArray[np.bool_] = known & (apart > MAX_GAP_INTERVALS * self._intervals_us[table.subject])
        return after

    def _after_reset(self, name: str, values: Int64, subject: Int64) -> npt.NDArray[np.bool_]:
        last = self._last_count.setdefault(name, np.full(len(self._last_us), _NEVER, dtype=np.int64))
        fell = np.zeros(len(values), dtype=np.bool_)
        read = np.flatnonzero(values != MISSING)
        fell[read] = values[read] < _previous(values[read], subject[read], last)
        return fell


def _previous(values: Int64, subject: Int64, last: Int64) -> Int64:
    """The value before each one of the same subject; ``last`` holds, and gets, the carried ones."""
    if not len(values):
        return values
    previous = np.empty_like(values)
    previous[1:] = values[:-1]
    starts = np.flatnonzero(np.concatenate(([True], subject[1:] != subject[:-1])))
    previous[starts] = last[subject[starts]]
    ends = np.append(starts[1:], len(values)) - 1
    last[subject[ends]] = values[ends]
    return previous


def _set(quality: Int64, due: npt.NDArray[np.bool_], flag: Quality) -> int:
    """Set ``flag`` where it is due, in place. Returns how many lacked it."""
    lacking = due & ((quality & int(flag)) == 0)
    quality[lacking] |= int(flag)
    return int(lacking.sum())

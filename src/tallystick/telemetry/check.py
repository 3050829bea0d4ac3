"""Checks of the values of a sample table. Each raises one SampleError naming row and mend."""

from collections.abc import Sequence

import numpy as np

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, MISSING, Quality
from tallystick.records.subject import Subject, SubjectKind
from tallystick.telemetry.place import Place, first_true
from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_DAY, SLOT_NS

#: 2015-01-01T00:00:00Z: nothing that Tallystick accounts for is older.
EARLIEST_NS = 1_420_070_400_000_000_000
#: How far a clock may be ahead of this machine's.
MAX_AHEAD_NS = NS_PER_DAY

KINDS: tuple[SubjectKind, ...] = tuple(SubjectKind)
_QUALITY_BITS = int(Quality.AFTER_GAP | Quality.AFTER_RESET)


def kind_codes(subjects: Sequence[Subject]) -> Int64:
    """Index into ``KINDS`` of each subject (n,)."""
    return np.array([KINDS.index(s.kind) for s in subjects], dtype=np.int64)


def check_times(times_ns: Int64, now_ns: int, place: Place) -> None:
    """Times must lie between 2015 and one day after ``now_ns``."""
    row = first_true((times_ns < EARLIEST_NS) | (times_ns > now_ns + MAX_AHEAD_NS))
    if row is None:
        return
    value = int(times_ns[row])
    for unit, factor in (("seconds", 10**9), ("milliseconds", 10**6), ("microseconds", 10**3)):
        if EARLIEST_NS // factor <= value <= (now_ns + MAX_AHEAD_NS) // factor:
            raise SampleError(
                f"'time_ns' is {value}, which looks like {unit}",
                where=place.at(row),
                mend=f"multiply the column by {factor}: nanoseconds since 1970 in UTC",
            )
    if value < EARLIEST_NS:
        raise SampleError(
            f"'time_ns' is {value}, before 2015",
            where=place.at(row),
            mend="give nanoseconds since 1970 in UTC",
        )
    raise SampleError(
        f"'time_ns' is {value}, more than a day in the future",
        where=place.at(row),
        mend="give nanoseconds since 1970 in UTC, and check the clocks",
    )


def check_slot_order(times_ns: Int64, latest_slot: int, place: Place) -> int:
    """The number of the last row's slot. No row may lie in a slot before one already passed."""
    if not len(times_ns):
        return latest_slot
    slots = times_ns // SLOT_NS
    before = np.concatenate((np.array([latest_slot], dtype=np.int64), slots[:-1]))
    row = first_true(slots < before)
    if row is not None:
        raise SampleError(
            f"'time_ns' is {int(times_ns[row])}, in an earlier 15-minute slot than the row before",
            where=place.at(row),
            mend="sort by time (inside a slot any order will do)",
        )
    return int(slots[-1])


def check_quality(quality: Int64, place: Place) -> None:
    """Only the flags of ``Quality`` may be set."""
    row = first_true((quality & ~_QUALITY_BITS) != 0)
    if row is not None:
        raise SampleError(
            f"'quality' is {int(quality[row])}",
            where=place.at(row),
            mend="0 is good, 1 after a gap, 2 after a counter reset, 3 both",
        )


def check_readings(name: str, values: Int64, kinds: Int64, place: Place) -> None:
    """Readings must fit the channel: on its kind of subject, at most its maximum.

    ``kinds`` (n,) indexes ``KINDS``. Readings below 0 were refused when the column was decoded.
    """
    channel = CHANNELS[name]
    row = first_true(values > channel.maximum)
    if row is not None:
        raise SampleError(
            f"'{name}' is {int(values[row])}, more than {channel.maximum} {channel.unit} can be",
            where=place.at(row),
            mend=f"is the unit {channel.unit}?",
        )
    row = first_true((values != MISSING) & (kinds != KINDS.index(channel.subject)))
    if row is not None:
        kind = KINDS[int(kinds[row])]
        raise SampleError(
            f"'{name}' belongs to subjects of kind {channel.subject.value}, not {kind.value}",
            where=place.at(row),
            mend="leave the reading empty or correct 'kind'",
        )

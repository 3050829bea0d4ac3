"""Observed time and energy of many subjects at once: the vectorised equal of ``accounting.energy``.

The rule is ``tallystick.accounting.energy.integrate``; these integers are the same ones, bit for bit.
Powers are held below each channel's greatest believable value, so that the products, at most
5e7 mW x 9e8 us = 4.5e16, fit 64 bits.
"""

from dataclasses import dataclass

import numpy as np

from tallystick.accounting.energy import MAX_GAP_INTERVALS, NS_PER_US, US_PER_S
from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, MISSING, POWER_CHANNEL
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64, SampleTable, TablePart
from tallystick.units import SLOT_NS


@dataclass(frozen=True)
class SpanAmounts:
    """Per subject and span of one slot: ``observed_us`` and ``energy_mj``, both (subjects, spans).

    Span ``j`` is ``[start_ns + j * span_ns, start_ns + (j + 1) * span_ns)``. Meters have zeros.
    """

    start_ns: int
    span_ns: int
    observed_us: Int64
    energy_mj: Int64


@dataclass(frozen=True)
class PowerSeries:
    """Rows of a table that carry a power reading of an accelerator or node, in the table's order."""

    subject: Int64
    time_ns: Int64
    power_mw: Int64


def slot_start(table: SampleTable) -> int:
    """Start in ns of the slot that holds the table's rows; 0 for an empty table.

    Raises SampleError where rows lie in more than one slot.
    """
    if not len(table):
        return 0
    first, last = int(table.time_ns.min()) // SLOT_NS, int(table.time_ns.max()) // SLOT_NS
    if first != last:
        raise SampleError(
            "samples of more than one slot in one table",
            where=f"slots {first} to {last}",
            mend="pass one table per slot",
        )
    return first * SLOT_NS


def power_series(table: SampleTable, first_row: int = 0) -> PowerSeries:
    """Power readings in mW, each from the channel of its subject's kind; meters are left out.

    ``first_row`` is the number of the first row in the table that this one is a part of. Raises SampleError
    for a reading that is negative or beyond the channel's maximum.
    """
    power = np.full(len(table), MISSING, np.int64)
    kinds = np.array([list(SubjectKind).index(s.kind) for s in table.subjects], np.int64)
    row_kind = kinds[table.subject] if len(table) else table.subject
    for kind in (SubjectKind.ACCELERATOR, SubjectKind.NODE):
        channel = CHANNELS[POWER_CHANNEL[kind]]
        if channel.name not in table.channels:
            continue
        rows = row_kind == list(SubjectKind).index(kind)
        power = np.where(rows, table.channels[channel.name], power)
        bad = rows & (power != MISSING) & ((power < 0) | (power > channel.maximum))
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise SampleError(
                f"{channel.name} is {int(power[row])} mW",
                where=f"subject {table.subjects[int(table.subject[row])].name}, row {first_row + row}",
                mend=f"readings lie between 0 and {channel.maximum} mW",
            )
    present = power != MISSING
    return PowerSeries(table.subject[present], table.time_ns[present], power[present])


def amounts(table: SampleTable, span_ns: int) -> SpanAmounts:
    """Observed time and energy of each subject in each span of the table's slot.

    ``span_ns`` divides ``SLOT_NS`` and is a whole number of microseconds. Raises SampleError where the
    rows lie in several slots or a power is not believable.
    """
    if span_ns <= 0 or SLOT_NS % span_ns or span_ns % NS_PER_US:
        raise ValueError(f"span of {span_ns} ns does not divide a slot into whole microseconds")
    start = slot_start(table)
    shape = (len(table.subjects), SLOT_NS // span_ns)
    found = SpanAmounts(start, span_ns, np.zeros(shape, np.int64), np.zeros(shape, np.int64))
    for part in table.parts():
        here = part.subjects
        found.observed_us[here], found.energy_mj[here] = _part_amounts(part, start, span_ns)
    return found


def _part_amounts(part: TablePart, start_ns: int, span_ns: int) -> tuple[Int64, Int64]:
    """Observed time and energy (subjects, spans) of a part of a table."""
    table, spans = part.table, SLOT_NS // span_ns
    series = power_series(table, part.first_row)
    left, right = _hold(table, series, start_ns)
    origin, span = start_ns // NS_PER_US, span_ns // NS_PER_US
    size = len(table.subjects) * spans
    observed, work = np.zeros(size, np.int64), np.zeros(size, np.int64)
    subject, power = series.subject, series.power_mw
    while len(left):
        index = (left - origin) // span
        stop = np.minimum(right, origin + (index + 1) * span)
        held = stop - left
        observed += _sums_by_key(subject * spans + index, held, size)
        work += _sums_by_key(subject * spans + index, held * power, size)
        more = stop < right
        subject, power, left, right = subject[more], power[more], stop[more], right[more]
    shape = (len(table.subjects), spans)
    return observed.reshape(shape), (work // US_PER_S).reshape(shape)


def _hold(table: SampleTable, series: PowerSeries, start_ns: int) -> tuple[Int64, Int64]:
    """For each reading the microseconds ``[left, right)`` it stands for; empty holds are dropped by use."""
    start, end = start_ns // NS_PER_US, (start_ns + SLOT_NS) // NS_PER_US
    time, subject = series.time_ns // NS_PER_US, series.subject
    reaches = np.array([s.interval_ns // NS_PER_US for s in table.subjects], np.int64)
    reach = reaches[subject] if len(subject) else subject
    left, right = np.maximum(start, time - reach), np.minimum(end, time + reach)
    if len(time) < 2:
        return left, right
    same = subject[1:] == subject[:-1]
    near = time[1:] - time[:-1] <= MAX_GAP_INTERVALS * reach[1:]
    middle = (time[:-1] + time[1:]) // 2
    right[:-1] = np.where(same, np.where(near, middle, time[:-1] + reach[:-1]), right[:-1])
    left[1:] = np.where(same, np.where(near, middle, time[1:] - reach[1:]), left[1:])
    return left, right


def _sums_by_key(keys: Int64, values: Int64, size: int) -> Int64:
    """Exact sums (size,) of ``values`` by sorted ``keys``. The running sum may wrap, differences do not."""
    running = np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
    edges = np.searchsorted(keys, np.arange(size + 1))
    return running[edges[1:]] - running[edges[:-1]]

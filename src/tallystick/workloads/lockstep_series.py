"""What of a subject's power is compared with that of others: two views of one slot, in small integers.

Power is put on a common grid between neighbouring readings and freed of its slow part, because a level and
a drift say nothing about who works with whom. The *quick* view keeps every change down to the grid, and so
tells when a step begins; the *steady* view is a running median, which a dip that one sensor caught and
another missed leaves alone, and so tells pauses and phases. Each view is scaled by its own median, clipped,
so that starts and pauses do not outweigh everything else, and brought to one length, so that the sum of
products of two series over ``Series.unit`` is their correlation. All is integer arithmetic: every machine
finds the same numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isqrt

import numpy as np
import numpy.typing as npt

from tallystick.accounting.energy import MAX_GAP_INTERVALS
from tallystick.accounting.hardware import hardware
from tallystick.telemetry.table import Int64, SampleTable, TablePart
from tallystick.units import NS_PER_S, PPM
from tallystick.workloads.amounts import power_series

Bools = npt.NDArray[np.bool_]
Int16 = npt.NDArray[np.int16]

#: The grid is no finer than this, and otherwise half the interval of the most rarely sampled subject: sensors
#: that read the same step at other instants still agree on it.
MIN_STEP_NS = NS_PER_S
#: Slow changes are removed over this long to either side (or so many ticks, whichever is longer): what is
#: left are steps in the quick view, and also pauses, checkpoints and evaluations in the steady one.
QUICK_NS, QUICK_TICKS = 15 * NS_PER_S, 6
STEADY_NS, STEADY_TICKS = 30 * NS_PER_S, 12
#: The steady view's running median is over this long: longer than the dip between two steps.
MEDIAN_NS, MEDIAN_TICKS = 8 * NS_PER_S, 4

#: A deviation equal to the median one is this many units; deviations beyond CLIP are clipped.
UNITS_PER_MEDIAN = 64
CLIP = 5 * UNITS_PER_MEDIAN
#: The median is taken as at least this, so that sensor noise of a steady machine is not blown up.
LEAST_MEDIAN_PPM = 1000
#: Root of the mean square of a finished view over the whole grid.
ROOT_MEAN_SQUARE = 64
VIEWS = 2
STEADY, QUICK = range(VIEWS)
#: Rows worked on at a time, so that what is in between stays in the processor's cache.
_CHUNK = 64


@dataclass(frozen=True)
class Levels:
    """Power of subjects on a grid: ``ppm`` (n, ticks) from idle to rated, valid where ``known``."""

    step_ns: int
    ppm: Int64
    known: Bools


@dataclass(frozen=True)
class Series:
    """Both views of n subjects: ``views`` (n, VIEWS, ticks), and how many ``ticks_used`` (n,) they rest on.

    The sum of squares of a subject's views is just below ``unit``, or 0 where it never changed.
    """

    step_ns: int
    views: Int16
    ticks_used: Int64

    @property
    def unit(self) -> int:
        """The sum of products of two equal series."""
        return VIEWS * ROOT_MEAN_SQUARE**2 * int(self.views.shape[2])


def grid_step(intervals_ns: Int64) -> int:
    """Step of the grid for subjects sampled this often."""
    slowest = int(intervals_ns.max(initial=0))
    return max(MIN_STEP_NS, slowest // 2)


def levels_on_grid(table: SampleTable, index: Int64, step_ns: int, start_ns: int, span_ns: int) -> Levels:
    """Power of the subjects numbered ``index`` in the middle of each step from ``start_ns`` on.

    Between two readings no more than MAX_GAP_INTERVALS apart power is interpolated, elsewhere unknown but
    for half an interval beside a reading. Raises InputError for unknown hardware.
    """
    levels = empty_levels(len(index), step_ns, len(range(step_ns // 2, span_ns, step_ns)))
    for part in table.parts():
        chosen = chosen_in(part, index)
        if not len(chosen):
            continue
        mine = index[chosen] - part.first
        idle, span = (np.ones(len(part.table.subjects), np.int64) for _ in range(2))
        for i in mine.tolist():
            kind = hardware(part.table.subjects[i].hardware)
            idle[i], span[i] = kind.idle_mw, max(1, kind.rated_mw - kind.idle_mw)
        power = power_series(part.table, part.first_row)
        level = (power.power_mw - idle[power.subject]) * PPM // span[power.subject]
        readings = Readings(power.subject, power.time_ns, level)
        fill(levels, chosen, part.table, readings, mine, start_ns)
    return levels


def empty_levels(count: int, step_ns: int, ticks: int) -> Levels:
    """Levels of ``count`` subjects of which nothing is known."""
    return Levels(step_ns, np.zeros((count, ticks), np.int64), np.zeros((count, ticks), np.bool_))


def chosen_in(part: TablePart, index: Int64) -> Int64:
    """Places in ``index`` of the subjects that are in a part of a table."""
    here = part.subjects
    return np.flatnonzero((index >= here.start) & (index < here.stop))


@dataclass(frozen=True)
class Readings:
    """Rows in order of subject and time: numbers of ``subject`` (m,), ``time_ns`` (m,) and ``level`` (m,)."""

    subject: Int64
    time_ns: Int64
    level: Int64


def fill(
    levels: Levels, chosen: Int64, table: SampleTable, readings: Readings, index: Int64, start_ns: int
) -> None:
    """Writes the levels of the subjects numbered ``index``, on the lines between their readings.

    They go to the rows ``chosen`` of ``levels``.
    """
    bounds = np.searchsorted(readings.subject, np.arange(len(table.subjects) + 1)).tolist()
    intervals = np.array([table.subjects[i].interval_ns for i in index.tolist()], np.int64)
    for first in range(0, len(index), _CHUNK):
        chunk = index[first : first + _CHUNK].tolist()
        slices = [slice(bounds[i], bounds[i + 1]) for i in chunk]
        counts = np.array([s.stop - s.start for s in slices], np.int64)
        read = np.flatnonzero(counts)
        if not len(read):
            continue
        time = np.concatenate([readings.time_ns[s] for s in slices]) - start_ns
        level = np.concatenate([readings.level[s] for s in slices])
        rows = first + read
        levels.ppm[chosen[rows]], levels.known[chosen[rows]] = _on_lines(
            time, level, counts[read], intervals[rows][:, None], levels.step_ns, levels.ppm.shape[1]
        )


def _on_lines(
    time: Int64, level: Int64, counts: Int64, intervals_ns: Int64, step_ns: int, ticks: int
) -> tuple[Int64, Bools]:
    """Level (n, ticks) on the lines between readings, and where there is one.

    ``time`` and ``level`` hold the readings of n subjects, ``counts`` (n,) of each and none 0, one subject
    after the other.
    """
    at = np.arange(ticks) * step_ns + step_ns // 2
    begin = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)[:-1]))[:, None]
    end = begin + counts[:, None] - 1
    # the first tick after each reading: so many readings lie before each tick
    cell = np.clip((time - step_ns // 2) // step_ns + 1, 0, ticks)
    cell += np.repeat(np.arange(len(counts)) * (ticks + 1), counts)
    passed = np.bincount(cell, minlength=len(counts) * (ticks + 1)).reshape(len(counts), ticks + 1)
    after = begin + np.cumsum(passed[:, :ticks], axis=1)
    left, right = np.maximum(after - 1, begin), np.minimum(after, end)
    time_left, level_left = time[left], level[left]
    time_right, level_right = time[right], level[right]
    gap = time_right - time_left
    # microseconds, so that the product fits 64 bits
    part, whole = (at - time_left) // 1000, np.maximum(gap // 1000, 1)
    between = level_left + (level_right - level_left) * np.clip(part, 0, whole) // whole
    to_left, to_right = np.abs(at - time_left), np.abs(time_right - at)
    nearer = to_right < to_left
    inside = (gap > 0) & (gap <= MAX_GAP_INTERVALS * intervals_ns)
    beside = np.where(nearer, to_right, to_left) <= intervals_ns
    nearest = np.where(nearer, level_right, level_left)
    return np.where(inside, between, nearest), inside | beside


def series_of(levels: Levels, active: Bools) -> Series:
    """Both views of every row of ``levels``; ``active`` (n, ticks) tells where it works."""
    views = np.zeros((len(levels.ppm), VIEWS, levels.ppm.shape[1]), np.int16)
    used = np.zeros(len(views), np.int64)
    steady = max(STEADY_TICKS, STEADY_NS // levels.step_ns)
    for rows, level, known, usable in _chunks(levels, active):
        used[rows] = usable.sum(axis=1)
        smooth = _median(level, max(MEDIAN_TICKS, MEDIAN_NS // levels.step_ns) // 2)
        views[rows, STEADY] = _view(smooth, known, usable, steady)
        views[rows, QUICK] = _view(level, known, usable, _quick_reach(levels.step_ns))
    return Series(levels.step_ns, views, used)


def quick_views(levels: Levels, active: Bools) -> tuple[Int16, Int64]:
    """The quick view (n, ticks) alone, and how many ticks (n,) it rests on."""
    views, used = np.zeros(levels.ppm.shape, np.int16), np.zeros(len(levels.ppm), np.int64)
    for rows, level, known, usable in _chunks(levels, active):
        used[rows] = usable.sum(axis=1)
        views[rows] = _view(level, known, usable, _quick_reach(levels.step_ns))
    return views, used


def _chunks(levels: Levels, active: Bools) -> Iterator[tuple[slice, Int64, Bools, Bools]]:
    """Rows a chunk at a time: which, their levels, where those are known, and where usable."""
    for first in range(0, len(levels.ppm), _CHUNK):
        rows = slice(first, first + _CHUNK)
        yield rows, levels.ppm[rows], levels.known[rows], levels.known[rows] & active[rows]


def _quick_reach(step_ns: int) -> int:
    return max(QUICK_TICKS, QUICK_NS // step_ns)


def _median(level: Int64, reach: int) -> Int64:
    """Running median (n, ticks) over ``reach`` ticks to either side; the ends are repeated.

    Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2 M) sorts the windows of all rows
    at once, which is much faster than each by itself.
    """
    padded = np.pad(level, ((0, 0), (reach, reach)), mode="edge").astype(np.int32)
    width, ticks = 2 * reach + 1, level.shape[1]
    lanes = [padded[:, i : i + ticks] for i in range(width)]
    for low, high in _exchanges(width):
        lanes[low], lanes[high] = np.minimum(lanes[low], lanes[high]), np.maximum(lanes[low], lanes[high])
    return lanes[reach].astype(np.int64)


@cache
def _exchanges(width: int) -> tuple[tuple[int, int], ...]:
    """Pairs of lanes to put in order, one after the other, so that all of ``width`` lanes are sorted."""
    found = []
    top = 1 << max(0, (width - 1).bit_length() - 1)
    p = top
    while p:
        q, r, d = top, 0, p
        while True:
            found += [(i, i + d) for i in range(width - d) if i & p == r]
            if q == p:
                break
            q, r, d = q // 2, p, q - p
        p //= 2
    return tuple(found)


def _view(level: Int64, known: Bools, usable: Bools, reach: int) -> Int64:
    """One finished view (n, ticks): deviations from the mean of ``reach`` ticks each way, scaled, clipped."""
    count = np.maximum(_around(known.astype(np.int64), reach), 1)
    deviation = level - _around(np.where(known, level, 0), reach) // count
    used = np.maximum(usable.sum(axis=1, keepdims=True), 1)
    deviation = deviation - _middle(deviation, usable, used)
    scale = np.maximum(_middle(np.abs(deviation), usable, used), LEAST_MEDIAN_PPM)
    units = np.clip(deviation * UNITS_PER_MEDIAN // scale, -CLIP, CLIP)
    units = np.where(usable, units, 0)
    units = np.where(usable, units - units.sum(axis=1, keepdims=True) // used, 0)
    length = np.array([isqrt(int(s)) for s in (units * units).sum(axis=1)], np.int64)[:, None]
    wanted = isqrt(ROOT_MEAN_SQUARE**2 * level.shape[1])
    finished: Int64 = np.where(length > 0, _towards_zero(units * wanted, np.maximum(length, 1)), 0)
    return finished


def _around(values: Int64, reach: int) -> Int64:
    """Sums (n, ticks) over ``reach`` ticks to either side, as far as there are ticks."""
    ticks = values.shape[1]
    running = np.concatenate((np.zeros((len(values), 1), np.int64), np.cumsum(values, axis=1)), axis=1)
    at = np.arange(ticks)
    return running[:, np.minimum(at + reach + 1, ticks)] - running[:, np.maximum(at - reach, 0)]


def _middle(values: Int64, usable: Bools, used: Int64) -> Int64:
    """Lower median (n, 1) of the usable values of each row; any value where there are none."""
    largest = int(np.abs(values).max(initial=0))
    small = np.int32 if largest < np.iinfo(np.int32).max else np.int64  # narrow integers sort faster
    ordered = np.where(usable, values.astype(small), np.iinfo(small).max)
    ordered.sort(axis=1)
    return np.take_along_axis(ordered, (used - 1) // 2, axis=1).astype(np.int64)


def _towards_zero(numerator: Int64, denominator: Int64) -> Int64:
    """Quotients without the bias that rounding down would give the negative ones."""
    result: Int64 = np.sign(numerator) * (np.abs(numerator) // denominator)
    return result

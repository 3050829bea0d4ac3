"""What of a subject's power is compared with that of others: two views of one slot, in small integers.

Power is put on a common grid between neighbouring readings and freed of its slow part, because a level and
a drift say nothing about who works with whom. The *quick* view keeps every change down to the grid, and so
tells when a step begins; the *steady* view is a running median, which a dip that one sensor caught and
another missed leaves alone, and so tells pauses and phases. Each view is scaled by its own median, clipped,
so that starts and pauses do not outweigh everything else, and brought to one length, so that the sum of
products of two series over ``Series.unit`` is their correlation. All is integer arithmetic: every machine
finds the same numbers.
"""

from dataclasses import dataclass
from math import isqrt

import numpy as np
import numpy.typing as npt

from tallystick.accounting.energy import MAX_GAP_INTERVALS
from tallystick.accounting.hardware import hardware
from tallystick.telemetry.table import Int64, SampleTable
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
_CHUNK = 256


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
    power = power_series(table)
    ticks = np.arange(step_ns // 2, span_ns, step_ns)
    bounds = np.searchsorted(power.subject, np.arange(len(table.subjects) + 1))
    ppm, known = np.zeros((len(index), len(ticks)), np.int64), np.zeros((len(index), len(ticks)), np.bool_)
    for row, i in enumerate(index.tolist()):
        subject, rows = table.subjects[i], slice(int(bounds[i]), int(bounds[i + 1]))
        kind = hardware(subject.hardware)
        span = max(1, kind.rated_mw - kind.idle_mw)
        level = (power.power_mw[rows] - kind.idle_mw) * PPM // span
        if len(level):
            time = power.time_ns[rows] - start_ns
            ppm[row], known[row] = interpolated(ticks, time, level, subject.interval_ns)
    return Levels(step_ns, ppm, known)


def interpolated(ticks: Int64, time: Int64, level: Int64, interval_ns: int) -> tuple[Int64, Bools]:
    """Level (ticks,) on the line between the readings at ``time``, and where there is one."""
    after = np.searchsorted(time, ticks, side="left")
    left, right = np.maximum(after - 1, 0), np.minimum(after, len(time) - 1)
    gap = time[right] - time[left]
    # microseconds, so that the product fits 64 bits
    part, whole = (ticks - time[left]) // 1000, np.maximum(gap // 1000, 1)
    between = level[left] + (level[right] - level[left]) * np.clip(part, 0, whole) // whole
    nearest = np.where(np.abs(time[right] - ticks) < np.abs(ticks - time[left]), right, left)
    inside = (gap > 0) & (gap <= MAX_GAP_INTERVALS * interval_ns)
    beside = np.abs(time[nearest] - ticks) <= interval_ns
    return np.where(inside, between, level[nearest]), inside | beside


def series_of(levels: Levels, active: Bools) -> Series:
    """Both views of every row of ``levels``; ``active`` (n, ticks) tells where it works."""
    count, ticks = levels.ppm.shape
    views = np.zeros((count, VIEWS, ticks), np.int16)
    used = np.zeros(count, np.int64)
    for first in range(0, count, _CHUNK):
        rows = slice(first, first + _CHUNK)
        level, known = levels.ppm[rows], levels.known[rows]
        usable = known & active[rows]
        used[rows] = usable.sum(axis=1)
        smooth = _median(level, max(MEDIAN_TICKS, MEDIAN_NS // levels.step_ns) // 2)
        steady = max(STEADY_TICKS, STEADY_NS // levels.step_ns)
        quick = max(QUICK_TICKS, QUICK_NS // levels.step_ns)
        views[rows, STEADY] = _view(smooth, known, usable, steady)
        views[rows, QUICK] = _view(level, known, usable, quick)
    return Series(levels.step_ns, views, used)


def _median(level: Int64, reach: int) -> Int64:
    """Running median (n, ticks) over ``reach`` ticks to either side; the ends are repeated."""
    padded = np.pad(level, ((0, 0), (reach, reach)), mode="edge").astype(np.int32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)
    middle: Int64 = np.partition(windows, reach, axis=2)[:, :, reach].astype(np.int64)
    return middle


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
    ordered = np.sort(np.where(usable, values, np.iinfo(np.int64).max), axis=1)
    return np.take_along_axis(ordered, (used - 1) // 2, axis=1)


def _towards_zero(numerator: Int64, denominator: Int64) -> Int64:
    """Quotients without the bias that rounding down would give the negative ones."""
    result: Int64 = np.sign(numerator) * (np.abs(numerator) // denominator)
    return result

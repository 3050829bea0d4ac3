"""When each member of a cluster does what the cluster does, to a small part of the time between readings.

A member's quick view is compared with the mean of all at shifts of whole ticks; the peak of the parabola
through the best shift and its neighbours is its delay. In runs of 64 nodes read every 2 s, delays within one
run spread by less than a tenth of a second, or by a fifth where the sensor reads instants and not means. So
two runs of one program that began half a second apart show as two heaps of delays.

Sums are integers; each float comes from integers by single operations that IEEE 754 rounds in one way only.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64
from tallystick.units import PPM

Bools = npt.NDArray[np.bool_]

#: Delays are looked for up to so many ticks either way, and given in such parts of a tick.
REACH_TICKS, PARTS = 4, 1000
#: Delays within a run are taken to spread by at least so many parts.
LEAST_SPREAD = 50
TURN_TICKS, ROUNDS = 60, 6
_FINE = 16


@dataclass(frozen=True)
class Heaps:
    """Delays in heaps: ``heap`` (n,) of each member, from the earliest on.

    ``gap_in_spreads`` is the least gap between the means of neighbouring heaps, over the spread within
    heaps; ``agreed_ppm`` the share of members that both halves of the time put into the same heap;
    ``width_ticks`` how far the last heap's mean is behind the first's: what comes near REACH_TICKS is not
    measured well.
    """

    heap: Int64
    gap_in_spreads: float
    agreed_ppm: int
    width_ticks: float


def heaps_of(series: Int64, count: int) -> Heaps:
    """``count`` heaps of the series (n, ticks), n more; halves of the time take turns of TURN_TICKS."""
    turn = np.arange(series.shape[1]) // TURN_TICKS % 2 == 1
    first, last = (in_heaps(delays(np.where(half, series, 0)), count) for half in (turn, ~turn))
    delay = delays(series)
    heap = in_heaps(delay, count)
    agreed_ppm = int(np.count_nonzero(first == last)) * PPM // len(series)
    means = _means(delay, heap, count)
    width = (means[-1] - means[0]) / PARTS if means else 0.0
    return Heaps(heap, _gap(delay, heap, means), agreed_ppm, width)


def delays(series: Int64) -> Int64:
    """Delay (n,) in PARTS of a tick of each of the series (n, ticks) against their mean."""
    mean = series.sum(axis=0) * _FINE // max(1, len(series))
    shifts = range(-REACH_TICKS, REACH_TICKS + 1)
    agreement = np.stack([series @ moved(mean, shift) for shift in shifts], axis=1)
    best = np.clip(agreement.argmax(axis=1), 1, 2 * REACH_TICKS - 1)
    rows = np.arange(len(series))
    before, at, after = (agreement[rows, best + side] for side in (-1, 0, 1))
    bend = 2 * at - before - after
    peak = (after - before) * PARTS // np.where(bend > 0, 2 * bend, 1)
    found: Int64 = (best - REACH_TICKS) * PARTS + np.where(bend > 0, np.clip(peak, -PARTS, PARTS), 0)
    return found


def peak(agreement: Int64) -> float:
    """The greatest of sums of products (shifts,), between whole ticks by the parabola through three."""
    best = int(agreement.argmax())
    if not 0 < best < len(agreement) - 1:
        return float(agreement[best])
    before, at, after = (int(agreement[best + side]) for side in (-1, 0, 1))
    bend = 2 * at - before - after
    return at + (after - before) ** 2 / (8 * bend) if bend > 0 else float(at)


def in_heaps(delay: Int64, count: int) -> Int64:
    """Heap (n,) of each delay (n,): cut where two heaps differ most (Otsu 1979), then evened out."""
    ordered = np.sort(delay)
    edges = [0, len(delay)]
    while len(edges) <= count:
        cuts = [_cut(ordered[a:b]) for a, b in pairwise(edges)]
        at = max(range(len(cuts)), key=lambda i: cuts[i][0])
        edges.insert(at + 1, edges[at] + cuts[at][1])
    means = [int(ordered[a:b].sum()) // max(1, b - a) for a, b in pairwise(edges)]
    heap = np.zeros(len(delay), np.int64)
    for _ in range(ROUNDS):
        heap = np.searchsorted([(a + b) // 2 for a, b in pairwise(means)], delay).astype(np.int64)
        sizes = np.bincount(heap, minlength=count)
        means = [int(delay[heap == i].sum()) // max(1, int(sizes[i])) for i in range(count)]
    return heap


def _cut(ordered: Int64) -> tuple[float, int]:
    """By how much the best cut lessens the spread of delays in order, and how many come before the cut."""
    size = len(ordered)
    if size < 2:
        return -1.0, 0
    running = np.cumsum(ordered)
    sizes = np.arange(1, size)
    apart = (int(running[-1]) * sizes - running[:-1] * size).astype(np.float64)
    gain = apart * apart / (sizes * (size - sizes)) / size
    best = int(gain.argmax())
    return float(gain[best]), 1 + best


def _means(delay: Int64, heap: Int64, count: int) -> list[float]:
    """Mean delay of each heap; none at all where one is empty."""
    sizes = [int((heap == i).sum()) for i in range(count)]
    if not min(sizes):
        return []
    return [int(delay[heap == i].sum()) / size for i, size in enumerate(sizes)]


def _gap(delay: Int64, heap: Int64, means: list[float]) -> float:
    """The least gap between neighbouring means over the spread within heaps; 0 where a heap is empty."""
    if not means:
        return 0.0
    sums = [int(delay[heap == i].sum()) for i in range(len(means))]
    within = int((delay * delay).sum()) - sum(s * m for s, m in zip(sums, means, strict=True))
    spread = max(float(LEAST_SPREAD), sqrt(max(0.0, within) / len(delay)))
    return min(b - a for a, b in pairwise(means)) / spread


def moved(series: Int64, ticks: int) -> Int64:
    """The series (..., ticks) put back by ``ticks``, forward where that is negative; 0 comes in."""
    result = np.zeros_like(series)
    if abs(ticks) >= series.shape[-1]:
        return result
    if ticks >= 0:
        result[..., ticks:] = series[..., : series.shape[-1] - ticks]
    else:
        result[..., :ticks] = series[..., -ticks:]
    return result

"""Convolutional kernels on the series of a window, in integers: MiniRocket, exact on every machine.

After Dempster, Schmidt and Webb 2021 (arXiv 2012.08791): kernels of nine weights, six of -1 and three of 2,
dilated; a feature is how many of a convolution's values exceed a bias. Weights, inputs, biases and counts are
whole numbers and a linear model of fixed-point weights scores the counts, so a score recomputes bit for bit.
Unlike there, a kernel reads a signed sum of one to three channels, drawn with a fixed seed, and each channel
is also counted as it is, because kernels whose weights sum to 0 see levels only at a window's edges.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from tallystick.accounting.hardware import hardware
from tallystick.records.sample import MISSING, POWER_CHANNEL
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import PPM, WINDOW_NS
from tallystick.workloads.windows import ANALYSIS_NS, WINDOWS_PER_SLOT, Windows, windows

TICKS = WINDOW_NS // ANALYSIS_NS
#: Values of a series lie within +-LIMIT, so that a convolution fits 32 bits: 12 * 3 * 2**20 < 2**31.
LIMIT = 2**20
LENGTH = 9
DILATIONS = (1, 2, 3)
MOST_CHANNELS = 3
#: Rows convolved at once, which bounds memory and changes nothing else.
CHUNK = 2048

#: Channels taken as they are, and what their values are divided by: ppm, and bytes to MiB.
_PLAIN: tuple[tuple[str, str, int], ...] = (
    ("tensor", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", 1),
    ("dram", "DCGM_FI_PROF_DRAM_ACTIVE", 1),
    ("sm", "DCGM_FI_PROF_SM_ACTIVE", 1),
    ("util", "DCGM_FI_DEV_GPU_UTIL", 1),
    ("memory", "DCGM_FI_DEV_FB_USED", 2**20),
)
#: Counters of bytes, taken as rates in MB/s.
_COUNTERS: tuple[tuple[str, str], ...] = (
    ("link_tx", "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES"),
    ("link_rx", "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES"),
)
#: The rows of a series, in order; ``missing`` counts channels without a reading in the window.
CHANNELS: tuple[str, ...] = ("power", *(p[0] for p in _PLAIN), *(c[0] for c in _COUNTERS), "missing")
_MISSING_UNIT = LIMIT // len(CHANNELS)

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Kernel:
    """Weights of 2 at ``twos`` of nine positions and -1 at the others, ``dilation`` ticks apart.

    It reads the sum of the channels times ``signs`` (-1, 0 or 1 each). A ``padded`` one runs over the whole
    window with zeros around it, any other only where all its positions lie inside.
    """

    twos: tuple[int, int, int]
    dilation: int
    padded: bool
    signs: tuple[int, ...]


@dataclass(frozen=True)
class KernelTransform:
    """Kernels with their sorted ``biases`` (kernels, biases), and ``levels`` (channels, levels)."""

    kernels: tuple[Kernel, ...]
    biases: Int64
    levels: Int64

    def counts(self, series: Int32) -> Int64:
        """Features (rows, features) of series (rows, CHANNELS, ticks): how many values exceed each bias.

        Kernels in order, each with its biases, then channels, each with its levels.
        """
        parts = [self._counts(chunk) for chunk in _chunks(series)]
        width = self.biases.size + self.levels.size
        return np.concatenate(parts) if parts else np.zeros((0, width), np.int64)

    def _counts(self, series: Int32) -> Int64:
        columns = []
        for kernel, biases in zip(self.kernels, self.biases, strict=True):
            columns.append(_exceeding(convolved(kernel, series), biases))
        for channel, levels in enumerate(self.levels):
            columns.append(_exceeding(series[:, channel], levels))
        return np.concatenate(columns, axis=1)


@dataclass(frozen=True)
class LinearScores:
    """Fixed-point ``weights`` (features, classes) and ``constant`` (classes,)."""

    weights: Int64
    constant: Int64

    def scores(self, counts: Int64) -> Int64:
        """Scores (rows, classes) of counts (rows, features), exact while they fit 64 bits."""
        found: Int64 = counts @ self.weights + self.constant
        return found


def kernels(seed: int) -> tuple[Kernel, ...]:
    """All 84 kernels at each dilation, every second padded, on channels drawn with ``seed``."""
    rng = np.random.default_rng(seed)
    found = []
    for dilation in DILATIONS:
        for number, twos in enumerate(combinations(range(LENGTH), 3)):
            signs = np.zeros(len(CHANNELS), np.int64)
            chosen = rng.permutation(len(CHANNELS))[: rng.integers(1, MOST_CHANNELS + 1)]
            signs[chosen] = rng.choice((-1, 1), len(chosen))
            padded = (number + dilation) % 2 == 0
            found.append(Kernel(twos, dilation, padded, tuple(signs.tolist())))
    return tuple(found)


def fitted_transform(
    chosen: Sequence[Kernel], series: Int32, biases: int = 4, levels: int = 12
) -> KernelTransform:
    """Biases and levels are evenly spaced quantiles of what ``series`` (rows, CHANNELS, ticks) give.

    ``series`` has at least one row.
    """
    of_kernels = [_quantiles(convolved(kernel, series), biases) for kernel in chosen]
    of_channels = [_quantiles(series[:, channel], levels) for channel in range(len(CHANNELS))]
    return KernelTransform(tuple(chosen), np.array(of_kernels, np.int64), np.array(of_channels, np.int64))


def convolved(kernel: Kernel, series: Int32) -> Int32:
    """Convolution (rows, outputs) of series (rows, CHANNELS, ticks) within +-LIMIT."""
    signal = np.zeros((len(series), series.shape[2]), np.int32)
    for channel, sign in enumerate(kernel.signs):
        if sign:
            signal += series[:, channel] if sign > 0 else -series[:, channel]
    reach = (LENGTH - 1) * kernel.dilation
    if kernel.padded:
        signal = np.pad(signal, ((0, 0), (reach // 2, reach // 2)))
    outputs = signal.shape[1] - reach
    total = np.zeros((len(series), outputs), np.int32)
    for position in range(LENGTH):
        part = signal[:, position * kernel.dilation :][:, :outputs]
        total += 2 * part if position in kernel.twos else -part
    return total


def series(table: SampleTable) -> Int32:
    """Series (windows, CHANNELS, TICKS) of a table's accelerators, in the order of ``features``'s rows.

    A tick takes its last reading, a tick without one the last before it, the first ticks the first reading;
    a channel without readings is 0 and counts as missing. Raises SampleError where rows lie in several
    slots, InputError for hardware not in the table.
    """
    cut = windows(table, SubjectKind.ACCELERATOR)
    found = np.zeros((len(cut), len(CHANNELS), TICKS), np.int64)
    for number, values in enumerate(_readings(table, cut)):
        found[:, number], absent = _held(cut, values)
        found[:, -1] += _MISSING_UNIT * absent[:, None]
    return np.clip(found, -LIMIT, LIMIT).astype(np.int32)


def _readings(table: SampleTable, cut: Windows) -> Iterator[Int64]:
    """Values (rows of ``cut``,) of each channel but the last, MISSING where there is none."""
    nothing = np.full(len(cut.window), MISSING, np.int64)
    kinds = [hardware(table.subjects[int(i)].hardware) for i in cut.subjects]
    subject = cut.window // WINDOWS_PER_SLOT
    idle = np.array([h.idle_mw for h in kinds], np.int64)[subject]
    extent = np.array([max(1, h.rated_mw - h.idle_mw) for h in kinds], np.int64)[subject]
    power = cut.channels.get(POWER_CHANNEL[SubjectKind.ACCELERATOR], nothing)
    known = power != MISSING
    yield np.where(known, (np.where(known, power, 0) - idle) * PPM // extent, MISSING)
    for _, name, divisor in _PLAIN:
        values = cut.channels.get(name, nothing)
        yield np.where(values == MISSING, MISSING, values // divisor)
    for _, name in _COUNTERS:
        yield _rates(cut, cut.channels.get(name, nothing))


def _rates(cut: Windows, counter: Int64) -> Int64:
    """MB/s since the reading before in the window; MISSING over a gap or a counter reset."""
    present = np.flatnonzero(counter != MISSING)
    rate = np.full(len(counter), MISSING, np.int64)
    before, after = present[:-1], present[1:]
    grown = counter[after] - counter[before]
    elapsed_us = (cut.time_ns[after] - cut.time_ns[before]) // 1000
    good = (cut.window[after] == cut.window[before]) & (cut.breaks[after] == cut.breaks[before])
    good &= (grown >= 0) & (elapsed_us > 0)
    rate[after[good]] = grown[good] // elapsed_us[good]
    return rate


def _held(cut: Windows, values: Int64) -> tuple[Int64, Int64]:
    """Values by window and tick (windows, TICKS), and which windows (windows,) have none at all."""
    rows = np.flatnonzero(values != MISSING)
    window = cut.window[rows]
    start = cut.start_ns + window % WINDOWS_PER_SLOT * WINDOW_NS
    tick = np.minimum((cut.time_ns[rows] - start) // ANALYSIS_NS, TICKS - 1)
    last = np.full((len(cut), TICKS), -1, np.int64)
    # rows are in order of time, and among equal places the last assignment stays
    last[window, tick] = rows
    held = np.maximum.accumulate(last, axis=1)
    first = np.full(len(cut), -1, np.int64)
    first[window[::-1]] = rows[::-1]
    held = np.where(held < 0, first[:, None], held)
    padded = np.append(values, 0)
    return padded[held], (first < 0).astype(np.int64)


def _chunks(series: Int32) -> Iterator[Int32]:
    for start in range(0, len(series), CHUNK):
        yield series[start : start + CHUNK]


def _exceeding(values: Int32, biases: Int64) -> Int64:
    counts = [(values > bias).sum(axis=1) for bias in biases.astype(np.int32)]
    return np.stack(counts, axis=1).astype(np.int64)


def _quantiles(values: Int32, count: int) -> Int64:
    """``count`` values at even distances inside the sorted ``values``."""
    ordered = np.sort(values, axis=None)
    places = (np.arange(count) + 1) * (ordered.size - 1) // (count + 1)
    return ordered[places].astype(np.int64)

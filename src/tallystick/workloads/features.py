"""Integer features of windows, from the samples of one window alone.

Each feature has a name, a unit and a sentence in ``FEATURES``, so that a verdict can be explained.
Power is in ppm of the hardware's range from idle to rated power, which lets hardware be compared.
A feature that cannot be computed is ``MISSING``.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.accounting.hardware import hardware
from tallystick.records.sample import MISSING, POWER_CHANNEL
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import PPM, WINDOW_NS
from tallystick.workloads import rowwise
from tallystick.workloads.rowwise import Rows
from tallystick.workloads.windows import WINDOWS_PER_SLOT, Windows, windows

BYTE_PER_MIB = 2**20
NS_PER_US = 1000
#: Rates above 4 TB/s are clipped, so that sums of a window's rates times PPM fit 64 bits.
MAX_RATE_KB_PER_S = 4_000_000_000
LAGS = (1, 2, 3, 6)


@dataclass(frozen=True, slots=True)
class Feature:
    """One column: what it is called, its unit, and what it says."""

    name: str
    unit: str
    meaning: str


POWER_FEATURES: tuple[Feature, ...] = (
    Feature("power_mean", "ppm of idle to rated", "mean power"),
    Feature("power_deviation", "ppm of idle to rated", "standard deviation of power"),
    Feature("power_low", "ppm of idle to rated", "power exceeded in nine tenths of the samples"),
    Feature("power_median", "ppm of idle to rated", "median power"),
    Feature("power_high", "ppm of idle to rated", "power exceeded in one tenth of the samples"),
    Feature("power_range", "ppm of idle to rated", "greatest less least power"),
    Feature("power_roughness", "ppm of idle to rated", "mean absolute change from sample to sample"),
    Feature("power_steadiness", "ppm", "roughness over standard deviation"),
    Feature("power_skew", "ppm", "where the mean lies between the least and the greatest power"),
    *(Feature(f"power_lag_{k}", "ppm", f"autocorrelation of power at lag {k}") for k in LAGS),
    Feature("duty_active", "ppm of samples", "share of samples above a tenth of the range"),
    Feature("duty_half", "ppm of samples", "share of samples above half of the range"),
    Feature("duty_high", "ppm of samples", "share of samples above three quarters of the range"),
)

ACTIVITIES: tuple[tuple[str, str, str], ...] = (
    ("util", "DCGM_FI_DEV_GPU_UTIL", "time with a kernel running"),
    ("sm", "DCGM_FI_PROF_SM_ACTIVE", "streaming multiprocessors active"),
    ("tensor", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "tensor pipe active"),
    ("dram", "DCGM_FI_PROF_DRAM_ACTIVE", "memory interface active"),
)

ACCELERATOR_FEATURES: tuple[Feature, ...] = (
    *POWER_FEATURES,
    *(
        Feature(f"{short}_{name}", "ppm", f"{text}: {meaning}")
        for short, _, text in ACTIVITIES
        for name, meaning in (
            ("mean", "mean"),
            ("spread", "mean absolute deviation"),
            ("low", "exceeded in nine tenths of the samples"),
            ("high", "exceeded in one tenth of the samples"),
            ("roughness", "mean absolute change from sample to sample"),
        )
    ),
    Feature("tensor_per_sm", "ppm", "tensor activity over multiprocessor activity"),
    Feature("dram_per_sm", "ppm", "memory activity over multiprocessor activity"),
    Feature("tensor_per_dram", "ppm", "tensor activity over memory activity"),
    Feature("tensor_dram_together", "ppm", "correlation of tensor and memory activity"),
    Feature("tensor_sm_together", "ppm", "correlation of tensor and multiprocessor activity"),
    Feature("dram_sm_together", "ppm", "correlation of memory and multiprocessor activity"),
    Feature("dram_at_low_tensor", "ppm", "memory activity while tensor activity is at most its median"),
    Feature("dram_at_high_tensor", "ppm", "memory activity while tensor activity is above its median"),
    Feature("sm_at_low_tensor", "ppm", "multiprocessor activity while tensor activity is at most its median"),
    *(Feature(f"tensor_lag_{k}", "ppm", f"autocorrelation of tensor activity at lag {k}") for k in LAGS),
    *(Feature(f"dram_lag_{k}", "ppm", f"autocorrelation of memory activity at lag {k}") for k in LAGS),
    Feature("memory_mean", "MiB", "mean frame buffer in use"),
    Feature("memory_range", "MiB", "greatest less least frame buffer in use"),
    Feature("memory_roughness", "MiB", "mean absolute change of the frame buffer in use"),
    Feature("link_tx_mean", "kB/s", "mean NVLink transmit rate"),
    Feature("link_rx_mean", "kB/s", "mean NVLink receive rate"),
    Feature("link_tx_spread", "ppm of its mean", "mean absolute deviation of the transmit rate"),
    Feature("link_rx_spread", "ppm of its mean", "mean absolute deviation of the receive rate"),
    Feature("link_symmetry", "ppm", "lesser over greater of the transmit and receive rates"),
    Feature("link_per_tensor", "ppm", "transmit rate in MB/s over tensor activity in ppm"),
)

#: The columns of each model, in order.
FEATURES: dict[SubjectKind, tuple[Feature, ...]] = {
    SubjectKind.ACCELERATOR: ACCELERATOR_FEATURES,
    SubjectKind.NODE: POWER_FEATURES,
}
#: Columns that need profiling counters or links, and those that tell whether there were counters.
_PROFILED = np.array(
    [
        i
        for i, f in enumerate(ACCELERATOR_FEATURES)
        if not f.name.startswith(("power", "duty", "util", "memory"))
    ]
)
_ACTIVITY_MEANS = np.array(
    [i for i, f in enumerate(ACCELERATOR_FEATURES) if f.name in ("sm_mean", "tensor_mean", "dram_mean")]
)


@dataclass(frozen=True)
class WindowFeatures:
    """Features of all windows of one kind of subject in one slot.

    ``subjects`` (n,) indexes the table's subjects; row ``i * WINDOWS_PER_SLOT + w`` of ``values``
    (n * WINDOWS_PER_SLOT, features) is window ``w`` of ``subjects[i]``. ``observed`` says which rows
    have at least ``MIN_VALUES`` power readings; the others are not observed.
    """

    kind: SubjectKind
    start_ns: int
    subjects: Int64
    values: Int64
    observed: Int64

    def window_start_ns(self) -> Int64:
        """Start of each row's window, (rows,)."""
        window = np.tile(np.arange(WINDOWS_PER_SLOT), len(self.subjects))
        return (self.start_ns + window * WINDOW_NS).astype(np.int64)


def lacks_profiling(values: Int64) -> npt.NDArray[np.bool_]:
    """Which accelerator rows (rows, features) have neither multiprocessor, tensor nor memory activity."""
    lacks: npt.NDArray[np.bool_] = (values[:, _ACTIVITY_MEANS] == MISSING).all(axis=1)
    return lacks


def without_profiling(values: Int64) -> Int64:
    """The same accelerator rows as a source without profiling counters and links would give them."""
    bare = values.copy()
    bare[:, _PROFILED] = MISSING
    return bare


def features(table: SampleTable, kind: SubjectKind) -> WindowFeatures:
    """Features of the windows of all subjects of ``kind`` in a table of one slot.

    Raises SampleError where rows lie in several slots, InputError for hardware not in the table.
    """
    cut = windows(table, kind)
    power = _power(table, cut, kind)
    columns = _power_columns(power)
    if kind is SubjectKind.ACCELERATOR:
        columns |= _activity_columns(cut)
        columns |= _joint_columns(cut)
        columns |= _memory_columns(cut)
        columns |= _link_columns(cut, columns["tensor_mean"])
    ordered = [columns[feature.name] for feature in FEATURES[kind]]
    values = np.stack(ordered, axis=1) if len(cut) else np.zeros((0, len(ordered)), np.int64)
    observed = (power.count >= rowwise.MIN_VALUES).astype(np.int64)
    return WindowFeatures(kind, cut.start_ns, cut.subjects, values, observed)


def _channel(cut: Windows, name: str) -> Rows:
    """One channel's readings by window, missing ones left out."""
    values = cut.channels.get(name)
    if values is None:
        return Rows(np.zeros((len(cut), 1), np.int64), np.zeros(len(cut), np.int64))
    present = values != MISSING
    return rowwise.rows_of(cut.window[present], values[present], len(cut))


def _power(table: SampleTable, cut: Windows, kind: SubjectKind) -> Rows:
    """Power in ppm of the way from idle to rated, clipped to [-PPM, 2 PPM]."""
    rows = _channel(cut, POWER_CHANNEL[kind])
    kinds = [hardware(table.subjects[int(i)].hardware) for i in cut.subjects]
    idle = np.repeat(np.array([h.idle_mw for h in kinds], np.int64), WINDOWS_PER_SLOT)[:, None]
    rated = np.repeat(np.array([h.rated_mw for h in kinds], np.int64), WINDOWS_PER_SLOT)[:, None]
    level = (rows.values - idle) * PPM // np.maximum(rated - idle, 1)
    return rows.with_values(np.clip(level, -PPM, 2 * PPM))


def _power_columns(power: Rows) -> dict[str, Int64]:
    least, low, median, high, greatest = rowwise.quantiles(power, (0, 10, 50, 90, 100))
    average, deviation = rowwise.mean(power), rowwise.deviation(power)
    roughness, extent = rowwise.roughness(power), _difference(greatest, least)
    columns = {
        "power_mean": average,
        "power_deviation": deviation,
        "power_low": low,
        "power_median": median,
        "power_high": high,
        "power_range": extent,
        "power_roughness": roughness,
        "power_steadiness": rowwise.ratio_ppm(roughness, deviation),
        "power_skew": rowwise.ratio_ppm(_difference(average, least), extent),
        "duty_active": rowwise.share(power, power.values > PPM // 10),
        "duty_half": rowwise.share(power, power.values > PPM // 2),
        "duty_high": rowwise.share(power, power.values > PPM * 3 // 4),
    }
    return columns | {f"power_lag_{k}": rowwise.autocorrelation(power, k) for k in LAGS}


def _activity_columns(cut: Windows) -> dict[str, Int64]:
    columns: dict[str, Int64] = {}
    for short, channel, _ in ACTIVITIES:
        rows = _channel(cut, channel)
        low, high = rowwise.quantiles(rows, (10, 90))
        columns |= {
            f"{short}_mean": rowwise.mean(rows),
            f"{short}_spread": rowwise.spread(rows),
            f"{short}_low": low,
            f"{short}_high": high,
            f"{short}_roughness": rowwise.roughness(rows),
        }
    return columns | {
        "tensor_per_sm": rowwise.ratio_ppm(columns["tensor_mean"], columns["sm_mean"]),
        "dram_per_sm": rowwise.ratio_ppm(columns["dram_mean"], columns["sm_mean"]),
        "tensor_per_dram": rowwise.ratio_ppm(columns["tensor_mean"], columns["dram_mean"]),
    }


def _joint_columns(cut: Windows) -> dict[str, Int64]:
    """How tensor, memory and multiprocessor activity go together, over samples that have all three."""
    tensor, dram, sm = _channels(cut, ("PIPE_TENSOR_ACTIVE", "DRAM_ACTIVE", "SM_ACTIVE"))
    (median,) = rowwise.quantiles(tensor, (50,))
    low = tensor.values <= median[:, None]
    columns = {
        "tensor_dram_together": rowwise.correlation(tensor, dram),
        "tensor_sm_together": rowwise.correlation(tensor, sm),
        "dram_sm_together": rowwise.correlation(dram, sm),
        "dram_at_low_tensor": rowwise.mean_where(dram, low),
        "dram_at_high_tensor": rowwise.mean_where(dram, ~low),
        "sm_at_low_tensor": rowwise.mean_where(sm, low),
    }
    columns |= {f"tensor_lag_{k}": rowwise.autocorrelation(tensor, k) for k in LAGS}
    return columns | {f"dram_lag_{k}": rowwise.autocorrelation(dram, k) for k in LAGS}


def _channels(cut: Windows, names: tuple[str, ...]) -> list[Rows]:
    """Several profiling channels by window, over the samples that have all of them."""
    columns = [cut.channels.get(f"DCGM_FI_PROF_{name}") for name in names]
    if any(c is None for c in columns):
        nothing = Rows(np.zeros((len(cut), 1), np.int64), np.zeros(len(cut), np.int64))
        return [nothing] * len(names)
    known = [c for c in columns if c is not None]
    present = np.logical_and.reduce([c != MISSING for c in known])
    window = cut.window[present]
    return [rowwise.rows_of(window, c[present], len(cut)) for c in known]


def _memory_columns(cut: Windows) -> dict[str, Int64]:
    rows = _channel(cut, "DCGM_FI_DEV_FB_USED")
    rows = rows.with_values(rows.values // BYTE_PER_MIB)
    least, greatest = rowwise.quantiles(rows, (0, 100))
    return {
        "memory_mean": rowwise.mean(rows),
        "memory_range": _difference(greatest, least),
        "memory_roughness": rowwise.roughness(rows),
    }


def _link_columns(cut: Windows, tensor_mean: Int64) -> dict[str, Int64]:
    sent = _rates(cut, "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES")
    received = _rates(cut, "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES")
    tx, rx = rowwise.mean(sent), rowwise.mean(received)
    known = (tx != MISSING) & (rx != MISSING)
    less, more = np.where(known, np.minimum(tx, rx), MISSING), np.where(known, np.maximum(tx, rx), MISSING)
    return {
        "link_tx_mean": tx,
        "link_rx_mean": rx,
        "link_tx_spread": rowwise.ratio_ppm(rowwise.spread(sent), tx),
        "link_rx_spread": rowwise.ratio_ppm(rowwise.spread(received), rx),
        "link_symmetry": rowwise.ratio_ppm(less, more),
        "link_per_tensor": rowwise.ratio_ppm(
            np.where(tx == MISSING, MISSING, tx // 1000), tensor_mean, most=1000 * PPM
        ),
    }


def _rates(cut: Windows, name: str) -> Rows:
    """Rates in kB/s between neighbouring rows of a window; none over a gap or a counter reset."""
    values = cut.channels.get(name)
    if values is None:
        return _channel(cut, name)
    present = values != MISSING
    value, time, window = values[present], cut.time_ns[present], cut.window[present]
    grown = np.diff(value)
    elapsed_us = np.diff(time) // NS_PER_US
    good = (window[1:] == window[:-1]) & (np.diff(cut.breaks[present]) == 0) & (grown >= 0) & (elapsed_us > 0)
    # bytes per microsecond are MB/s; dividing in milliseconds keeps small flows visible
    rate = np.minimum(grown[good] // np.maximum(elapsed_us[good] // 1000, 1), MAX_RATE_KB_PER_S)
    return rowwise.rows_of(window[1:][good], rate, len(cut))


def _difference(greater: Int64, less: Int64) -> Int64:
    """``greater`` - ``less``, MISSING where either is."""
    known = (greater != MISSING) & (less != MISSING)
    return np.where(known, greater - np.where(known, less, 0), MISSING)

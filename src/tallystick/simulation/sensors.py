"""From what accelerators do to what sensors report: true power, sensor errors, integers, one table.

Gain errors: 1 % for the accelerators' own sensors once calibrated per board (NVIDIA states 5 %; see
"Part-time power measurements", arXiv 2312.02741), up to 1 % for a node's, and one shared gain within
the class of 0.5 % for the sealed meter (IEC 62053-22, class 0.5 S).
"""

from dataclasses import dataclass

import numpy as np

from tallystick.records.sample import CHANNELS, MISSING, Channel
from tallystick.records.subject import Subject, SubjectKind
from tallystick.simulation.chip import H100, SimulatedChip
from tallystick.simulation.counters import LinkCounters, PortCounters
from tallystick.simulation.layout import SUBJECTS_PER_NODE
from tallystick.simulation.losses import SampleLosses
from tallystick.simulation.power import HOST_LEAST_W, HOST_MOST_W, node_w
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Float32, Float64, Int64, Quantity
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, PPM

#: Bytes that a driver keeps on an empty accelerator.
IDLE_MEMORY_BYTES = 0.55e9
METER_CLASS = 0.005
_JITTER_NS = 2_000_000
_MW_PER_W = 1000.0


@dataclass(frozen=True)
class Calibration:
    """What is fixed for a site: silicon (nodes, 8), hosts (nodes,), and the gain of each sensor."""

    idle_w: Float32
    silicon: Float32
    host_w: Float32
    accelerator_gain: Float32
    node_gain: Float32
    meter_gain: float

    @classmethod
    def draw(cls, rng: np.random.Generator, nodes: int, chip: SimulatedChip = H100) -> "Calibration":
        """Silicon spreads by 2 %, idle power by 4 W."""
        ranks = (nodes, ACCELERATORS_PER_NODE)
        return cls(
            idle_w=_spread(rng, ranks, chip.idle_w, 3.5),
            silicon=_spread(rng, ranks, 1.0, 0.02),
            host_w=rng.uniform(HOST_LEAST_W, HOST_MOST_W, nodes).astype(np.float32),
            accelerator_gain=_spread(rng, ranks, 1.0, 0.01),
            node_gain=_spread(rng, (nodes,), 1.0, 0.004),
            meter_gain=1.0 + float(rng.uniform(-0.9, 0.9)) * METER_CLASS,
        )


def _spread(rng: np.random.Generator, shape: tuple[int, ...], mean: float, deviation: float) -> Float32:
    """Normal values cut at 2.5 standard deviations."""
    return (mean + deviation * rng.standard_normal(shape).clip(-2.5, 2.5)).astype(np.float32)


class SiteSensors:
    """All sensors of a site; counters and gaps carry over from slot to slot."""

    def __init__(
        self,
        subjects: tuple[Subject, ...],
        interval_s: int,
        rng: np.random.Generator,
        chip: SimulatedChip = H100,
    ) -> None:
        self._subjects = subjects
        self._chip = chip
        self._nodes = (len(subjects) - 1) // SUBJECTS_PER_NODE
        self._interval_s = interval_s
        self._calibration = Calibration.draw(rng, self._nodes, chip)
        self._links = LinkCounters(self._nodes, rng)
        self._losses = SampleLosses(self._nodes * SUBJECTS_PER_NODE)
        self._energy_mj = int(rng.integers(10**9, 10**13))
        self._ports = PortCounters(self._nodes, rng)

    def true_power_w(self, signals: Float32, rng: np.random.Generator) -> tuple[Float32, Float32]:
        """True power of accelerators (nodes, 8, ticks) and nodes (nodes, ticks)."""
        fixed = self._calibration
        accelerators = fixed.idle_w[..., None] + signals[Quantity.POWER_W] * fixed.silicon[..., None]
        accelerators = np.minimum(accelerators, np.float32(self._chip.rated_w))
        flutter = rng.standard_normal((self._nodes, signals.shape[-1]), dtype=np.float32) * np.float32(8)
        return accelerators, node_w(accelerators, fixed.host_w[:, None] + flutter, self._chip.idle_w)

    def read(self, signals: Float32, start_ns: int, rng: np.random.Generator) -> SampleTable:
        """The slot's table from ``signals`` (quantities, nodes, 8, ticks) of its ticks."""
        ticks = signals.shape[-1]
        accelerators, nodes = self.true_power_w(signals, rng)
        resets = self._links.draw_resets(rng, ticks)
        keep, quality = self._losses.draw(rng, _accelerators_only(resets), ticks)
        kept = np.concatenate([np.ones(ticks, dtype=np.bool_), keep.ravel()])
        readings = self._activity(signals, rng)
        readings |= self._traffic(signals, resets)
        readings |= self._power(accelerators, nodes)
        subject = np.repeat(np.arange(len(self._subjects), dtype=np.int64), ticks)
        grid_ns = start_ns + np.arange(ticks, dtype=np.int64) * self._interval_s * NS_PER_S
        time_ns = grid_ns + rng.integers(0, _JITTER_NS, (len(self._subjects), ticks))
        flags = np.concatenate([np.zeros(ticks, dtype=np.int64), quality.ravel()])
        readings |= self._between_nodes(signals, rng)
        channels = {c.name: self._column(c, readings[c.name], ticks)[kept] for c in CHANNELS.values()}
        return SampleTable(self._subjects, subject[kept], time_ns.ravel()[kept], flags[kept], channels)

    def _activity(self, signals: Float32, rng: np.random.Generator) -> dict[str, Int64]:
        """Shares of time in ppm (NVML's own in whole percent) and memory in bytes, (nodes, 8, ticks)."""
        noise = rng.standard_normal(signals.shape[1:], dtype=np.float32) * np.float32(0.01)
        percent = np.rint(signals[Quantity.UTILISATION] * (100 - 100 * np.abs(noise))).clip(0, 100)
        memory = (signals[Quantity.MEMORY_BYTES] + np.float32(IDLE_MEMORY_BYTES)) * (1 + 0.01 * noise)
        return {
            "DCGM_FI_DEV_GPU_UTIL": percent.astype(np.int64) * (PPM // 100),
            "DCGM_FI_PROF_SM_ACTIVE": _ppm(signals[Quantity.SM]),
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": _ppm(signals[Quantity.TENSOR]),
            "DCGM_FI_PROF_DRAM_ACTIVE": _ppm(signals[Quantity.DRAM]),
            "DCGM_FI_DEV_FB_USED": np.minimum(memory, self._chip.memory_bytes).astype(np.int64),
        }

    def _traffic(self, signals: Float32, resets: Int64) -> dict[str, Int64]:
        """Byte counters (nodes, 8, ticks)."""
        rates = signals[[Quantity.NVLINK_TX, Quantity.NVLINK_RX]]
        sent, received = self._links.advance(rates, resets, self._interval_s)
        return {
            "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES": sent,
            "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES": received,
        }

    def _between_nodes(self, signals: Float32, rng: np.random.Generator) -> dict[str, Int64]:
        """Byte counters (nodes, ticks) of the nodes' ports. The slot's last draw: the rest stays as is."""
        rates = signals[[Quantity.INFINIBAND_TX, Quantity.INFINIBAND_RX]]
        sent, received = self._ports.advance(rates, self._interval_s, rng)
        return {"NODE_INFINIBAND_TX_BYTES": sent, "NODE_INFINIBAND_RX_BYTES": received}

    def _power(self, accelerators: Float32, nodes: Float32) -> dict[str, Int64]:
        """Power in mW of accelerators (nodes, 8, ticks), nodes (nodes, ticks) and meter (ticks,).

        The meter's energy in mJ at a tick is the sum of its power over all intervals up to then.
        """
        fixed = self._calibration
        site_mw = _milliwatts(nodes.sum(axis=0, dtype=np.float64) * fixed.meter_gain)
        energy_mj = self._energy_mj + np.cumsum(site_mw * self._interval_s)
        self._energy_mj = int(energy_mj[-1])
        return {
            "DCGM_FI_DEV_POWER_USAGE": _milliwatts(accelerators * fixed.accelerator_gain[..., None]),
            "NODE_POWER_USAGE": _milliwatts(nodes * fixed.node_gain[:, None]),
            "METER_POWER_USAGE": site_mw,
            "METER_ENERGY_TOTAL": energy_mj,
        }

    def _column(self, channel: Channel, reading: Int64, ticks: int) -> Int64:
        """One channel over all rows: the meter's ticks, then each node's and its accelerators'."""
        column = np.full(len(self._subjects) * ticks, MISSING, dtype=np.int64)
        rest = column[ticks:].reshape(self._nodes, SUBJECTS_PER_NODE, ticks)
        if channel.subject is SubjectKind.ACCELERATOR:
            rest[:, 1:] = reading
        elif channel.subject is SubjectKind.NODE:
            rest[:, 0] = reading
        else:
            column[:ticks] = reading
        return column


def _accelerators_only(resets: Int64) -> Int64:
    """Reset ticks (nodes,) as reset ticks of subjects (nodes * 9,): a node's own row has no counter."""
    each = np.repeat(resets[:, None], SUBJECTS_PER_NODE, axis=1)
    each[:, 0] = -1
    return each.ravel()


def _milliwatts(watts: Float32 | Float64) -> Int64:
    return np.rint(watts.astype(np.float64) * _MW_PER_W).astype(np.int64)


def _ppm(share: Float32) -> Int64:
    return np.rint(share.clip(0, 1) * np.float32(PPM)).astype(np.int64)

"""Byte counters, which only grow: NVLink's until their driver restarts, and those of InfiniBand ports.

Ports also carry what belongs to no job (mounts, health checks): up to 2 MB/s each way, unrelated from node to
node; assumed.
"""

import numpy as np

from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Float32, Int64

BACKGROUND_BYTES_PER_S = 2e6

#: Per node and slot: the driver or its exporter restarts and the counters begin again.
RESET_PROBABILITY = 1 / 600
#: Drivers restart before a counter comes near the largest value that the schema believes.
_RESTART_ABOVE = 2**61


class LinkCounters:
    """Transmitted and received bytes (2, nodes, 8) of all accelerators, slot after slot."""

    def __init__(self, nodes: int, rng: np.random.Generator) -> None:
        self._bytes: Int64 = rng.integers(10**12, 10**15, (2, nodes, ACCELERATORS_PER_NODE))

    def draw_resets(self, rng: np.random.Generator, ticks: int) -> Int64:
        """The tick (nodes,) at which each node's counters start again in the next slot, -1 for none."""
        due = rng.random(self._bytes.shape[1]) < RESET_PROBABILITY
        due |= self._bytes.max(axis=(0, 2)) > _RESTART_ABOVE
        return np.where(due, rng.integers(1, ticks, len(due)), -1).astype(np.int64)

    def advance(self, rates: Float32, resets: Int64, interval_s: int) -> Int64:
        """Readings (2, nodes, 8, ticks) for bytes per second ``rates`` of the same shape."""
        grown = np.cumsum(np.rint(rates.astype(np.float64) * interval_s).astype(np.int64), axis=-1)
        readings: Int64 = self._bytes[..., None] + grown
        for node in np.flatnonzero(resets >= 0):
            tick = int(resets[node])
            readings[:, node, :, tick:] -= readings[:, node, :, tick - 1 : tick].copy()
        self._bytes = readings[..., -1].copy()
        return readings


class PortCounters:
    """Bytes (2, nodes) that each node's InfiniBand ports sent and received, all ports together."""

    def __init__(self, nodes: int, rng: np.random.Generator) -> None:
        self._bytes: Int64 = rng.integers(10**12, 10**15, (2, nodes))

    def advance(self, rates: Float32, interval_s: int, rng: np.random.Generator) -> Int64:
        """Readings (2, nodes, ticks) for bytes per second ``rates`` (2, nodes, 8, ticks) of accelerators."""
        whole = rates.sum(axis=2, dtype=np.float64)
        whole += BACKGROUND_BYTES_PER_S * rng.random(whole.shape)
        grown = np.cumsum(np.rint(whole * interval_s).astype(np.int64), axis=-1)
        readings: Int64 = self._bytes[..., None] + grown
        self._bytes = readings[..., -1].copy()
        return readings

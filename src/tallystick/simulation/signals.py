"""What a job makes its accelerators do, before any sensor looks: the array every process returns.

A contribution has shape (quantities, nodes, 8, ticks), float32. Tick ``k`` is the mean over the
sampling interval that ends at the tick, so that short cycles alias as they do in real telemetry.
Contributions of jobs on the same node add up; a bare idle accelerator is all zeros.
"""

from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

ACCELERATORS_PER_NODE = 8


class Quantity(IntEnum):
    """Rows of a contribution: active shares of time, watts above bare idle, bytes, bytes per second."""

    TENSOR = 0
    DRAM = 1
    SM = 2
    UTILISATION = 3
    POWER_W = 4
    MEMORY_BYTES = 5
    NVLINK_TX = 6
    NVLINK_RX = 7
    INFINIBAND_TX = 8
    INFINIBAND_RX = 9


QUANTITIES = len(Quantity)
#: Ranges of the relative standard deviation of a 10 s mean that a node's accelerators share, and that
#: each has for itself, whatever the work. In 64-node GPT-3 training the part of a node's 10 s power
#: differences that other nodes do not share is 130 W of 6.9 kW (MLPerf training v4.0 power, derived
#: from MLPerf logs, not verified by MLCommons Association).
NODE_NOISE = (0.012, 0.035)
RANK_NOISE = (0.015, 0.05)

#: Standard deviation of one sample's receive rate over its transmit rate: the two counters are not read at
#: one moment. The same for all work, since an all-reduce sends what it receives; assumed. Were it to differ
#: by process, the simulator and not the work would tell training from serving.
LINK_WOBBLE = 0.004

#: Rows that are bytes per second.
TRAFFIC = (Quantity.NVLINK_TX, Quantity.NVLINK_RX, Quantity.INFINIBAND_TX, Quantity.INFINIBAND_RX)
#: Rows that fluctuate with a rank's own noise.
NOISY = (Quantity.TENSOR, Quantity.DRAM, Quantity.SM, Quantity.POWER_W)


class Process(Protocol):
    """A job under way. Advancing it slot by slot is the only way its state changes."""

    def advance(self, edges_s: Float64) -> Float32:
        """Contribution (quantities, nodes, 8, ticks) for the ``ticks`` intervals between ``edges_s``.

        ``edges_s`` (ticks + 1,) are seconds since the job's start, evenly spaced, and go on where the
        call before ended. Time before the start and after the end contributes nothing.
        """


def covered(edges_s: Float64, duration_s: float) -> Float64:
    """Share (ticks,) of each interval that lies within the job."""
    inside = np.clip(edges_s, 0.0, duration_s)
    share: Float64 = np.diff(inside) / (edges_s[1] - edges_s[0])
    return share


def add_noise(
    signals: Float32, rng: np.random.Generator, node_noise: float, rank_noise: float, interval_s: float
) -> None:
    """Scale the fluctuating rows in place by noise common to a node and noise of each accelerator.

    Both are relative standard deviations of a 10 s mean; shorter means fluctuate more.
    """
    _, nodes, ranks, ticks = signals.shape
    scale = (10.0 / interval_s) ** 0.5
    common = rng.standard_normal((nodes, 1, ticks), dtype=np.float32) * np.float32(node_noise * scale)
    for quantity in NOISY:
        own = rng.standard_normal((nodes, ranks, ticks), dtype=np.float32)
        own *= np.float32(rank_noise * scale)
        own += common
        own += np.float32(1.0)
        np.maximum(own, 0, out=own)
        signals[quantity] *= own

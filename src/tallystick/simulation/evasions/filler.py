"""What accelerators do in the time that evading training leaves them."""

from typing import Protocol

import numpy as np

from tallystick.simulation.power import LOADED_W, dynamic_w
from tallystick.simulation.requests import request_model
from tallystick.simulation.serving import ServingProcess, draw_serving
from tallystick.simulation.signals import QUANTITIES, Float32, Float64, Process, Quantity
from tallystick.simulation.work_kind import Start

#: Mean dynamic watts of a drawn serving deployment over a day, for the price of cover traffic: what this
#: simulator gives (a test recomputes it), 299 W with a standard error of 9 W over 150 draws.
SERVING_W = 300.0


class Filler(Protocol):
    """Work that runs whenever training does not."""

    def fill(self, edges_s: Float64, rest: Float32) -> Float32 | None:
        """Contribution (quantities, nodes, 8, ticks) for ``rest`` (nodes, 8, ticks), a share of each tick.

        Without the power of a loaded accelerator, which training adds. None where nothing runs.
        """


class Silence:
    """Nothing runs: the model stays loaded and the accelerator waits."""

    def fill(self, edges_s: Float64, rest: Float32) -> Float32 | None:
        """See ``Filler.fill``."""
        return None


class Kernels:
    """Kernels of one kind, of an intensity that is drawn anew every ``hold_s`` seconds."""

    def __init__(
        self, activity: Float32, least: float, most: float, hold_s: float, rng: np.random.Generator
    ) -> None:
        self._activity = activity
        self._range = (least, most)
        self._hold_s = hold_s
        self._rng = rng
        self._levels: Float64 = np.zeros(0)

    def fill(self, edges_s: Float64, rest: Float32) -> Float32 | None:
        """See ``Filler.fill``."""
        number = np.maximum(edges_s[1:] - 1e-9, 0.0) // self._hold_s
        at = number.astype(np.int64)
        while at[-1] >= len(self._levels):
            self._levels = np.append(self._levels, self._rng.uniform(*self._range, 256))
        level = self._levels[at].astype(np.float32)
        filled: Float32 = self._activity[:, None, None, None] * (rest * level)
        return filled


class Served:
    """A serving deployment that gets the accelerators whenever training does not have them."""

    def __init__(self, serving: Process) -> None:
        self._serving = serving

    def fill(self, edges_s: Float64, rest: Float32) -> Float32 | None:
        """See ``Filler.fill``."""
        signals = self._serving.advance(edges_s)
        memory = signals[Quantity.MEMORY_BYTES].copy()
        signals[Quantity.POWER_W] -= np.minimum(signals[Quantity.POWER_W], np.float32(LOADED_W))
        signals *= rest
        signals[Quantity.MEMORY_BYTES] = memory
        return signals


def start_serving(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
    """A serving deployment under Poisson demand, one replica per node; a ``Start``."""
    parameters = draw_serving(rng, nodes, request_model("off").traces, loaded_only=False)
    return ServingProcess(parameters, duration_s, rng)


#: The cover that strategies use unless they are given another.
DEFAULT_COVER: Start = start_serving


def activity(tensor: float, dram: float, sm: float) -> Float32:
    """A row (quantities,) for a kernel that keeps the accelerator busy, watts by the power model."""
    row = np.zeros(QUANTITIES, dtype=np.float32)
    row[Quantity.TENSOR], row[Quantity.DRAM], row[Quantity.SM] = tensor, dram, sm
    row[Quantity.UTILISATION] = 1.0
    row[Quantity.POWER_W] = dynamic_w(tensor, dram, sm)
    return row


#: Fourier transforms are bound by memory and do not use tensor cores; hashing is bound by integer units.
FFT = activity(0.0, 0.62, 0.72)
MINING = activity(0.0, 0.06, 0.98)

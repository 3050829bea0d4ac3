"""Batches and sequences too small to fill the accelerator, or of changing size."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.paced import Beat
from tallystick.simulation.evasions.pacing import full_scale, paced
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.signals import Float32, Float64, Int64, Quantity
from tallystick.simulation.work_kind import Start

#: Batch, as a share of the usual, at which half a step's time is launch and weight traffic: an assumption.
HALF_EFFICIENT = 0.08
_LEVELS = 512


def efficiency(batch: Float64) -> Float64:
    """Useful work per second at ``batch`` (share of the usual), 1 at 1: fixed time plus time per example."""
    return batch * (1 + HALF_EFFICIENT) / (batch + HALF_EFFICIENT)


@dataclass(frozen=True)
class BatchModulation:
    """Draw the batch, tokens of a step, anew about every ``hold_s`` seconds.

    It lies from ``least`` to ``most`` of the usual, on a log scale; equal bounds mean small batches
    throughout.
    """

    least: float
    most: float
    hold_s: float = 120.0

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("least", "share of the usual", 0.005, 1.0, LOG),
        Parameter("most", "share of the usual", 0.005, 1.0, LOG),
        Parameter("hold_s", "s", 5.0, 1800.0, LOG),
    )

    def apply(self, start: Start) -> Start:
        """Training whose activity follows its batch."""
        return paced(start, lambda rng, lanes: _Batches(self, rng))

    def batches(self, part: Float64) -> Float64:
        """Batches at ``part`` (0 to 1) of the range."""
        low, high = sorted((self.least, self.most))
        return np.asarray(low * (high / low) ** part)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Work and dynamic power per second fall to the mean efficiency."""
        speed = float(efficiency(self.batches((np.arange(_LEVELS) + 0.5) / _LEVELS)).mean())
        return replace(budget, pace=budget.pace * speed, power=budget.power * _loudness(speed))


def _loudness(speed: float) -> float:
    """Dynamic power at ``speed``: weights still stream, so a quarter of it stays."""
    return 0.25 + 0.75 * speed


class _Batches:
    """The pace of ``BatchModulation``."""

    block_s = 0.0

    def __init__(self, strategy: BatchModulation, rng: np.random.Generator) -> None:
        self._strategy = strategy
        self._rng = rng
        self._drawn: Float64 = np.zeros(0)

    def next(self, edges_s: Float64) -> Beat:
        """See ``Pace.next``."""
        at: Int64 = (np.maximum(edges_s[1:] - 1e-9, 0.0) // self._strategy.hold_s).astype(np.int64)
        while at[-1] >= len(self._drawn):
            self._drawn = np.append(self._drawn, self._rng.random(256))
        speed = efficiency(self._strategy.batches(self._drawn[at]))
        scale = full_scale(len(speed))
        scale[Quantity.TENSOR] = speed
        scale[Quantity.DRAM] = scale[Quantity.POWER_W] = 0.25 + 0.75 * speed
        # Small kernels leave multiprocessors empty, and below a tenth of the work gaps between them.
        scale[Quantity.SM] = np.sqrt(speed)
        scale[Quantity.UTILISATION] = np.minimum(1.0, 4 * speed)
        return Beat(np.ones((1, len(speed))), speed, scale)

    def observe(self, signals: Float32) -> None:
        """Nothing to learn."""

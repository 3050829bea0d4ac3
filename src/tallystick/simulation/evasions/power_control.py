"""A controller that holds power at a level of the evader's choice (PID)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.paced import Beat
from tallystick.simulation.evasions.pacing import full_scale, paced
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.power import LOADED_W
from tallystick.simulation.signals import Float32, Float64, Quantity
from tallystick.simulation.work_kind import Start

#: Gains on the error as a share of the expected range: proportional, integral per step, derivative.
_KP, _KI, _KD = 0.25, 0.25, 0.05
_RANGE_W = 420.0


@dataclass(frozen=True)
class PowerControl:
    """Hold an accelerator's mean power at ``target_w`` above a loaded one, deciding every ``control_s``."""

    target_w: float
    control_s: float = 2.0

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("target_w", "W", 20.0, 400.0),
        Parameter("control_s", "s", 1.0, 60.0, LOG),
    )

    def apply(self, start: Start) -> Start:
        """Training in slices whose share the controller sets."""
        return paced(start, lambda rng, lanes: _Controller(self))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The share at which mean power is the target, all of it where training draws less."""
        share = min(1.0, self.target_w / budget.training_w)
        return budget.giving_up(1 - share)


class _Controller:
    """The pace of ``PowerControl``."""

    def __init__(self, strategy: PowerControl) -> None:
        self._target_w = strategy.target_w
        self.block_s = strategy.control_s
        self._sum = strategy.target_w / _RANGE_W
        self._last = 0.0
        self._share = self._sum

    def next(self, edges_s: Float64) -> Beat:
        """See ``Pace.next``."""
        ticks = len(edges_s) - 1
        return Beat(np.full((1, ticks), self._share), np.ones(ticks), full_scale(ticks))

    def observe(self, signals: Float32) -> None:
        """Correct the share by what the last block drew."""
        drawn_w = float(signals[Quantity.POWER_W].mean()) - LOADED_W
        error = (self._target_w - drawn_w) / _RANGE_W
        self._sum = float(np.clip(self._sum + _KI * error, 0.0, 1.0))
        share = self._sum + _KP * error + _KD * (error - self._last)
        self._share = float(np.clip(share, 0.0, 1.0))
        self._last = error

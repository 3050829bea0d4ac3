"""Padding: worthless kernels of random intensity between spells of training."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.filler import Filler, Kernels, activity
from tallystick.simulation.evasions.pacing import alternating, paced
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.signals import Quantity
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class NoisePadding:
    """Give ``share`` of the time to padding, in slices of a period of ``period_s``.

    The padding computes at ``tensor`` tensor activity and a random intensity that holds for ``hold_s``.
    """

    share: float
    period_s: float = 2.0
    tensor: float = 0.3
    hold_s: float = 20.0

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("share", "share of time", 0.02, 0.9),
        Parameter("period_s", "s", 0.2, 120.0, LOG),
        Parameter("tensor", "share of time", 0.0, 0.5),
        Parameter("hold_s", "s", 1.0, 300.0, LOG),
    )

    def apply(self, start: Start) -> Start:
        """Training whose pauses are filled with noise."""
        row = activity(self.tensor, 0.4, 0.8)

        def noise(rng: np.random.Generator, nodes: int, duration_s: float) -> Filler:
            return Kernels(row, 0.0, 1.0, self.hold_s, rng)

        return paced(start, alternating(1 - self.share, self.period_s, 0.3), noise)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The time is lost and the padding burns half its full power on average."""
        return budget.giving_up(self.share, 0.5 * float(activity(self.tensor, 0.4, 0.8)[Quantity.POWER_W]))

"""Duty-cycling: training runs for part of the time and the accelerators idle for the rest."""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.pacing import alternating, paced
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class DutyCycle:
    """Train for ``share`` of each period of about ``period_s`` seconds.

    ``spread`` is how irregular spells and pauses are: the standard deviation of the log of both.
    """

    share: float
    period_s: float
    spread: float = 0.1

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("share", "share of time", 0.02, 0.98),
        Parameter("period_s", "s", 0.4, 900.0, LOG),
        Parameter("spread", "log", 0.0, 1.2),
    )

    def apply(self, start: Start) -> Start:
        """Training interrupted by idling, the model loaded throughout."""
        return paced(start, alternating(self.share, self.period_s, self.spread))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Only ``share`` of the time is left."""
        return budget.giving_up(1 - self.share)

"""Checkpoints far more often than a run needs, so that its rhythm is not that of training."""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.pacing import alternating, paced
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.step_time import pause_share
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class FrequentCheckpoints:
    """After about ``every_s`` seconds of work, write ``state_bytes`` a node at ``bytes_per_s``.

    Training waits while it writes.
    """

    every_s: float
    state_bytes: float = 240e9
    bytes_per_s: float = 12e9

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (Parameter("every_s", "s", 10.0, 1800.0, LOG),)

    @property
    def write_s(self) -> float:
        """Seconds that a checkpoint takes."""
        return self.state_bytes / self.bytes_per_s

    def apply(self, start: Start) -> Start:
        """Training with a pause at each checkpoint."""
        period_s = self.every_s + self.write_s
        return paced(start, alternating(self.every_s / period_s, period_s, 0.05))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The pauses are lost."""
        return budget.giving_up(pause_share(self.write_s, self.every_s))

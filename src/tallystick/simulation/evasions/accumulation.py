"""Gradient accumulation: several batches of work for one exchange."""

from dataclasses import dataclass, replace
from typing import ClassVar

from tallystick.simulation.cost_model import BATCH_OVER_CRITICAL, TrainingBudget
from tallystick.simulation.evasions.rewriting import restepped, rewritten
from tallystick.simulation.evasions.strategy import WHOLE, Parameter
from tallystick.simulation.signals import TRAFFIC
from tallystick.simulation.step_time import examples_multiple
from tallystick.simulation.training_family import TrainingParameters
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class GradientAccumulation:
    """Exchange gradients, and let the pipeline drain, only after ``batches`` batches."""

    batches: int

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (Parameter("batches", "batches", 2, 256, WHOLE),)

    def apply(self, start: Start) -> Start:
        """Steps ``batches`` times as long with one exchange each."""
        fewer = 1 / self.batches
        return rewritten(start, self._change, dict.fromkeys(TRAFFIC, fewer))

    def _change(self, parameters: TrainingParameters) -> TrainingParameters:
        return restepped(parameters, compute=self.batches)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Exchange and bubble are paid once for all batches, but the larger batch needs more examples."""
        return replace(
            budget,
            communication_s=budget.communication_s / self.batches,
            bubble_s=budget.bubble_s / self.batches,
            examples=budget.examples * examples_multiple(BATCH_OVER_CRITICAL, self.batches),
        )

"""Little memory: activations are computed again rather than kept, optimiser state lives in the host."""

from dataclasses import dataclass, replace
from typing import ClassVar

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.rewriting import restepped, rewritten
from tallystick.simulation.evasions.strategy import Parameter
from tallystick.simulation.signals import Quantity
from tallystick.simulation.step_time import FULL_RECOMPUTATION
from tallystick.simulation.training_family import TrainingParameters
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class MemoryMinimal:
    """Keep ``memory`` of what training would hold, and compute ``recomputed`` of the activations again.

    ``recomputed`` follows from ``memory``: the first half of the saving is recomputation, all of it used
    at a half or less. Below that, state moves to the host and back, ``transfer`` of a step's time for the
    whole second half.
    """

    memory: float
    transfer: float = 0.5

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (Parameter("memory", "share of the usual", 0.15, 1.0),)

    @property
    def compute(self) -> float:
        """Compute time as a multiple of the usual."""
        recomputed = min(1.0, 2 * (1 - self.memory))
        moved = max(0.0, 1 - 2 * self.memory)
        return 1 + FULL_RECOMPUTATION * recomputed + self.transfer * moved

    def apply(self, start: Start) -> Start:
        """Longer steps that hold less memory."""
        otherwise = {Quantity.MEMORY_BYTES: self.memory}
        return rewritten(start, self._change, otherwise, 1 / self.compute)

    def _change(self, parameters: TrainingParameters) -> TrainingParameters:
        longer = restepped(parameters, compute=self.compute)
        return replace(longer, memory_bytes=parameters.memory_bytes * self.memory)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Compute lasts longer."""
        return replace(budget, compute_s=budget.compute_s * self.compute)

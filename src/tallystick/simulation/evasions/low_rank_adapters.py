"""Low-rank adapters: only a sliver of the weights is trained, the rest stays frozen (LoRA)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.rewriting import restepped, rewritten
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.signals import TRAFFIC, Quantity
from tallystick.simulation.training_family import TrainingParameters
from tallystick.simulation.work_kind import Start

#: Backward through frozen weights skips their gradients: of 6 FLOP a weight and token, 4 remain.
COMPUTE = 4 / 6


@dataclass(frozen=True)
class LowRankAdapters:
    """Train ``trained`` of the weights. The price is per token, not per thing learnt: it leaves out that an
    adapter cannot hold what full training would."""

    trained: float = 0.01
    memory: float = 0.4

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("trained", "share of the weights", 0.0005, 0.05, LOG),
        Parameter("memory", "share of the usual", 0.2, 0.7),
    )

    def apply(self, start: Start) -> Start:
        """Shorter steps, hardly any exchange, less memory."""
        otherwise = {Quantity.MEMORY_BYTES: self.memory, **dict.fromkeys(TRAFFIC, self.trained)}
        return rewritten(start, self._change, otherwise)

    def _change(self, parameters: TrainingParameters) -> TrainingParameters:
        shorter = restepped(parameters, compute=COMPUTE, exchange=self.trained, bubble=COMPUTE)
        return replace(shorter, memory_bytes=parameters.memory_bytes * self.memory)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Tokens pass faster."""
        return replace(
            budget,
            compute_s=budget.compute_s * COMPUTE,
            bubble_s=budget.bubble_s * COMPUTE,
            communication_s=budget.communication_s * self.trained,
        )

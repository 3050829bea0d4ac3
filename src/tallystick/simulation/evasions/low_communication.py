"""Low-communication training: islands step on their own and meet seldom (DiLoCo, arXiv 2311.08105)."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tallystick.simulation.cost_model import BETWEEN_NODES, TrainingBudget
from tallystick.simulation.evasions.rewriting import parameters_of, restepped
from tallystick.simulation.evasions.strategy import LOG, WHOLE, Parameter
from tallystick.simulation.power import LOADED_W
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    QUANTITIES,
    Float32,
    Float64,
    Process,
    Quantity,
    covered,
)
from tallystick.simulation.step_time import allreduce_s
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import Phase, TrainingParameters
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class LowCommunication:
    """Every node is an island that takes ``inner_steps`` steps between two meetings.

    A meeting averages ``weights`` of ``bytes_per_weight`` over links of ``bytes_per_s`` a node. Islands
    may set out up to ``stagger_s`` apart, so that they are not in step; the last one is waited for.
    That quality does not suffer at 500 inner steps is what arXiv 2311.08105 reports.
    """

    inner_steps: int = 500
    stagger_s: float = 0.0
    weights: float = 10e9
    bytes_per_weight: float = 4.0
    bytes_per_s: float = 1.25e9

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("inner_steps", "steps", 20, 1000, WHOLE),
        Parameter("stagger_s", "s", 0.0, 60.0),
        Parameter("bytes_per_s", "byte/s", 1.25e8, 5e10, LOG),
    )

    def meeting_s(self, nodes: int) -> float:
        """Seconds in which all islands exchange and none steps."""
        return allreduce_s(nodes, self.weights * self.bytes_per_weight, self.bytes_per_s)

    def apply(self, start: Start) -> Start:
        """Islands of one node. A process that is no ``TrainingProcess`` is started once per node."""

        def started(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
            parameters = parameters_of(start(rng, nodes, duration_s))
            if parameters is None:
                return _Apart([start(own, 1, duration_s) for own in rng.spawn(nodes)])
            return Islands(self, _alone(parameters, nodes), nodes, duration_s, rng)

        return started

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The exchange between nodes and the pipeline's bubble go; the meetings come."""
        kept_s = budget.communication_s * (1 - budget.between_nodes)
        paused_s = budget.pause_s * budget.pause_w
        lost_s = (self.meeting_s(budget.nodes) + self.stagger_s) / self.inner_steps
        pause_s = budget.pause_s + lost_s
        return replace(
            budget,
            communication_s=kept_s,
            bubble_s=0.0,
            between_nodes=0.0,
            pause_s=pause_s,
            pause_w=(paused_s + lost_s * budget.bubble_w) / pause_s if pause_s else 0.0,
        )


def _alone(parameters: TrainingParameters, nodes: int) -> TrainingParameters:
    """Steps of one node that exchanges with no other."""
    inside = 1 - BETWEEN_NODES if nodes > 1 else 1.0
    shorter = restepped(parameters, exchange=inside, bubble=0.0)
    return replace(shorter, pipeline_stages=1, stage_shift_s=0.0)


class Islands:
    """Nodes of the same parameters in rounds of inner steps, each round from a common start."""

    def __init__(
        self,
        strategy: LowCommunication,
        parameters: TrainingParameters,
        nodes: int,
        duration_s: float,
        rng: np.random.Generator,
    ) -> None:
        p = parameters
        self._parameters = p
        self._nodes = nodes
        self._duration_s = duration_s
        self._rng = rng
        self._stagger_s = strategy.stagger_s
        self._meeting_s = strategy.meeting_s(nodes)
        # A ring's link is busy both ways for as long as the meeting lasts.
        self._meeting_rate = strategy.bytes_per_s / ACCELERATORS_PER_NODE
        pauses = p.checkpoint_s / p.checkpoint_every_s + p.evaluation_s / p.evaluation_every_s
        self._steps_s = strategy.inner_steps * p.step_s * (1 + pauses)
        self._begin_s = 0.0
        self._end_s = 0.0
        self._islands: list[TrainingProcess] = []
        self._late_s: Float64 = np.zeros(nodes)

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        ticks = len(edges_s) - 1
        signals = np.zeros((QUANTITIES, self._nodes, ACCELERATORS_PER_NODE, ticks), dtype=np.float32)
        self._add_round(edges_s, signals)
        while self._end_s + self._meeting_s < min(float(edges_s[-1]), self._duration_s):
            self._next_round()
            self._add_round(edges_s, signals)
        share = covered(edges_s, self._duration_s).astype(np.float32)
        signals[Quantity.MEMORY_BYTES] = self._parameters.memory_bytes * share
        signals[Quantity.POWER_W] += LOADED_W * share
        return signals

    def _next_round(self) -> None:
        """Begin after the meeting; all islands start afresh but for their lateness."""
        first = not self._islands
        self._begin_s = 0.0 if first else self._end_s + self._meeting_s
        p = self._parameters if first else replace(self._parameters, startup_s=0.0)
        length_s = self._steps_s + p.startup_s
        self._end_s = self._begin_s + length_s + self._stagger_s
        self._late_s = self._stagger_s * self._rng.random(self._nodes)
        self._islands = [TrainingProcess(p, 1, length_s, own) for own in self._rng.spawn(self._nodes)]

    def _add_round(self, edges_s: Float64, signals: Float32) -> None:
        """Add the dynamic part of the round under way and of the meeting after it."""
        if not self._islands:
            return
        until_s = min(self._end_s, self._duration_s)
        first, last = np.searchsorted(edges_s, [self._begin_s, until_s])
        first, last = max(0, int(first) - 1), min(int(last), len(edges_s) - 1)
        if first < last:
            inside = edges_s[first : last + 1]
            share = covered(inside, self._duration_s).astype(np.float32)
            for node, island in enumerate(self._islands):
                own = island.advance(inside - self._begin_s - self._late_s[node])[:, 0] * share
                resident = np.minimum(own[Quantity.POWER_W], np.float32(LOADED_W))
                own[Quantity.POWER_W] -= resident
                signals[:, node, :, first:last] += own
        met = np.clip(edges_s, self._end_s, min(self._end_s + self._meeting_s, self._duration_s))
        meeting = np.diff(np.maximum.accumulate(met)) / (edges_s[1] - edges_s[0])
        row = self._parameters.activity[Phase.WAIT].astype(np.float32)
        row[[Quantity.INFINIBAND_TX, Quantity.INFINIBAND_RX]] = self._meeting_rate
        signals += row[:, None, None, None] * np.maximum(meeting, 0.0).astype(np.float32)


class _Apart:
    """Single-node processes side by side."""

    def __init__(self, processes: list[Process]) -> None:
        self._processes = processes

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        return np.concatenate([p.advance(edges_s) for p in self._processes], axis=1)

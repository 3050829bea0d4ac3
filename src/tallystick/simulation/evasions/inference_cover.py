"""Inference cover traffic: serving on the same accelerators between spells of training, or beside them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.filler import DEFAULT_COVER, SERVING_W, Filler, Served
from tallystick.simulation.evasions.paced import one_lane
from tallystick.simulation.evasions.pacing import alternating, paced, rank_lanes
from tallystick.simulation.evasions.strategy import LOG, WHOLE, Parameter
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Float32, Float64, Process
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class InferenceCover:
    """Serve on the same accelerators; train for ``share`` of the time in bursts of ``burst_s``.

    ``spread`` is how irregular bursts are. With ``stagger_s`` the accelerators of a node do not burst
    together: the last begins so much later than the first.
    """

    share: float
    burst_s: float
    spread: float = 0.2
    stagger_s: float = 0.0
    cover: Start = DEFAULT_COVER

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("share", "share of time", 0.02, 0.9),
        Parameter("burst_s", "s", 0.2, 300.0, LOG),
        Parameter("spread", "log", 0.0, 1.2),
        Parameter("stagger_s", "s", 0.0, 300.0),
    )

    def apply(self, start: Start) -> Start:
        """Serving, interrupted by training."""

        def serving(rng: np.random.Generator, nodes: int, duration_s: float) -> Filler:
            return Served(self.cover(rng, nodes, duration_s))

        period_s = self.burst_s / self.share
        pace = alternating(self.share, period_s, self.spread, self.stagger_s)
        return paced(start, pace, serving, rank_lanes if self.stagger_s else one_lane)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The rest of the time serves."""
        return budget.giving_up(1 - self.share, SERVING_W)


@dataclass(frozen=True)
class NeighbourCover:
    """On each node, ``covering`` of its eight accelerators serve and only the others train."""

    covering: int
    cover: Start = DEFAULT_COVER

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (Parameter("covering", "accelerators", 1, 7, WHOLE),)

    def apply(self, start: Start) -> Start:
        """Training and serving side by side."""

        def started(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
            training = start(rng, nodes, duration_s)
            return SideBySide(training, self.cover(rng.spawn(1)[0], nodes, duration_s), self.covering)

        return started

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The covering accelerators are lost to training."""
        return budget.giving_up(self.covering / ACCELERATORS_PER_NODE, SERVING_W)


class SideBySide:
    """On every node, the first ``covering`` accelerators follow ``cover``, the others ``training``."""

    def __init__(self, training: Process, cover: Process, covering: int) -> None:
        self._training = training
        self._cover = cover
        self._covering = covering

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        signals = self._training.advance(edges_s)
        signals[:, :, : self._covering] = self._cover.advance(edges_s)[:, :, : self._covering]
        return signals

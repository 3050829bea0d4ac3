"""Evaders who know the classifier: a live copy of it, or bursts that straddle two of its windows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.filler import DEFAULT_COVER, SERVING_W, Filler, Served
from tallystick.simulation.evasions.paced import Beat, Pace
from tallystick.simulation.evasions.pacing import Alternating, full_scale, paced
from tallystick.simulation.evasions.rhythm import Rhythm
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.signals import QUANTITIES, Float32, Float64, Int64, Quantity
from tallystick.simulation.work_kind import Start

#: Probability of training (0 to 1) of a window (quantities, seconds) of the job's first accelerator.
Detector = Callable[[Float32], float]


def ratio_detector(window: Float32) -> float:
    """A stand-in for a classifier: a logistic curve in tensor over memory activity, one half at 0.75."""
    tensor, dram = (float(window[row].mean()) for row in (Quantity.TENSOR, Quantity.DRAM))
    return float(1 / (1 + np.exp(-(tensor / (dram + 0.03) - 0.75) / 0.06)))


@dataclass(frozen=True)
class LiveCopy:
    """Train only while a copy of the classifier says that training is less likely than ``threshold``.

    The copy looks at the last ``window_s`` every ``decide_s``; otherwise the accelerators serve.
    ``expected_share`` of the time is what the price assumes: put in what ``PacedProcess.trained_s`` gave.
    """

    detector: Detector = ratio_detector
    threshold: float = 0.30
    window_s: float = 60.0
    decide_s: float = 4.0
    expected_share: float = 0.5
    cover: Start = DEFAULT_COVER

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("threshold", "probability", 0.02, 0.5),
        Parameter("decide_s", "s", 1.0, 60.0, LOG),
    )

    def apply(self, start: Start) -> Start:
        """Serving, with as much training as the copy lets pass."""
        return paced(start, lambda rng, lanes: _Watching(self), _serving(self.cover))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """All but the expected share serves."""
        return budget.giving_up(1 - self.expected_share, SERVING_W)


class _Watching:
    """The pace of ``LiveCopy``."""

    def __init__(self, strategy: LiveCopy) -> None:
        self._strategy = strategy
        self.block_s = strategy.decide_s
        self._seen: Float32 = np.zeros((QUANTITIES, 0), dtype=np.float32)

    def next(self, edges_s: Float64) -> Beat:
        """See ``Pace.next``."""
        ticks = len(edges_s) - 1
        quiet = self._seen.shape[1] == 0 or self._strategy.detector(self._seen) < self._strategy.threshold
        return Beat(np.full((1, ticks), float(quiet)), np.ones(ticks), full_scale(ticks))

    def observe(self, signals: Float32) -> None:
        """Keep the last window, in ticks of a second."""
        seen = np.concatenate([self._seen, signals[:, 0, 0]], axis=1)
        self._seen = seen[:, -max(1, round(self._strategy.window_s)) :]


@dataclass(frozen=True)
class Straddle:
    """Train in bursts of ``burst_s``, one over every ``windows``-th boundary between two windows.

    Windows of ``window_s`` are known to begin ``phase_s`` after the job's start. With a random phase the
    evader does not know it, and ``phase_s`` is only a guess. The accelerators serve in between.
    """

    windows: int
    window_s: float = 5.0
    phase_s: float = 0.0
    burst_s: float = 4.0
    cover: Start = DEFAULT_COVER

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("burst_s", "s", 0.5, 60.0, LOG),
        Parameter("phase_s", "s", 0.0, 300.0),
    )

    @property
    def share(self) -> float:
        """Share of time in training."""
        return min(1.0, self.burst_s / (self.windows * self.window_s))

    def apply(self, start: Start) -> Start:
        """Serving, with half a burst at the end of one window and half at the start of the next."""

        def pace(rng: np.random.Generator, lane_of: Int64) -> Pace:
            period_s = self.windows * self.window_s
            begin_s = self.phase_s % period_s - self.burst_s / 2 - period_s
            return Alternating(Rhythm(self.share, period_s, 0.0, begin_s, rng), 1, 0.0)

        return paced(start, pace, _serving(self.cover))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Everything but the bursts serves."""
        return budget.giving_up(1 - self.share, SERVING_W)


def _serving(cover: Start) -> Callable[[np.random.Generator, int, float], Filler]:
    def serving(rng: np.random.Generator, nodes: int, duration_s: float) -> Filler:
        return Served(cover(rng, nodes, duration_s))

    return serving

"""Paces that know beforehand what they will do, and how a strategy wraps a start with one."""

from collections.abc import Callable

import numpy as np

from tallystick.simulation.evasions.filler import Filler, Silence
from tallystick.simulation.evasions.paced import Beat, Pace, PacedProcess, one_lane
from tallystick.simulation.evasions.rhythm import Rhythm
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    QUANTITIES,
    Float32,
    Float64,
    Int64,
    Process,
    Quantity,
)
from tallystick.simulation.work_kind import Start

MakePace = Callable[[np.random.Generator, Int64], Pace]
MakeFiller = Callable[[np.random.Generator, int, float], Filler]


def silence(rng: np.random.Generator, nodes: int, duration_s: float) -> Filler:
    """Nothing runs in the time that training leaves."""
    return Silence()


def paced(
    start: Start, pace: MakePace, filler: MakeFiller = silence, lanes: Callable[[int], Int64] = one_lane
) -> Start:
    """``start`` played by a pace, with a filler, on the lanes that ``lanes(nodes)`` deals out."""

    def started(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        training = start(rng, nodes, duration_s)
        own = rng.spawn(2)
        lane_of = lanes(nodes)
        filling = filler(own[1], nodes, duration_s)
        return PacedProcess(training, pace(own[0], lane_of), filling, lane_of, duration_s)

    return started


def rank_lanes(nodes: int) -> Int64:
    """Each of a node's eight accelerators in a lane of its own, the same on all nodes."""
    return np.tile(np.arange(ACCELERATORS_PER_NODE, dtype=np.int64), (nodes, 1))


def full_scale(ticks: int) -> Float32:
    """A scale (quantities, ticks) that changes nothing."""
    return np.ones((QUANTITIES, ticks), dtype=np.float32)


class Steady:
    """The same speed and loudness at all times. ``scale`` maps quantities to multiples."""

    block_s = 0.0

    def __init__(self, share: float, speed: float, scale: dict[Quantity, float]) -> None:
        self._share = share
        self._speed = speed
        self._scale = np.ones((QUANTITIES, 1), dtype=np.float32)
        for quantity, multiple in scale.items():
            self._scale[quantity] = multiple

    def next(self, edges_s: Float64) -> Beat:
        """See ``Pace.next``."""
        ticks = len(edges_s) - 1
        scale = np.repeat(self._scale, ticks, axis=1)
        return Beat(np.full((1, ticks), self._share), np.full(ticks, self._speed), scale)

    def observe(self, signals: Float32) -> None:
        """Nothing to learn."""


class Alternating:
    """Training by a rhythm, at full speed; lanes run up to ``stagger_s`` behind each other."""

    block_s = 0.0

    def __init__(self, rhythm: Rhythm, lanes: int, stagger_s: float) -> None:
        self._rhythm = rhythm
        self._behind_s = np.arange(lanes) * stagger_s / max(1, lanes)

    def next(self, edges_s: Float64) -> Beat:
        """See ``Pace.next``."""
        ticks = len(edges_s) - 1
        share = self._rhythm.share(edges_s, self._behind_s)
        return Beat(share, np.ones(ticks), full_scale(ticks))

    def observe(self, signals: Float32) -> None:
        """Nothing to learn."""


def alternating(share: float, period_s: float, spread: float, stagger_s: float = 0.0) -> MakePace:
    """A pace of spells and pauses that begins anywhere in its period."""

    def pace(rng: np.random.Generator, lane_of: Int64) -> Pace:
        begin_s = -stagger_s - period_s * float(rng.random())
        rhythm = Rhythm(share, period_s, spread, begin_s, rng)
        return Alternating(rhythm, int(lane_of.max()) + 1, stagger_s)

    return pace

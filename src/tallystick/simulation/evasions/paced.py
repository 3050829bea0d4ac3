"""Training played at another pace, with something else in the time that it leaves."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tallystick.simulation.evasions.filler import Filler
from tallystick.simulation.evasions.reel import CELL_S, Reel
from tallystick.simulation.signals import TRAFFIC, Float32, Float64, Int64, Process, Quantity, covered

#: Rows whose loudness a pace may change.
_LOUD = (Quantity.TENSOR, Quantity.DRAM, Quantity.SM, Quantity.UTILISATION, Quantity.POWER_W)


@dataclass(frozen=True)
class Beat:
    """What to do in each tick.

    ``share`` (lanes, ticks) of its time goes to training, which then runs at ``speed`` (ticks,), at most
    1. ``scale`` (quantities, ticks) multiplies what training does while it runs.
    """

    share: Float64
    speed: Float64
    scale: Float32


class Pace(Protocol):
    """Decides when training runs and how fast."""

    @property
    def block_s(self) -> float:
        """Seconds that the pace decides at once; 0 where it needs no feedback."""

    def next(self, edges_s: Float64) -> Beat:
        """The beat of the ticks between ``edges_s`` (ticks + 1,), which go on where the last ended."""

    def observe(self, signals: Float32) -> None:
        """See what (quantities, nodes, 8, ticks) came of the last beat."""


class PacedProcess:
    """A training process played by ``pace``; ``filler`` gets the accelerators for the rest of the time.

    Works in ticks of at most one second and reports their mean, so that a coarse sample aliases as a
    real one does.
    """

    def __init__(
        self, training: Process, pace: Pace, filler: Filler, lane_of: Int64, duration_s: float
    ) -> None:
        self._training = training
        self._reel = Reel(training, lane_of)
        self._pace = pace
        self._filler = filler
        self._lane_of = lane_of
        self._duration_s = duration_s

    @property
    def trained_s(self) -> float:
        """Seconds of undisturbed training that have been done so far, mean over the lanes.

        Where the training is itself paced, what that one has done, up to two seconds ahead.
        """
        inner = self._training
        return inner.trained_s if isinstance(inner, PacedProcess) else float(self._reel.place_s.mean())

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        ticks = len(edges_s) - 1
        parts = max(1, int(np.ceil((edges_s[1] - edges_s[0]) / CELL_S - 1e-9)))
        fine = np.linspace(edges_s[0], edges_s[-1], ticks * parts + 1)
        blocks = [self._block(fine[a : b + 1]) for a, b in self._bounds(fine)]
        signals = np.concatenate(blocks, axis=-1) if len(blocks) > 1 else blocks[0]
        if parts == 1:
            return signals
        coarse: Float32 = signals.reshape(*signals.shape[:-1], ticks, parts).mean(axis=-1, dtype=np.float32)
        return coarse

    def _bounds(self, fine_s: Float64) -> list[tuple[int, int]]:
        """First and last edge of each block that the pace decides at once."""
        ticks = len(fine_s) - 1
        block_s = self._pace.block_s
        length = max(1, round(block_s / float(fine_s[1] - fine_s[0]))) if block_s else ticks
        return [(a, min(a + length, ticks)) for a in range(0, ticks, length)]

    def _block(self, edges_s: Float64) -> Float32:
        """Contribution of fine ticks."""
        inside = covered(edges_s, self._duration_s)
        beat = self._pace.next(edges_s)
        share = beat.share * inside
        played, static = self._reel.play(share * beat.speed * float(edges_s[1] - edges_s[0]))
        each = share[self._lane_of].astype(np.float32)
        played *= each
        for row in _LOUD:
            played[row] *= beat.scale[row]
        for row in TRAFFIC:
            # Bytes follow progress: the same exchange spread over a longer step.
            played[row] *= beat.scale[row] * beat.speed.astype(np.float32)
        rest = inside.astype(np.float32) - each
        fill = self._filler.fill(edges_s, rest)
        static *= inside.astype(np.float32)
        played[Quantity.POWER_W] += static[Quantity.POWER_W]
        if fill is None:
            played[Quantity.MEMORY_BYTES] = static[Quantity.MEMORY_BYTES]
        else:
            memory = np.maximum(static[Quantity.MEMORY_BYTES], fill[Quantity.MEMORY_BYTES])
            played += fill
            played[Quantity.MEMORY_BYTES] = memory
        self._pace.observe(played)
        return played


def one_lane(nodes: int) -> Int64:
    """All accelerators of ``nodes`` nodes in lock-step."""
    return np.zeros((nodes, 8), dtype=np.int64)

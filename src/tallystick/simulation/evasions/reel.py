"""A process' waveform kept on a fine grid of its own time, so that it can be played slower."""

import numpy as np

from tallystick.simulation.power import LOADED_W
from tallystick.simulation.signals import Float32, Float64, Int64, Process, Quantity

#: Seconds of one cell of the grid; nothing is ever played more than one cell at a time.
CELL_S = 1.0


class Reel:
    """The waveform of ``process``, played by several lanes, each at a place of its own.

    ``lane_of`` (nodes, 8) says which lane each accelerator follows. The static part, memory and the power
    of a loaded accelerator, is split off: it does not stop when the program does.
    """

    def __init__(self, process: Process, lane_of: Int64) -> None:
        self._process = process
        self._lane_of = lane_of
        self.place_s: Float64 = np.zeros(int(lane_of.max()) + 1)
        self._first_cell = 0
        self._cells: Float32 = process.advance(np.array([0.0, CELL_S, 2 * CELL_S]))

    def play(self, forward_s: Float64) -> tuple[Float32, Float32]:
        """Move each lane on by ``forward_s`` (lanes, ticks), each at most a cell, and say what it does.

        Returns the mean dynamic part (quantities, nodes, 8, ticks) while playing, and the static part of
        the same shape at the end of each tick. Where a tick does not play, the dynamic part is that of
        the moment.
        """
        ends = self.place_s[:, None] + np.cumsum(forward_s, axis=1)
        starts = np.concatenate([self.place_s[:, None], ends[:, :-1]], axis=1)
        self._reach(float(ends.max()))
        nodes, ranks = self._lane_of.shape
        shape = (self._cells.shape[0], nodes, ranks, forward_s.shape[1])
        mean, static = np.empty(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
        for lane in range(len(ends)):
            self._play_lane(lane, starts[lane], ends[lane], mean, static)
        self.place_s = ends[:, -1]
        self._forget()
        return mean, static

    def _play_lane(self, lane: int, start_s: Float64, end_s: Float64, mean: Float32, static: Float32) -> None:
        """Fill the ranks of one lane."""
        ranks = self._lane_of == lane
        cells = self._cells if ranks.all() else self._cells[:, ranks]
        cell = np.floor(start_s / CELL_S).astype(np.int64)
        boundary = (cell + 1) * CELL_S
        played = np.maximum(end_s - start_s, 1e-12)
        later = (np.clip(end_s - boundary, 0.0, None) / played).astype(np.float32)
        at = cell - self._first_cell
        both = cells[..., at] * (1 - later) + cells[..., at + 1] * later
        now = np.floor(end_s / CELL_S).astype(np.int64) - self._first_cell
        loaded = np.minimum(cells[Quantity.POWER_W][..., now], np.float32(LOADED_W))
        both[Quantity.POWER_W] -= np.minimum(both[Quantity.POWER_W], np.float32(LOADED_W))
        memory = cells[Quantity.MEMORY_BYTES][..., now]
        both[Quantity.MEMORY_BYTES] = 0
        where = (slice(None), slice(None)) if ranks.all() else np.nonzero(ranks)
        mean[(slice(None), *where)] = both
        static[(Quantity.POWER_W, *where)] = loaded
        static[(Quantity.MEMORY_BYTES, *where)] = memory

    def _reach(self, end_s: float) -> None:
        """Have the process run to one cell beyond ``end_s``."""
        have = self._first_cell + self._cells.shape[-1]
        need = int(np.floor(end_s / CELL_S)) + 2
        if need > have:
            edges = np.arange(have, need + 1) * CELL_S
            self._cells = np.concatenate([self._cells, self._process.advance(edges)], axis=-1)

    def _forget(self) -> None:
        """Drop cells that every lane has passed."""
        passed = int(np.floor(self.place_s.min() / CELL_S)) - self._first_cell
        if passed > 0:
            self._cells = self._cells[..., passed:].copy()
            self._first_cell += passed

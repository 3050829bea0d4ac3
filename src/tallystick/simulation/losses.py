"""Samples that never arrive: single drops and gaps, flagged on the next row that does."""

import numpy as np
import numpy.typing as npt

from tallystick.records.sample import Quality
from tallystick.simulation.signals import Int64

Bools = npt.NDArray[np.bool_]

#: Per sample: a scrape that timed out.
DROP_PROBABILITY = 0.0003
#: Per subject and slot: an exporter that was away for a while.
GAP_PROBABILITY = 0.002
GAP_LEAST_TICKS, GAP_MOST_TICKS = 3, 12
#: A driver that restarts may miss some samples before the first one after it.
AWAY_MOST_TICKS = 3


class SampleLosses:
    """Which samples of the operator's subjects are kept, slot after slot."""

    def __init__(self, subjects: int) -> None:
        self._last_kept = np.ones(subjects, dtype=np.bool_)

    def draw(self, rng: np.random.Generator, resets: Int64, ticks: int) -> tuple[Bools, Int64]:
        """Kept rows and quality flags, both (subjects, ticks), of the next slot.

        ``resets`` (subjects,) is the tick at which a subject's counters start again, -1 for none; that row
        always arrives.
        """
        subjects = len(resets)
        keep = rng.random((subjects, ticks)) >= DROP_PROBABILITY
        starts = np.where(rng.random(subjects) < GAP_PROBABILITY, rng.integers(0, ticks, subjects), ticks)
        lengths = rng.integers(GAP_LEAST_TICKS, GAP_MOST_TICKS + 1, subjects)
        reset = np.flatnonzero(resets >= 0)
        lengths[reset] = np.minimum(rng.integers(0, AWAY_MOST_TICKS + 1, len(reset)), resets[reset])
        starts[reset] = resets[reset] - lengths[reset]
        at = np.arange(ticks)
        keep &= (at < starts[:, None]) | (at >= (starts + lengths)[:, None])
        keep[reset, resets[reset]] = True
        return keep, self._quality(keep, reset, resets)

    def _quality(self, keep: Bools, reset: Int64, resets: Int64) -> Int64:
        before = np.concatenate([self._last_kept[:, None], keep[:, :-1]], axis=1)
        self._last_kept = keep[:, -1].copy()
        quality = np.where(keep & ~before, np.int64(Quality.AFTER_GAP), np.int64(Quality.GOOD))
        quality[reset, resets[reset]] |= np.int64(Quality.AFTER_RESET)
        return quality

"""On and off in alternation: the time pattern of most evasions."""

import numpy as np

from tallystick.simulation.signals import Float64

_CHUNK = 64


class Rhythm:
    """Spells of training of mean ``share * period_s`` seconds, and pauses of the rest of the period.

    ``spread`` is the standard deviation of the log of both. The first spell begins at ``begin_s``.
    """

    def __init__(
        self, share: float, period_s: float, spread: float, begin_s: float, rng: np.random.Generator
    ) -> None:
        self._means = np.array([share * period_s, (1 - share) * period_s])
        self._spread = spread
        self._rng = rng
        self._times: Float64 = np.array([min(begin_s, 0.0) - 1.0, begin_s])
        self._trained: Float64 = np.zeros(2)

    def share(self, edges_s: Float64, behind_s: Float64) -> Float64:
        """Share of training (lanes, ticks) in the ticks of lanes that run ``behind_s`` (lanes,) behind."""
        while self._times[-1] < edges_s[-1]:
            self._extend()
        at = edges_s - behind_s[:, None]
        done = np.interp(at, self._times, self._trained)
        share = np.diff(done, axis=1) / (edges_s[1] - edges_s[0])
        self._forget(float(at.min()))
        clipped: Float64 = np.clip(share, 0.0, 1.0)
        return clipped

    def _extend(self) -> None:
        """Append spells and pauses."""
        spread = self._spread
        factor = np.exp(spread * self._rng.standard_normal((_CHUNK, 2)) - spread**2 / 2)
        lengths = (self._means * factor).ravel()
        trained = lengths.copy()
        trained[1::2] = 0.0
        self._times = np.append(self._times, self._times[-1] + np.cumsum(lengths))
        self._trained = np.append(self._trained, self._trained[-1] + np.cumsum(trained))

    def _forget(self, before_s: float) -> None:
        """Drop spells that no lane will ask for again."""
        first = int(np.searchsorted(self._times, before_s, side="right")) - 1
        if first > 0:
            self._times, self._trained = self._times[first:], self._trained[first:]

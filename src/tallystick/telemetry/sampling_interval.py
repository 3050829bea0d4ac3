"""The nominal time between samples of a subject, from the samples themselves, in bounded memory."""

from statistics import median_low

from tallystick.units import NS_PER_MS

#: Distances kept for each subject: enough for a median, evenly over all of the file.
_KEPT = 64


class IntervalSurvey:
    """Takes in the instants of one subject's samples. The median distance is the nominal interval."""

    def __init__(self) -> None:
        self._last_ns: int | None = None
        self._distances: list[int] = []
        self._stride = 1
        self._seen = 0

    def add(self, time_ns: int) -> None:
        """The next instant, later than the one before."""
        last, self._last_ns = self._last_ns, time_ns
        if last is None:
            return
        if self._seen % self._stride == 0:
            self._distances.append(time_ns - last)
        self._seen += 1
        if len(self._distances) > _KEPT:
            self._distances = self._distances[::2]
            self._stride *= 2

    def interval_ns(self) -> int:
        """The median, to the millisecond and at least one; 0 where there was no second sample."""
        if not self._distances:
            return 0
        return max(1, (median_low(self._distances) + NS_PER_MS // 2) // NS_PER_MS) * NS_PER_MS

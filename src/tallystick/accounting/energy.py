"""Energy and observed time of one subject from its power samples: exact, in plain integers.

Each sample holds from the midpoint to its neighbour before to the midpoint to its neighbour after.
At a gap (neighbours further apart than ``MAX_GAP_INTERVALS`` nominal intervals), at the start and at
the end of the slot it holds for one nominal interval at most. Time that no sample holds is not
observed and has no energy: a gap is never filled. Instants are floored to microseconds, so that all
products fit 64-bit integers for whoever vectorises this rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

#: Neighbours further apart than this many nominal intervals have a gap between them.
MAX_GAP_INTERVALS = 3

NS_PER_US = 1000
US_PER_S = 1_000_000


@dataclass(frozen=True, slots=True)
class SpanAmount:
    """What was observed in one span of one subject: ``observed_us`` wall time, ``energy_mj``."""

    observed_us: int
    energy_mj: int


def hold_intervals(
    times_ns: Sequence[int], interval_ns: int, start_ns: int, end_ns: int
) -> list[tuple[int, int]]:
    """For each sample the half-open span in microseconds that it stands for.

    ``times_ns`` is strictly increasing and lies in ``[start_ns, end_ns)``, which is one slot.
    """
    start, end, reach = start_ns // NS_PER_US, end_ns // NS_PER_US, interval_ns // NS_PER_US
    times = [t // NS_PER_US for t in times_ns]
    spans: list[tuple[int, int]] = []
    left = max(start, times[0] - reach) if times else start
    for i, now in enumerate(times):
        if i + 1 == len(times):
            right, following = min(end, now + reach), end
        elif times[i + 1] - now <= MAX_GAP_INTERVALS * reach:
            right = following = (now + times[i + 1]) // 2
        else:
            right, following = now + reach, times[i + 1] - reach
        spans.append((left, right))
        left = following
    return spans


def integrate(
    times_ns: Sequence[int],
    power_mw: Sequence[int],
    interval_ns: int,
    start_ns: int,
    end_ns: int,
    span_ns: int,
) -> list[SpanAmount]:
    """Observed time and energy in each span of ``span_ns`` of the slot ``[start_ns, end_ns)``.

    Samples without a power reading are left out by the caller. Energy is floored to mJ per span.
    """
    span = span_ns // NS_PER_US
    origin = start_ns // NS_PER_US
    count = (end_ns - start_ns) // span_ns
    observed = [0] * count
    work = [0] * count
    for (left, right), power in zip(
        hold_intervals(times_ns, interval_ns, start_ns, end_ns), power_mw, strict=True
    ):
        while left < right:
            index = (left - origin) // span
            stop = min(right, origin + (index + 1) * span)
            observed[index] += stop - left
            work[index] += (stop - left) * power
            left = stop
    return [SpanAmount(t, w // US_PER_S) for t, w in zip(observed, work, strict=True)]

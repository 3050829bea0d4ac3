"""Lock-step in what accelerators send and receive over NVLink, where they report it.

The counters become rates, sending and receiving apart, and then quick views as power does. Where power tells
nothing, because it is capped or padded with noise, the traffic still goes in steps. Traffic only ever joins
what power left apart, never parts what power joined, and never joins two clusters that are both large: there
power had evidence enough. Counters that are missing, stuck or reset are no readings, so they join nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import PPM
from tallystick.workloads.lockstep_clusters import Cluster, of_members
from tallystick.workloads.lockstep_copies import MANY
from tallystick.workloads.lockstep_series import (
    Bools,
    Int16,
    Readings,
    Series,
    chosen_in,
    empty_levels,
    fill,
    quick_views,
)
from tallystick.workloads.traffic import LINKS, Counted, counted_bytes

#: Clusters of traffic are believed from this mean correlation on; unrelated jobs stay far below.
LEAST_COHERENCE = 0.5
#: A cluster goes along when so many of its members with traffic are in one cluster of traffic: 4 of 5.
WITHIN, OF_LINKED = 4, 5

Clusters = Callable[[Series], list[Cluster]]


@dataclass(frozen=True)
class Linked:
    """What traffic says: ``together`` are sets of subjects by number, each with its mean correlation;
    ``heard`` (n,) are all whose traffic says whether they belong to a set.
    """

    together: tuple[tuple[tuple[int, ...], float], ...]
    heard: Bools


def linked_by(
    table: SampleTable, index: Int64, step_ns: int, start_ns: int, active: Bools, of: Clusters
) -> Linked:
    """Which of the subjects numbered ``index`` NVLink puts together, by place in ``index``.

    ``of`` forms clusters of series; ``active`` (n, ticks) tells when a subject worked.
    """
    series = traffic_series(table, LINKS, index, step_ns, start_ns, active)
    heard = np.any(series.views, axis=(1, 2))
    some = np.flatnonzero(heard)
    few = Series(step_ns, series.views[some], series.ticks_used[some])
    found = [(tuple(some[list(c.members)].tolist()), c.coherence(few.unit)) for c in of(few)]
    return Linked(tuple(f for f in found if len(f[0]) > 1 and f[1] >= LEAST_COHERENCE), heard)


def traffic_series(
    table: SampleTable,
    channels: tuple[str, str],
    index: Int64,
    step_ns: int,
    start_ns: int,
    active: Bools,
    least_bytes_per_ms: int = 1,
) -> Series:
    """Quick views of what the subjects numbered ``index`` sent and received; zeros where they say nothing.

    A way in which a subject's rate never reaches ``least_bytes_per_ms`` says nothing.
    """
    both, used = np.zeros((len(index), 2, active.shape[1]), np.int16), np.zeros((2, len(index)), np.int64)
    for part in table.parts():
        chosen = chosen_in(part, index)
        for way, name in enumerate(channels if len(chosen) else ()):
            counted = counted_bytes(part.table, name)
            mine = index[chosen] - part.first
            both[chosen, way], used[way, chosen] = _quick(
                part.table, counted, mine, step_ns, start_ns, active[chosen], least_bytes_per_ms
            )
    return Series(step_ns, both, used.min(axis=0))


def _quick(
    table: SampleTable, way: Counted, index: Int64, step_ns: int, start_ns: int, active: Bools, least: int
) -> tuple[Int16, Int64]:
    """Quick view (n, ticks) of the rate of one counter, in ppm of each subject's greatest, and ticks used."""
    rate = way.bytes_per_ms()
    most = np.zeros(len(table.subjects), np.int64)
    begins = np.flatnonzero(np.diff(way.subject, prepend=-1))
    if len(begins):
        most[way.subject[begins]] = np.maximum.reduceat(rate, begins)
    level = rate * PPM // np.maximum(most, 1)[way.subject]
    telling = np.flatnonzero(most[index] >= least)
    levels = empty_levels(len(telling), step_ns, active.shape[1])
    readings = Readings(way.subject, way.time_ns, level)
    fill(levels, np.arange(len(telling)), table, readings, index[telling], start_ns)
    views, used = np.zeros(active.shape, np.int16), np.zeros(len(index), np.int64)
    views[telling], used[telling] = quick_views(levels, active[telling])
    return views, used


def joined(
    clusters: Sequence[tuple[Cluster, float]], linked: Linked, power: Series
) -> list[tuple[Cluster, float]]:
    """Clusters, each with its mean correlation over pairs, after what traffic joins."""
    owner = {m: place for place, (members, _) in enumerate(linked.together) for m in members}
    going: dict[int, list[tuple[Cluster, float]]] = {}
    found: list[tuple[Cluster, float]] = []
    for cluster, coherence in clusters:
        number = _goes_along(cluster, owner, int(linked.heard[list(cluster.members)].sum()))
        if number is None:
            found.append((cluster, coherence))
        else:
            going.setdefault(number, []).append((cluster, coherence))
    for number, together in going.items():
        found += _put_together(together, linked.together[number][1], power)
    return sorted(found, key=lambda pair: pair[0].members)


def _put_together(
    together: Sequence[tuple[Cluster, float]], coherence: float, power: Series
) -> list[tuple[Cluster, float]]:
    """One cluster of all but the large ones, of which it takes in only the largest."""
    large = sorted((p for p in together if len(p[0].members) >= MANY), key=lambda p: -len(p[0].members))
    chosen = large[:1] + [p for p in together if len(p[0].members) < MANY]
    if len(chosen) == 1:
        return large[1:] + chosen
    whole = of_members([m for c, _ in chosen for m in c.members], power)
    return [*large[1:], (whole, max(whole.coherence(power.unit), coherence))]


def _goes_along(cluster: Cluster, owner: dict[int, int], linked: int) -> int | None:
    """The set of subjects that most of this one's members with traffic are in; None where there is none."""
    counts: dict[int, int] = {}
    for member in cluster.members:
        if member in owner:
            counts[owner[member]] = counts.get(owner[member], 0) + 1
    best = max(counts, key=lambda number: (counts[number], -number), default=None)
    return best if best is not None and OF_LINKED * counts[best] >= WITHIN * max(1, linked) else None

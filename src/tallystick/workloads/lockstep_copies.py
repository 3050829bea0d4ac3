"""Tells apart runs of one program that were taken for one because they started at nearly one time.

Members of two such runs look alike enough to be joined one by one, even where both began within one second.
The whole cluster does not: the delays of its members (``lockstep_delays``) fall into two heaps. Mixtures of
two runs over several clusters are sorted as a whole. Runs that began closer together than delays spread
within one run stay one: on power alone they are one.

Delays alone are not enough, because sensors that read instants and not means come in heaps too, the more
surely the longer one looks. Such heaps differ by more than a delay: each catches dips that the other misses,
however they are shifted. Copies differ by the delay and nothing else, for each has sensors of all kinds; so
heaps are copies only where a shift explains why they agree less than their members.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import numpy as np

from tallystick.telemetry.table import Int64
from tallystick.workloads.lockstep_ahead import who_is_behind
from tallystick.workloads.lockstep_clusters import Cluster, agreements, of_members
from tallystick.workloads.lockstep_delays import REACH_TICKS, heaps_of, peak
from tallystick.workloads.lockstep_series import QUICK, Series

#: Clusters that are looked at: those of FEW members or more, no more than so many, the largest first.
FEW, LEADERS = 4, 64
#: Fewer members than this, taken together, are not sorted into heaps, and a heap holds no fewer than so many:
#: more than the accelerators of one node, which share a clock and a sensor's delay.
MANY, LEAST_HEAP = 32, 10
#: Clusters that agree, shifted by up to NEAR_TICKS, nearly as well as the members of each among themselves
#: hold copies of one program, perhaps mixed.
NEAR_TICKS, ALIKE = 3, 0.6
#: Two heaps are two runs where their gap is so many times the spread within: delays spread evenly give GAP,
#: and of n such delays 19 draws of 20 stay under GAP * (1 + CHANCE / sqrt(n)).
GAP, CHANCE, MOST_HEAPS = 3.46, 1.7, 3
#: and both halves of the time put so many members on the same side,
AGREED_PPM = 800_000
#: and, shifted against each other, they agree by so much of what the members of each do among themselves.
EXPLAINED = 0.85


def copies_apart(clusters: Sequence[Cluster], series: Series) -> list[Cluster]:
    """The clusters, with those that are copies, or mixtures of copies, sorted into the copies.

    Work is linear in the number of subjects: of clusters of FEW members or more, the LEADERS largest.
    """
    large = sorted((c for c in clusters if len(c.members) >= FEW), key=lambda c: (-len(c.members), c.members))
    waiting = large[:LEADERS]
    found = [c for c in clusters if len(c.members) < FEW] + large[LEADERS:]
    while waiting:
        first = waiting.pop(0)
        near = _all_near(first, waiting, series)
        parts = copies([first, *near], series) if near else []
        if len(parts) > 1:
            waiting = [c for c in waiting if c not in near]
            found += parts
        else:
            found += copies([first], series)
    return sorted(found, key=lambda c: c.members)


def copies(clusters: Sequence[Cluster], series: Series) -> list[Cluster]:
    """The copies that the clusters hold together; one cluster where there are no two."""
    members = np.array(sorted(m for c in clusters for m in c.members), np.int64)
    whole = [of_members(members.tolist(), series)]
    if len(members) < MANY:
        return whole
    parts = _sorted(series.views[members].astype(np.int64))
    if parts is None:
        return whole
    sorted_out = [of_members(members[parts == i].tolist(), series) for i in range(int(parts.max()) + 1)]
    return [copy for part in sorted_out for copy in copies([part], series)]


def _sorted(views: Int64) -> Int64 | None:
    """The copy (n,) that each member belongs to, from the earliest on; None where all are one run.

    Members with identical views, as of nodes behind one meter, are one observation.
    """
    place: dict[bytes, int] = {}
    alike = np.array([place.setdefault(row.tobytes(), len(place)) for row in views], np.int64)
    distinct = np.unique(alike, return_index=True)[1]
    parts = _parts(views[distinct], np.bincount(alike)) if len(distinct) >= FEW else None
    return None if parts is None else parts[alike]


def _parts(views: Int64, counts: Int64) -> Int64 | None:
    """As ``_sorted``, of distinct views (n, views, ticks) that ``counts`` (n,) members have."""
    gap = GAP * (1 + CHANCE / sqrt(len(views)))
    for count in range(MOST_HEAPS, 1, -1):
        heaps = heaps_of(views[:, QUICK], count)
        sure = heaps.gap_in_spreads >= gap and heaps.agreed_ppm >= AGREED_PPM
        sure = sure and heaps.width_ticks <= NEAR_TICKS
        smallest = min(int(counts[heaps.heap == i].sum()) for i in range(count))
        if sure and smallest >= LEAST_HEAP and _explained(views, heaps.heap):
            return heaps.heap
    behind = who_is_behind(views)
    if behind is None or not _explained(views, behind.astype(np.int64)):
        return None
    return behind.astype(np.int64)


def _explained(views: Int64, heap: Int64) -> bool:
    """Whether heaps next to each other agree, once shifted, nearly as well as the members of each."""
    parts = [views[heap == i] for i in range(int(heap.max()) + 1)]
    return all(_shift_explains(one, other) for one, other in pairwise(parts))


def _shift_explains(one: Int64, other: Int64) -> bool:
    inside = sqrt(max(0.0, _mean_product(one)) * max(0.0, _mean_product(other)))
    between = peak(agreements(one.sum(axis=0), other.sum(axis=0), REACH_TICKS))
    return between / (len(one) * len(other)) >= EXPLAINED * inside > 0


def _mean_product(views: Int64) -> float:
    """Mean product over pairs of members of ``views`` (n, views, ticks); 0 for one member."""
    whole = views.sum(axis=0)
    pairs = len(views) * (len(views) - 1)
    return int((whole * whole).sum() - (views * views).sum()) / pairs if pairs else 0.0


def _all_near(first: Cluster, others: Sequence[Cluster], series: Series) -> list[Cluster]:
    """Those near the first, or near what it and they are together, which has most kinds of sensors."""
    near: list[Cluster] = []
    whole = first
    while found := [c for c in others if c not in near and _near(whole, c, series.unit)]:
        near += found
        whole = of_members([m for c in (first, *near) for m in c.members], series)
    return near


def _near(one: Cluster, other: Cluster, unit: int) -> bool:
    """Whether the two would pass for one run if they were shifted a little."""
    agreement = int(agreements(one.views, other.views, NEAR_TICKS).max())
    inside = max(0.0, one.coherence(unit)) * max(0.0, other.coherence(unit))
    return agreement / (len(one.members) * len(other.members) * unit) >= ALIKE * sqrt(inside) > 0

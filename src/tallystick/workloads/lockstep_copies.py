"""Tells apart runs of one program that were taken for one because they started at nearly one time.

Members of two such runs look alike enough to be joined one by one, even where both began within one second.
The whole cluster does not: the delays of its members (``lockstep_delays``) fall into two heaps. Mixtures of
two runs over several clusters are sorted as a whole. Runs that began closer together than delays spread
within one run stay one: on power alone they are one.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from tallystick.telemetry.table import Int64
from tallystick.workloads.lockstep_ahead import who_is_behind
from tallystick.workloads.lockstep_clusters import Cluster, agreements, of_members
from tallystick.workloads.lockstep_delays import heaps_of
from tallystick.workloads.lockstep_series import QUICK, Series

#: Clusters that are looked at: those of FEW members or more, no more than so many, the largest first.
FEW, LEADERS = 4, 64
#: Fewer members than this, taken together, are not sorted into heaps, and a heap holds no fewer than so many:
#: more than the accelerators of one node, which share a clock and a sensor's delay.
MANY, LEAST_HEAP = 32, 10
#: Clusters that agree, shifted by up to NEAR_TICKS, nearly as well as the members of each among themselves
#: hold copies of one program, perhaps mixed.
NEAR_TICKS, ALIKE = 3, 0.6
#: Two heaps are two runs where their gap is so many times the spread within; delays spread evenly give 3.5.
GAP, MOST_HEAPS = 4.3, 3
#: and both halves of the time put so many members on the same side.
AGREED_PPM = 900_000


def copies_apart(clusters: Sequence[Cluster], series: Series) -> list[Cluster]:
    """The clusters, with those that are copies, or mixtures of copies, sorted into the copies.

    Work is linear in the number of subjects: of clusters of FEW members or more, the LEADERS largest.
    """
    large = sorted((c for c in clusters if len(c.members) >= FEW), key=lambda c: (-len(c.members), c.members))
    waiting = large[:LEADERS]
    found = [c for c in clusters if len(c.members) < FEW] + large[LEADERS:]
    while waiting:
        first = waiting.pop(0)
        near = [c for c in waiting if _near(first, c, series.unit)]
        parts = copies([first, *near], series) if near else []
        if len(parts) > 1 and _coherence(parts) > _coherence([first, *near]):
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
    """The copy (n,) that each member belongs to, from the earliest on; None where all are one run."""
    for count in range(MOST_HEAPS, 1, -1):
        heaps = heaps_of(views[:, QUICK], count)
        sure = heaps.gap_in_spreads >= GAP and heaps.agreed_ppm >= AGREED_PPM
        if sure and heaps.smallest >= LEAST_HEAP:
            return heaps.heap
    behind = who_is_behind(views)
    return None if behind is None else behind.astype(np.int64)


def _near(one: Cluster, other: Cluster, unit: int) -> bool:
    """Whether the two would pass for one run if they were shifted a little."""
    agreement = int(agreements(one.views, other.views, NEAR_TICKS).max())
    inside = max(0.0, one.coherence(unit)) * max(0.0, other.coherence(unit))
    return agreement / (len(one.members) * len(other.members) * unit) >= ALIKE * sqrt(inside) > 0


def _coherence(clusters: Sequence[Cluster]) -> float:
    """Mean product over all pairs within the clusters; 0 where there are none."""
    pairs = sum(len(c.members) * (len(c.members) - 1) for c in clusters)
    return sum(c.within for c in clusters) / pairs if pairs else 0.0

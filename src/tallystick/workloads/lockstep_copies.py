"""Tells apart two copies of one program that were taken for one run because they started seconds apart.

Where single sensors miss what lasts less than the time between two readings, members of two such copies look
alike enough to be joined one by one. The whole cluster does not: its members fall into those that run ahead
of the mean and those that run behind. They are sorted so on one half of the time and the two parts are
compared on the other half, and the other way round; only a shift that both halves show splits the cluster,
because sorting by noise makes a shift in the half that was sorted and none in the other.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64
from tallystick.workloads.lockstep_clusters import (
    ALIGNED_MANY,
    MANY,
    Cluster,
    of_members,
    unshifted_share,
)
from tallystick.workloads.lockstep_series import Series

Bools = npt.NDArray[np.bool_]

#: Clusters that are looked at: those of FEW members or more, no more than so many, the largest first.
FEW, LEADERS = 4, 64
#: Copies further apart than this many ticks do not get into one cluster.
NEAR_TICKS = 3
ROUNDS = 4
#: Copies agree, when shifted, nearly as well as the members of each among themselves.
ALIKE = 0.6
#: The two halves of the time sort at least three of four members in the same way.
AGREED, OF_MEMBERS = 4, 3


def copies_apart(clusters: Sequence[Cluster], series: Series) -> list[Cluster]:
    """The clusters, with those that are two copies, or a mixture of two, sorted into the two.

    Work is linear in the number of subjects: of clusters of FEW members or more, the LEADERS largest.
    """
    large = sorted((c for c in clusters if len(c.members) >= FEW), key=lambda c: (-len(c.members), c.members))
    waiting = large[:LEADERS]
    found = [c for c in clusters if len(c.members) < FEW] + large[LEADERS:]
    while waiting:
        first = waiting.pop(0)
        near = [c for c in waiting if _near(first, c, series.unit)]
        parts = _parts([first, *near], series) if near else []
        if parts:
            waiting = [c for c in waiting if c not in near]
        for part in parts or [first]:
            found += _parts([part], series) or [part]
    return sorted(found, key=lambda c: c.members)


def _near(one: Cluster, other: Cluster, unit: int) -> bool:
    """Whether the two would pass for one run if they were shifted a little."""
    agreement = max(
        int((one.views * _moved(other.views, shift)).sum()) for shift in range(-NEAR_TICKS, NEAR_TICKS + 1)
    )
    inside = max(0.0, one.coherence(unit)) * max(0.0, other.coherence(unit))
    return agreement / (len(one.members) * len(other.members) * unit) >= ALIKE * sqrt(inside) > 0


def _parts(clusters: Sequence[Cluster], series: Series) -> list[Cluster]:
    """The two copies that the clusters hold together; none where that does not make them more coherent."""
    members = np.array(sorted(m for c in clusters for m in c.members), np.int64)
    if len(members) < MANY:
        return []
    behind = _behind(series.views[members].astype(np.int64))
    if behind is None:
        return []
    parts = [of_members(members[part].tolist(), series) for part in (~behind, behind)]
    return parts if _coherence(parts) > _coherence(clusters) else []


def _coherence(clusters: Sequence[Cluster]) -> float:
    """Mean product over all pairs within the clusters; 0 where there are none."""
    pairs = sum(len(c.members) * (len(c.members) - 1) for c in clusters)
    return sum(c.within for c in clusters) / pairs if pairs else 0.0


def _behind(views: Int64) -> Bools | None:
    """Which members (n,) belong to the later copy; None where all are one run."""
    used = np.flatnonzero(views.any(axis=(0, 1)))
    middle = int(used[len(used) // 2]) if len(used) else 0
    halves = (slice(0, middle), slice(middle, None))
    sorted_on = [_sorted(views[:, :, half]) for half in halves]
    for late, tried_on in zip(sorted_on, halves[::-1], strict=True):
        if late is None or not _shifted(views[:, :, tried_on], late):
            return None
    first, second = sorted_on
    if AGREED * np.count_nonzero(first == second) < OF_MEMBERS * len(views):
        return None
    late = _sorted(views)
    return late if late is not None and _shifted(views, late) else None


def _sorted(views: Int64) -> Bools | None:
    """Members (n,) that run behind the others, after ROUNDS of telling which; None where all are one part.

    Both parts are taken to run one program, so each member is compared with the mean of all, the later ones
    put forward, once as it is and once put back: then it does not matter which dips its own sensor catches.
    """
    whole = views.sum(axis=0)
    late = _fit(views, _moved(whole, 1)) > _fit(views, _moved(whole, -1))
    for _ in range(ROUNDS):
        if min(late.sum(), (~late).sum()) < 2:
            return None
        ahead, behind = views[~late].sum(axis=0), views[late].sum(axis=0)
        fits = [int((ahead * _moved(behind, -ticks)).sum()) for ticks in range(1, NEAR_TICKS + 1)]
        ticks = 1 + fits.index(max(fits))
        program = ahead + _moved(behind, -ticks)
        late = _fit(views, _moved(program, ticks)) > _fit(views, program)
    return late if min(late.sum(), (~late).sum()) >= 2 else None


def _fit(views: Int64, series: Int64) -> Int64:
    """Sum of products (n,) of each member's views with a series."""
    found: Int64 = np.tensordot(views, series, axes=((1, 2), (0, 1)))
    return found


def _moved(series: Int64, ticks: int) -> Int64:
    """The series (views, ticks) put back by ``ticks``, forward where that is negative; 0 comes in."""
    moved = np.zeros_like(series)
    if ticks >= 0:
        moved[:, ticks:] = series[:, : series.shape[1] - ticks]
    else:
        moved[:, :ticks] = series[:, -ticks:]
    return moved


def _shifted(views: Int64, late: Bools) -> bool:
    share = unshifted_share(views[late].sum(axis=0), views[~late].sum(axis=0), NEAR_TICKS)
    return share < ALIGNED_MANY

"""Puts subjects that work in lock-step into one cluster, by sums that every machine adds up exactly.

Clusters are joined greedily, the pair with the greatest mean correlation between members first, as long as

1. it is no chance: it is ERRORS standard errors of what unrelated series of so many independent stretches
   of time would show;
2. it is not small beside the correlation *within* the two clusters (Spearman 1904: what two measurements of
   one thing share is bounded by how well each repeats itself);
3. the two mean series agree best when neither is shifted. Two copies of one program that were started at
   different times look alike, but shifted against each other; the mean over many members shows a shift far
   smaller than the time between two readings.

Work and memory are quadratic in the number of clusters begun with: ``lockstep`` calls this with a bounded
number. Sums are integers; each float below comes from integers by single operations that IEEE 754 rounds in
one way only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S
from tallystick.workloads.lockstep_series import Series

Float64 = npt.NDArray[np.float64]

#: Changes of power less than this apart, or so many ticks, are not independent.
INDEPENDENT_NS, INDEPENDENT_TICKS = 8 * NS_PER_S, 4
#: Two clusters need a correlation of so many standard errors: one is tried against hundreds of others.
ERRORS = 2.5
#: Least part of the correlation within two clusters that they have between them. It is low because sensors
#: that read at different instants catch different dips of one and the same run.
SHARED = 0.4
#: Unshifted, mean series agree at least by this part of what they do at best when shifted: by more where
#: both are means over MANY members, in which the instants at which single sensors read average out,
ALIGNED, ALIGNED_MANY, MANY = 0.9, 0.95, 32
#: over shifts up to this long, or so many ticks: longer than a step of any program.
SHIFT_NS, SHIFT_TICKS = 60 * NS_PER_S, 24


@dataclass(frozen=True)
class Cluster:
    """Subjects by number, the sum of their views, and the sum of products over ordered pairs of them."""

    members: tuple[int, ...]
    views: Int64
    within: int
    ticks_used: int

    def coherence(self, unit: int) -> float:
        """Mean correlation over pairs, 0 for one subject."""
        pairs = len(self.members) * (len(self.members) - 1)
        return self.within / (pairs * unit) if pairs else 0.0


def singles(series: Series, rows: Sequence[int]) -> list[Cluster]:
    """One cluster for each subject."""
    return [Cluster((i,), series.views[i].astype(np.int64), 0, int(series.ticks_used[i])) for i in rows]


def of_members(members: Sequence[int], series: Series) -> Cluster:
    """The cluster of these subjects."""
    views = series.views[list(members)].astype(np.int64)
    whole = views.sum(axis=0)
    within = int((whole * whole).sum() - (views * views).sum())
    return Cluster(tuple(sorted(members)), whole, within, int(series.ticks_used[list(members)].max()))


def merged(clusters: Sequence[Cluster], series: Series) -> list[Cluster]:
    """The clusters after all joins, each with its members sorted, in the order of their first."""
    under_way = _Merging(clusters, series)
    while under_way.join_next():
        pass
    return sorted(under_way.result(), key=lambda cluster: cluster.members)


class _Merging:
    """Clusters under way. ``score`` (k, k) is the mean correlation of pairs that may join, -1 elsewhere."""

    def __init__(self, clusters: Sequence[Cluster], series: Series) -> None:
        self._unit = series.unit
        self._reach = max(SHIFT_TICKS, SHIFT_NS // series.step_ns)
        self._members = [list(c.members) for c in clusters]
        self._views = np.stack([c.views for c in clusters]) if clusters else np.zeros((0, 1, 1), np.int64)
        self._size = np.array([len(c.members) for c in clusters], np.float64)
        self._within = np.array([c.within for c in clusters], np.int64)
        self._used = np.array([c.ticks_used for c in clusters], np.int64)
        self._stretch_ticks = max(INDEPENDENT_TICKS, INDEPENDENT_NS // series.step_ns)
        self._open = np.ones(len(clusters), np.bool_)
        self._products = _products(self._views)
        self._refused = np.eye(len(clusters), dtype=np.bool_)
        self._inside, self._varies = np.zeros_like(self._size), np.ones_like(self._size)
        self._note(slice(None))
        self._score = self._scores(slice(None))

    def join_next(self) -> bool:
        """Joins or refuses the pair with the greatest score; False where there is none left."""
        if not self._score.size:
            return False
        kept, gone = divmod(int(self._score.argmax()), len(self._score))
        if self._score[kept, gone] < 0:
            return False
        many = min(self._size[kept], self._size[gone]) >= MANY
        aligned = ALIGNED_MANY if many else ALIGNED
        if unshifted_share(self._views[kept], self._views[gone], self._reach) >= aligned:
            self._join(min(kept, gone), max(kept, gone))
        else:
            self._refused[kept, gone] = self._refused[gone, kept] = True
            self._score[kept, gone] = self._score[gone, kept] = -1.0
        return True

    def _join(self, kept: int, gone: int) -> None:
        self._within[kept] += self._within[gone] + 2 * self._products[kept, gone]
        self._products[kept] += self._products[gone]
        self._products[:, kept] = self._products[kept]
        self._views[kept] += self._views[gone]
        self._size[kept] += self._size[gone]
        self._note(slice(kept, kept + 1))
        self._used[kept] = max(self._used[kept], self._used[gone])
        self._members[kept] += self._members[gone]
        self._open[gone] = False
        self._refused[kept] = self._refused[:, kept] = False
        self._refused[kept, kept] = True
        self._score[gone] = self._score[:, gone] = -1.0
        self._score[kept] = self._score[:, kept] = self._scores(slice(kept, kept + 1))[0]

    def _note(self, changed: slice) -> None:
        """Brings up to date what follows from size and ``_within`` of the clusters ``changed``.

        ``_inside`` is the mean correlation within, 0 for one subject. ``_varies`` is how the mean series
        varies: a mean of n series that correlate by r among themselves varies as r + (1 - r) / n.
        """
        size = self._size[changed]
        pairs = size * (size - 1)
        inside = np.maximum(self._within[changed], 0) / np.where(pairs > 0, pairs * float(self._unit), 1.0)
        self._inside[changed] = inside
        self._varies[changed] = np.where(size > 1, inside + (1 - inside) / size, 1.0)

    def _scores(self, ones: slice) -> Float64:
        """Mean correlation (n, k) of the clusters ``ones`` with every cluster they may join, -1 elsewhere."""
        size, unit, inside = self._size, float(self._unit), self._inside
        between = self._products[ones] / (size * size[ones, None] * unit)
        # one subject alone does not say how well it repeats: take it to be like the other cluster
        several = size > 1
        theirs = np.where(several, inside, inside[ones, None])
        ours = np.where(several[ones, None], inside[ones, None], theirs)
        needed = np.maximum(SHARED * np.sqrt(theirs * ours), ERRORS * self._errors(ones))
        allowed = self._open & ~self._refused[ones] & (between >= needed)
        return np.where(allowed, between, -1.0)

    def _errors(self, ones: slice) -> Float64:
        """Standard errors (n, k) of the mean correlations of ``ones``, were clusters unrelated."""
        used = np.minimum(self._used, self._used[ones, None])
        error: Float64 = np.sqrt(
            self._varies * self._varies[ones, None] / np.maximum(1.0, used / self._stretch_ticks)
        )
        return error

    def result(self) -> list[Cluster]:
        """All clusters as they stand."""
        return [
            Cluster(tuple(sorted(self._members[i])), self._views[i], int(self._within[i]), int(self._used[i]))
            for i in np.flatnonzero(self._open).tolist()
        ]


def _products(views: Int64) -> Int64:
    """Sums of products (k, k) of the clusters' sums."""
    flat = views.reshape(len(views), -1)
    largest = int(np.abs(flat).max(initial=0))
    if largest * largest * max(1, flat.shape[1]) < 2**53:
        exact = flat.astype(np.float64)  # every partial sum is an exact integer, in any order
        found: Int64 = (exact @ exact.T).astype(np.int64)
        return found
    return flat @ flat.T


def unshifted_share(one: Int64, other: Int64, reach: int) -> float:
    """Agreement of two series (views, ticks) as they are, over the best one with a shift within ``reach``.

    The best is positive for series that agree unshifted.
    """
    ticks = one.shape[1]
    reach = min(reach, ticks // 2)
    shift = np.arange(-reach, reach + 1)
    scaled = agreements(one, other, reach) * (ticks / (ticks - np.abs(shift)))
    return float(scaled[reach] / scaled.max())


def agreements(one: Int64, other: Int64, reach: int) -> Int64:
    """Sums of products (2 reach + 1,) of two series (views, ticks), ``other`` put back by -reach to reach."""
    ticks = one.shape[1]
    largest = int(np.abs(one).max(initial=0)) * int(np.abs(other).max(initial=0))
    # sums of integers that a float holds exactly are the same in any order, and come much faster
    kind = np.float64 if largest * max(1, ticks) < 2**53 else np.int64
    padded = np.zeros((len(one), ticks + 2 * reach), kind)
    padded[:, reach : reach + ticks] = one
    found = np.zeros(2 * reach + 1, np.int64)
    for mine, theirs in zip(padded, other.astype(kind), strict=True):
        found += np.correlate(mine, theirs, "valid").astype(np.int64)
    return found

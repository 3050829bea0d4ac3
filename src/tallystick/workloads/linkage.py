"""Average linkage in exact arithmetic: the same groups on every machine.

Distances are integers and clusters are compared by the sums of distances between their members, so that
no result depends on the order in which a library adds floats. Nearest-neighbour chains take quadratic time;
average linkage has no inversions, so a pair of nearest neighbours further apart than the cut stays apart.
"""

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64


def average_linkage(distance: Int64, cut: int) -> list[list[int]]:
    """Groups of indexes whose clusters merge at a mean distance of at most ``cut``.

    ``distance`` (n, n) is symmetric, non-negative, with a sum below 2**53. Groups are sorted inside and by
    first member. Of equally near neighbours the lowest-numbered is taken.
    """
    clusters = _Clusters(distance)
    chain: list[int] = []
    while chain or clusters.open.any():
        if not chain:
            chain.append(int(np.flatnonzero(clusters.open)[0]))
        tip, before = chain[-1], chain[-2] if len(chain) > 1 else -1
        nearest, near = clusters.nearest(tip, before)
        if near > cut:
            clusters.open[tip] = False  # all others stay further away than the cut
            chain.pop()
        elif nearest == before:
            clusters.merge(before, tip)
            del chain[-2:]
        else:
            chain.append(nearest)
    return sorted(sorted(group) for group in clusters.members.values())


class _Clusters:
    """Clusters under way: sums of distances between members, sizes, and which may still merge."""

    def __init__(self, distance: Int64) -> None:
        self.sums: npt.NDArray[np.float64] = distance.astype(np.float64)  # integers: additions are exact
        self.size: npt.NDArray[np.float64] = np.ones(len(distance))
        self.open: npt.NDArray[np.bool_] = np.ones(len(distance), np.bool_)
        self.members: dict[int, list[int]] = {i: [i] for i in range(len(distance))}

    def nearest(self, tip: int, before: int) -> tuple[int, float]:
        """The open cluster nearest to ``tip`` and its mean distance; ``before`` wins a tie."""
        mean = np.where(self.open, self.sums[tip] / (self.size * self.size[tip]), np.inf)
        mean[tip] = np.inf
        nearest = int(mean.argmin())
        if before >= 0 and mean[before] == mean[nearest]:
            nearest = before
        return nearest, float(mean[nearest])

    def merge(self, kept: int, gone: int) -> None:
        """Moves the members of ``gone`` to ``kept``."""
        self.sums[kept] += self.sums[gone]
        self.sums[:, kept] = self.sums[kept]
        self.size[kept] += self.size[gone]
        self.open[gone] = False
        self.members[kept] += self.members.pop(gone)

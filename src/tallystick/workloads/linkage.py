"""Average linkage in exact arithmetic: the same groups on every machine.

Distances are integers and clusters are compared by the sums of distances between their members, so that
no result depends on the order in which a library adds floats. Nearest-neighbour chains take quadratic time;
average linkage has no inversions, so a pair of nearest neighbours further apart than the cut stays apart.
"""

import numpy as np

from tallystick.telemetry.table import Int64


def average_linkage(distance: Int64, cut: int) -> list[list[int]]:
    """Groups of indexes whose clusters merge at a mean distance of at most ``cut``.

    ``distance`` (n, n) is symmetric, non-negative, with sums below 2**53. Groups are sorted inside and by
    first member. Of equally near neighbours the lowest-numbered is taken.
    """
    size = np.ones(len(distance))
    sums = distance.astype(np.float64)  # integers below 2**53: additions are exact
    members: dict[int, list[int]] = {i: [i] for i in range(len(distance))}
    open_ = np.ones(len(distance), np.bool_)
    chain: list[int] = []
    while chain or open_.any():
        if not chain:
            chain.append(int(np.flatnonzero(open_)[0]))
        tip = chain[-1]
        nearest, near = _nearest(sums, size, open_, tip, chain[-2] if len(chain) > 1 else -1)
        if near > cut:
            open_[tip] = False  # all others stay further away than the cut
            chain.pop()
        elif len(chain) > 1 and nearest == chain[-2]:
            _merge(sums, size, open_, members, nearest, tip)
            del chain[-2:]
        else:
            chain.append(nearest)
    return sorted(sorted(group) for group in members.values())


def _nearest(sums: np.ndarray, size: np.ndarray, open_: np.ndarray, tip: int, before: int) -> tuple[int, float]:  # type: ignore[type-arg]
    """The open cluster nearest to ``tip`` and its mean distance; ``before`` wins a tie."""
    mean = np.where(open_, sums[tip] / (size * size[tip]), np.inf)
    mean[tip] = np.inf
    nearest = int(mean.argmin())
    if before >= 0 and mean[before] == mean[nearest]:
        nearest = before
    return nearest, float(mean[nearest])


def _merge(sums, size, open_, members, kept: int, gone: int) -> None:  # type: ignore[no-untyped-def]
    sums[kept] += sums[gone]
    sums[:, kept] = sums[kept]
    size[kept] += size[gone]
    open_[gone] = False
    members[kept] += members.pop(gone)

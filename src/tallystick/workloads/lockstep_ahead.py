"""Sorts the members of a cluster into those that run ahead of the mean and those that run behind, by ticks.

Members are sorted so on one half of the time and the two parts are compared on the other half, and the other
way round; only a shift that both halves show counts, because sorting by noise makes a shift in the half that
was sorted and none in the other. It sees shifts of most of a tick and more, also where the delays of single
members spread widely.
"""

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64
from tallystick.workloads.lockstep_clusters import ALIGNED_MANY, unshifted_share
from tallystick.workloads.lockstep_delays import moved

Bools = npt.NDArray[np.bool_]

#: Copies further apart than this many ticks do not get into one cluster.
NEAR_TICKS = 3
ROUNDS = 4
#: The two halves of the time sort at least three of four members in the same way.
AGREED, OF_MEMBERS = 4, 3


def who_is_behind(views: Int64) -> Bools | None:
    """Which members (n,) belong to the later copy; None where all are one run."""
    used = np.flatnonzero(views.any(axis=(0, 1)))
    middle = int(used[len(used) // 2]) if len(used) else 0
    halves = (slice(0, middle), slice(middle, None))
    sorted_on = [_sorted(views[:, :, half]) for half in halves]
    for late, tried_on in zip(sorted_on, halves[::-1], strict=True):
        if late is None or not _is_shifted(views[:, :, tried_on], late):
            return None
    first, second = sorted_on
    if AGREED * np.count_nonzero(first == second) < OF_MEMBERS * len(views):
        return None
    late = _sorted(views)
    return late if late is not None and _is_shifted(views, late) else None


def _sorted(views: Int64) -> Bools | None:
    """Members (n,) that run behind the others, after ROUNDS of telling which; None where all are one part.

    Both parts are taken to run one program, so each member is compared with the mean of all, the later ones
    put forward, once as it is and once put back: then it does not matter which dips its own sensor catches.
    """
    whole = views.sum(axis=0)
    late = _fit(views, moved(whole, 1)) > _fit(views, moved(whole, -1))
    for _ in range(ROUNDS):
        if min(late.sum(), (~late).sum()) < 2:
            return None
        ahead, behind = views[~late].sum(axis=0), views[late].sum(axis=0)
        fits = [int((ahead * moved(behind, -ticks)).sum()) for ticks in range(1, NEAR_TICKS + 1)]
        ticks = 1 + fits.index(max(fits))
        program = ahead + moved(behind, -ticks)
        late = _fit(views, moved(program, ticks)) > _fit(views, program)
    return late if min(late.sum(), (~late).sum()) >= 2 else None


def _fit(views: Int64, series: Int64) -> Int64:
    """Sum of products (n,) of each member's views with a series."""
    found: Int64 = np.tensordot(views, series, axes=((1, 2), (0, 1)))
    return found


def _is_shifted(views: Int64, late: Bools) -> bool:
    share = unshifted_share(views[late].sum(axis=0), views[~late].sum(axis=0), NEAR_TICKS)
    return share < ALIGNED_MANY

"""A body that votes on a motion: does it pass, and whose votes decide?

Some votes are sure for it, some sure against it, and each of the others is cast for it with one probability,
apart from the rest: the motion passes where for's and binomial votes reach the quota. With no sure votes and
a probability of one half, that a single vote decides is Banzhaf's index (``models.voting_power``). A holder
of a veto who votes against stops it whatever the votes (Tsebelis, "Veto Players", 2002).
"""

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from tallystick.strategy.models.ranges import Float, probability, within


def majority_of(votes: npt.ArrayLike) -> Float:
    """Votes that are more than half. Raises InputError for fewer than one vote."""
    return np.asarray(np.floor(within("votes", votes, 1) / 2) + 1)


def two_thirds_of(votes: npt.ArrayLike) -> Float:
    """Votes that are at least two thirds. Raises InputError for fewer than one vote."""
    return np.asarray(np.ceil(within("votes", votes, 1) * 2 / 3 - 1e-9))


def motion_passes(
    votes: npt.ArrayLike,
    needed: npt.ArrayLike,
    inclined: npt.ArrayLike,
    sure_for: npt.ArrayLike = 0,
    sure_against: npt.ArrayLike = 0,
) -> Float:
    """Probability that at least ``needed`` of ``votes`` are for it, all whole numbers; ``inclined``: that an
    open vote is. Raises InputError where sure votes are more than there are, or values out of range.
    """
    total, wanted = within("votes", votes, 1), within("needed", needed)
    yes, no = within("sure_for", sure_for), within("sure_against", sure_against)
    open_votes = within("open votes", total - yes - no)
    missing = wanted - yes
    reachable = (missing >= 1) & (missing <= open_votes)
    k, n = np.where(reachable, missing, 1.0), np.where(reachable, open_votes, 1.0)
    chance = betainc(k, n - k + 1, probability("inclined", inclined))
    return np.asarray(np.where(missing < 1, 1.0, np.where(reachable, chance, 0.0)))


def decides(
    votes: npt.ArrayLike,
    needed: npt.ArrayLike,
    inclined: npt.ArrayLike,
    bloc: npt.ArrayLike,
    sure_against: npt.ArrayLike = 0,
) -> Float:
    """Probability that ``bloc`` votes, cast together, turn the motion. Raises InputError as above."""
    with_it = motion_passes(votes, needed, inclined, sure_for=bloc, sure_against=sure_against)
    against = np.asarray(sure_against) + np.asarray(bloc)
    return np.asarray(with_it - motion_passes(votes, needed, inclined, sure_against=against))

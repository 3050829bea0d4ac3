"""What a set of veto players can all prefer to the state of things.

Source: Tsebelis, "Veto Players" (2002), chapter 1: the winset is the intersection of the players' preferred
sets; players like points near their own, by Euclidean distance.
"""

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
from tallystick.strategy.models.ranges import Float, finite


def winset(alternatives: Float, players: Float, status_quo: Float) -> npt.NDArray[np.bool_]:
    """Which of ``alternatives`` (m, k) every one of ``players`` (n, k) likes better than ``status_quo`` (k,).

    Adding a player never enlarges it. Raises InputError where the shapes do not fit, or a
    coordinate is not finite.
    """
    for name, points in (("alternatives", alternatives), ("players", players), ("status_quo", status_quo)):
        finite(name, points)
    if alternatives.ndim != 2 or players.ndim != 2 or alternatives.shape[1] != players.shape[1]:
        raise InputError("points of unlike dimension", where="winset", mend="give (m, k) and (n, k) arrays")
    gap = np.linalg.norm(alternatives[:, None, :] - players[None, :, :], axis=2)
    return np.asarray((gap < np.linalg.norm(players - status_quo, axis=1)[None, :]).all(axis=1))

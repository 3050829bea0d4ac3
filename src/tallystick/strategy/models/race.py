"""A race in which care slows: how much safety is left when the winner crosses the line.

Source: Armstrong, Bostrom and Shulman, "Racing to the precipice", AI & Society 31 (2016). Each of n teams has
capability x, uniform on [0, mu], chooses safety s in [0, 1] and scores x - s; the highest wins and gets 1
with probability s, losers get 1 - e of it (e is enmity). The risk is 1 - s of the winner.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within


def safety_without_information(reach: npt.ArrayLike, teams: npt.ArrayLike, enmity: npt.ArrayLike) -> Float:
    """s = min(1, mu / (n e)): nobody knows any capability, his own included. Raises InputError out of
    range.
    """
    mu, e = within("reach", reach), within("enmity", enmity, 1e-12, 1.0)
    return np.minimum(1.0, mu / (within("teams", teams, 2) * e))


def safety_with_private_information(
    capability: npt.ArrayLike, teams: npt.ArrayLike, enmity: npt.ArrayLike
) -> Float:
    """s = min(1, x / (n e - e + 1)): each knows its own capability only. Raises InputError out of range."""
    x, e = within("capability", capability), probability("enmity", enmity)
    return np.minimum(1.0, x / (within("teams", teams, 2) * e - e + 1))


def safety_with_public_information(lead: npt.ArrayLike, enmity: npt.ArrayLike) -> tuple[Float, Float]:
    """Two teams that know both: leader min(1, lead / e), laggard (1 - e) lead / e while the lead is within e.

    Beyond it the leader is safe and the laggard cannot win; its safety is then 1 - e. Raises InputError out
    of range.
    """
    gap, e = within("lead", lead), within("enmity", enmity, 1e-12, 1.0)
    ahead = np.minimum(1.0, gap / e)
    return ahead, (1 - e) * ahead

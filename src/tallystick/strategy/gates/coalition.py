"""Coalition: does each member do better in it than by letting the others bear it?

Barrett's internal stability (``models.coalition``) with unlike members: without a state the regime falls with
the probability of its weight in it (for certain where only one would be left, or its ratification is named as
needed, see ``inputs.free_text``); if it falls the state loses what the deal is worth to it, if not it gains
what restraint by others alone is worth, less what being shut out costs it.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.roles import meant
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.inputs.free_text import names

Float = npt.NDArray[np.float64]


def coalition(case: Situation, i: int, worth: Float) -> Float:
    """Margin of state ``i``, (stages, n), in payoff units. ``worth``: its margin of ``participation``."""
    game, values = case.payoffs[i], case.states[i]
    falls = falls_without(case, i)
    lure = np.maximum(game.temptation - game.restraint, 0.0)
    shut_out = values["dependence"] if case.terms.excludes_outsiders else 0.0
    margin = falls * np.maximum(worth, 0.0) - (1 - falls) * lure + (1 - falls) * shut_out
    return np.broadcast_to(margin, case.power.within[i].shape)


def falls_without(case: Situation, i: int) -> Float:
    """Probability that the regime falls if state ``i`` leaves, (n,)."""
    total = np.sum([case.states[j]["capability"] for j in case.members], axis=0)
    share = case.states[i]["capability"] / np.maximum(total, 1e-9)
    listed = meant(case.terms.needed_states, case.profiles)
    sure = not can_fail(case) or i in listed or names(case.terms.needed, case.profiles[i])
    return np.ones_like(share) if sure else np.asarray(share)


def can_fail(case: Situation) -> bool:
    """Whether this gate asks anything: of two members neither can ride free, since without it nothing is
    left. A share of 1 is then not a result.
    """
    return len(case.members) > 2

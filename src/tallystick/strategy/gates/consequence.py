"""What a violation comes to for the violator: found or not, acted on or not, answered or not.

One that is found is acted on by the body (-b); else the violator loses what the deal is worth to it as far as
others can take back what they gave up (-R), and gains d as far as they cannot; what the body does is no less
than that. One that is not found gains d. Complying costs c as often as an alarm is false and acted on. Where
nothing can be taken back this is the condition of ``models.false_alarm_inspection``. A state knows its own
game; which one a rival is in it does not know, and fears one that wants the deal (R = 1) and is tempted.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation

Float = npt.NDArray[np.float64]

#: How far one may resume on one's own, by what the text says of leaving.
_EXIT = {"yes": 1.0, "silent": 0.8, "no": 0.6}


def self_help(case: Situation, i: int) -> Float:
    """Share of what it gave up that state ``i`` can take back, (stages, n)."""
    return np.asarray(case.power.kept[i] * _EXIT.get(case.terms.exit, 0.8))


def rival_deterred(case: Situation, j: int, answered: Float, found: Float | float) -> Float:
    """Margin of a feared rival ``j``, (stages, n): see ``_deterrence``."""
    return _deterrence(case, j, answered, found, np.ones_like(case.trust[j]), case.states[j]["temptation"])


def self_deterred(case: Situation, i: int, answered: Float) -> Float:
    """Margin of state ``i`` itself, found as often as inspection finds it, (stages, n)."""
    game, found = case.payoffs[i], case.verification.timely[i]
    return _deterrence(case, i, answered, found, game.restraint, game.temptation - game.restraint)


def _deterrence(
    case: Situation, j: int, answered: Float, found: Float | float, deal: Float, lure: Float
) -> Float:
    """What violating costs state ``j`` less what complying does, (stages, n), in payoff units.

    ``answered``: share of what others gave up that they can take back; ``found``: probability that a
    violation is found in time; ``deal`` is R, ``lure`` d.
    """
    state, acted = case.states[j], case.decisions.acted_on[j]
    alone = answered * deal - (1 - answered) * lure
    when_found = acted * np.maximum(state["punishment"], alone) + (1 - acted) * alone
    wronged = np.minimum(case.verification.alarms, 1.0) * acted * state["capture_harm"]
    return np.asarray(found * when_found - (1 - found) * lure - wronged)

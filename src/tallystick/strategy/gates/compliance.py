"""Compliance: would a state keep its word, and is it protected if a rival does not?

It keeps its word where a violation does not pay: by deterrence with timely detection, acted on as often as
the body does and others can answer (``consequence``), or by the shadow of the future under alarms that may be
false (``models.repeated_game``), as the draw's model has it. The second is in units of discount, not of
payoff. It is protected where it trusts its rivals, or detection deters them, enough for what it would suffer
at worst (``models.trust``, with refusal instead of defection as the alternative). Here every found violation
by a rival is acted on; whether it is, is the enforcement gate's.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.consequence import Consequence, for_itself, self_help
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.deterrence import deterrence_margin
from tallystick.strategy.models.repeated_game import patience_needed_with_alarms

Float = npt.NDArray[np.float64]

#: Margin of keeping a word not yet given.
UNBOUND = 1.0


def compliance(keeps: Float, protected: Float) -> Float:
    """The lesser of both margins of a state, (stages, n)."""
    return np.asarray(np.minimum(keeps, protected))


def keeps_its_word(case: Situation, i: int) -> Float:
    """Margin of keeping one's own word, (stages, n)."""
    game, values = case.payoffs[i], case.states[i]
    answered = np.max([self_help(case, j) for j in case.rivals(i)], axis=0)
    punished = for_itself(case, i, answered).margin(case.verification.timely[i])
    worthwhile = game.restraint > 0
    needed = patience_needed_with_alarms(
        game.temptation,
        np.where(worthwhile, game.restraint, 1.0),
        0.0,
        case.verification.yearly[i],
        case.verification.alarms,
    )
    patient = np.where(worthwhile, values["discount"] - np.minimum(needed, 2.0), -1.0)
    margin = np.where(case.world["compliance_model"] == 0, punished, patient)
    return np.where(case.plan.bound(i) > 0, margin, UNBOUND)


def is_protected(case: Situation, i: int, acted_on: Mapping[int, Consequence] | None = None) -> Float:
    """Margin of being safe from the rivals' violations, the worst of them, (stages, n). What is found is
    acted on for certain, or as ``acted_on`` has it for each rival.
    """
    game = case.payoffs[i]
    exposure = np.maximum(-game.sucker, 0.0) * case.plan.bound(i)
    margins = [np.full_like(case.power.within[i], np.inf)]
    for j in case.rivals(i):
        detection, rival = case.verification.timely[j], case.states[j]
        if acted_on is None:
            deterred = deterrence_margin(detection, rival["temptation"], rival["punishment"]) >= 0
        else:
            deterred = acted_on[j].margin(detection) >= 0
        keeps = case.trust[i] + (1 - case.trust[i]) * deterred
        margins.append(keeps * np.maximum(game.restraint, 0.0) - (1 - keeps) * (1 - detection) * exposure)
    return np.asarray(np.min(margins, axis=0))

"""Compliance: would a state keep its word, and is it protected if a rival does not?

It keeps its word where a violation does not pay: by deterrence with timely detection (``models.deterrence``,
every found violation acted on: whether it is, is the enforcement gate's), or by the shadow of the future
under alarms that may be false (``models.repeated_game``), as the draw's model has it. The second is in
units of discount, not of payoff. It is protected where it trusts its rivals, or detection deters them,
enough for what it would suffer at worst (``models.trust``, with refusal instead of defection as the
alternative).
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.deterrence import deterrence_margin
from tallystick.strategy.models.repeated_game import patience_needed_with_alarms

Float = npt.NDArray[np.float64]

#: Margin of keeping a word not yet given.
UNBOUND = 1.0


def compliance(case: Situation, i: int) -> Float:
    """The lesser of both margins of state ``i``, (stages, n)."""
    return np.asarray(np.minimum(keeps_its_word(case, i), is_protected(case, i)))


def keeps_its_word(case: Situation, i: int) -> Float:
    """Margin of keeping one's own word, (stages, n)."""
    game, values = case.payoffs[i], case.states[i]
    lure = game.temptation - game.restraint
    punished = deterrence_margin(case.verification.timely[i], lure, values["punishment"])
    worthwhile = game.restraint > 0
    needed = patience_needed_with_alarms(
        game.temptation,
        np.where(worthwhile, game.restraint, 1.0),
        0.0,
        case.verification.yearly[i],
        _alarms(case),
    )
    patient = np.where(worthwhile, values["discount"] - np.minimum(needed, 2.0), -1.0)
    margin = np.where(case.world["compliance_model"] == 0, punished, patient)
    return np.where(case.plan.bound(i) > 0, margin, UNBOUND)


def is_protected(case: Situation, i: int) -> Float:
    """Margin of being safe from the rivals' violations, the worst of them, (stages, n)."""
    game = case.payoffs[i]
    exposure = np.maximum(-game.sucker, 0.0) * case.plan.bound(i)
    margins = [np.full_like(case.power.within[i], np.inf)]
    for j in case.rivals(i):
        detection, rival = case.verification.timely[j], case.states[j]
        deterred = deterrence_margin(detection, rival["temptation"], rival["punishment"]) >= 0
        keeps = case.trust[i] + (1 - case.trust[i]) * deterred
        margins.append(keeps * np.maximum(game.restraint, 0.0) - (1 - keeps) * (1 - detection) * exposure)
    return np.asarray(np.min(margins, axis=0))


def _alarms(case: Situation) -> Float:
    return np.minimum(case.verification.alarms, 1.0)

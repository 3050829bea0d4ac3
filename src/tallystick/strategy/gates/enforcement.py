"""Enforcement: will a proven violation be acted on, and only a proven one?

Credible: the body acts on it, or the injured state can take back what it gave up, at least as often as
deterrence needs (``models.false_alarm_inspection`` for a violation that is found for certain). Not captured:
the harm of a hostile decision, on the pretext of a false alarm within the horizon (``models.alarm_load``), is
below what the deal gives apart from position.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.alarm_load import alarm_load
from tallystick.strategy.models.false_alarm_inspection import call_needed

Float = npt.NDArray[np.float64]

#: How far one may resume on one's own, by what the text says of leaving.
_EXIT = {"yes": 1.0, "silent": 0.8, "no": 0.6}


def enforcement(case: Situation, i: int) -> Float:
    """The lesser of both margins of state ``i``, (stages, n): probability, and payoff."""
    safe = np.maximum(case.benefit[i], 0.0) - capture_loss(case, i)
    return np.asarray(np.minimum(credible(case, i), safe))


def credible(case: Situation, i: int) -> Float:
    """Probability of action against the least deterred rival above what is needed, (stages, n)."""
    self_help = case.power.kept[i] * _EXIT.get(case.terms.exit, 0.8)
    margins = []
    for j in case.rivals(i):
        rival = case.states[j]
        needed = call_needed(
            1.0, _alarms(case), rival["temptation"], rival["punishment"], rival["capture_harm"]
        )
        acted = 1 - (1 - case.decisions.acted_on[j]) * (1 - self_help)
        margins.append(acted - np.minimum(needed, 1.0))
    return np.asarray(np.min(margins, axis=0))


def capture_loss(case: Situation, i: int) -> Float:
    """Expected harm of a hostile decision, (stages, n), in payoff units."""
    pretext = alarm_load(_alarms(case), case.world["horizon_years"])
    return np.asarray(case.decisions.hostile[i] * pretext * case.states[i]["capture_harm"])


def _alarms(case: Situation) -> Float:
    return np.minimum(case.verification.alarms, 1.0)

"""Enforcement: will a proven violation be acted on, and only a proven one?

Credible: a violation that is found for certain costs a rival more than it brings, by what the body does and
by what the injured can take back (``consequence``). Protected: so does one that is found as often as
inspection finds it, or the state trusts its rivals enough; where even sure action would not protect it, the
lack is of inspection, and the compliance gate's. Not captured: the harm of a hostile decision, on the pretext
of a false alarm within the horizon (``models.alarm_load``), is below what the deal is worth; where that is
nothing anyway, it is participation's to say.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.compliance import is_protected
from tallystick.strategy.gates.consequence import rival_deterred, self_help
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.alarm_load import alarm_load

Float = npt.NDArray[np.float64]


def enforcement(case: Situation, i: int, protected: Float) -> Float:
    """The least of the margins of state ``i``, (stages, n), in payoff units. ``protected``: its margin where
    what is found is acted on for certain (``compliance.is_protected``).
    """
    worth = participation(case, i)
    safe = np.where(worth >= 0, worth - capture_loss(case, i), 0.0)
    acted_on = np.where(protected >= 0, is_protected(case, i, surely=False), np.inf)
    return np.asarray(np.minimum(np.minimum(credible(case, i), safe), acted_on))


def credible(case: Situation, i: int) -> Float:
    """What being found costs the least deterred rival, less what complying does, (stages, n)."""
    own = self_help(case, i)
    return np.asarray(np.min([rival_deterred(case, j, own, 1.0) for j in case.rivals(i)], axis=0))


def capture_loss(case: Situation, i: int) -> Float:
    """Expected harm of a hostile decision, (stages, n), in payoff units."""
    pretext = alarm_load(_alarms(case), case.world["horizon_years"])
    return np.asarray(case.decisions.hostile[i] * pretext * case.states[i]["capture_harm"])


def _alarms(case: Situation) -> Float:
    return np.minimum(case.verification.alarms, 1.0)

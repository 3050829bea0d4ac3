"""Enforcement: will a proven violation be acted on, and only a proven one?

Credible: a violation that is found for certain costs a rival more than it brings, by what the body does and
by what the injured can take back (``consequence``). Protected: so does one that is found as often as
inspection finds it, or the state trusts its rivals enough; where even sure action would not protect it, the
lack is of inspection, and the compliance gate's. Not captured: the harm of a hostile decision is below what
the deal is worth; where that is nothing anyway, it is participation's to say.

A hostile body needs a pretext. Where evidence is judged, by a court or an executive or by all, that is a
false alarm within the horizon (``models.alarm_load``). Where votes decide what a violation is, they may need
none: for that the USSR held to its veto, as a protection from a majority that it expected to stand against it
(Time, 1 July 1946, "The Will of the Minority"). Which holds is not known: a form each.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.compliance import is_protected
from tallystick.strategy.gates.consequence import Consequence, for_rival, self_help
from tallystick.strategy.gates.decisions import finds_by_vote
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.models.alarm_load import alarm_load

Float = npt.NDArray[np.float64]


def enforcement(case: Situation, i: int, protected: Float, worth: Float, captured: Float) -> Float:
    """The least of the margins of state ``i``, (stages, n), in payoff units. ``protected``: its margin where
    what is found is acted on for certain (``compliance.is_protected``); ``worth`` of the deal to it
    (``participation``); ``captured``: its ``capture_loss``.
    """
    safe = np.where(worth >= 0, worth - captured, 0.0)
    rivals = feared(case, i)
    acted_on = np.where(protected >= 0, is_protected(case, i, rivals), np.inf)
    return np.asarray(np.minimum(np.minimum(credible(rivals), safe), acted_on))


def feared(case: Situation, i: int) -> dict[int, Consequence]:
    """What a violation comes to for each rival of state ``i``, which answers by what it can take back."""
    own = self_help(case, i)
    return {j: for_rival(case, j, own) for j in case.rivals(i)}


def credible(rivals: Mapping[int, Consequence]) -> Float:
    """What being found costs the least deterred rival, less what complying does, (stages, n)."""
    return np.asarray(np.min([rival.surely for rival in rivals.values()], axis=0))


def capture_loss(case: Situation, i: int) -> Float:
    """Expected harm of a hostile decision, (stages, n), in payoff units."""
    return np.asarray(case.decisions.hostile[i] * _pretext(case) * case.states[i]["capture_harm"])


def _pretext(case: Situation) -> Float:
    """Odds that a hostile body has what it needs within the horizon, (stages, n)."""
    alarm = alarm_load(case.verification.alarms, case.world["horizon_years"])
    return np.where(case.world["pretext"] == 1, 1.0, alarm) if finds_by_vote(case.terms) else alarm

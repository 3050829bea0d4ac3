"""What a violation comes to for the violator: found or not, acted on or not, answered or not.

One that is found is acted on by the body (-b); else the violator loses what the deal is worth to it as far as
others can take back what they gave up (-R), and gains d as far as they cannot; what the body does is no less
than that. One that is not found gains d. Complying costs c as often as an alarm is false and acted on. Where
nothing can be taken back this is the condition of ``models.false_alarm_inspection``. A state knows its own
game; which one a rival is in it does not know, and fears one that wants the deal (R = 1) and is tempted.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.situation import Situation

Float = npt.NDArray[np.float64]

#: How far one may resume on one's own, by what the text says of leaving.
_EXIT = {"yes": 1.0, "silent": 0.8, "no": 0.6}


def self_help(case: Situation, i: int) -> Float:
    """Share of what it gave up that state ``i`` can take back, (stages, n)."""
    return np.asarray(case.power.kept[i] * _EXIT.get(case.terms.exit, 0.8))


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a violation comes to for one state. ``when_found`` (stages, n): what it costs where it is found;
    ``lure`` (n,): what it brings where it is not; ``wronged`` (stages, n): what complying costs, by alarms
    that are false. Payoff units.
    """

    when_found: Float
    lure: Float
    wronged: Float

    def margin(self, found: Float) -> Float:
        """What violating costs less what complying does, where it is found with this probability."""
        return np.asarray(found * self.when_found - (1 - found) * self.lure - self.wronged)

    @property
    def surely(self) -> Float:
        """The same where it is found for certain."""
        return np.asarray(self.when_found - self.wronged)


def for_rival(case: Situation, j: int, answered: Float) -> Consequence:
    """For a feared rival ``j``. ``answered``: share of what others gave up that they can take back."""
    return _consequence(case, j, answered, np.ones_like(case.trust[j]), case.states[j]["temptation"])


def for_itself(case: Situation, i: int, answered: Float) -> Consequence:
    """For state ``i``, which knows its own game."""
    game = case.payoffs[i]
    return _consequence(case, i, answered, game.restraint, game.temptation - game.restraint)


def _consequence(case: Situation, j: int, answered: Float, deal: Float, lure: Float) -> Consequence:
    """``deal`` is R, ``lure`` d."""
    state, acted = case.states[j], case.decisions.acted_on[j]
    alone = answered * deal - (1 - answered) * lure
    return Consequence(
        when_found=acted * np.maximum(state["punishment"], alone) + (1 - acted) * alone,
        lure=lure,
        wronged=case.verification.alarms * acted * state["capture_harm"],
    )

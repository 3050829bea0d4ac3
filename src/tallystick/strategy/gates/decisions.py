"""What the body that decides will do: act against a proven violator, or against the innocent.

Each function (findings, sanctions, daily operations) has its own rule. Where votes are counted, the accused
and its friends vote against (``council_friends`` of ``council_votes``, its own vote at least), every other
vote is cast for the motion with one probability, and holders of a veto stop it: the accused for certain,
one who is not at hand as often as a vote is the accused's friend, a rival never. See ``models.committee``.
A sanction needs a finding first, where a body makes one. The same voters make both, so the chance of both
is that of the less likely; only sanctions that need no vote follow on findings by a chance of their own.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.roles import meant, unmatched
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Decision, Terms
from tallystick.strategy.models.committee import majority_of, motion_passes, two_thirds_of

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]

#: Rules by which votes are counted.
VOTED = ("majority", "supermajority", "veto")
#: Rules under which no body decides: each judges for itself, or nobody does.
NOBODY = ("none", "silent", "national")
#: How much of what a hostile majority would do gets through where it is not votes that decide.
_THROUGH = {"court": 0.5, "executive": 0.5, "consensus": 0.1}


def finds_by_vote(terms: Terms) -> bool:
    """Whether what counts as a violation is voted on, in a finding of its own or with the sanction."""
    made = terms.sanctions if terms.findings.rule in NOBODY else terms.findings
    return made.rule in VOTED


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each (states, n). ``acted_on``: a proven violation by the state is acted on. ``hostile``: a motion
    against it passes, its innocence aside. ``directed``: the same for the daily running of what is owned.
    ``pivotal``: its own side (its votes, its veto and its friends) decides whether it is acted on.
    """

    acted_on: Float
    hostile: Float
    directed: Float
    pivotal: Float


def decisions_key(terms: Terms) -> Hashable:
    """Equal for two texts whose bodies decide alike."""
    return terms.findings, terms.sanctions, terms.operations


def decisions(
    terms: Terms, profiles: tuple[Profile, ...], states: Sequence[Values], world: Values
) -> Decisions:
    """What to expect of the bodies of ``terms``, for each state."""
    accused = [_Accused(i, profiles, values, world) for i, values in enumerate(states)]
    acted_on = np.array([one.acted_on(terms) for one in accused])
    unresisted = np.array([one.acted_on(terms, resists=False) for one in accused])
    return Decisions(
        acted_on=acted_on,
        hostile=np.array([one.harmed(terms) for one in accused]),
        directed=np.array([one.directed(terms) for one in accused]),
        pivotal=np.maximum(unresisted - acted_on, 0.0),
    )


@dataclass(frozen=True, slots=True)
class _Accused:
    """The state against whom a motion is, and how the others vote."""

    index: int
    profiles: tuple[Profile, ...]
    values: Values
    world: Values

    def acted_on(self, terms: Terms, *, resists: bool = True) -> Float:
        """A proven violation is found and punished. ``resists``: its own side votes against, not for."""
        inclined = self.world["vote_to_act"]
        found = self._proven(terms.findings, inclined, resists)
        body = terms.sanctions
        if body.automatic or body.rule == "automatic_unless_voted_down":
            return np.asarray(
                found * self.world["enforce_automatic"] * self._not_voted_down(body, inclined, resists)
            )
        if body.rule in NOBODY:
            return self.world["enforce_none"]
        return np.asarray(np.minimum(found, self._proven(body, inclined, resists)))

    def harmed(self, terms: Terms) -> Float:
        """A hostile finding and the sanction on it pass, its innocence aside."""
        inclined, body = self.world["vote_to_harm"], terms.sanctions
        found = self._against_innocent(terms.findings, inclined)
        if body.automatic or body.rule == "automatic_unless_voted_down":
            return np.asarray(found * self._not_voted_down(body, inclined, resists=True))
        if body.rule in NOBODY:
            return np.zeros_like(inclined)
        return np.asarray(np.minimum(found, self._against_innocent(body, inclined)))

    def directed(self, terms: Terms) -> Float:
        """The daily running of what is owned goes against it; where nobody runs it, nothing does."""
        body, inclined = terms.operations, self.world["vote_to_harm"]
        return np.zeros_like(inclined) if body.rule in NOBODY else self._against_innocent(body, inclined)

    def _proven(self, body: Decision, inclined: Float, resists: bool) -> Float:
        """The body decides against a proven violator; one that holds a veto is acted on past it at most."""
        decided = self._decided(body, inclined, resists)
        if resists and self._holds_veto(body):
            return np.minimum(decided, self.world["enforce_shielded"])
        return decided

    def _decided(self, body: Decision, inclined: Float, resists: bool) -> Float:
        """Its own veto aside; a body that there is not stops nothing."""
        if body.rule in VOTED:
            return self._carried(body, inclined, resists)
        if body.rule in ("court", "consensus"):
            return self.world[f"enforce_{body.rule}"]
        return inclined if body.rule == "executive" else np.ones_like(inclined)

    def _against_innocent(self, body: Decision, inclined: Float) -> Float:
        if self._holds_veto(body):
            return np.zeros_like(inclined)
        if body.rule in NOBODY or body.rule == "automatic_unless_voted_down":
            return np.ones_like(inclined)
        return np.asarray(_THROUGH.get(body.rule, 1.0) * self._carried(body, inclined, resists=True))

    def _carried(self, body: Decision, inclined: Float, resists: bool) -> Float:
        """Votes suffice, and no holder of a veto who is not at hand stands by it."""
        votes, side = self._votes()
        for_it, against = (0, side) if resists else (side, 0)
        passes = motion_passes(votes, _needed(body, votes), inclined, for_it, against)
        return np.asarray(passes * (1 - self.values["council_friends"]) ** self._absent_holders(body))

    def _not_voted_down(self, body: Decision, inclined: Float, resists: bool) -> Float:
        """No motion of its side stops what else comes by itself; any rival with a veto stops the motion."""
        if body.rule != "automatic_unless_voted_down" or not resists:
            return np.ones_like(inclined)
        if meant(body.veto_holders, self.profiles) - {self.index}:
            return np.ones_like(inclined)
        votes, side = self._votes()
        stopped = motion_passes(votes, majority_of(votes), 1 - inclined, sure_for=side)
        return np.asarray(1 - stopped * self.values["council_friends"] ** self._absent_holders(body))

    def _votes(self) -> tuple[Float, Float]:
        """Votes of the body, and those of its own side."""
        votes = np.rint(self.world["council_votes"])
        return votes, np.clip(np.rint(votes * self.values["council_friends"]), 1, votes)

    def _holds_veto(self, body: Decision) -> bool:
        return self.index in meant(body.veto_holders, self.profiles)

    def _absent_holders(self, body: Decision) -> int:
        return len(unmatched(body.veto_holders, self.profiles))


def _needed(body: Decision, votes: Float) -> Float:
    return two_thirds_of(votes) if body.rule == "supermajority" else majority_of(votes)

"""What the body that decides will do: act against a proven violator, or against the innocent.

The shares of votes stand for blocs: who can count on half of them cannot be voted down by a majority, who
can count on a third not by two thirds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.roles import meant
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Decision, Terms

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]

#: How much of a hostile majority's will gets through each rule.
_THROUGH = {"majority": 1.0, "supermajority": 1.0, "veto": 1.0}
_THROUGH |= {"court": 0.5, "executive": 0.5, "consensus": 0.1}

#: Rules by which votes are counted.
_VOTED = ("majority", "supermajority", "veto")

#: Share of votes that a motion needs.
_QUOTA = {"supermajority": 2 / 3}


@dataclass(frozen=True, slots=True)
class Decisions:
    """Each (states, n). ``acted_on``: a proven violation by the state is acted on. ``hostile``: a motion
    against it passes, its innocence aside. ``directed``: the same for the daily running of what is owned.
    """

    acted_on: Float
    hostile: Float
    directed: Float


def decisions(
    terms: Terms, profiles: tuple[Profile, ...], states: Sequence[Values], world: Values
) -> Decisions:
    """What to expect of the body of ``terms``, for each state."""
    body = terms.findings if terms.sanctions.automatic else terms.sanctions
    return Decisions(
        acted_on=np.array([_acted_on(terms, profiles, i, states[i], world) for i in range(len(states))]),
        hostile=np.array([_hostile(body, profiles, i, states[i]) for i in range(len(states))]),
        directed=np.array([_hostile(terms.operations, profiles, i, states[i]) for i in range(len(states))]),
    )


def _acted_on(terms: Terms, profiles: tuple[Profile, ...], i: int, values: Values, world: Values) -> Float:
    body = terms.findings if terms.sanctions.automatic else terms.sanctions
    if i in meant(body.veto_holders, profiles):
        return world["enforce_shielded"]
    if terms.sanctions.automatic:
        return world["enforce_automatic"]
    if body.rule in _VOTED:
        against = np.clip((1 - values["council_friends"]) / _quota(body), 0.0, 1.0)
        return np.asarray(world["enforce_majority"] * against)
    if body.rule == "executive":
        return world["enforce_majority"]
    return world[f"enforce_{body.rule}" if body.rule in ("court", "consensus") else "enforce_none"]


def _hostile(body: Decision, profiles: tuple[Profile, ...], i: int, values: Values) -> Float:
    if i in meant(body.veto_holders, profiles):
        return np.zeros_like(values["council_friends"])
    voted_down = np.clip(1 - values["council_friends"] / (1 - _quota(body)), 0.0, 1.0)
    return np.asarray(_THROUGH.get(body.rule, 0.0) * voted_down)


def _quota(body: Decision) -> float:
    return _QUOTA.get(body.rule, 0.5)

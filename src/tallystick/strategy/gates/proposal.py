"""What it says that this side proposes this text: an update on what sort of side it is, by Bayes' rule.

A side is sincere or out to contain its rival; trust is the prior of the first. A text serves its author where
it leaves him better placed than the race would, or lets him give up his capability later than the other. Who
wants to contain proposes such texts with ``serves_if_containing``, a sincere side less often by the factor
exp(-``containment``) of the one who judges. A text that costs its author is the better sign for it (Kydd,
2000). Proposed jointly or by a third party it says nothing of either side.

What follows from it, for the one who judges: trust as it stands in compliance; that the author carries out
the stages that are left to him, which only a sincere one does; that he takes a pretext against him, which
only the other does. Odds of both hold at the prior, and change as the posterior does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
from tallystick.strategy.gates.power import Power
from tallystick.strategy.gates.schedule import Schedule, least_sure
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.models.trust import posterior

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]

JOINT, THIRD_PARTY = "joint", "third_party"


def proposer_of(word: str, profiles: tuple[Profile, ...], states: Sequence[Values]) -> int | None:
    """The index of the proposer, None where it is joint or a third party. ``leader`` and ``laggard`` mean
    whom they mean in the text: who is so called, else who has the most or the least capability by the median.
    Raises InputError for a word that means nobody.
    """
    if word in (JOINT, THIRD_PARTY):
        return None
    for index, profile in enumerate(profiles):
        if profile.is_called(word):
            return index
    ranked = np.argsort([float(np.median(values["capability"])) for values in states])
    if word in ("leader", "laggard"):
        return int(ranked[-1] if word == "leader" else ranked[0])
    known = ", ".join(("leader", "laggard", JOINT, THIRD_PARTY, *(p.name for p in profiles)))
    raise InputError(f"proposer {word!r} is not known", where="proposer", mend=f"one of {known}")


@dataclass(frozen=True, slots=True)
class Signal:
    """``trust`` (states, n): of each in its rivals, once the proposal is on the table. ``sincere`` and
    ``containing`` (states, n): how many times as probable as before either is of the author.
    """

    trust: Float
    sincere: Float
    containing: Float


def signal(
    proposer: int | None, plan: Schedule, standing: Power, states: Sequence[Values], world: Values
) -> Signal:
    """What each state reads from who proposes; ``proposer`` None: nobody in particular."""
    prior = np.array([values["trust"] for values in states])
    trust = prior.copy()
    for i, values in enumerate(states):
        if proposer is not None and proposer != i:
            trust[i] = _judged(values, _favour(proposer, i, plan, standing), world["serves_if_containing"])
    return Signal(
        trust=trust,
        sincere=trust / np.maximum(prior, 1e-9),
        containing=(1 - trust) / np.maximum(1 - prior, 1e-9),
    )


def _judged(values: Values, favour: Float, if_containing: Float) -> Float:
    """Posterior of sincerity after a text that serves its author (above 0), costs him (below) or neither."""
    if_sincere = if_containing * np.exp(-values["containment"])
    serves = posterior(values["trust"], if_sincere, if_containing)
    costs = posterior(values["trust"], 1 - if_sincere, 1 - if_containing)
    return np.where(favour > 0, serves, np.where(favour < 0, costs, values["trust"]))


def _favour(proposer: int, other: int, plan: Schedule, standing: Power) -> Float:
    """Above 0 where the text serves the proposer, below where it costs him, (n,): by his place at its end
    against the race, and by whether he gives up his capability later than the other on average.
    """
    behind = plan.given[other, 1:].mean() - plan.given[proposer, 1:].mean()
    place = standing.end[proposer] - standing.race[proposer]
    return np.asarray(np.sign(np.round(behind, 9)) + np.sign(np.round(place, 9)))


def carried_out(plan: Schedule, proposer: int | None, found: Signal) -> Schedule:
    """The schedule, as sure as each state now takes it to be: the author's own stages by his sincerity."""
    if proposer is None:
        return plan
    his = plan.moving[proposer]
    factor = np.where(his[None, :, None], found.sincere[:, None, :], 1.0)
    factor[proposer] = 1.0
    chances = np.clip(plan.chances * factor, 0.0, 1.0)
    return replace(plan, chances=chances, sure=least_sure(chances))

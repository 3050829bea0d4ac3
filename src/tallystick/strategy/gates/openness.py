"""Whose secrets are open at each stage: to inspectors, or told by the state itself.

A text says whose secrets or territory a stage opens (``reveals``). Where inspection is at work, what is
opened is what inspectors may see; a text that names nobody lets them see everybody. Where it is not yet at
work, the state tells by its own hand, and no inspector keeps anything back; so too, of whoever moves, where
the file does not say whether a stage reveals. What is known once stays known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.roles import meant
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Terms

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Openness:
    """Each (states, stages). ``seen``: inspectors have access to the state; ``told``: it has told."""

    seen: Bool
    told: Bool


def openness(terms: Terms, states: tuple[Profile, ...]) -> Openness:
    """Who is open at each stage of ``terms``."""
    begun = np.maximum.accumulate([stage.inspected for stage in terms.stages])
    first = meant(terms.disarms_last, states)
    named = [meant(stage.reveals or (), states, first) for stage in terms.stages]
    movers = [meant(stage.movers, states, first) for stage in terms.stages]
    unsaid = [
        who if stage.reveals is None else frozenset() for stage, who in zip(terms.stages, movers, strict=True)
    ]
    opened = _ever(named, len(states))
    telling = [who if not at_work else frozenset() for who, at_work in zip(named, begun, strict=True)]
    told = _ever([by | may for by, may in zip(telling, unsaid, strict=True)], len(states))
    return Openness(seen=begun & (opened | ~opened.any(axis=0)), told=told)


def _ever(who: list[frozenset[int]], states: int) -> Bool:
    """Whether each state is among ``who`` at a stage or before it."""
    at = np.array([[i in one for one in who] for i in range(states)])
    return np.asarray(np.maximum.accumulate(at, axis=1))

"""All that the gates look at, computed once for a regime, its members and all draws."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.benefit import transfers
from tallystick.strategy.gates.course import course, course_key
from tallystick.strategy.gates.decisions import Decisions, decisions, decisions_key
from tallystick.strategy.gates.memory import NOTHING, Memory
from tallystick.strategy.gates.openness import Openness, openness
from tallystick.strategy.gates.power import Power
from tallystick.strategy.gates.proposal import JOINT
from tallystick.strategy.gates.schedule import Schedule
from tallystick.strategy.gates.verification import Verification, verification, verification_key
from tallystick.strategy.inputs.ensemble import Draws, Inputs
from tallystick.strategy.inputs.preferences import Payoffs, payoffs
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Terms

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]


@dataclass(frozen=True, slots=True)
class Situation:
    """A regime as the states at hand meet it. ``members`` are indices; all others stay outside and race.

    ``risk`` (n,): that a race ends unsafe. ``trust`` (states, n): after the proposal. ``benefit`` (states,
    stages, n): what the deal gives apart from position, that is restraint, the race's risk averted, and
    payments, as expected at each stage. ``steps``: what its ``Course`` is known by in the ``memory``.
    """

    terms: Terms
    profiles: tuple[Profile, ...]
    members: tuple[int, ...]
    states: tuple[Values, ...]
    world: Values
    technology: Values
    payoffs: tuple[Payoffs, ...]
    plan: Schedule
    power: Power
    verification: Verification
    openness: Openness
    decisions: Decisions
    risk: Float
    trust: Float
    benefit: Float
    steps: Hashable
    memory: Memory

    def rivals(self, i: int) -> tuple[int, ...]:
        """The other members."""
        return tuple(j for j in self.members if j != i)


def situation(
    terms: Terms,
    inputs: Inputs,
    draws: Draws,
    proposer: str = JOINT,
    members: tuple[int, ...] | None = None,
    memory: Memory = NOTHING,
) -> Situation:
    """Everything the gates need. ``memory`` of other texts on these inputs, draws and proposer.

    Raises InputError for an unknown proposer.
    """
    profiles, per_violation = inputs.states, inputs.technology.per_violation
    states = tuple(draws.of(name) for name in inputs.names)
    world, technology = draws.of("world"), draws.of("technology")
    inside = tuple(range(len(states))) if members is None else members
    games = tuple(payoffs(s["orders"], s["temptation"], s["exposure"]) for s in states)
    steps = course_key(terms, inside)
    way = memory.part(
        "course", steps, lambda: course(terms, profiles, states, games, world, proposer, inside)
    )
    seen = memory.part(
        "verification",
        verification_key(terms),
        lambda: verification(terms, states, technology, world, per_violation=per_violation),
    )
    body = memory.part("decisions", decisions_key(terms), lambda: decisions(terms, profiles, states, world))
    paid = np.array([transfers(terms, profiles, i, world) for i in range(len(states))])
    return Situation(
        terms=terms,
        profiles=profiles,
        members=inside,
        states=states,
        world=world,
        technology=technology,
        payoffs=games,
        plan=way.plan,
        power=way.power,
        verification=seen,
        openness=openness(terms, profiles),
        decisions=replace(body, hostile=np.clip(body.hostile * way.signal.containing, 0.0, 1.0)),
        risk=way.risk,
        trust=way.signal.trust,
        benefit=way.benefit + paid[:, None, :],
        steps=steps,
        memory=memory,
    )

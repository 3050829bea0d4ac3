"""All that the gates look at, computed once for a regime, its members and all draws."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.benefit import Race, benefit, restraint, transfers
from tallystick.strategy.gates.decisions import Decisions, decisions
from tallystick.strategy.gates.openness import Openness, openness
from tallystick.strategy.gates.power import Power, power
from tallystick.strategy.gates.proposal import JOINT, carried_out, proposer_of, signal
from tallystick.strategy.gates.schedule import Schedule, schedule
from tallystick.strategy.gates.verification import Verification, verification
from tallystick.strategy.inputs.ensemble import Draws, Inputs
from tallystick.strategy.inputs.preferences import Payoffs, payoffs
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.models import race

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]


@dataclass(frozen=True, slots=True)
class Situation:
    """A regime as the states at hand meet it. ``members`` are indices; all others stay outside and race.

    ``risk`` (n,): that a race ends unsafe. ``trust`` (states, n): after the proposal. ``benefit`` (states,
    stages, n): what the deal gives apart from position, that is restraint, the race's risk averted, and
    payments, as expected at each stage.
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

    def rivals(self, i: int) -> tuple[int, ...]:
        """The other members."""
        return tuple(j for j in self.members if j != i)


def situation(
    terms: Terms, inputs: Inputs, draws: Draws, proposer: str = JOINT, members: tuple[int, ...] | None = None
) -> Situation:
    """Everything the gates need. Raises InputError for an unknown proposer."""
    profiles = inputs.states
    states = tuple(draws.of(name) for name in inputs.names)
    world, technology = draws.of("world"), draws.of("technology")
    inside = tuple(range(len(states))) if members is None else members
    plan = schedule(terms, profiles, world)
    depth = world[f"depth_{terms.elimination}"]
    belongs = [i in inside for i in range(len(states))]
    standing = power(states, belongs, plan, depth, world["horizon_years"])
    author = proposer_of(proposer, profiles, states)
    read = signal(author, plan, standing, states, world)
    plan = carried_out(plan, author, read)
    body = decisions(terms, profiles, states, world)
    games = tuple(payoffs(s["orders"], s["temptation"], s["exposure"]) for s in states)
    risk = _risk(states, standing, world)
    averted = Race(risk, standing.raced, world["benefit_form"])
    held = restraint(plan, inside, depth, world["horizon_years"])
    return Situation(
        terms=terms,
        profiles=profiles,
        members=inside,
        states=states,
        world=world,
        technology=technology,
        payoffs=games,
        plan=plan,
        power=standing,
        verification=verification(
            terms, states, technology, world, per_violation=inputs.technology.per_violation
        ),
        openness=openness(terms, profiles),
        decisions=replace(body, hostile=np.clip(body.hostile * read.containing, 0.0, 1.0)),
        risk=risk,
        trust=read.trust,
        benefit=np.array(
            [
                benefit(games[i], s["catastrophe"], averted, held, plan.sure[i], inside, i)
                + transfers(terms, profiles, i, world)
                for i, s in enumerate(states)
            ]
        ),
    )


def _risk(states: tuple[Values, ...], standing: Power, world: Values) -> Float:
    """1 less the winner's safety, by the three models of who knows what."""
    enmity = np.mean([s["enmity"] for s in states], axis=0)
    ordered = np.sort(standing.race, axis=0)
    reach, teams = world["reach"], np.full_like(enmity, float(len(states)))
    safety = np.choose(
        world["race_information"].astype(np.int64),
        [
            race.safety_without_information(reach, teams, enmity),
            race.safety_with_private_information(reach * ordered[-1], teams, enmity),
            race.safety_with_public_information(reach * (ordered[-1] - ordered[-2]), enmity)[0],
        ],
    )
    return np.asarray(1 - safety)

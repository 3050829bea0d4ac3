"""What follows from a text's stages alone, whatever its rights, bodies and payments.

That is: who gives up what when, who stands where, what the proposal says of its author, and what restraint is
worth.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.benefit import Race, benefit, restraint
from tallystick.strategy.gates.power import Power, power
from tallystick.strategy.gates.proposal import Signal, carried_out, proposer_of, signal
from tallystick.strategy.gates.schedule import Schedule, schedule
from tallystick.strategy.inputs.preferences import Payoffs
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.models import race

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]


@dataclass(frozen=True, slots=True)
class Course:
    """``risk`` (n,): that a race ends unsafe. ``benefit`` (states, stages, n): restraint and the race's risk
    averted, as expected at each stage, before payments.
    """

    plan: Schedule
    power: Power
    signal: Signal
    risk: Float
    benefit: Float


def course_key(terms: Terms, inside: tuple[int, ...]) -> Hashable:
    """Equal for two texts of one course, on the same draws, profiles and proposer."""
    stages = tuple(replace(stage, inspected=True, reveals=()) for stage in terms.stages)
    return stages, terms.disarms_last, terms.elimination, inside


def course(
    terms: Terms,
    profiles: tuple[Profile, ...],
    states: tuple[Values, ...],
    games: tuple[Payoffs, ...],
    world: Values,
    proposer: str,
    inside: tuple[int, ...],
) -> Course:
    """The course of ``terms`` among the members ``inside``. Raises InputError for an unknown proposer."""
    plan = schedule(terms, profiles, world)
    depth = world[f"depth_{terms.elimination}"]
    belongs = [i in inside for i in range(len(states))]
    standing = power(states, belongs, plan, depth, world["horizon_years"])
    author = proposer_of(proposer, profiles, states)
    read = signal(author, plan, standing, states, world)
    plan = carried_out(plan, author, read)
    risk = _risk(states, standing, world)
    averted = Race(risk, standing.raced, world["benefit_form"])
    held = restraint(plan, inside, depth, world["horizon_years"])
    brought = [
        benefit(games[i], values["catastrophe"], averted, held, plan.sure[i], inside, i)
        for i, values in enumerate(states)
    ]
    return Course(plan, standing, read, risk, np.array(brought))


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

"""Would this regime hold, and where does it break? Shares of an ensemble of assumptions, never a forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tallystick.errors import InputError
from tallystick.regimes.law.instrument import Instrument
from tallystick.strategy.gates.evaluate import Margins, margins
from tallystick.strategy.gates.memory import NOTHING, Memory
from tallystick.strategy.gates.proposal import JOINT, THIRD_PARTY
from tallystick.strategy.gates.roles import unmatched
from tallystick.strategy.gates.situation import Situation, situation
from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.inputs.terms import Terms, terms_of
from tallystick.strategy.inputs.triggers import beginning_note, beginning_of
from tallystick.strategy.verdicts.breakpoints import breakpoints
from tallystick.strategy.verdicts.clubs import Club, clubs_of
from tallystick.strategy.verdicts.decisive_box import decisive_boxes
from tallystick.strategy.verdicts.sensitivity import Driver, drivers_of, resting_on
from tallystick.strategy.verdicts.standardised import standardised
from tallystick.strategy.verdicts.state_result import StateResult, state_result
from tallystick.strategy.verdicts.together import Together
from tallystick.strategy.verdicts.verdict import Verdict, verdict

DRAWS, SEED = 8192, 0
#: Below these a share is too coarse for two decimals or for a box of conditions.
LEAST_DRAWS = 256
NOTICE = (
    "Shares of an ensemble of assumptions, not probabilities; they say nothing of any government's intent."
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A regime before its states. ``joint``: share of draws in which all pass every gate;
    ``joint_agreement``: in which all would agree, their own word aside; ``leaves_first``: share in which
    each state is the first to fail a gate (the earliest stage, then the worst margin in spreads of its
    gate). ``together``: what decides the joint share. ``origins`` counts parameters by origin; ``digests``
    are the SHA-256 of all profiles.
    """

    regime: str
    proposer: str
    draws: int
    seed: int
    states: tuple[StateResult, ...]
    joint: float
    joint_agreement: float
    verdict: Verdict
    together: Together
    leaves_first: Mapping[str, float]
    by_proposer: Mapping[str, Mapping[str, float]]
    clubs: tuple[Club, ...]
    unmatched: tuple[str, ...]
    origins: Mapping[str, int]
    digests: Mapping[str, str]
    notice: str = NOTICE

    def state(self, name: str) -> StateResult:
        """The result of the state of that name."""
        return next(one for one in self.states if one.name == name)

    @property
    def remaining(self) -> tuple[Club, ...]:
        """Clubs and deals that remain without the regime: all but the regime among all its states."""
        return tuple(
            club for club in self.clubs if club.kind != "regime" or len(club.members) < len(self.states)
        )

    def abstaining(self) -> "Assessment":
        """The same, with no verdict of all together or of any state: for proposals unlike all past cases."""
        states = tuple(replace(state, verdict=Verdict.ABSTAINS) for state in self.states)
        return replace(self, verdict=Verdict.ABSTAINS, states=states)


def assess(
    regime: Instrument | Terms,
    profiles: Sequence[Profile],
    technology: Profile,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    proposer: str = JOINT,
    world: Profile | None = None,
    sensitivity: bool = True,
) -> Assessment:
    """Takes a regime through all gates for all states, over ``draws`` draws (a power of two).

    ``proposer``: joint, third_party, leader, laggard or a state's name. Without ``sensitivity`` there are no
    drivers, breakpoints, proposers or clubs. The same arguments give the same result. Raises InputError for
    profiles, draws or a proposer that do not fit, or a regime without an institution block.
    """
    check_draws(draws)
    terms = regime if isinstance(regime, Terms) else read_terms(regime)
    inputs = Inputs(tuple(profiles), technology, world or shipped("world/default"))
    levels = sobol_levels(len(inputs.columns), draws, seed)
    values = drawn(inputs, levels)
    case = situation(terms, inputs, values, proposer)
    table = margins(case)
    _somebody_moves(case)
    everybody = range(len(inputs.states))
    nothing: tuple[tuple[Driver, ...], ...] = ((),) * (len(inputs.states) + 1)
    drivers = drivers_of(terms, inputs, proposer, seed) if sensitivity else nothing
    turns = breakpoints(terms, inputs, proposer, seed, drivers)
    accepted = np.asarray(table.accepted.all(axis=0))
    joint = float(accepted.mean())
    rests = resting_on(drivers[-1]) if sensitivity else float("nan")
    return Assessment(
        regime=terms.name,
        proposer=proposer,
        draws=draws,
        seed=seed,
        states=tuple(state_result(case, inputs, table, levels, k, drivers[k], turns[k]) for k in everybody),
        joint=joint,
        joint_agreement=float(table.agreed.all(axis=0).mean()),
        verdict=verdict(joint),
        together=Together(decisive_boxes(levels, accepted, inputs), drivers[-1], turns[-1], rests),
        leaves_first=dict(zip(inputs.names, _leaves_first(table), strict=True)),
        by_proposer=_by_proposer(terms, inputs, values) if sensitivity else {},
        clubs=clubs_of(terms, inputs, values, proposer) if sensitivity else (),
        unmatched=unmatched((word for stage in terms.stages for word in stage.movers), inputs.states),
        origins=_origins(inputs),
        digests={profile.name: profile.digest for profile in (*profiles, technology, inputs.world)},
    )


def read_terms(regime: Instrument) -> Terms:
    """The terms of a regime's institution; calendar dates of stages count from its ``beginning_of``.

    Raises InputError where it has no institution, since nothing would be judged, and as ``terms_of`` does.
    """
    if regime.institution is None:
        mend = "add an institution: block, as spec/regime.md has it, or name a regime that has one"
        raise InputError("no institution block: nothing to assess", where=regime.id, mend=mend)
    begins = beginning_of(regime.status)
    terms = terms_of(regime.id, regime.institution, begins[0] if begins else None)
    notes = beginning_note(regime.institution.stages, begins)
    return replace(terms, assumed=(*terms.assumed, *notes))


def check_draws(draws: int) -> None:
    """Raises InputError for fewer draws than a share needs."""
    if draws < LEAST_DRAWS:
        mend = f"give {LEAST_DRAWS} or more, a power of two"
        raise InputError(f"{draws} draws are too few", where="draws", mend=mend)


def evaluated(
    terms: Terms, inputs: Inputs, values: Draws, proposer: str = JOINT, memory: Memory = NOTHING
) -> Margins:
    """Margins of all gates for given draws: the one step that searches and surfaces repeat."""
    return margins(situation(terms, inputs, values, proposer, memory=memory))


def _somebody_moves(case: Situation) -> None:
    """A text that binds none of the states would pass every gate."""
    if not case.plan.moving.any():
        words = unmatched((word for stage in case.terms.stages for word in stage.movers), case.profiles)
        mend = f"add {', '.join(words)} to the aliases of the profiles that stand for them"
        raise InputError("none of the states moves at any stage", where=case.terms.name, mend=mend)


def _by_proposer(terms: Terms, inputs: Inputs, values: Draws) -> dict[str, dict[str, float]]:
    found = {}
    for proposer in ("leader", "laggard", JOINT, THIRD_PARTY):
        shares = evaluated(terms, inputs, values, proposer).accepted.mean(axis=1)
        found[proposer] = dict(zip(inputs.names, shares.tolist(), strict=True))
    return found


def _origins(inputs: Inputs) -> dict[str, int]:
    found: dict[str, int] = {}
    for distribution in inputs.columns.values():
        found[distribution.origin.value] = found.get(distribution.origin.value, 0) + 1
    return found


def _leaves_first(table: Margins) -> list[float]:
    """For each member: the earliest failing stage of all is its, ties by the worst margin there."""
    worst = standardised(table).min(axis=1)
    failing = worst < 0
    stages = worst.shape[1]
    stage = np.where(failing.any(axis=1), failing.argmax(axis=1), stages)
    at = np.take_along_axis(worst, np.minimum(stage, stages - 1)[:, None, :], axis=1)[:, 0, :]
    first = np.where(stage == stage.min(axis=0), at, np.inf).argmin(axis=0)
    anybody = failing.any(axis=(0, 1))
    return [float((anybody & (first == k)).mean()) for k in range(len(table.members))]

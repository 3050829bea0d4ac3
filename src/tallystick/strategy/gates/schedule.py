"""Who has given up how much after each stage, how long stages last, and how sure the rest of them is.

A state stops adding to its capability at the first stage at which it moves and the stage restrains, and gives
it up in equal steps at those of its stages that yield; one that disarms last does both at its last. How much
is given at each stage is not read from the text: equal steps are an assumption.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.roles import meant
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Stage, Terms

Float = npt.NDArray[np.float64]

#: A stage takes a day at least.
SHORTEST_YEARS = 1 / 365
#: Years: a stage that ends at the horizon is over by then, whatever the rounding of its date.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Schedule:
    """Stages of a regime for the states at hand.

    ``given`` (states, stages + 1): share of what it is to give up that a state has given, before the first
    stage and after each. ``lost``: the part of it that cannot be had back. ``frozen`` (states,): first
    stage that restrains it, or the number of stages where none does. ``moving`` (states, stages): it moves at
    the stage, be it to tell a secret, or the stage is at its discretion. ``starts`` (stages + 1, n): years.
    ``chances`` (states, stages, n): probability that each stage is completed, as the state sees it; ``sure``:
    that the stages from each on are.
    """

    given: Float
    lost: Float
    frozen: npt.NDArray[np.int64]
    moving: npt.NDArray[np.bool_]
    starts: Float
    chances: Float
    sure: Float

    def bound(self, i: int) -> Float:
        """How far state ``i`` restrains itself during each stage, (stages, 1): half for standing still, the
        other half by what it has given; 0 before anything restrains it.
        """
        moved = np.arange(self.count) >= self.frozen[i]
        return np.asarray((moved * (0.5 + 0.5 * self.given[i, 1:]))[:, None])

    def done(self, stages: int, at: Float) -> npt.NDArray[np.int64]:
        """How many of the first so many stages are over at the time ``at``, (n,)."""
        return np.asarray((self.starts[1 : stages + 1] <= at + _SLACK).sum(axis=0), dtype=np.int64)

    @property
    def count(self) -> int:
        """Number of stages."""
        return int(self.given.shape[1]) - 1


def schedule(terms: Terms, states: tuple[Profile, ...], world: Mapping[str, Float]) -> Schedule:
    """The schedule of ``terms``; ``world`` holds draws of the world's parameters, each (n,)."""
    movers = [_movers(stage, terms, states) for stage in terms.stages]
    last = meant(terms.disarms_last, states)
    all_moves = np.array([[i in who for who in movers] for i in range(len(states))], dtype=np.float64)
    moves = all_moves * np.array([float(stage.restrains or stage.yields) for stage in terms.stages])
    for i in last:
        if moves[i].any():
            moves[i] = np.where(np.arange(moves.shape[1]) == np.flatnonzero(moves[i])[-1], 1.0, 0.0)
    gives = moves * np.array([float(stage.yields) for stage in terms.stages])
    steps = gives / np.maximum(gives.sum(axis=1, keepdims=True), 1.0)
    final = np.array([1.0 - stage.kept for stage in terms.stages])
    frozen = np.where(moves.any(axis=1), moves.argmax(axis=1), moves.shape[1])
    chances = np.array([[_chance(stage, state, world) for stage in terms.stages] for state in states])
    return Schedule(
        given=_running(steps),
        lost=_running(steps * final),
        frozen=frozen.astype(np.int64),
        moving=_moving(all_moves, terms.stages, states),
        starts=_starts(terms.stages, world),
        chances=chances,
        sure=least_sure(chances),
    )


def least_sure(chances: Float) -> Float:
    """As sure as the least sure of the stages that are left, (states, stages, n)."""
    return np.asarray(np.minimum.accumulate(chances[:, ::-1], axis=1)[:, ::-1])


def _movers(stage: Stage, terms: Terms, states: tuple[Profile, ...]) -> frozenset[int]:
    """ "Others" are all but those who disarm last."""
    return meant(stage.movers, states, meant(terms.disarms_last, states))


def _running(steps: Float) -> Float:
    zero = np.zeros((steps.shape[0], 1))
    return np.concatenate([zero, np.cumsum(steps, axis=1)], axis=1)


def _starts(stages: tuple[Stage, ...], world: Mapping[str, Float]) -> Float:
    """A stage without a date follows its forerunner; one with a date is never over before its forerunner."""
    unknown = world["stage_years"]
    ends = [np.zeros_like(unknown)]
    by_name: dict[str, Float] = {}
    for stage in stages:
        if stage.years is None:
            end = ends[-1] + unknown
        else:
            end = np.maximum(by_name.get(stage.since, ends[0]) + stage.years, ends[-1] + SHORTEST_YEARS)
        by_name[stage.id] = end
        ends.append(end)
    return np.array(ends)


def _moving(moves: Float, stages: tuple[Stage, ...], states: tuple[Profile, ...]) -> npt.NDArray[np.bool_]:
    chooses = np.array([[state.is_called(stage.chooser) for stage in stages] for state in states])
    return np.asarray((moves > 0) | chooses)


def _chance(stage: Stage, state: Profile, world: Mapping[str, Float]) -> Float:
    """A stage at one's own discretion is sure to oneself."""
    if stage.trigger == "discretion" and state.is_called(stage.chooser):
        return np.ones_like(world["stage_years"])
    return world[f"complete_{stage.trigger}"]

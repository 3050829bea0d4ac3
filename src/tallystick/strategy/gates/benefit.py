"""What the deal gives apart from position: restraint, the race's risk averted, and payments.

Two forms, each in half of the ensemble, since which is right is not known; Barrett (1994) has both sorts, a
benefit all or nothing in joint effort, and one that is linear in it.

* *agreed*: a text that restrains anybody within the horizon brings all of R and averts all of the race's
  risk; one that restrains nobody brings nothing. Of a club, the members' share of all capability.
* *restrained*: as much as the text restrains. A state that nothing limits counts as 0, one that stands still
  as one half, and what it gives up fills the other half, as deep as the text goes (that a cap is half of
  restraint is an assumption). With own restraint x and the rivals' y, restraint is worth
  x y R + (1-x) y T + x (1-y) S: the game's payoffs, straight in between (its multilinear extension); the risk
  averted goes by the share of all capability that is restrained. A stage is worth what can be expected from
  it on: all, with the odds that the rest is completed, else what is restrained so far.

In both forms a text brings this in proportion to the part of the horizon that is left when it first
restrains: a cap that begins where states no longer look brings nothing.

Capability is what each state would have at the horizon in the race; rivals are all other states, members or
not. So a club brings its members no more than its part of the capability can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.roles import meant
from tallystick.strategy.gates.schedule import Schedule
from tallystick.strategy.inputs.preferences import Payoffs
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Terms

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]


@dataclass(frozen=True, slots=True)
class Restraint:
    """``degree`` (states, stages, n): how far each state is restrained after each stage, from 0 to 1, times
    the part of the horizon for which it is; outsiders are not. ``lasting`` (n,): the part of the horizon for
    which anybody is.
    """

    degree: Float
    lasting: Float


def restraint(plan: Schedule, members: Sequence[int], depth: Float, horizon: Float) -> Restraint:
    """What the text restrains. ``depth`` (n,): share of capability that is given up in the end; ``horizon``
    (n,): what begins after it restrains nobody, and what is not over by then is not given up.
    """
    inside = np.array([[i in members] for i in range(len(plan.frozen))])
    ever = inside & (plan.frozen < plan.count)[:, None]
    part = ever * np.maximum(1 - plan.starts[plan.frozen] / horizon, 0.0)
    still = np.arange(plan.count) >= plan.frozen[:, None]
    over = np.array([plan.done(stage + 1, horizon) for stage in range(plan.count)])
    degree = still[:, :, None] * (0.5 + 0.5 * plan.given[:, over] * depth)
    return Restraint(np.asarray(part[:, None, :] * degree), np.asarray(part.max(axis=0)))


@dataclass(frozen=True, slots=True)
class Race:
    """What the deal averts: ``risk`` (n,) that the race ends unsafe; ``raced`` (states, n): capability of
    each at the horizon. ``form`` (n,): 0 where the benefit is as agreed, 1 where as restrained.
    """

    risk: Float
    raced: Float
    form: Float


def benefit(
    game: Payoffs,
    catastrophe: Float,
    race: Race,
    restrained: Restraint,
    sure: Float,
    members: Sequence[int],
    i: int,
) -> Float:
    """Benefit to state ``i`` before payments, (stages, n), in payoff units.

    ``sure`` (stages, n): odds that the rest is completed.
    """
    extent = restrained.degree
    averted = catastrophe * race.risk
    now, complete = (_restrained(game, averted, race.raced, one, i) for one in (extent, extent[:, -1:]))
    agreed = _agreed(game, averted, race.raced, members) * restrained.lasting
    return np.asarray(np.where(race.form == 0, agreed, sure * complete + (1 - sure) * now))


def _agreed(game: Payoffs, averted: Float, raced: Float, members: Sequence[int]) -> Float:
    """All that a deal among ``members`` can bring, (n,). A cost of restraint is borne whole."""
    part = raced[list(members)].sum(axis=0) / np.maximum(raced.sum(axis=0), 1e-9)
    return np.asarray(part * (np.maximum(game.restraint, 0.0) + averted) + np.minimum(game.restraint, 0.0))


def _restrained(game: Payoffs, averted: Float, raced: Float, extent: Float, i: int) -> Float:
    """What restraint of ``extent``, as it is, brings, (stages, n)."""
    weights = raced[:, None, :]
    whole = (weights * extent).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-9)
    others = np.arange(len(raced)) != i
    rivals = (weights * extent)[others].sum(axis=0) / np.maximum(weights[others].sum(axis=0), 1e-9)
    own = extent[i]
    played = rivals * (own * game.restraint + (1 - own) * game.temptation) + own * (1 - rivals) * game.sucker
    return np.asarray(played + whole * averted)


def transfers(terms: Terms, profiles: tuple[Profile, ...], i: int, world: Values) -> Float:
    """Payments to this state, less burdens on it and its part in payments to others, (n,). Payers not named
    in the text are all who are not paid.
    """
    everybody = frozenset(range(len(profiles)))
    paid, burdened = meant(terms.paid, profiles), meant(terms.burdened, profiles)
    payers = (meant(terms.payers, profiles) or everybody) - paid
    net = np.zeros_like(world["burden"])
    if i in burdened and burdened != everybody:
        net = net - world["burden"]
    if i in paid and paid != everybody:
        net = net + world["side_payment"]
    if i in payers and paid:
        net = net - world["side_payment"] * len(paid) / len(payers)
    return net

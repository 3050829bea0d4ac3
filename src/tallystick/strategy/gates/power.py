"""Who stands where: power within the regime after each stage, and after leaving it at each.

A state's weight is its power that no regime touches plus its capability; its power is its weight over its own
and that of its strongest rival. Capability outside grows towards the leader's of today over the years it
takes to catch up, and beyond it by hardware one can get and by knowledge, at most ``MOST_GROWTH`` in
logarithms. A member's capability stands still from its first stage on, but for knowledge. States look as
far as their horizon and no farther: what a text leaves for later neither binds nor is given up when it is
compared with the race.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.schedule import Schedule

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]

#: e^2: beyond sevenfold, more of the same decides nothing more.
MOST_GROWTH = 2.0


@dataclass(frozen=True, slots=True)
class Power:
    """Each (states, stages, n), but ``end``, ``race`` and ``raced`` (states, n).

    ``within``: after each stage, or at the horizon if that comes first. All others are at the horizon.
    ``stuck``: were no further stage ever begun: whoever is restrained stays so, and whoever is not goes on.
    ``end``: within the regime as far as it goes by then. ``leaving``: were it left at the stage. ``race``:
    had nobody joined; ``raced``: capability then. ``kept``: share of its capability that a state still has,
    or can have back, after each stage.
    """

    within: Float
    stuck: Float
    end: Float
    leaving: Float
    race: Float
    kept: Float
    raced: Float


def power(
    states: Sequence[Values], members: Sequence[bool], plan: Schedule, depth: Float, horizon: Float
) -> Power:
    """``depth`` (n,): share of capability given up in the end; ``horizon`` (n,) in years."""
    stages = range(plan.count)
    paths = [_Path(values, members[i], i, plan, depth) for i, values in enumerate(states)]
    ends = np.minimum(plan.starts[1:], horizon)
    after = [_shares([path.within(k + 1, ends[k]) for path in paths]) for k in stages]
    stuck = [_shares([path.within(k + 1, horizon) for path in paths]) for k in stages]
    left = [_shares([path.leaving(k, horizon) for path in paths]) for k in stages]
    return Power(
        within=np.array(after).swapaxes(0, 1),
        stuck=np.array(stuck).swapaxes(0, 1),
        end=_shares([path.within(plan.count, horizon) for path in paths]),
        leaving=np.array(left).swapaxes(0, 1),
        race=_shares([weight(values, horizon) for values in states]),
        kept=np.array([[path.kept(k + 1, horizon) for k in stages] for path in paths]),
        raced=np.array([capability(values, horizon) for values in states]),
    )


def capability(values: Values, years: Float) -> Float:
    """Capability ``years`` from now without a regime."""
    now, due = values["capability"], np.maximum(values["catch_up_years"], 1e-6)
    caught_up = now + (1 - now) * np.minimum(years / due, 1.0)
    rate = values["hardware_access"] * values["growth"] + values["algorithmic_efficiency"]
    beyond = np.maximum(years - np.where(now < 0.9, due, 0.0), 0.0)
    return np.asarray(caught_up * np.exp(np.minimum(rate * beyond, MOST_GROWTH)))


def weight(values: Values, years: Float) -> Float:
    """Weight ``years`` from now without a regime."""
    return np.asarray(values["other_power"] + capability(values, years))


@dataclass(frozen=True, slots=True)
class _Path:
    """One state's way through the stages of a plan."""

    values: Values
    member: bool
    index: int
    plan: Schedule
    depth: Float

    def within(self, stages: int, now: Float) -> Float:
        """Weight at the time ``now``, after so many stages, with the regime in being."""
        if not self._moved(stages):
            return weight(self.values, now)
        stopped = np.minimum(self._frozen_at(), now)
        rate = self.values["algorithmic_efficiency"]
        learnt = np.exp(np.minimum(rate * (now - stopped), MOST_GROWTH))
        remains = 1 - self._surrendered(self.plan.given[self.index, self.plan.done(stages, now)])
        return np.asarray(self.values["other_power"] + capability(self.values, stopped) * learnt * remains)

    def leaving(self, stages: int, until: Float) -> Float:
        """Weight at the horizon if the regime ends after so many stages, and all race from what is left."""
        if not self._moved(stages):
            return weight(self.values, until)
        left_for_it = np.maximum(until - self.plan.starts[stages], 0.0)
        raced = capability(self.values, np.minimum(self._frozen_at(), until) + left_for_it)
        return np.asarray(self.values["other_power"] + raced * self.kept(stages, until))

    def kept(self, stages: int, until: Float) -> Float:
        """Share of its capability that it has or can have back after so many stages, as far as they are done
        ``until`` then.
        """
        lost = self.plan.lost[self.index, self.plan.done(stages, until)]
        return np.asarray(1 - self._surrendered(lost if self.member else np.zeros_like(lost)))

    def _moved(self, stages: int) -> bool:
        return self.member and int(self.plan.frozen[self.index]) < stages

    def _frozen_at(self) -> Float:
        return np.asarray(self.plan.starts[min(int(self.plan.frozen[self.index]), self.plan.count)])

    def _surrendered(self, share: Float) -> Float:
        return np.asarray(self.depth * (1 - self.values["latency"]) * share)


def _shares(weights: Sequence[Float]) -> Float:
    """Own weight over own and the strongest rival's, (states, n)."""
    table = np.array(weights)
    strongest = np.array([np.delete(table, i, axis=0).max(axis=0) for i in range(len(weights))])
    return np.asarray(table / (table + strongest))

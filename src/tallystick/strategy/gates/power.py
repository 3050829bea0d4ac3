"""Who stands where: power within the regime after each stage, and after leaving it at each.

A state's weight is its power that no regime touches plus its capability; its power is its weight over its own
and that of its strongest rival. Capability outside grows towards the leader's of today over the years it
takes to catch up, and beyond it by hardware one can get and by knowledge, at most ``MOST_GROWTH`` in
logarithms. A member's capability stands still from its first stage on, but for knowledge.
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
    """Each (states, stages, n), but ``end`` and ``race`` (states, n): within the regime when it is complete,
    and at the same time had nobody joined. ``stuck``: at that time too, were no further stage ever begun:
    whoever is restrained stays so, and whoever is not goes on. ``raced`` (states, n): capability at that
    time had nobody joined. ``kept``: share of its capability that a state still has, or can
    have back, after each stage.
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
    until = np.maximum(horizon, plan.starts[-1])
    stages = range(plan.count)
    paths = [_Path(values, members[i], i, plan, depth) for i, values in enumerate(states)]
    after = [_shares([path.within(k + 1, plan.starts[k + 1]) for path in paths]) for k in stages]
    stuck = [_shares([path.within(k + 1, until) for path in paths]) for k in stages]
    left = [_shares([path.leaving(k, until) for path in paths]) for k in stages]
    return Power(
        within=np.array(after).swapaxes(0, 1),
        stuck=np.array(stuck).swapaxes(0, 1),
        end=_shares([path.within(plan.count, until) for path in paths]),
        leaving=np.array(left).swapaxes(0, 1),
        race=_shares([weight(values, until) for values in states]),
        kept=np.array([[path.kept(k + 1) for k in stages] for path in paths]),
        raced=np.array([capability(values, until) for values in states]),
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
        remains = 1 - self._surrendered(float(self.plan.given[self.index, stages]))
        return np.asarray(self.values["other_power"] + capability(self.values, stopped) * learnt * remains)

    def leaving(self, stages: int, until: Float) -> Float:
        """Weight at the horizon if the regime ends after so many stages, and all race from what is left."""
        if not self._moved(stages):
            return weight(self.values, until)
        raced = capability(self.values, self._frozen_at() + until - self.plan.starts[stages])
        return np.asarray(self.values["other_power"] + raced * self.kept(stages))

    def kept(self, stages: int) -> Float:
        """Share of its capability that it has or can have back after so many stages."""
        return np.asarray(
            1 - self._surrendered(float(self.plan.lost[self.index, stages]) if self.member else 0.0)
        )

    def _moved(self, stages: int) -> bool:
        return self.member and int(self.plan.frozen[self.index]) < stages

    def _frozen_at(self) -> Float:
        return np.asarray(self.plan.starts[min(int(self.plan.frozen[self.index]), self.plan.count)])

    def _surrendered(self, share: float) -> Float:
        return np.asarray(self.depth * (1 - self.values["latency"]) * share)


def _shares(weights: Sequence[Float]) -> Float:
    """Own weight over own and the strongest rival's, (states, n)."""
    table = np.array(weights)
    strongest = np.array([np.delete(table, i, axis=0).max(axis=0) for i in range(len(weights))])
    return np.asarray(table / (table + strongest))

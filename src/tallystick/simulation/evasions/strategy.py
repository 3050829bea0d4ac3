"""What every evasion is: parameters in units, a change of the waveform, and its price."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np

from tallystick.simulation.cost_model import EvasionCost, TrainingBudget, compare
from tallystick.simulation.work_kind import Start, WorkKind

LINEAR, LOG, WHOLE = "linear", "log", "whole"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a strategy that an evader chooses, from ``least`` to ``most`` in ``unit``.

    ``scale`` says how to draw it: ``linear``, ``log``, or ``whole`` (whole numbers, drawn on a log scale).
    """

    name: str
    unit: str
    least: float
    most: float
    scale: str = LINEAR

    def draw(self, rng: np.random.Generator) -> float:
        """A value anywhere in the range."""
        return self.at(float(rng.random()))

    def at(self, part: float) -> float:
        """The value at ``part`` (0 to 1) of the range."""
        part = min(1.0, max(0.0, part))
        if self.scale == LINEAR:
            return self.least + part * (self.most - self.least)
        value = float(self.least * (self.most / self.least) ** part)
        return float(round(value)) if self.scale == WHOLE else value

    def part(self, value: float) -> float:
        """Where ``value`` lies in the range, 0 to 1; the inverse of ``at`` but for rounding."""
        if self.scale == LINEAR:
            return (value - self.least) / (self.most - self.least)
        return float(np.log(value / self.least) / np.log(self.most / self.least))


class Strategy(Protocol):
    """One evasion. Frozen; its fields named in ``PARAMETERS`` may be searched.

    The waveform and the price come from the same fields.
    """

    PARAMETERS: ClassVar[tuple[Parameter, ...]]

    def apply(self, start: Start) -> Start:
        """Training that starts like ``start`` and evades."""

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """What becomes of a step's time and power."""


S = TypeVar("S", bound=Strategy)


def evading(kind: WorkKind, *strategies: Strategy, evasion: str) -> WorkKind:
    """``kind`` with the strategies applied in order, the last outermost, under the name ``evasion``."""
    start = kind.start
    for strategy in strategies:
        start = strategy.apply(start)
    return replace(kind, name=f"{kind.name}+{evasion}", start=start, evasion=evasion)


def cost(strategies: Sequence[Strategy], honest: TrainingBudget) -> EvasionCost:
    """What the strategies cost in the order in which ``evading`` applies them."""
    budget = honest
    for strategy in strategies:
        budget = strategy.charge(budget)
    return compare(budget, honest)


def redrawn(strategy: S, rng: np.random.Generator) -> S:
    """The strategy with each of its parameters drawn anew."""
    return _changed(strategy, {p.name: p.draw(rng) for p in strategy.PARAMETERS})


def moved(strategy: S, rng: np.random.Generator, width: float) -> S:
    """The strategy with each parameter moved by a normal step of ``width`` of its range."""
    values = {
        p.name: p.at(p.part(getattr(strategy, p.name)) + width * float(rng.standard_normal()))
        for p in strategy.PARAMETERS
    }
    return _changed(strategy, values)


def _changed(strategy: S, values: dict[str, float]) -> S:
    """A copy with these fields, whole numbers as int."""
    whole = {p.name for p in strategy.PARAMETERS if p.scale == WHOLE}
    cast: dict[str, Any] = {name: int(v) if name in whole else v for name, v in values.items()}
    changed: S = replace(strategy, **cast)  # type: ignore[type-var]
    return changed

"""Where a share crosses a bound as one input changes and all others stay free."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.evaluate import margins
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.distribution import Distribution
from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.verdicts.sensitivity import BASE_DRAWS, Driver
from tallystick.strategy.verdicts.verdict import ROBUST_NO, ROBUST_YES

Float = npt.NDArray[np.float64]

STEPS = 9
TESTED = 8
BOUNDS = (ROBUST_NO, ROBUST_YES, 0.5)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The share crosses ``bound`` where the parameter is ``at``; ``rises``: upwards, from its low end on."""

    bound: float
    at: float
    rises: bool


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A share with one parameter fixed and all others free: at the low and high end of its range, and every
    crossing of 0.1, 0.9 or 0.5 between, in this order. Of a choice there are no ends and no places between:
    ``by_word`` has the share at each of its words, and ``share_low`` and ``share_high`` are those of the
    first and last word.
    """

    name: str
    share_low: float
    share_high: float
    crossings: tuple[Crossing, ...]
    by_word: dict[str, float]

    @property
    def crosses(self) -> float | None:
        """The bound of the crossing that is named first, None where there is none."""
        return self.crossings[0].bound if self.crossings else None

    @property
    def at(self) -> float | None:
        """The value at that crossing."""
        return self.crossings[0].at if self.crossings else None

    @property
    def least(self) -> float:
        """The lesser end, or the share at the word where it is least."""
        return min(self.by_word.values(), default=min(self.share_low, self.share_high))

    @property
    def greatest(self) -> float:
        """The greater end, or the share at the word where it is greatest."""
        return max(self.by_word.values(), default=max(self.share_low, self.share_high))


def breakpoints(
    terms: Terms, inputs: Inputs, proposer: str, seed: int, drivers: Sequence[Sequence[Driver]]
) -> tuple[tuple[Breakpoint, ...], ...]:
    """For every state, and last for all together, as in ``drivers``: its strongest drivers one at a time, at
    nine levels of their ranges, or at each word of a choice.
    """
    chosen = [[driver.name for driver in own[:TESTED] if driver.total > 0] for own in drivers]
    base = drawn(inputs, sobol_levels(len(inputs.columns), BASE_DRAWS, seed))
    shares = {
        name: _shares_along(terms, inputs, proposer, base, name)
        for name in sorted({name for own in chosen for name in own})
    }
    return tuple(
        tuple(_breakpoint(inputs, name, shares[name][k]) for name in own) for k, own in enumerate(chosen)
    )


def _levels(distribution: Distribution) -> Float:
    """The levels that are tried: of a choice, the middle of each word that has any weight."""
    if not distribution.stepped:
        return np.linspace(0.0, 1.0, STEPS)
    edges = np.array(distribution.levels)
    return np.asarray(((edges[1:] + edges[:-1]) / 2)[np.diff(edges) > 0])


def _shares_along(terms: Terms, inputs: Inputs, proposer: str, base: Draws, name: str) -> Float:
    """Shares of every state, and last of all together, with the parameter at each level, (.., levels)."""
    owner, _, parameter = name.rpartition(".")
    levels = _levels(inputs.columns[name])
    values = {who: {p: np.tile(v, levels.size) for p, v in own.items()} for who, own in base.values.items()}
    values[owner][parameter] = np.repeat(inputs.columns[name].at(levels), base.count)
    case = situation(terms, inputs, Draws(values, base.count * levels.size), proposer)
    holds = margins(case).accepted
    every = np.concatenate([holds, holds.all(axis=0, keepdims=True)])
    return np.asarray(every.reshape(len(every), levels.size, -1).mean(axis=2))


def _breakpoint(inputs: Inputs, name: str, shares: Float) -> Breakpoint:
    distribution, words = inputs.columns[name], inputs.words(name)
    levels = _levels(distribution)
    ends = float(shares[0]), float(shares[-1])
    if words:
        said = [words[int(n)] for n in distribution.at(levels)]
        return Breakpoint(name, *ends, (), dict(zip(said, shares.tolist(), strict=True)))
    found = [
        Crossing(
            bound=bound,
            at=float(distribution.at(_between(levels, shares, n, bound))),
            rises=bool(shares[n + 1] > shares[n]),
        )
        for bound in BOUNDS
        for n in np.flatnonzero((shares[1:] >= bound) != (shares[:-1] >= bound)).tolist()
    ]
    return Breakpoint(name, *ends, tuple(found), {})


def _between(levels: Float, shares: Float, n: int, bound: float) -> float:
    """The level at which a straight line from one level to the next meets the bound."""
    part = (bound - shares[n]) / (shares[n + 1] - shares[n])
    return float(levels[n] + part * (levels[n + 1] - levels[n]))

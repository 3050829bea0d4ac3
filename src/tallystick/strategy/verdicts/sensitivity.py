"""What drives each state's answer: Sobol indices, breakpoints, and how much rests on assumptions.

First-order and total indices by Saltelli's design with Jansen's estimators (Saltelli et al., Computer Physics
Communications 181, 2010), of the indicator "passes every gate" where it varies, else of the worst margin. Own
code. With 512 base draws a total index of a few hundredths is noise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.evaluate import Margins, margins
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.distribution import Origin
from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.verdicts.verdict import ROBUST_NO, ROBUST_YES

Float = npt.NDArray[np.float64]

BASE_DRAWS = 512
STEPS = 9
TESTED = 8

#: Below and above these shares an indicator hardly varies, and its indices would be noise.
VARIES = (0.02, 0.98)
#: Bounds of the worst margin, so that one extreme draw does not make the variance.
WORST = 3.0


@dataclass(frozen=True, slots=True)
class Driver:
    """One parameter's share of the variance of a state's answer: by itself, and with all its interactions.
    ``of``: the answer meant, ``passes`` or ``worst margin``.
    """

    name: str
    first: float
    total: float
    origin: str
    of: str


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A state's share with one parameter fixed and all others free: at the low and high end of its range, and
    the value ``at`` which the share crosses 0.1, 0.5 or 0.9 (None where it crosses none of them).
    """

    name: str
    share_low: float
    share_high: float
    crosses: float | None
    at: float | None


def drivers_of(terms: Terms, inputs: Inputs, proposer: str, seed: int) -> tuple[tuple[Driver, ...], ...]:
    """For every state: all parameters, largest total index first."""
    columns = inputs.columns
    both = sobol_levels(2 * len(columns), BASE_DRAWS, seed)
    first, second = drawn(inputs, both[:, : len(columns)]), drawn(inputs, both[:, len(columns) :])
    table = _evaluated(terms, inputs, proposer, _saltelli(columns, first, second))
    return tuple(_indices(inputs, table, k) for k in range(len(table.members)))


def breakpoints(
    terms: Terms, inputs: Inputs, proposer: str, seed: int, drivers: Sequence[Sequence[Driver]]
) -> tuple[tuple[Breakpoint, ...], ...]:
    """For every state: its strongest drivers one at a time, at nine levels of their ranges."""
    chosen = [[driver.name for driver in own[:TESTED] if driver.total > 0] for own in drivers]
    base = drawn(inputs, sobol_levels(len(inputs.columns), BASE_DRAWS, seed))
    levels = np.linspace(0.0, 1.0, STEPS)
    shares = {
        name: _shares_along(terms, inputs, proposer, base, name, levels)
        for name in sorted({name for own in chosen for name in own})
    }
    return tuple(
        tuple(_breakpoint(inputs, name, levels, shares[name][k]) for name in own)
        for k, own in enumerate(chosen)
    )


def resting_on(drivers: Sequence[Driver]) -> float:
    """Share of all total indices that belongs to parameters that are neither measured nor documented."""
    whole = sum(driver.total for driver in drivers)
    loose = sum(driver.total for driver in drivers if not Origin(driver.origin).firm)
    return loose / whole if whole > 0 else 0.0


def _evaluated(terms: Terms, inputs: Inputs, proposer: str, values: Draws) -> Margins:
    return margins(situation(terms, inputs, values, proposer))


def _saltelli(columns: Mapping[str, object], first: Draws, second: Draws) -> Draws:
    """Blocks of rows: the first sample, the second, and the first with each column from the second in
    turn.
    """
    values: dict[str, dict[str, Float]] = {}
    for c, name in enumerate(columns):
        owner, _, parameter = name.rpartition(".")
        blocks = np.tile(first.of(owner)[parameter], (len(columns) + 2, 1))
        blocks[[1, 2 + c]] = second.of(owner)[parameter]
        values.setdefault(owner, {})[parameter] = blocks.reshape(-1)
    return Draws(values, (len(columns) + 2) * first.count)


def _indices(inputs: Inputs, table: Margins, k: int) -> tuple[Driver, ...]:
    holds = table.accepted[k]
    varies = VARIES[0] <= holds.mean() <= VARIES[1]
    answer = holds.astype(np.float64) if varies else np.clip(table.worst[k], -WORST, WORST)
    blocks = answer.reshape(len(inputs.columns) + 2, -1)
    spread = float(np.var(blocks[:2]))
    found = []
    for c, (name, distribution) in enumerate(inputs.columns.items()):
        apart = [float(np.mean((blocks[own] - blocks[2 + c]) ** 2)) / 2 for own in (0, 1)]
        total, first = (apart[0] / spread, 1 - apart[1] / spread) if spread > 0 else (0.0, 0.0)
        of = "passes" if varies else "worst margin"
        found.append(Driver(name, min(max(first, 0.0), total), total, distribution.origin.value, of))
    return tuple(sorted(found, key=lambda driver: (-driver.total, driver.name)))


def _shares_along(
    terms: Terms, inputs: Inputs, proposer: str, base: Draws, name: str, levels: Float
) -> Float:
    """Shares of every state with the parameter at each level, (states, levels)."""
    owner, _, parameter = name.rpartition(".")
    values = {who: {p: np.tile(v, levels.size) for p, v in own.items()} for who, own in base.values.items()}
    values[owner][parameter] = np.repeat(inputs.columns[name].at(levels), base.count)
    holds = _evaluated(terms, inputs, proposer, Draws(values, base.count * levels.size)).accepted
    return np.asarray(holds.reshape(len(holds), levels.size, -1).mean(axis=2))


def _breakpoint(inputs: Inputs, name: str, levels: Float, shares: Float) -> Breakpoint:
    for bound in (ROBUST_NO, ROBUST_YES, 0.5):
        above = shares >= bound
        turns = np.flatnonzero(above[1:] != above[:-1])
        if turns.size:
            n = int(turns[0])
            part = (bound - shares[n]) / (shares[n + 1] - shares[n])
            level = levels[n] + part * (levels[n + 1] - levels[n])
            at = float(inputs.columns[name].at(level))
            return Breakpoint(name, float(shares[0]), float(shares[-1]), bound, at)
    return Breakpoint(name, float(shares[0]), float(shares[-1]), None, None)

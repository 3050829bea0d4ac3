"""What drives an answer, a state's or that of all together: Sobol indices and how much rests on assumptions.

First-order and total indices by Saltelli's design with Jansen's estimators (Saltelli et al., Computer Physics
Communications 181, 2010), of the indicator "passes every gate" where it varies, else of the worst margin in
spreads of its gate. Own code. With 512 base draws an index of a few hundredths is noise; of a first-order
index noise may be below 0, and is left so.
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
from tallystick.strategy.verdicts.standardised import standardised

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

BASE_DRAWS = 512

#: Below and above these shares an indicator hardly varies, and its indices would be noise.
VARIES = (0.02, 0.98)
#: Bounds of the worst margin, in spreads, so that one extreme draw does not make the variance.
WORST = 3.0


@dataclass(frozen=True, slots=True)
class Driver:
    """One parameter's share of the variance of an answer: by itself, and with all its interactions.
    ``of``: the answer meant, ``passes`` or ``worst margin``.
    """

    name: str
    first: float
    total: float
    origin: str
    of: str


def drivers_of(terms: Terms, inputs: Inputs, proposer: str, seed: int) -> tuple[tuple[Driver, ...], ...]:
    """For every state, and last for all together: all parameters, largest total index first."""
    columns = inputs.columns
    both = sobol_levels(2 * len(columns), BASE_DRAWS, seed)
    first, second = drawn(inputs, both[:, : len(columns)]), drawn(inputs, both[:, len(columns) :])
    table = _evaluated(terms, inputs, proposer, _saltelli(columns, first, second))
    holds, worst = table.accepted, standardised(table).min(axis=(1, 2))
    answers = [*zip(holds, worst, strict=True), (holds.all(axis=0), worst.min(axis=0))]
    return tuple(indices(inputs, own, margin) for own, margin in answers)


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


def indices(inputs: Inputs, holds: Bool, worst: Float) -> tuple[Driver, ...]:
    """Indices of one answer, given in the blocks of Saltelli's design: whether it holds, and its worst
    margin, in which it is measured where it holds nearly always or hardly ever.
    """
    varies = VARIES[0] <= holds.mean() <= VARIES[1]
    answer = holds.astype(np.float64) if varies else np.clip(worst, -WORST, WORST)
    blocks = answer.reshape(len(inputs.columns) + 2, -1)
    spread = float(np.var(blocks[:2]))
    found = []
    for c, (name, distribution) in enumerate(inputs.columns.items()):
        apart = [float(np.mean((blocks[own] - blocks[2 + c]) ** 2)) / 2 for own in (0, 1)]
        total, first = (apart[0] / spread, 1 - apart[1] / spread) if spread > 0 else (0.0, 0.0)
        of = "passes" if varies else "worst margin"
        found.append(Driver(name, first, total, distribution.origin.value, of))
    return tuple(sorted(found, key=lambda driver: (-driver.total, driver.name)))

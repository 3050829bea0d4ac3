"""One regime and its states as a test bench for technology: shares at any fixed levels, on the same draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.assessment import evaluated
from tallystick.strategy.gates.evaluate import Margins
from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.terms import Terms

Float = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TestBench:
    """``values``: draws of all parameters; levels that are not fixed stay as the technology profile has
    them.
    """

    terms: Terms
    inputs: Inputs
    values: Draws
    proposer: str

    #: Not a test class.
    __test__ = False

    def margins(self, levels: Mapping[str, float]) -> Margins:
        """All margins with some axes fixed."""
        return evaluated(self.terms, self.inputs, self._fixed([levels]), self.proposer)

    def shares(self, points: Sequence[Mapping[str, float]]) -> tuple[Float, Float]:
        """Share of every state at every point, (states, points), and of all together, (points,)."""
        accepted = evaluated(self.terms, self.inputs, self._fixed(points), self.proposer).accepted
        by_point = accepted.reshape(len(accepted), len(points), -1)
        return by_point.mean(axis=2), by_point.all(axis=0).mean(axis=1)

    def joint(self, levels: Mapping[str, float]) -> float:
        """The share of draws in which all states pass every gate, with some axes fixed."""
        return float(self.margins(levels).accepted.all(axis=0).mean())

    def _fixed(self, points: Sequence[Mapping[str, float]]) -> Draws:
        count = len(points)
        values = {
            owner: {name: np.tile(column, count) for name, column in own.items()}
            for owner, own in self.values.values.items()
        }
        for name in {name for point in points for name in point}:
            own = self.values.of("technology")[name]
            values["technology"][name] = np.concatenate(
                [np.full(self.values.count, point[name]) if name in point else own for point in points]
            )
        return Draws(values, self.values.count * count)


def bench_of(terms: Terms, inputs: Inputs, draws: int, seed: int, proposer: str) -> TestBench:
    """The bench. Raises InputError for draws or a proposer that do not fit."""
    levels = sobol_levels(len(inputs.columns), draws, seed)
    return TestBench(terms, inputs, drawn(inputs, levels), proposer)

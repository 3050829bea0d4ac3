"""The share of the BF16 peak that a run reaches, from runs of the same or a kindred chip and like size.

A weighted median over systems: near in size (a bell curve over doublings of the number of accelerators), same
chip before same generation before any other. Neither the benchmark nor the run's length is used. The
length would tell too much here and nothing elsewhere: MLPerf fixes the work, so that rate x time is nearly
constant within a benchmark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from tallystick.trials.flop_runs import Bools, Floats, KnownRuns, Texts

#: Width in doublings and weight of another chip of the same generation; the pair is chosen by the fit.
WIDTHS = (0.5, 1.0, 1.5, 2.0)
KIN_WEIGHTS = (0.1, 0.3, 1.0)
#: Any other chip: it decides only where there is nothing nearer.
STRANGER_WEIGHT = 0.01


@dataclass(frozen=True)
class Units:
    """What the fit sees: the median run of each system and benchmark. Columns of equal length."""

    system: Texts
    chip: Texts
    generation: Texts
    doublings: Floats
    log_share: Floats

    def without(self, rows: Bools) -> "Units":
        """All but the marked rows."""
        return Units(**{name: column[~rows] for name, column in vars(self).items()})


def units_of(runs: KnownRuns) -> Units:
    """One row for each system and benchmark."""
    names = np.array([f"{s}\t{b}" for s, b in zip(runs.system, runs.benchmark, strict=True)])
    _, first, which = np.unique(names, return_index=True, return_inverse=True)
    share = runs.log_share
    return Units(
        system=runs.system[first],
        chip=runs.chip[first],
        generation=runs.generation[first],
        doublings=np.log2(runs.accelerators[first]),
        log_share=np.array([np.median(share[which == i]) for i in range(len(first))]),
    )


@dataclass(frozen=True)
class RateModel:
    """``units``, with the width and the weight of kin that served best when each system was left out."""

    units: Units
    width: float
    kin_weight: float

    def log_share(self, chip: Texts, generation: Texts, doublings: Floats) -> Floats:
        """Predicted logarithm of the share of the BF16 peak, one for each row asked."""
        weight = weights(self.units, chip, generation, doublings, self.width, self.kin_weight)
        return weighted_medians(self.units.log_share, weight)


def weights(
    units: Units, chip: Texts, generation: Texts, doublings: Floats, width: float, kin: float
) -> Floats:
    """Weight of each unit (columns) for each row asked."""
    near = np.exp(-0.5 * ((doublings[:, None] - units.doublings) / width) ** 2) + 1e-12
    kinship = np.where(_same(generation, units.generation), kin, STRANGER_WEIGHT)
    return np.asarray(near * np.where(_same(chip, units.chip), 1.0, kinship))


def _same(asked: Texts, known: Texts) -> Bools:
    """Where a name asked (rows) is a name known (columns); numbers compare faster than texts."""
    _, codes = np.unique(np.concatenate([asked, known]), return_inverse=True)
    return np.asarray(codes[: len(asked), None] == codes[len(asked) :])


def weighted_medians(values: Floats, weight: Floats) -> Floats:
    """For each row of ``weight`` the value at which half of it is reached."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[:, order], axis=1)
    first = (reached < reached[:, -1:] / 2).sum(axis=1)
    return np.asarray(values[order][first])


def fitted(units: Units) -> RateModel:
    """The model of ``units``: settings chosen by leaving out each of its systems in turn."""
    settings = list(product(WIDTHS, KIN_WEIGHTS))
    errors = [np.abs(residuals(units, *setting, [units.system])).mean() for setting in settings]
    return RateModel(units, *settings[int(np.argmin(errors))])


def residuals(units: Units, width: float, kin: float, groups: Sequence[Texts]) -> Floats:
    """log(actual / predicted) of each unit with all that share its value in one of ``groups`` left out."""
    weight = weights(units, units.chip, units.generation, units.doublings, width, kin)
    for group in groups:
        weight[_same(group, group)] = 0.0
    return np.asarray(units.log_share - weighted_medians(units.log_share, weight))


def interval(errors: Floats, groups: Texts, level: float) -> tuple[float, float]:
    """Conformal ends of log(actual / predicted), each group weighing the same and one more at infinity.

    Exchangeable are systems, not runs. Infinite where there are too few groups for ``level``.
    """
    names, which, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    mass = 1.0 / sizes[which] / (len(names) + 1)
    return -_upper_end(-errors, mass, level), _upper_end(errors, mass, level)


def _upper_end(errors: Floats, mass: Floats, level: float) -> float:
    order = np.argsort(errors)
    enough = np.flatnonzero(np.cumsum(mass[order]) >= 1 - (1 - level) / 2 - 1e-12)
    return float(errors[order][enough[0]]) if len(enough) else float("inf")

"""What turns scores into probabilities and sets: fitted on windows that the trees never saw."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.sample import MISSING
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.table import Int64
from tallystick.units import PPM
from tallystick.workloads.conformal import Allowances, shortfalls
from tallystick.workloads.probability import probabilities_ppm

#: The sets hold the true class of windows like the calibration windows at least this often, class by class.
COVERAGE_PPM = 990_000
#: A class that is up to this many times less likely than the best stays possible.
DOUBT = 4
#: A calibrated probability of 0 would be an infinite loss.
LEAST_PPM = 50
TEMPERATURES = tuple(round(2**20 * 2 ** (k / 4)) for k in range(-12, 17))

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Allowances of the conformal sets and the temperature of the probabilities."""

    allowances: Allowances
    temperature: int


def calibrate(
    scores: Int64,
    label: Int64,
    weight: Float64,
    classes: Sequence[WorkloadClass],
    coverage_ppm: int = COVERAGE_PPM,
) -> Calibration:
    """Fit on scores (windows, classes) of windows with known ``label`` (windows,), an index into ``classes``.

    Half of the allowed misses goes to the side (training or not), half to the class within its side. With
    ``weight`` (windows,) coverage is over families, not over windows. Whatever the quantiles, a class stays
    possible that is at least one ``DOUBT``-th as likely as the best: nobody is accused on even odds.
    """
    miss_ppm = (PPM - coverage_ppm) // 2
    temperature = TEMPERATURES[int(np.argmin([_loss(scores, label, weight, t) for t in TEMPERATURES]))]
    doubt = math.ceil(temperature * math.log2(DOUBT))
    side, within = shortfalls(scores, classes)
    allowed: list[tuple[int, ...]] = []
    for shortfall in (side, within):
        each = []
        for k in range(len(classes)):
            mine = label == k
            each.append(max(doubt, upper_quantile(shortfall[mine, k], weight[mine], miss_ppm)))
        allowed.append(tuple(each))
    return Calibration(Allowances(*allowed), temperature)


def upper_quantile(values: Int64, weight: Float64, miss_ppm: int) -> int:
    """The least value that a new one exceeds with probability of at most ``miss_ppm``, were it exchangeable.

    The new one counts as much as the mean of ``weight`` and as infinitely large (Tibshirani et al. 2019,
    arXiv 1904.06019). The greatest value where there are too few; 0 where there are none.
    """
    if not len(values):
        return 0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order]) / (weight.sum() + weight.mean())
    rank = int(np.searchsorted(reached, 1 - miss_ppm / PPM - 1e-12))
    return int(values[order][min(rank, len(values) - 1)])


def feature_range(values: Int64) -> tuple[Int64, Int64]:
    """Least and greatest of each feature, MISSING being the least of all; widened by a tenth."""
    known = values != MISSING
    least = np.where(known, values, np.iinfo(np.int64).max).min(axis=0)
    high = values.max(axis=0)
    margin = np.where(known.any(axis=0), (high - least) // 10, 0)
    low = np.where(known.all(axis=0), least - margin, MISSING)
    return low, np.where(known.any(axis=0), high + margin, MISSING)


def _loss(scores: Int64, label: Int64, weight: Float64, temperature: int) -> float:
    likely = probabilities_ppm(scores, temperature)[np.arange(len(label)), label]
    return float((-np.log(np.maximum(likely, LEAST_PPM) / PPM) * weight).sum() / weight.sum())

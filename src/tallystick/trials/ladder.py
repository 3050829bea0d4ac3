"""The ladder: how accuracy falls as what is held out becomes more unlike what was fitted."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import ABSTAINED, CLASSES
from tallystick.telemetry.table import Int64
from tallystick.trials.held_out import TRAINING, Verdicted, cross_fitted
from tallystick.trials.labels import LabelledWindows
from tallystick.trials.splits import SIMULATED_SITES, SiteBlocks, held_out_splits
from tallystick.units import PPM

RUNGS = ("run", "workload", "family", "mechanism", "hardware", "source")
#: At most this many models a rung; where there are fewer groups, each is held out alone.
FOLDS = {"run": 5, "workload": 5, "family": 10, "mechanism": 16, "hardware": 8, "source": 8}
RESAMPLES = 2000
BINS = 15


@dataclass(frozen=True)
class Rung:
    """One row. Accuracy is training or not, on all windows, without abstaining, as in arXiv 2606.19262.

    ``low`` and ``high`` bound it at 95 % by resampling whole families. ``abstained`` windows are told
    nothing; ``accuracy_told`` is on the others. ``recall`` is by class, without abstaining.
    ``calibration_error`` is that of the probability of the most likely class, ``coverage`` how often the
    conformal set holds the true class, ``coverage_worst`` the same of the class that fares worst;
    ``strange`` is the share unlike anything fitted.
    """

    held_out: str
    source: str
    accuracy: float
    low: float
    high: float
    groups: int
    families: int
    windows: int
    abstained: float
    accuracy_told: float
    recall: dict[str, float]
    calibration_error: float
    coverage: float
    coverage_worst: float
    strange: float


def climb(
    windows: LabelledWindows,
    rung: str,
    source: str,
    rounds: int,
    progress: Callable[[int], None],
    most_folds: int = 99,
    sites: SiteBlocks = SIMULATED_SITES,
) -> Rung:
    """One rung on ``windows``, which are all ``real`` or all ``simulated``."""
    splits = held_out_splits(windows, rung, min(FOLDS[rung], most_folds), sites)
    judged, said = cross_fitted(windows, splits, rounds, progress)
    return rung_of(judged, said, rung, source)


def rung_of(windows: LabelledWindows, said: Verdicted, rung: str, source: str) -> Rung:
    """The row for verdicts from models that did not see the windows' groups."""
    family, _ = windows.codes("family")
    right = TRAINING[windows.label] == (said.lead > 0)
    low, high = family_interval(right, family)
    told = said.classes != ABSTAINED
    covered = said.possible[np.arange(len(windows)), windows.label]
    present = np.unique(windows.label).tolist()
    return Rung(
        held_out=rung,
        source=source,
        accuracy=float(right.mean()),
        low=low,
        high=high,
        groups=len(windows.codes(rung)[1]),
        families=len(np.unique(family)),
        windows=len(windows),
        abstained=float(1 - told.mean()),
        accuracy_told=float(right[told].mean()) if told.any() else 0.0,
        recall={CLASSES[k].value: float((said.forced == k)[windows.label == k].mean()) for k in present},
        calibration_error=calibration_error(said.likely_ppm, windows.label),
        coverage=float(covered.mean()),
        coverage_worst=min(float(covered[windows.label == k].mean()) for k in present),
        strange=float(said.strange.mean()),
    )


def family_interval(
    right: npt.NDArray[np.bool_], family: Int64, seed: int = 0, level: float = 0.95
) -> tuple[float, float]:
    """Bootstrap interval of the mean of ``right`` (n,) when whole families (n,) are drawn anew."""
    codes, of_window = np.unique(family, return_inverse=True)
    hits = np.bincount(of_window, right.astype(np.float64))
    sizes = np.bincount(of_window).astype(np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(codes), (RESAMPLES, len(codes)))
    means = hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def calibration_error(likely_ppm: Int64, label: Int64) -> float:
    """Expected calibration error (Naeini et al. 2015) of the most likely class in equal-width bins."""
    best = likely_ppm.argmax(axis=1)
    confidence = likely_ppm.max(axis=1) / PPM
    right = (best == label).astype(np.float64)
    bin_of = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gap = np.abs(np.bincount(bin_of, right, BINS) - np.bincount(bin_of, confidence, BINS))
    return float(gap.sum() / len(label))

"""Fits the model of one kind of subject: trees on some windows, sets and probabilities on others.

Families count, not windows: many windows of one program are little more than one observation. So each class
weighs the same, and within a class each family of programs.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.telemetry.table import Int64
from tallystick.trials.boosting import ROUNDS, boosted_trees
from tallystick.trials.calibration import COVERAGE_PPM, calibrate, feature_range
from tallystick.trials.labels import LabelledWindows
from tallystick.workloads.classifier import KindClassifier
from tallystick.workloads.conformal import Allowances
from tallystick.workloads.features import FEATURES
from tallystick.workloads.model import KindModel
from tallystick.workloads.trees import Tree

#: A window with more than this part of its features outside the fitted range is unlike anything known.
STRANGE_PART = 8
#: Windows of a run look alike, so a share of them, drawn with a fixed seed, is enough.
MOST_WINDOWS_PER_FAMILY = 20_000

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FittedKind:
    """A fitted model and the part of a model file that holds it."""

    model: KindModel
    features: tuple[str, ...]

    @cached_property
    def classifier(self) -> KindClassifier:
        """The model, ready to judge."""
        return KindClassifier(self.model)

    def encoded(self) -> dict[str, object]:
        """One kind's part of the model file."""
        m = self.model
        return {
            "classes": [c.value for c in m.classes],
            "coverage_ppm": m.coverage_ppm,
            "features": list(self.features),
            "high": list(m.high),
            "low": list(m.low),
            "most_outside": m.most_outside,
            "side": list(m.allowances.side),
            "temperature": m.temperature,
            "trees": [
                {"class": t.of_class, "nodes": [list(n) for n in t.nodes], "leaves": list(t.leaves)}
                for t in m.trees
            ],
            "within": list(m.allowances.within),
        }


def fit_kind(fitting: LabelledWindows, calibration: LabelledWindows, rounds: int = ROUNDS) -> FittedKind:
    """Trees fitted on the pure windows of ``fitting``, sets and probabilities on all of ``calibration``."""
    fitting = thinned(fitting.chosen(fitting.pure))
    present = sorted(set(fitting.label.tolist()))
    classes = tuple(CLASSES[k] for k in present)
    label = np.searchsorted(present, fitting.label)
    trees = tuple(boosted_trees(fitting.values, label, family_weights(fitting), len(present), rounds))
    low, high = feature_range(fitting.values)
    bare = _kind_model(classes, trees, low, high)
    known = calibration.chosen(np.isin(calibration.label, present))
    calibrated = calibrate(
        KindClassifier(bare).scores(known.values),
        np.searchsorted(present, known.label),
        family_weights(known),
        classes,
    )
    model = replace(
        bare,
        temperature=calibrated.temperature,
        coverage_ppm=COVERAGE_PPM,
        allowances=calibrated.allowances,
    )
    return FittedKind(model, tuple(f.name for f in FEATURES[fitting.kind]))


def family_weights(windows: LabelledWindows) -> Float64:
    """Weights (n,) of mean 1 under which each class, and within it each family, weighs the same."""
    family, names = windows.codes("family")
    cell = windows.label * len(names) + family
    cells, of_window, count = np.unique(cell, return_inverse=True, return_counts=True)
    families_of_class = np.bincount(cells // len(names), minlength=len(CLASSES))
    weight = 1.0 / (count[of_window] * families_of_class[windows.label])
    return np.asarray(weight * (len(weight) / weight.sum()))


def thinned(windows: LabelledWindows) -> LabelledWindows:
    """At most MOST_WINDOWS_PER_FAMILY of each family and class, drawn with a fixed seed."""
    rng = np.random.default_rng(0)
    family, names = windows.codes("family")
    cell = windows.label * len(names) + family
    rows = [rng.permutation(np.flatnonzero(cell == c))[:MOST_WINDOWS_PER_FAMILY] for c in np.unique(cell)]
    return windows.chosen(np.sort(np.concatenate(rows)))


def _kind_model(
    classes: tuple[WorkloadClass, ...], trees: tuple[Tree, ...], low: Int64, high: Int64
) -> KindModel:
    """A model that is still to be calibrated."""
    nothing = (0,) * len(classes)
    return KindModel(
        classes=classes,
        trees=trees,
        temperature=1,
        coverage_ppm=0,
        allowances=Allowances(nothing, nothing),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        most_outside=len(low) // STRANGE_PART,
    )

"""Sets of classes that a window may belong to, with a stated coverage for each class.

Split conformal prediction, class by class (Vovk 2012; Sadinle, Lei and Wasserman 2019). A true class can be
missed in two ways, and each has its own allowance: its side (training or not) may trail the other side, and
it may trail the best class of its own side. Both allowances are quantiles over calibration windows of that
class, so that a set misses the true class at most as often as stated, for windows like those. The best class
is always in the set. All in integers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import (
    ABSTAINED,
    CLASSES,
    NO_TRAINING_UNCLEAR,
    TRAINING_UNCLEAR,
    WorkloadClass,
)
from tallystick.telemetry.table import Int64

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Allowances:
    """For each class of a model: how far its side may trail, and how far it may trail within its side."""

    side: tuple[int, ...]
    within: tuple[int, ...]


def shortfalls(scores: Int64, classes: Sequence[WorkloadClass]) -> tuple[Int64, Int64]:
    """How far each class's side trails the other side, and each class its own side, (rows, classes) each.

    Both are at least 0. Where all classes are of one side, no side trails.
    """
    training = np.array([c.is_training for c in classes], np.bool_)
    side = np.zeros_like(scores)
    within = np.zeros_like(scores)
    for of_side in (training, ~training):
        if not of_side.any():
            continue
        best = scores[:, of_side].max(axis=1, keepdims=True)
        within[:, of_side] = best - scores[:, of_side]
        if not of_side.all():
            other = scores[:, ~of_side].max(axis=1, keepdims=True)
            side[:, of_side] = np.maximum(other - best, 0)
    return side, within


def possible(scores: Int64, classes: Sequence[WorkloadClass], allowances: Allowances) -> Bools:
    """Which classes each window may belong to, (rows, classes)."""
    side, within = shortfalls(scores, classes)
    inside: Bools = (side <= np.array(allowances.side)) & (within <= np.array(allowances.within))
    return inside


def verdict_of_set(inside: Bools, classes: Sequence[WorkloadClass]) -> Int64:
    """The verdict (rows,): the one class left, training or no training of unclear kind, or an abstention."""
    index = np.array([CLASSES.index(c) for c in classes], np.int64)
    training = np.array([c.is_training for c in classes], np.bool_)
    single = index[inside.argmax(axis=1)]
    only_training = ~inside[:, ~training].any(axis=1)
    no_training = ~inside[:, training].any(axis=1)
    several = np.select([only_training, no_training], [TRAINING_UNCLEAR, NO_TRAINING_UNCLEAR], ABSTAINED)
    verdict: Int64 = np.where(inside.sum(axis=1) == 1, single, several).astype(np.int64)
    return verdict


def in_the_light_of(inside: Bools, around: Bools, classes: Sequence[WorkloadClass]) -> tuple[Bools, Bools]:
    """Sets of windows, (rows, classes), beside the sets ``around`` of the hours that they lie in.

    Where the hour rules out training, a window in doubt loses the training classes, if any other class that
    the hour allows is left; a window that says training and nothing else is in doubt, and keeps the classes
    of both. An hour changes nothing else. Also which windows (rows,) were cleared.
    """
    training = np.array([c.is_training for c in classes], np.bool_)
    innocent = ~around[:, training].any(axis=1)
    in_doubt = inside[:, training].any(axis=1) & inside[:, ~training].any(axis=1)
    left = inside & around
    cleared = np.asarray(innocent & in_doubt & left.any(axis=1), np.bool_)
    disputed = np.asarray(innocent & ~inside[:, ~training].any(axis=1), np.bool_)
    found = np.where(cleared[:, None], left, np.where(disputed[:, None], inside | around, inside))
    return found, cleared

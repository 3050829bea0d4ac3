"""Verdicts on windows by models that never saw the window's group: whole groups are left out in turn."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import CLASSES
from tallystick.telemetry.table import Int64
from tallystick.trials.fitting import FittedKind, fit_kind
from tallystick.trials.labels import LabelledWindows

Bools = npt.NDArray[np.bool_]

#: Of the runs that a model may see, one in this many calibrates its sets and probabilities.
CALIBRATE_ONE_IN = 4
WORKERS = max(1, min(2, os.cpu_count() or 1))
#: Stands for a class that a model does not know.
NO_SCORE = -(2**40)
TRAINING = np.array([c.is_training for c in CLASSES], np.bool_)


@dataclass(frozen=True)
class Verdicted:
    """What models that never saw a window's group say about it.

    ``classes`` (n,) are verdicts, ``forced`` (n,) the most likely class without abstaining, ``lead`` (n,)
    by how much the best training class leads the best other class, ``likely_ppm`` and ``possible`` (n,
    classes), ``strange`` (n,).
    """

    classes: Int64
    forced: Int64
    lead: Int64
    likely_ppm: Int64
    possible: Bools
    strange: Bools


def judged(fitted: FittedKind, windows: LabelledWindows) -> Verdicted:
    """The verdicts of one fitted model."""
    said = fitted.classifier.judge(windows.as_features())
    scores = np.full((len(windows), len(CLASSES)), NO_SCORE, np.int64)
    scores[:, [CLASSES.index(c) for c in fitted.model.classes]] = fitted.classifier.scores(windows.values)
    lead = scores[:, TRAINING].max(axis=1) - scores[:, ~TRAINING].max(axis=1)
    forced = scores.argmax(axis=1).astype(np.int64)
    return Verdicted(said.classes, forced, lead, said.likely_ppm, said.possible, said.strange)


def fit_without(windows: LabelledWindows, left_out: Bools, seed: int, rounds: int) -> FittedKind:
    """A model fitted and calibrated on the runs of the windows that are not ``left_out`` (n,)."""
    kept = windows.chosen(~left_out)
    run, names = kept.codes("run")
    calibrates = np.random.default_rng(seed).permutation(len(names)) % CALIBRATE_ONE_IN == 0
    return fit_kind(kept.chosen(~calibrates[run]), kept.chosen(calibrates[run]), rounds)


def folds_of(code: Int64, groups: int, folds: int, seed: int) -> Int64:
    """Fold (n,) of each window: whole groups, dealt at random; one group a fold where those are few."""
    dealt = np.random.default_rng(seed).permutation(groups) % min(folds, groups)
    fold: Int64 = dealt[code].astype(np.int64)
    return fold


def cross_fitted(
    windows: LabelledWindows, group: str, folds: int, rounds: int, progress: Callable[[int], None]
) -> Verdicted:
    """Verdicts on all windows, each by the model that was fitted without the window's fold of groups."""
    code, names = windows.codes(group)
    fold = folds_of(code, len(names), folds, seed=len(names))
    masks = [mask for k in range(int(fold.max()) + 1) if (mask := fold == k).any()]
    parts = list(fitted_apart(windows, masks, rounds, progress))
    order = np.argsort(np.concatenate([np.flatnonzero(mask) for mask in masks]))
    return Verdicted(
        classes=np.concatenate([p.classes for p in parts])[order],
        forced=np.concatenate([p.forced for p in parts])[order],
        lead=np.concatenate([p.lead for p in parts])[order],
        likely_ppm=np.concatenate([p.likely_ppm for p in parts])[order],
        possible=np.concatenate([p.possible for p in parts])[order],
        strange=np.concatenate([p.strange for p in parts])[order],
    )


def fitted_apart(
    windows: LabelledWindows, masks: Sequence[Bools], rounds: int, progress: Callable[[int], None]
) -> Iterator[Verdicted]:
    """For each mask the verdicts on its windows by a model fitted on the others; over all cores."""
    tasks = [(mask, seed, rounds) for seed, mask in enumerate(masks)]
    if WORKERS == 1 or len(tasks) == 1:
        for mask, seed, _ in tasks:
            yield judged(fit_without(windows, mask, seed, rounds), windows.chosen(mask))
            progress(1)
        return
    with ProcessPoolExecutor(WORKERS, get_context("spawn"), initializer=_take, initargs=(windows,)) as pool:
        for result in pool.map(_fit_and_judge, tasks):
            progress(1)
            yield result


#: The windows that a worker was started with, so that they travel once.
_TAKEN: list[LabelledWindows] = []


def _take(windows: LabelledWindows) -> None:
    _TAKEN.append(windows)


def _fit_and_judge(task: tuple[Bools, int, int]) -> Verdicted:
    mask, seed, rounds = task
    windows = _TAKEN[0]
    return judged(fit_without(windows, mask, seed, rounds), windows.chosen(mask))

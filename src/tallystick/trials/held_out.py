"""Verdicts on windows by models that saw neither the window's group nor its site: each split in turn."""

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
from tallystick.trials.splits import Split, checked

Bools = npt.NDArray[np.bool_]

WORKERS = max(1, min(2, os.cpu_count() or 1))
#: Fits on fewer windows are over before another process has started.
FEW_WINDOWS = 5_000
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


def fit_split(windows: LabelledWindows, split: Split, rounds: int) -> FittedKind:
    """The model of a split. Raises ValueError where it saw a run, a site or a meter of what is judged."""
    checked(windows, split)
    return fit_kind(windows.chosen(split.fits), windows.chosen(split.calibrates), rounds)


def cross_fitted(
    windows: LabelledWindows, splits: Sequence[Split], rounds: int, progress: Callable[[int], None]
) -> tuple[LabelledWindows, Verdicted]:
    """All windows that the splits judge, and the verdicts on them."""
    parts = list(fitted_apart(windows, splits, rounds, progress))
    rows = np.concatenate([np.flatnonzero(split.judged) for split in splits])
    order = np.argsort(rows)
    said = Verdicted(
        classes=np.concatenate([p.classes for p in parts])[order],
        forced=np.concatenate([p.forced for p in parts])[order],
        lead=np.concatenate([p.lead for p in parts])[order],
        likely_ppm=np.concatenate([p.likely_ppm for p in parts])[order],
        possible=np.concatenate([p.possible for p in parts])[order],
        strange=np.concatenate([p.strange for p in parts])[order],
    )
    return windows.chosen(rows[order]), said


def fitted_apart(
    windows: LabelledWindows, splits: Sequence[Split], rounds: int, progress: Callable[[int], None]
) -> Iterator[Verdicted]:
    """For each split the verdicts on what it judges, in the order of its rows; over all cores."""
    tasks = [(split, rounds) for split in splits]
    if WORKERS == 1 or len(tasks) == 1 or len(windows) < FEW_WINDOWS:
        for split, _ in tasks:
            yield judged(fit_split(windows, split, rounds), windows.chosen(split.judged))
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


def _fit_and_judge(task: tuple[Split, int]) -> Verdicted:
    split, rounds = task
    windows = _TAKEN[0]
    return judged(fit_split(windows, split, rounds), windows.chosen(split.judged))

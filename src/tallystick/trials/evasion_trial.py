"""Evasions, each left out while fitting: how many of its windows and runs are still found."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import CLASSES, TRAINING_VERDICTS, WorkloadClass
from tallystick.trials.held_out import TRAINING, Verdicted, fitted_apart
from tallystick.trials.labels import LabelledWindows
from tallystick.trials.ladder import family_interval

Bools = npt.NDArray[np.bool_]

#: Share of honest windows that are not training and may be called training.
FALSE_POSITIVES = 0.01
#: Other choices that an inspector has.
CHOICES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
#: One honest run in this many sets the threshold, and is fitted on by no model.
THRESHOLD_ONE_IN = 4
INFERENCE = CLASSES.index(WorkloadClass.INFERENCE)


@dataclass(frozen=True)
class EvasionRow:
    """One family: ``detection`` is the share of its windows above the threshold, ``low`` to ``high`` at 95 %
    when whole runs are drawn anew; ``run_detection`` the share of its runs of which more than half is.
    ``at_choices`` is the detection at each of the false-positive rates in CHOICES.
    """

    family: str
    detection: float
    low: float
    high: float
    run_detection: float
    variants: int
    runs: int
    windows: int
    at_choices: tuple[float, ...]


def evasion_rows(
    windows: LabelledWindows, rounds: int, progress: Callable[[int], None], only: tuple[str, ...] = ()
) -> list[EvasionRow]:
    """A row for each evasion family in ``windows``, in order of name."""
    evasion, names = windows.codes("evasion")
    present = [k for k, name in enumerate(names) if name and (not only or name in only)]
    honest = windows.codes("evasion")[0] == names.index("")
    sets_threshold = threshold_windows(windows, honest)
    masks = [(evasion == k) | sets_threshold for k in present]
    rows = []
    for k, mask, said in zip(present, masks, fitted_apart(windows, masks, rounds, progress), strict=True):
        rows.append(_row(windows.chosen(mask), said, names[k]))
    return rows


def threshold_windows(windows: LabelledWindows, honest: Bools, seed: int = 1) -> Bools:
    """Windows (n,) of the honest runs that set the threshold: not training, drawn with a seed."""
    run, names = windows.codes("run")
    drawn = np.random.default_rng(seed).permutation(len(names)) % THRESHOLD_ONE_IN == 0
    chosen: Bools = honest & ~TRAINING[windows.label] & drawn[run]
    return chosen


def threshold_of(lead: npt.NDArray[np.int64], false_positives: float = FALSE_POSITIVES) -> int:
    """The lead that at most ``false_positives`` of these windows, none of them training, exceed."""
    ordered = np.sort(lead)
    return int(ordered[min(len(ordered) - 1, int(np.ceil((1 - false_positives) * len(ordered))))])


def _row(windows: LabelledWindows, said: Verdicted, name: str) -> EvasionRow:
    evasion, names = windows.codes("evasion")
    mine = (evasion == names.index(name)) & TRAINING[windows.label]
    honest = said.lead[evasion == names.index("")]
    found = said.lead[mine] > threshold_of(honest)
    run = windows.codes("run")[0][mine]
    low, high = family_interval(found, run)
    of_run, count = np.unique(run, return_inverse=True)[1], np.unique(run, return_counts=True)[1]
    by_run = np.bincount(of_run, found) / count
    return EvasionRow(
        family=name,
        detection=float(found.mean()),
        low=low,
        high=high,
        run_detection=float((by_run > 0.5).mean()),
        variants=len(np.unique(windows.codes("workload")[0][mine])),
        runs=len(count),
        windows=int(mine.sum()),
        at_choices=tuple(float((said.lead[mine] > threshold_of(honest, c)).mean()) for c in CHOICES),
    )


@dataclass(frozen=True)
class ServingHeldOut:
    """Serving that no model saw: the share called training where a class is forced, and by the verdict."""

    windows: int
    forced_false_positive: float
    false_positive: float
    abstained: float


def serving_held_out(
    windows: LabelledWindows, rounds: int, progress: Callable[[int], None]
) -> ServingHeldOut:
    """All inference left out while fitting (arXiv 2606.19262's re-analysis: 0.93 was called training)."""
    mask: Bools = windows.label == INFERENCE
    (said,) = list(fitted_apart(windows, [mask], rounds, progress))
    called = np.isin(said.classes, sorted(TRAINING_VERDICTS))
    return ServingHeldOut(
        windows=int(mask.sum()),
        forced_false_positive=float((said.lead > 0).mean()),
        false_positive=float(called.mean()),
        abstained=float((said.classes == len(CLASSES) + 1).mean()),
    )

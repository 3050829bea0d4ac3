"""Convolutional kernels against boosted trees, under the same ladder: ``python -m tallystick.trials.challenger``.

Both models are fitted on the same windows of the same simulated sites (seeds used for nothing else), judged on
the same held-out groups and scored in integers. Neither is calibrated and neither abstains: the question is
which one tells training from the rest where it has not seen the group.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES
from tallystick.simulation.corpus import CorpusSource
from tallystick.telemetry.table import Int64
from tallystick.trials.boosting import ROUNDS, boosted_trees
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.fitting import family_weights, thinned
from tallystick.trials.held_out import NO_SCORE, TRAINING, Bools, folds_of
from tallystick.trials.kernel_fit import KernelModel, fit_kernels
from tallystick.trials.labels import PURE_PPM, JobLabel, LabelledWindows, TruthOfSite
from tallystick.trials.ladder import FOLDS, family_interval
from tallystick.units import PPM, WINDOW_NS
from tallystick.workloads.amounts import amounts
from tallystick.workloads.features import features
from tallystick.workloads.kernels import Int32, series
from tallystick.workloads.trees import forest
from tallystick.workloads.windows import WINDOWS_PER_SLOT

SEEDS = range(7400, 7410)
QUICK_SEEDS = range(7400, 7402)
QUICK_ROUNDS = 40
QUICK_FOLDS = 3
MOST_SUBJECTS = 2
RUNGS = ("run", "family", "mechanism")
TREES, KERNELS, BOTH = "boosted trees", "convolutional kernels", "mean of both scores"


@dataclass(frozen=True, slots=True)
class ChallengerRow:
    """Accuracy of training or not on all windows, without abstaining, with its 95 % interval over families.

    ``seconds_per_1000`` is the time to judge 1,000 windows, from features or series on, and ``fit_seconds``
    the mean time of one fit; both on this machine.
    """

    model: str
    held_out: str
    source: str
    accuracy: float
    low: float
    high: float
    seconds_per_1000: float
    fit_seconds: float
    windows: int
    groups: int


@dataclass(frozen=True)
class SeriesWindows:
    """Labelled windows and their ``series`` (n, CHANNELS, TICKS), row by row."""

    windows: LabelledWindows
    series: Int32

    def chosen(self, rows: npt.NDArray[np.int64] | Bools) -> "SeriesWindows":
        """The windows at ``rows``."""
        return SeriesWindows(self.windows.chosen(rows), self.series[rows])


@dataclass(frozen=True)
class Leads:
    """Of one model by how much the best training class leads the best other class (n,), and the times."""

    lead: Int64
    judge_seconds: float
    fit_seconds: float


def series_windows(sites: Iterable[CorpusSource], most_subjects: int = MOST_SUBJECTS) -> SeriesWindows:
    """The windows that ``labelled_windows`` gives of accelerators, with their series; one site or more."""
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    found_series: list[Int32] = []
    jobs: list[JobLabel] = []
    for number, site in enumerate(sites):
        truth = TruthOfSite(site, number, len(jobs), most_subjects)
        jobs += truth.labels
        for table in site.slots():
            found = features(table, SubjectKind.ACCELERATOR)
            observed_ns = 1000 * amounts(table, WINDOW_NS).observed_us[found.subjects].ravel()
            label, share, job = truth.of_windows(found, observed_ns)
            seen = (found.observed > 0) & (job >= 0)
            subject = np.repeat(found.subjects, WINDOWS_PER_SLOT)
            pure = (share * PPM >= PURE_PPM * WINDOW_NS).astype(np.int64)
            rows = (found.values, label, pure, job, subject, found.window_start_ns())
            parts.append(tuple(column[seen] for column in rows))
            found_series.append(series(table)[seen])
    values, label, pure, job, subject, start = (np.concatenate(c) for c in zip(*parts, strict=True))
    windows = LabelledWindows(
        SubjectKind.ACCELERATOR, values, label, pure > 0, job, subject, start, tuple(jobs)
    )
    return SeriesWindows(windows, np.concatenate(found_series))


def challenger_rows(
    sites: Iterable[CorpusSource],
    rungs: Sequence[str] = RUNGS,
    rounds: int = ROUNDS,
    most_folds: int = 99,
    progress: Callable[[int], None] = lambda _: None,
) -> list[ChallengerRow]:
    """Three rows a rung: trees, kernels, and the mean of both. ``sites`` are simulated, one or more."""
    both = series_windows(sites)
    return [
        row for rung in rungs for row in rung_rows(both, rung, rounds, min(most_folds, FOLDS[rung]), progress)
    ]


def rung_rows(
    both: SeriesWindows, rung: str, rounds: int, folds: int, progress: Callable[[int], None]
) -> list[ChallengerRow]:
    """The rows of one rung: whole groups are held out in turn, the same ones for every model."""
    windows = both.windows
    code, names = windows.codes(rung)
    fold = folds_of(code, len(names), folds, seed=len(names))
    shape = (len(windows), len(CLASSES))
    scores = {TREES: np.zeros(shape, np.int64), KERNELS: np.zeros(shape, np.int64)}
    fit_seconds, judge_seconds = dict.fromkeys(scores, 0.0), dict.fromkeys(scores, 0.0)
    left_out = [mask for k in range(int(fold.max()) + 1) if (mask := fold == k).any()]
    for mask in left_out:
        fitting = both.chosen(~mask)
        for model, fit in ((TREES, _fitted_trees), (KERNELS, _fitted_kernels)):
            begun = time.perf_counter()
            judge = fit(fitting, rounds)
            fitted = time.perf_counter()
            scores[model][mask] = judge(both.chosen(mask))
            fit_seconds[model] += (fitted - begun) / len(left_out)
            judge_seconds[model] += time.perf_counter() - fitted
        progress(1)
    scores[BOTH] = (scores[TREES] + scores[KERNELS]) // 2
    fit_seconds[BOTH], judge_seconds[BOTH] = sum(fit_seconds.values()), sum(judge_seconds.values())
    return [
        _row(windows, model, rung, scores[model], judge_seconds[model], fit_seconds[model])
        for model in scores
    ]


def _row(
    windows: LabelledWindows, model: str, rung: str, scores: Int64, judge_seconds: float, fit_seconds: float
) -> ChallengerRow:
    lead = scores[:, TRAINING].max(axis=1) - scores[:, ~TRAINING].max(axis=1)
    right = TRAINING[windows.label] == (lead > 0)
    low, high = family_interval(right, windows.codes("family")[0])
    return ChallengerRow(
        model=model,
        held_out=rung,
        source="simulated",
        accuracy=float(right.mean()),
        low=low,
        high=high,
        seconds_per_1000=1000 * judge_seconds / len(windows),
        fit_seconds=fit_seconds,
        windows=len(windows),
        groups=len(windows.codes(rung)[1]),
    )


Judge = Callable[[SeriesWindows], Int64]


def _fitting_rows(fitting: SeriesWindows) -> SeriesWindows:
    """The pure windows, at most so many a family, as the shipped model's are."""
    numbered = fitting.chosen(fitting.windows.pure)
    return numbered

"""Convolutional kernels against boosted trees, under the same ladder.

``python -m tallystick.trials.challenger``. Both models are fitted on the same windows of the same simulated
sites (seeds used for nothing else) and judged on the same held-out groups, on sites that no model saw: the
splits are those of the ladder. Neither is calibrated and neither abstains: the question is which one tells
training from the rest where it has not seen the group. Fits are in floats; what is fitted is whole numbers,
and so is every score.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve

from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES
from tallystick.simulation.corpus import CorpusSource
from tallystick.telemetry.table import Int64
from tallystick.trials.boosting import ROUNDS, boosted_trees
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.fitting import family_weights
from tallystick.trials.held_out import NO_SCORE, TRAINING, Bools
from tallystick.trials.labels import PURE_PPM, JobLabel, LabelledWindows, TruthOfSite
from tallystick.trials.ladder import FOLDS, family_interval
from tallystick.trials.splits import SIMULATED_SITES, Split, checked, folds_of, held_out_splits
from tallystick.units import PPM, WINDOW_NS
from tallystick.workloads.amounts import amounts
from tallystick.workloads.features import features
from tallystick.workloads.kernels import (
    Int32,
    KernelTransform,
    LinearScores,
    fitted_transform,
    kernels,
    series,
)
from tallystick.workloads.trees import SCORE_ONE, forest
from tallystick.workloads.windows import WINDOWS_PER_SLOT

SEEDS = range(7400, 7410)
QUICK_SEEDS = range(7400, 7404)
QUICK_ROUNDS = 40
QUICK_FOLDS = 3
MOST_SUBJECTS = 2
Float64 = npt.NDArray[np.float64]
RUNGS = ("run", "family", "mechanism")
#: Windows, drawn by weight, on which a kernel's biases are quantiles.
BIAS_WINDOWS = 800
INNER_FOLDS = 4
PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SCALES = (2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
TREES, KERNELS, BOTH = "boosted trees", "convolutional kernels", "mean of both scores"


@dataclass(frozen=True, slots=True)
class ChallengerRow:
    """Accuracy of training or not on the windows judged, without abstaining, with its 95 % interval.

    Whole families are drawn for it. ``seconds_per_1000`` is the time to judge 1,000 windows from samples on,
    of which ``prepare_seconds_per_1000`` to get features or series, and ``fit_seconds`` the mean time of one
    fit; all on the machine at hand.
    """

    model: str
    held_out: str
    source: str
    accuracy: float
    low: float
    high: float
    seconds_per_1000: float
    prepare_seconds_per_1000: float
    fit_seconds: float
    windows: int
    groups: int


@dataclass(frozen=True)
class SeriesWindows:
    """Labelled windows and their ``series`` (n, CHANNELS, TICKS), row by row.

    ``features_seconds`` and ``series_seconds`` are what 1,000 windows of each took.
    """

    windows: LabelledWindows
    series: Int32
    features_seconds: float
    series_seconds: float

    def chosen(self, rows: npt.NDArray[np.int64] | Bools) -> "SeriesWindows":
        """The windows at ``rows``."""
        return replace(self, windows=self.windows.chosen(rows), series=self.series[rows])


#: Scores (n, CLASSES) of windows.
Judge = Callable[[SeriesWindows], Int64]


@dataclass(frozen=True)
class Scored:
    """Scores (n, CLASSES) by models that saw neither a window's group nor site; seconds per 1,000, a fit."""

    scores: Int64
    judge_seconds: float
    fit_seconds: float


def series_windows(sites: Iterable[CorpusSource], most_subjects: int = MOST_SUBJECTS) -> SeriesWindows:
    """The windows that ``labelled_windows`` gives of accelerators, with their series; one site or more."""
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    found_series: list[Int32] = []
    jobs: list[JobLabel] = []
    seconds, total = np.zeros(2), 0
    for number, site in enumerate(sites):
        truth = TruthOfSite(site, number, len(jobs), most_subjects)
        jobs += truth.labels
        for table in site.slots():
            begun = time.perf_counter()
            found = features(table, SubjectKind.ACCELERATOR)
            between = time.perf_counter()
            matrices = series(table)
            seconds += (between - begun, time.perf_counter() - between)
            total += len(matrices)
            observed_ns = 1000 * amounts(table, WINDOW_NS).observed_us[found.subjects].ravel()
            label, share, job = truth.of_windows(found, observed_ns)
            seen = (found.observed > 0) & (job >= 0)
            subject = np.repeat(found.subjects, WINDOWS_PER_SLOT)
            pure = (share * PPM >= PURE_PPM * WINDOW_NS).astype(np.int64)
            rows = (found.values, label, pure, job, subject, found.window_start_ns())
            parts.append(tuple(column[seen] for column in rows))
            found_series.append(matrices[seen])
    values, label, pure, job, subject, start = (np.concatenate(c) for c in zip(*parts, strict=True))
    windows = LabelledWindows(
        SubjectKind.ACCELERATOR, values, label, pure > 0, job, subject, start, tuple(jobs)
    )
    of_features, of_series = (1000 * seconds / max(1, total)).tolist()
    return SeriesWindows(windows, np.concatenate(found_series), of_features, of_series)


def challenger_rows(
    sites: Iterable[CorpusSource],
    rungs: Sequence[str] = RUNGS,
    rounds: int = ROUNDS,
    most_folds: int = 99,
    progress: Callable[[int], None] = lambda _: None,
) -> list[ChallengerRow]:
    """Three rows a rung: trees, kernels, and the mean of both. ``sites`` are simulated, three or more."""
    both = series_windows(sites)
    return [
        row for rung in rungs for row in rung_rows(both, rung, rounds, min(most_folds, FOLDS[rung]), progress)
    ]


def rung_rows(
    both: SeriesWindows, rung: str, rounds: int, folds: int, progress: Callable[[int], None]
) -> list[ChallengerRow]:
    """The rows of one rung: whole groups and sites are held out in turn, the same ones for every model."""
    splits = held_out_splits(both.windows, rung, folds, SIMULATED_SITES)
    trees = held_out_scores(both, splits, lambda fitting: _fitted_trees(fitting, rounds), progress)
    linear = held_out_scores(both, splits, _fitted_kernels, progress)
    mean = Scored(
        (trees.scores + linear.scores) // 2,
        trees.judge_seconds + linear.judge_seconds,
        trees.fit_seconds + linear.fit_seconds,
    )
    prepare = both.features_seconds, both.series_seconds
    judged = both.windows.chosen(judged_rows(splits))
    return [
        _row(judged, rung, TREES, trees, prepare[0]),
        _row(judged, rung, KERNELS, linear, prepare[1]),
        _row(judged, rung, BOTH, mean, sum(prepare)),
    ]


def judged_rows(splits: Sequence[Split]) -> Int64:
    """Rows of the windows that splits judge, split by split."""
    return np.concatenate([np.flatnonzero(split.judged) for split in splits])


def held_out_scores(
    both: SeriesWindows,
    splits: Sequence[Split],
    fit: Callable[[SeriesWindows], Judge],
    progress: Callable[[int], None],
) -> Scored:
    """Scores of ``judged_rows``, each by a model fitted on pure windows of other groups and other sites.

    Nothing is calibrated, so that a split's windows for that are fitted on too. Raises ValueError where a
    split shares a run, a site or a meter.
    """
    parts = []
    fitting_took, judging_took = 0.0, 0.0
    for split in splits:
        checked(both.windows, split)
        begun = time.perf_counter()
        judge = fit(both.chosen((split.fits | split.calibrates) & both.windows.pure))
        fitted = time.perf_counter()
        parts.append(judge(both.chosen(split.judged)))
        judging_took += time.perf_counter() - fitted
        fitting_took += fitted - begun
        progress(1)
    scores = np.concatenate(parts)
    return Scored(scores, 1000 * judging_took / len(scores), fitting_took / len(splits))


def _row(windows: LabelledWindows, rung: str, model: str, found: Scored, prepare: float) -> ChallengerRow:
    scores = found.scores
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
        seconds_per_1000=found.judge_seconds + prepare,
        prepare_seconds_per_1000=prepare,
        fit_seconds=found.fit_seconds,
        windows=len(windows),
        groups=len(windows.codes(rung)[1]),
    )


@dataclass(frozen=True)
class KernelModel:
    """Kernels and the scores of what they count, for the classes (indexes into CLASSES) it was fitted on."""

    transform: KernelTransform
    linear: LinearScores
    classes: tuple[int, ...]

    def scores(self, series: Int32) -> Int64:
        """Scores (rows, CLASSES) in 1 / SCORE_ONE of log odds, integers all the way from the series."""
        return _of_all_classes(self.linear.scores(self.transform.counts(series)), self.classes)


def fit_kernels(fitting: SeriesWindows, seed: int = 0) -> KernelModel:
    """Biases from some windows, then ridge regression on all, in floats; the weights are then rounded."""
    windows = fitting.windows
    weight = family_weights(windows)
    drawn = np.random.default_rng(seed).choice(len(windows), BIAS_WINDOWS, p=weight / weight.sum())
    transform = fitted_transform(kernels(seed), fitting.series[drawn])
    classes = tuple(sorted(set(windows.label.tolist())))
    family, names = windows.codes("family")
    inner = folds_of(family, len(names), INNER_FOLDS, seed)
    target = np.searchsorted(classes, windows.label)
    linear = ridge(transform.counts(fitting.series), target.astype(np.int64), weight, inner)
    return KernelModel(transform, linear, classes)


def ridge(counts: Int64, label: Int64, weight: Float64, fold: Int64) -> LinearScores:
    """Fixed-point weights from ``counts`` (n, features), ``label`` (n,) from 0 up and ``weight`` (n,).

    Penalty, and the scale that makes scores log odds, are those of least log loss on windows whose ``fold``
    (n,) was left out: folds hold whole families.
    """
    share = weight / weight.sum()
    mean = share @ counts
    deviation = np.sqrt(np.maximum(share @ (counts - mean) ** 2, 1e-6))
    x = (counts - mean) / deviation
    y = np.eye(int(label.max()) + 1)[label]
    base = share @ y
    masks = [fold == k for k in np.unique(fold)]
    grams = [(x[m].T * share[m]) @ x[m] for m in masks]
    sides = [(x[m].T * share[m]) @ (y[m] - base) for m in masks]
    gram, side = np.sum(grams, axis=0), np.sum(sides, axis=0)
    losses: dict[tuple[float, float], float] = {}
    for penalty in PENALTIES:
        said = np.zeros_like(y)
        for mask, own_gram, own_side in zip(masks, grams, sides, strict=True):
            said[mask] = x[mask] @ _solved(gram - own_gram, side - own_side, penalty)
        losses |= {(penalty, s): _log_loss(s * (said + base), label, share) for s in SCALES}
    penalty, scale = min(losses, key=losses.__getitem__)
    slope = _solved(gram, side, penalty) / deviation[:, None]
    unit = scale * SCORE_ONE
    return LinearScores(_rounded(slope * unit), _rounded((base - mean @ slope) * unit))


def _solved(gram: Float64, side: Float64, penalty: float) -> Float64:
    return np.asarray(solve(gram + penalty * np.eye(len(gram)), side, assume_a="pos"))


def _log_loss(scores: Float64, label: Int64, share: Float64) -> float:
    best = scores.max(axis=1)
    total = best + np.log(np.exp(scores - best[:, None]).sum(axis=1))
    return float(share @ (total - scores[np.arange(len(label)), label]))


def _rounded(values: Float64) -> Int64:
    return np.rint(values).astype(np.int64)


def _of_all_classes(scores: Int64, classes: Sequence[int]) -> Int64:
    """Scores (rows, CLASSES); classes that a model does not know get NO_SCORE."""
    found = np.full((len(scores), len(CLASSES)), NO_SCORE, np.int64)
    found[:, list(classes)] = scores
    return found


def _fitted_kernels(fitting: SeriesWindows) -> Judge:
    model = fit_kernels(fitting)
    return lambda windows: model.scores(windows.series)


def _fitted_trees(fitting: SeriesWindows, rounds: int) -> Judge:
    windows = fitting.windows
    classes = sorted(set(windows.label.tolist()))
    label = np.searchsorted(classes, windows.label)
    weight = family_weights(windows)
    trees = forest(boosted_trees(windows.values, label, weight, len(classes), rounds), len(classes))
    return lambda judged: _of_all_classes(trees.scores(judged.windows.values), classes)


def table_text(rows: Sequence[ChallengerRow]) -> str:
    """The rows as people read them."""
    lines = [f"{'held out':<10} {'model':<22} accuracy  95 % over families  s per 1,000  s a fit"]
    for row in rows:
        interval = f"{row.low:.3f} to {row.high:.3f}"
        lines.append(
            f"{row.held_out:<10} {row.model:<22} {row.accuracy:8.4f}  {interval:<19}"
            f" {row.seconds_per_1000:11.4f}  {row.fit_seconds:7.1f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table; ``--quick`` on fewer sites, folds and rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four sites, three folds, 40 rounds")
    parser.add_argument("--rung", action="append", choices=RUNGS, help="only this rung; may be repeated")
    asked = parser.parse_args(arguments)
    seeds = QUICK_SEEDS if asked.quick else SEEDS
    rounds, folds = (QUICK_ROUNDS, QUICK_FOLDS) if asked.quick else (ROUNDS, 99)
    rows = challenger_rows(corpus_sites(seeds), asked.rung or RUNGS, rounds, folds)
    print(f"simulated sites, seeds {seeds.start} to {seeds.stop - 1}, {rows[0].windows} windows")
    print(table_text(rows))


if __name__ == "__main__":
    main()

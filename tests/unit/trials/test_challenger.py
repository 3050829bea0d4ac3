import json
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest

from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.corpus import CorpusSource
from tallystick.trials import challenger
from tallystick.trials.challenger import BOTH, KERNELS, TREES, SeriesWindows
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.held_out import NO_SCORE
from tallystick.trials.labels import labelled_windows
from tallystick.trials.splits import SIMULATED_SITES, Split, held_out_splits, site_codes
from tallystick.workloads.kernels import CHANNELS, TICKS, Kernel
from tallystick.workloads.kernels import kernels as all_kernels
from tallystick.workloads.trees import SCORE_ONE

KINDS = CATALOGUE[::5]


def sites() -> list[CorpusSource]:
    return list(corpus_sites(range(9200, 9203), KINDS))


@pytest.fixture(scope="module")
def both() -> SeriesWindows:
    return challenger.series_windows(sites(), 1)


@pytest.fixture(autouse=True)
def few_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    def every_twelfth(seed: int) -> tuple[Kernel, ...]:
        return all_kernels(seed)[::12]

    monkeypatch.setattr(challenger, "kernels", every_twelfth)


def test_windows_are_those_of_the_ladder(both: SeriesWindows) -> None:
    plain = labelled_windows(sites(), SubjectKind.ACCELERATOR, 1)
    for name in ("values", "label", "pure", "job", "subject", "start_ns"):
        assert np.array_equal(getattr(both.windows, name), getattr(plain, name))
    assert both.windows.jobs == plain.jobs
    assert both.series.shape == (len(plain), len(CHANNELS), TICKS)


def test_rows_have_all_models_and_are_json_ready() -> None:
    rows = challenger.challenger_rows(sites(), ("family",), rounds=5, most_folds=2)
    assert [(r.model, r.held_out, r.source) for r in rows] == [
        (model, "family", "simulated") for model in (TREES, KERNELS, BOTH)
    ]
    assert all(0 <= r.low <= r.accuracy <= r.high <= 1 for r in rows)
    assert all(r.seconds_per_1000 > r.prepare_seconds_per_1000 > 0 for r in rows)
    assert json.loads(json.dumps([asdict(r) for r in rows])) == [asdict(r) for r in rows]
    assert all(r.model in challenger.table_text(rows) for r in rows)


def test_kernels_learn_what_series_show(both: SeriesWindows) -> None:
    """On runs that it knows a model is right about most windows, and shuffled series tell it nothing new."""
    model = challenger.fit_kernels(both)
    right = (model.scores(both.series).argmax(axis=1) == both.windows.label).mean()
    shuffled = both.series[np.random.default_rng(0).permutation(len(both.series))]
    blind = (model.scores(shuffled).argmax(axis=1) == both.windows.label).mean()
    assert right > 0.9 > 0.7 > blind


def test_scores_are_exact_whatever_the_order(both: SeriesWindows) -> None:
    model = challenger.fit_kernels(both)
    scores = model.scores(both.series)
    order = np.random.default_rng(1).permutation(len(scores))
    assert np.array_equal(model.scores(both.series[order]), scores[order])
    counts = model.transform.counts(both.series[:3]).tolist()
    weights, constant = model.linear.weights.tolist(), model.linear.constant.tolist()
    for row, said in zip(counts, scores.tolist(), strict=False):
        for c, known in enumerate(model.classes):
            pairs = zip(row, weights, strict=True)
            assert said[known] == constant[c] + sum(n * w[c] for n, w in pairs)


def test_no_score_can_overflow(both: SeriesWindows) -> None:
    linear = challenger.fit_kernels(both).linear
    most = sum(TICKS * abs(w) for w in linear.weights.ravel().tolist())
    assert most + max(map(abs, linear.constant.tolist())) < 2**62


def test_what_is_held_out_is_not_fitted(both: SeriesWindows) -> None:
    seen: list[int] = []

    def fit(fitting: SeriesWindows) -> challenger.Judge:
        seen.append(len(fitting.windows))
        return lambda judged: np.full((len(judged.windows), len(CLASSES)), len(seen), np.int64)

    family, _ = both.windows.codes("family")
    site = site_codes(both.windows)
    splits = held_out_splits(both.windows, "family", 2, SIMULATED_SITES)
    found = challenger.held_out_scores(both, splits, fit, lambda _: None)
    judged = [int(split.judged.sum()) for split in splits]
    assert found.scores[:, 0].tolist() == np.repeat(np.arange(len(splits)) + 1, judged).tolist()
    for split, fitted in zip(splits, seen, strict=True):
        apart = ~np.isin(family, family[split.judged]) & ~np.isin(site, site[split.judged])
        assert fitted == (apart & both.windows.pure).sum() > 0


def quiet(count: int) -> None:
    """No progress to show."""


def test_a_split_that_shares_a_site_is_refused(both: SeriesWindows) -> None:
    half = np.arange(len(both.windows)) % 2 == 0
    with pytest.raises(ValueError, match="a split shares run"):
        challenger.held_out_scores(both, [Split(half, half, ~half)], challenger._fitted_kernels, quiet)


def test_a_class_without_windows_is_never_said(both: SeriesWindows) -> None:
    gone = both.windows.label[0]
    model = challenger.fit_kernels(both.chosen(both.windows.label != gone))
    scores = model.scores(both.series)
    assert (scores[:, gone] == NO_SCORE).all()
    assert (scores.argmax(axis=1) != gone).all()


def test_ridge_by_hand() -> None:
    """One count that tells two classes apart: the sign of its weight, and even odds half-way."""
    counts = np.array([[10], [20]] * 8, np.int64)
    label = np.array([0, 1] * 8, np.int64)
    found = challenger.ridge(counts, label, np.ones(16), np.arange(16) // 4)
    assert found.weights[0, 0] == -found.weights[0, 1] < 0
    lead = np.diff(found.scores(np.array([[10], [15], [20]], np.int64)), axis=1).ravel()
    assert abs(lead[1]) <= 30 < lead[2]
    # standardised counts are -1 and 1, so of penalty p the lead is scale / (1 + p)
    penalty, scale = min(challenger.PENALTIES), max(challenger.SCALES)
    assert lead[2] == pytest.approx(float(SCORE_ONE * Fraction(scale) / Fraction(1 + penalty)), rel=1e-4)

"""No run, no site and no meter is on both sides of any split of the benchmark; nor is the group held out."""

import os
from pathlib import Path

import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.records.subject import SubjectKind
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.trials import held_out
from tallystick.trials.adaptive_trial import adaptive_trial
from tallystick.trials.corpus_windows import corpus_windows
from tallystick.trials.evasion_corpus import evasive_kinds
from tallystick.trials.evasion_trial import INFERENCE, evasion_rows, evasion_sites, serving_held_out
from tallystick.trials.labels import LabelledWindows, joined
from tallystick.trials.ladder import FOLDS, RUNGS, climb
from tallystick.trials.real_ladder import FOLDER, at_work
from tallystick.trials.real_windows import real_windows
from tallystick.trials.splits import (
    REAL_SYSTEMS,
    SIMULATED_SITES,
    Split,
    checked,
    folds_of,
    held_out_splits,
    site_codes,
    splits_elsewhere,
)

DATA = Path(os.environ.get("TALLYSTICK_REFERENCE_DATA", Path(__file__).parents[4] / "shared" / "data"))
SIMULATED_RUNGS = [rung for rung in RUNGS if rung != "source"]
KINDS = evasive_kinds(3)[::12]


@pytest.fixture(scope="module")
def honest() -> LabelledWindows:
    return corpus_windows(range(90_100, 90_107), SubjectKind.ACCELERATOR, CATALOGUE[::2], most_subjects=1)


@pytest.fixture(scope="module")
def evasive(honest: LabelledWindows) -> LabelledWindows:
    evaders = [
        corpus_windows(range(s, s + 1), SubjectKind.ACCELERATOR, KINDS, first=s) for s in (90_200, 90_201)
    ]
    return joined([honest, *evaders])


def sides(windows: LabelledWindows, rows: np.ndarray) -> tuple[set[object], set[object], set[object]]:
    """Runs, sites and meters (the site's own, and every accelerator's sensors) of the windows at ``rows``."""
    jobs = [windows.jobs[j] for j in windows.job[rows].tolist()]
    site = [job.site for job in jobs]
    sensors = set(zip(site, windows.subject[rows].tolist(), strict=True))
    return {(job.site, job.job) for job in jobs}, set(site), sensors


def assert_apart(windows: LabelledWindows, split: Split, calibrates_by_site: bool = True) -> None:
    assert min(part.sum() for part in (split.fits, split.calibrates, split.judged)) > 0
    fits, calibrates, judged = (sides(windows, r) for r in (split.fits, split.calibrates, split.judged))
    for one, other in ((fits, judged), (calibrates, judged), *([(fits, calibrates)] * calibrates_by_site)):
        for mine, theirs in zip(one, other, strict=True):
            assert mine.isdisjoint(theirs)
    assert fits[0].isdisjoint(calibrates[0])


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Split]:
    """Every split that a trial fits a model on, taken where the fit itself takes it."""
    splits: list[Split] = []
    fit = held_out.fit_split

    def recorded(windows: LabelledWindows, split: Split, rounds: int) -> held_out.FittedKind:
        splits.append(split)
        return fit(windows, split, rounds)

    monkeypatch.setattr(held_out, "fit_split", recorded)
    monkeypatch.setattr("tallystick.trials.adaptive_trial.fit_split", recorded)
    monkeypatch.setattr(held_out, "WORKERS", 1)
    return splits


@pytest.mark.parametrize("rung", SIMULATED_RUNGS)
def test_a_rung_shares_no_run_site_meter_or_group(honest: LabelledWindows, rung: str) -> None:
    splits = held_out_splits(honest, rung, FOLDS[rung], SIMULATED_SITES)
    code, _ = honest.codes(rung)
    judged = np.zeros(len(honest), np.int64)
    for split in splits:
        assert_apart(honest, split)
        assert not set(code[split.fits | split.calibrates].tolist()) & set(code[split.judged].tolist())
        judged += split.judged
    assert judged.max() == 1
    assert set(code[judged > 0].tolist()) == set(code.tolist())


def test_the_ladder_fits_on_those_splits(honest: LabelledWindows, seen: list[Split]) -> None:
    climb(honest, "family", "simulated", 1, lambda count: None, most_folds=2)
    assert len(seen) == 2 * SIMULATED_SITES.judged_in
    for split in seen:
        assert_apart(honest, split)


def test_evasions_share_no_site_with_threshold_or_fit(evasive: LabelledWindows, seen: list[Split]) -> None:
    family = evasive.codes("evasion")[1][1]
    (row,) = evasion_rows(evasive, 1, lambda count: None, only=(family,))
    assert (row.family, len(seen)) == (family, 2)
    code, names = evasive.codes("evasion")
    for split in seen:
        assert_apart(evasive, split)
        assert names.index(family) not in code[split.fits | split.calibrates]
    mine = (code == names.index(family)) & (evasive.label < 2)
    assert row.windows == mine.sum()
    parts = evasion_sites(evasive)
    judged = set(site_codes(evasive)[parts.halves[0] | parts.halves[1]].tolist())
    assert judged.isdisjoint(site_codes(evasive)[parts.threshold].tolist())


def test_the_adaptive_evader_meets_a_threshold_of_other_sites(
    evasive: LabelledWindows, seen: list[Split]
) -> None:
    adaptive_trial(evasive, 1, 1, lambda count: None)
    (split,) = seen
    assert_apart(evasive, split)


def test_serving_held_out_sees_no_serving_and_no_site_of_it(
    honest: LabelledWindows, seen: list[Split]
) -> None:
    row = serving_held_out(honest, 1, lambda count: None)
    assert row.windows == (honest.label == INFERENCE).sum()
    for split in seen:
        assert_apart(honest, split)
        assert INFERENCE not in honest.label[split.fits | split.calibrates]


@pytest.mark.parametrize("group", ["", "family"])
def test_long_runs_are_of_sites_that_no_model_saw(honest: LabelledWindows, group: str) -> None:
    elsewhere = site_codes(honest) >= 5
    splits = splits_elsewhere(honest, elsewhere, group, 3, SIMULATED_SITES)
    for split in splits:
        assert_apart(honest, split)
        if group:
            code = honest.codes(group)[0]
            assert not set(code[split.fits | split.calibrates].tolist()) & set(code[split.judged].tolist())
    assert (sum(s.judged.astype(int) for s in splits) == elsewhere).all()


def test_a_split_that_shares_a_site_is_refused(honest: LabelledWindows) -> None:
    first = site_codes(honest) == 0
    rows = np.arange(len(honest)) % 2 == 0
    with pytest.raises(ValueError, match="a split shares run 0/"):
        checked(honest, Split(first & rows, ~first, first & ~rows))
    half = honest.job < np.median(honest.job[first])
    with pytest.raises(ValueError, match="shares site 0"):
        checked(honest, Split(first & half, ~first, first & ~half))


def test_two_sites_are_too_few() -> None:
    windows = corpus_windows(range(90_300, 90_302), SubjectKind.ACCELERATOR, KINDS[:1])
    with pytest.raises(InputError, match="at least three sites"):
        held_out_splits(windows, "run", 5, SIMULATED_SITES)


def test_a_chip_that_all_sites_but_one_have_cannot_be_held_out() -> None:
    windows = corpus_windows(range(90_300, 90_303), SubjectKind.ACCELERATOR, KINDS[:1])
    with pytest.raises(InputError, match="one site is left"):
        held_out_splits(windows, "hardware", 5, SIMULATED_SITES)


def test_folds_hold_whole_groups() -> None:
    code = np.repeat(np.arange(7), 3)
    fold = folds_of(code, 7, 5, seed=3)
    assert all(len(np.unique(fold[code == group])) == 1 for group in range(7))
    assert len(np.unique(fold)) == 5


@pytest.mark.skipif(
    not (DATA / FOLDER).is_dir(), reason="needs the reference data: set TALLYSTICK_REFERENCE_DATA"
)
@pytest.mark.parametrize("rung", SIMULATED_RUNGS)
def test_real_rungs_share_no_system_and_use_one_meter_a_run(rung: str) -> None:
    windows = at_work(real_windows(DATA / FOLDER))
    systems = {(job.site, job.hardware, job.source) for job in windows.jobs if job.hardware}
    assert len({site for site, _, _ in systems}) == len({name for _, name, _ in systems}) == len(systems)
    meters = {(job.job, job.hardware): set() for job in windows.jobs}
    for job in windows.jobs:
        meters[job.job, job.hardware].add(job.source)
    assert all(len(used) == 1 for used in meters.values())
    splits = held_out_splits(windows, rung, FOLDS[rung], REAL_SYSTEMS)
    for split in splits:
        assert_apart(windows, split, calibrates_by_site=False)
        assert {True, False} == {bool(k) for k in np.unique(windows.label[split.fits] == INFERENCE)}
    assert (sum(s.judged.astype(int) for s in splits) == 1).all()

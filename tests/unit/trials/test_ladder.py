import numpy as np
import pytest

from tallystick.records.subject import SubjectKind
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.trials.corpus_windows import corpus_windows
from tallystick.trials.evasion_trial import threshold_of
from tallystick.trials.labels import LabelledWindows
from tallystick.trials.ladder import calibration_error, climb, family_interval
from tallystick.units import PPM


@pytest.fixture(scope="module")
def windows() -> LabelledWindows:
    return corpus_windows(range(90_000, 90_003), SubjectKind.ACCELERATOR, CATALOGUE[::2], most_subjects=1)


def test_a_rung_is_measured_on_every_window(
    windows: LabelledWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tallystick.trials.held_out.WORKERS", 1)
    row = climb(windows, "run", "simulated", 5, lambda count: None)
    assert row.windows == len(windows)
    assert 0.5 < row.low <= row.accuracy <= row.high <= 1
    assert set(row.recall) == {"pretraining", "fine-tuning", "inference", "other", "idle"}


def test_interval_is_over_families_not_windows() -> None:
    right = np.array([True] * 900 + [False] * 100)
    family = np.array([0] * 900 + [1] * 100)
    low, high = family_interval(right, family)
    assert (low, high) == (0.0, 1.0)
    many = np.tile(np.arange(50), 20)
    low, high = family_interval(np.random.default_rng(1).random(1000) < 0.9, many)
    assert 0.87 < low < 0.9 < high < 0.93


def test_calibration_error_of_a_calibrated_and_of_a_boastful_model() -> None:
    rng = np.random.default_rng(2)
    confidence = rng.uniform(0.5, 1, 20_000)
    label = np.where(rng.random(20_000) < confidence, 0, 1)
    likely = np.stack([confidence, 1 - confidence], axis=1) * PPM
    assert calibration_error(likely.astype(np.int64), label) < 0.02
    boast = np.tile([PPM, 0], (20_000, 1))
    assert calibration_error(boast, label) == pytest.approx(0.25, abs=0.02)


def test_threshold_lets_at_most_the_stated_share_through() -> None:
    lead = np.random.default_rng(3).normal(0, 1000, 5000).astype(np.int64)
    assert (lead > threshold_of(lead)).mean() <= 0.01
    assert (lead > threshold_of(lead, 0.1)).mean() == pytest.approx(0.1, abs=0.005)

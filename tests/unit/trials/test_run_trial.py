"""The trial of runs: the shipped rule and nothing else, and limits that say how little few runs show."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from tallystick.accounting.run_evidence import WindowCount, threshold_log2
from tallystick.accounting.run_reference import RunReference, run_reference
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.reporting.bench_text import _promise
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.trials.corpus_windows import corpus_sites, corpus_windows
from tallystick.trials.held_out import Verdicted
from tallystick.trials.judged_runs import JudgedRun, runs_of_windows, slot_verdicts, true_runs, window_counts
from tallystick.trials.run_reference import worst_hour_ppm
from tallystick.trials.run_trial import lower_limit, run_trial, training_and, upper_limit
from tallystick.units import PPM, SLOT_NS, WINDOW_NS
from tallystick.workloads.classifier import Classifier

REFERENCE = RunReference("model", {"accelerator": 400_000}, ("serving",), ("evaluation",), "hash", 300)
TRAINING, SERVING = CLASSES.index(WorkloadClass.PRETRAINING), CLASSES.index(WorkloadClass.INFERENCE)


def run(family: str, shares: list[int], training: bool = False) -> JudgedRun:
    """A run of ten accelerators, so many of which are judged training in each window."""
    return JudgedRun(frozenset({family}), training, tuple(WindowCount(k, 10) for k in shares))


def test_permitted_runs_of_families_outside_are_not_tested_against_the_promise() -> None:
    runs = [run("serving", [0]), run("evaluation", [9]), run("new", [9]), run("lora", [9], training=True)]
    inside, outside = (training_and(runs, REFERENCE, inside) for inside in (True, False))
    assert [r.families for r in inside] == [{"serving"}, {"lora"}]
    assert [r.families for r in outside] == [{"evaluation"}, {"new"}, {"lora"}]


def test_the_null_is_the_shipped_one_whatever_the_runs_show() -> None:
    """At the null's share evidence never grows; well above it a run is named, permitted or not."""
    at_null, above = run("serving", [4] * 300), run("serving", [9] * 300)
    row = run_trial([at_null, above, run("lora", [9] * 300, training=True)], REFERENCE, promised=True)
    assert (row.false_alarms, row.permitted_runs, row.accused) == (1, 2, {"serving": 1})
    assert (row.reference_share, row.reference_runs) == (0.4, 300)
    assert (row.detection, row.training_runs) == (1.0, 1)
    windows = round(row.delay * 300)
    assert 12 < windows < 60
    assert row.delay_h == pytest.approx(windows / 12)
    # the threshold: one of 10,000 runs a year accused wrongly in ten years
    assert 2 ** (threshold_log2(10_000, 100_000) / 2**20) == pytest.approx(10**row.threshold_log10)
    assert 10**row.threshold_log10 == pytest.approx(1e5, rel=1e-5)


def test_what_is_promised_is_shown_refuted_or_neither() -> None:
    quiet, loud = [run("serving", [0] * 12)] * 100, [run("serving", [10] * 100)]
    few = run_trial(quiet, REFERENCE, promised=True)
    assert few.false_alarms_low == 0 < 0.1 < few.false_alarms_high
    assert "not demonstrated by 100 runs" in _promise(asdict(few))
    broken = run_trial(quiet + loud, REFERENCE, promised=True)
    assert 0.1 < broken.false_alarms_low < broken.false_alarms_per_site_year < broken.false_alarms_high
    assert "REFUTED" in _promise(asdict(broken))
    assert _promise(asdict(replace(few, false_alarms_high=0.05))).endswith("; demonstrated")
    assert "nothing" in _promise(asdict(run_trial(loud, REFERENCE, promised=False)))


def test_the_shipped_null_has_its_margin_over_every_family_inside() -> None:
    reference = run_reference()
    assert reference.null_share_ppm == {SubjectKind.ACCELERATOR.value: 400_000}
    assert reference.runs > 1000
    assert set(reference.inside).isdisjoint(reference.outside)


def test_worst_hour_is_the_greatest_mean_over_twelve_windows() -> None:
    assert worst_hour_ppm(run("a", [0] * 10 + [5] * 12 + [0] * 26)) == PPM // 2
    assert worst_hour_ppm(run("a", [5, 0])) == PPM // 4


def test_whole_windows_of_a_run_are_counted_over_its_rows() -> None:
    verdicts = {0: np.array([[TRAINING, SERVING, TRAINING], [TRAINING] * 3, [SERVING] * 3])}
    assert window_counts(1, SLOT_NS, [0, 2], verdicts) == (WindowCount(0, 2), WindowCount(1, 2))
    assert window_counts(0, WINDOW_NS, [0, 1], verdicts) == (WindowCount(2, 2),)
    assert window_counts(SLOT_NS, 2 * SLOT_NS, [0], verdicts) == ()


def test_true_runs_are_the_jobs_of_the_site() -> None:
    """Two sites' jobs, judged by the shipped model, in the light of the hour."""
    classifier = Classifier.load()
    kinds = CATALOGUE[::20]
    (site,) = corpus_sites(range(90_300, 90_301), kinds)
    runs = list(true_runs([site], classifier))
    assert len(runs) == len(site.truth()) == len(kinds)
    assert {f for r in runs for f in r.families} == {kind.family for kind in kinds}
    accelerators = [len(job.subjects) for job in site.truth()]
    assert [max(w.observed for w in r.windows) for r in runs] == accelerators
    assert set(slot_verdicts(site, classifier)) == {
        table.time_ns.min() // SLOT_NS * SLOT_NS for table in site.slots()
    }


def test_runs_of_windows_follow_time_and_leave_idle_time_out() -> None:
    windows = corpus_windows(range(90_301, 90_302), SubjectKind.ACCELERATOR, CATALOGUE[::10], most_subjects=2)
    nothing = np.zeros((len(windows), len(CLASSES)), np.int64)
    label = windows.label
    runs = runs_of_windows(windows, Verdicted(label, label, label, nothing, nothing > 0, label > 9))
    assert len(runs) == len({j for j in windows.job.tolist() if windows.jobs[j].job})
    assert sum(w.observed for r in runs for w in r.windows) == sum(
        bool(windows.jobs[j].job) for j in windows.job.tolist()
    )
    for r in runs:
        share = np.mean([w.training / w.observed for w in r.windows])
        assert share > 0.5 if r.training else share < 0.5


def test_limits_are_the_rule_of_three_without_events() -> None:
    assert upper_limit(0, 300) == pytest.approx(3 / 300, rel=0.01)
    assert upper_limit(5, 5) == 1.0
    assert lower_limit(0, 5) == 0.0
    assert lower_limit(5, 5) == pytest.approx(0.05**0.2)

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.records.workload import ABSTAINED, CLASSES, WorkloadClass
from tallystick.simulation.source import open_simulation
from tallystick.trials.evaluate import RUN_SEEDS, Score, best_match, find_runs
from tallystick.trials.fit import CALIBRATION_SEEDS, FIT_SEEDS, simulated_sites
from tallystick.trials.fitting import family_weights, fit_kind, thinned
from tallystick.trials.labels import labelled_windows
from tallystick.workloads.agreement import run_agreement
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.model import encode_model


def test_seeds_are_apart_and_leave_the_demonstrations_alone() -> None:
    seeds = [*FIT_SEEDS, *CALIBRATION_SEEDS, *RUN_SEEDS]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= 1000


def test_labels_follow_the_truth_of_the_site() -> None:
    site = open_simulation("honest,seed=1999,accelerators=16,hours=1")
    windows = labelled_windows([site], SubjectKind.ACCELERATOR)
    assert len(windows.label) == 16 * 12
    served = sum((j.end_ns - j.start_ns) * len(j.subjects) for j in site.truth()) // (300 * 10**9)
    working = int((windows.label != CLASSES.index(WorkloadClass.IDLE)).sum())
    assert abs(working - served) <= 16 * 2
    nodes = labelled_windows([site], SubjectKind.NODE)
    assert len(nodes.label) == 2 * 12


def test_fitting_twice_gives_the_same_bytes() -> None:
    fitting = labelled_windows(simulated_sites(range(1990, 1993), hours=1), SubjectKind.NODE)
    calibration = labelled_windows(simulated_sites(range(3990, 3992), hours=1), SubjectKind.NODE)
    first, second = (encode_model(fit_kind(fitting, calibration).encoded()) for _ in range(2))
    assert first == second


def test_each_class_weighs_the_same_and_within_it_each_family() -> None:
    windows = labelled_windows(simulated_sites(range(1990, 1994), hours=1), SubjectKind.NODE)
    windows = thinned(windows)
    weight = family_weights(windows)
    family, _ = windows.codes("family")
    for label in np.unique(windows.label):
        mine = windows.label == label
        assert np.isclose(weight[mine].sum(), len(windows) / len(np.unique(windows.label)))
        shares = [weight[mine & (family == f)].sum() for f in np.unique(family[mine])]
        assert np.allclose(shares, shares[0])


def test_few_windows_of_each_job_are_kept_where_asked() -> None:
    site = open_simulation("honest,seed=1999,accelerators=16,hours=1")
    few = labelled_windows([site], SubjectKind.ACCELERATOR, most_subjects=2)
    every = labelled_windows([site], SubjectKind.ACCELERATOR)
    run, names = few.codes("run")
    for k in range(len(names)):
        assert len(np.unique(few.subject[run == k])) <= 2
    assert set(np.unique(few.codes("run")[0])) <= set(np.unique(every.codes("run")[0]))


def test_hidden_run_of_a_small_site_is_found_whole() -> None:
    site = open_simulation("relabel,seed=5999,accelerators=48,hours=6")
    runs = find_runs(site, Classifier.load())
    hidden = next(j for j in site.truth() if j.job.startswith("hidden"))
    match, overlap = best_match(hidden, runs)
    assert match is not None
    assert set(match.subjects) == set(hidden.subjects)
    assert overlap > 0.9
    assert match.workload is not None
    assert match.workload.is_training
    training = tuple(j for j in site.truth() if j.workload.is_training)
    assert run_agreement(runs, training) > 0.9


def test_score_counts_abstentions_apart() -> None:
    table = np.zeros((len(CLASSES), ABSTAINED + 1), int)
    table[0] = [6, 1, 1, 0, 0, 3, 1, 2]
    score = Score(tuple(tuple(int(c) for c in row) for row in table))
    assert (score.windows, score.decided, score.told_apart, score.right) == (14, 8, 12, 6)
    assert score.right_on_training == 10

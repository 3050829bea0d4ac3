"""Windows in the light of their hour: doubt may be cleared, what is plain stays, order changes nothing."""

import numpy as np
import pytest

from tallystick.records.subject import SubjectKind
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED, WorkloadClass
from tallystick.workloads.classifier import Classifier, KindClassifier
from tallystick.workloads.conformal import Allowances
from tallystick.workloads.features import FEATURES, WindowFeatures
from tallystick.workloads.model import KindModel
from tallystick.workloads.trees import Tree
from tallystick.workloads.windows import WINDOWS_PER_SLOT

from .test_classifier import idle_accelerator

WIDTH = len(FEATURES[SubjectKind.NODE])
TRAINING, SERVING = CLASSES.index(WorkloadClass.PRETRAINING), CLASSES.index(WorkloadClass.INFERENCE)


def by_first_feature() -> KindClassifier:
    """Leads of 20 for serving below 10 and for training from 20; more than 8 is plain."""
    trees = (Tree(0, ((0, 19, -1, -2),), (0, 20)), Tree(1, ((0, 9, -1, -2),), (20, 0)))
    bounds = (-(10**6),) * WIDTH, (10**6,) * WIDTH
    both = (WorkloadClass.PRETRAINING, WorkloadClass.INFERENCE)
    return KindClassifier(KindModel(both, trees, 1, 990_000, Allowances((8, 8), (8, 8)), *bounds, 99))


def slot(*subjects: list[int], seen: int = 30) -> WindowFeatures:
    """One slot; the three windows of each subject by their first feature."""
    values = np.zeros((WINDOWS_PER_SLOT * len(subjects), WIDTH), np.int64)
    values[:, 0] = np.concatenate(subjects)
    observed = np.full(len(values), seen, np.int64)
    return WindowFeatures(SubjectKind.NODE, 0, np.arange(len(subjects)), values, observed)


def judged(*slots: WindowFeatures) -> list[list[int]]:
    numbers = [np.arange(len(found.subjects)) for found in slots]
    return [j.classes.tolist() for j in by_first_feature().judge_hour(slots, numbers)]


def test_a_doubtful_slot_is_cleared_by_its_hour() -> None:
    doubtful, serving = slot([15, 15, 15]), slot([5, 5, 5])
    assert judged(doubtful) == [[ABSTAINED] * 3]
    assert judged(doubtful, serving, serving, serving)[0] == [SERVING] * 3


def test_an_hour_of_both_settles_nothing() -> None:
    found = judged(slot([15, 15, 15]), slot([5, 5, 5]), slot([25, 25, 25]))
    assert found == [[ABSTAINED] * 3, [SERVING] * 3, [TRAINING] * 3]


def test_plain_training_in_an_hour_of_serving_is_in_doubt_and_not_cleared() -> None:
    serving = slot([5, 5, 5])
    assert judged(slot([25, 25, 25]), serving, serving, serving)[0] == [ABSTAINED] * 3
    assert judged(slot([25, 25, 25]), slot([15, 15, 15]), serving, serving)[0] == [TRAINING] * 3


def test_an_hour_never_accuses() -> None:
    training = slot([25, 25, 25])
    assert judged(slot([15, 15, 15]), training, training, training)[0] == [ABSTAINED] * 3


def test_only_the_same_subject_counts() -> None:
    found = judged(slot([15, 15, 15], [5, 5, 5]), slot([15, 15, 15], [5, 5, 5]))
    assert found[0] == [ABSTAINED] * 3 + [SERVING] * 3


def test_windows_that_nobody_saw_say_nothing() -> None:
    found = judged(slot([15, 15, 15]), slot([5, 5, 5], seen=0))
    assert found == [[ABSTAINED] * 3, [NOT_OBSERVED] * 3]


def test_order_of_slots_changes_nothing() -> None:
    slots = [slot([15, 5, 15]), slot([5, 5, 15]), slot([15, 15, 5])]
    assert judged(*reversed(slots)) == judged(*slots)[::-1]


def test_slots_of_two_hours_are_refused() -> None:
    classifier = Classifier.load()
    first = classifier.windows(idle_accelerator())
    later = type(first)(first.subjects, first.start_ns + 4 * 15 * 60 * 10**9, first.kinds)
    with pytest.raises(ValueError, match="several hours"):
        classifier.hour_verdicts([first, later])

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.explain import credits, reasons


def test_credits_add_up_to_the_scores() -> None:
    part = Classifier.load().kinds[SubjectKind.ACCELERATOR]
    rng = np.random.default_rng(5)
    rows = rng.integers(0, 10**6, (10, len(part.part.low)))
    scores = part.scores(rows)
    for row, score in zip(rows, scores, strict=True):
        found, base = credits(part.part, row.tolist())
        for k in range(len(score)):
            assert abs(base[k] + sum(found[k]) - score[k]) < 1.0


def test_the_feature_that_decides_is_the_first_reason() -> None:
    part = Classifier.load().kinds[SubjectKind.NODE]
    rng = np.random.default_rng(6)
    row = rng.integers(0, 10**6, len(part.part.low))
    found = reasons(part.part, SubjectKind.NODE, row)
    assert 1 <= len(found) <= 3
    assert [abs(r.credit) for r in found] == sorted((abs(r.credit) for r in found), reverse=True)
    assert all(r.unit in r.sentence() or "%" in r.sentence() for r in found)

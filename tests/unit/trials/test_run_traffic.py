import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.trials.run_traffic import (
    APART,
    EXPERTS,
    OBSERVED,
    TRAINING,
    WALL,
    agreement,
    imbalances,
    observed_by,
    site,
    traffic_scores,
)
from tallystick.workloads.traffic import PORTS


def test_ports_find_runs_that_capped_power_does_not_show() -> None:
    scores = {(s.power, s.observed): s.mean for s in traffic_scores(1, seed=3)}
    assert scores["capped", "power, InfiniBand"] > scores["capped", "power"] + 0.05
    assert scores["capped", "node power, InfiniBand"] >= scores["capped", WALL]


def test_caches_over_the_ports_are_one_way_and_training_is_not() -> None:
    found = imbalances(1, seed=3)
    assert max(found[TRAINING] + found[EXPERTS]) < 10_000
    assert min(found[APART]) > 900_000


def test_a_site_shows_only_what_is_observed() -> None:
    table, job_of, works = site(np.random.default_rng(1), "padded")
    assert len(job_of) == 16
    assert len(works) == 10
    for which, (accelerators, counters) in OBSERVED.items():
        seen = observed_by(table, which)
        kinds = {s.kind for s in seen.subjects}
        assert kinds == ({SubjectKind.NODE, SubjectKind.ACCELERATOR} if accelerators else {SubjectKind.NODE})
        assert set(counters) <= set(seen.channels)
        assert set(PORTS) & set(seen.channels) == set(PORTS) & set(counters)
    assert 0 < agreement(observed_by(table, WALL), job_of) <= 1

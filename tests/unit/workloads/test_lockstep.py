import numpy as np
import pytest

from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import SampleTable
from tallystick.workloads.lockstep import CLIP, coherence, correlation_ppm, group_slot

from .sample_tables import lockstep_table


def shapes(table: SampleTable, names: list[str] | None = None) -> list[set[str]]:
    """The group numbers within each found group."""
    return [{name.split("-")[0] for name in g.subjects} for g in group_slot(table, names)]


@pytest.mark.parametrize("interval_s", [2, 10])
@pytest.mark.parametrize("kind", [SubjectKind.NODE, SubjectKind.ACCELERATOR])
def test_two_jobs_are_two_groups(interval_s: int, kind: SubjectKind) -> None:
    table = lockstep_table([6, 5], interval_s=interval_s, kind=kind)
    groups = group_slot(table)
    assert sorted(len(g.subjects) for g in groups) == [5, 6]
    assert shapes(table) == [{"g0"}, {"g1"}]
    assert min(g.coherence_ppm for g in groups) > 800_000


def test_subjects_of_their_own_stay_alone() -> None:
    alone = [len(group_slot(lockstep_table([1] * 8, seed=seed))) for seed in range(20)]
    assert sum(alone) >= 0.9 * 20 * 8


def test_idle_subjects_are_in_no_group() -> None:
    groups = group_slot(lockstep_table([4], idle=[1, 3]))
    assert [g.subjects for g in groups] == [("g0-000", "g0-002")]


def test_a_subset_has_the_same_correlations() -> None:
    table = lockstep_table([4, 4])
    names = ["g0-001", "g1-005", "g0-003"]
    every, some = coherence(table), coherence(table, names)
    at = [every.subjects.index(n) for n in some.subjects]
    assert some.correlation_ppm.tolist() == every.correlation_ppm[np.ix_(at, at)].tolist()
    assert shapes(table, names) == [{"g0"}, {"g1"}]


def test_correlation_is_exact() -> None:
    rng = np.random.default_rng(2)
    changes = rng.integers(-CLIP, CLIP + 1, (7, 449))
    found = correlation_ppm(changes)
    shuffled = rng.permutation(449)
    assert found.tolist() == correlation_ppm(changes[:, shuffled]).tolist()
    assert np.abs(found / 1e6 - np.corrcoef(changes)).max() < 2e-6
    assert correlation_ppm(np.zeros((2, 5), np.int64)).tolist() == [[0, 0], [0, 0]]


def test_nodes_whose_accelerators_report_are_left_out() -> None:
    table = lockstep_table([2], kind=SubjectKind.ACCELERATOR)
    assert {s for g in group_slot(table) for s in g.subjects} == {"g0-000", "g0-001"}

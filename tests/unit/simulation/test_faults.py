"""Failures in a corpus: what happens, and that the truth says so."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.corpus import CorpusSource
from tallystick.simulation.faults import MANY_FAULTS, POWER, CorpusFaults
from tallystick.telemetry.check import check_readings, kind_codes
from tallystick.telemetry.place import Place
from tallystick.workloads.features import features

DENSE = [k for k in CATALOGUE if k.name in ("pretraining 3d", "pretraining zero")]
CHAT = [k for k in CATALOGUE if k.name == "chat, saturated"]


def readings(source: CorpusSource) -> dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Times in ns and watts of each accelerator."""
    parts: dict[str, list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]] = {}
    for table in source.slots():
        bounds = table.bounds()
        for i, subject in enumerate(table.subjects):
            if subject.kind is SubjectKind.ACCELERATOR:
                rows = slice(int(bounds[i]), int(bounds[i + 1]))
                pair = (table.time_ns[rows], table.channels[POWER][rows] // 1000)
                parts.setdefault(subject.name, []).append(pair)
    return {
        name: (np.concatenate([t for t, _ in each]), np.concatenate([w for _, w in each]))
        for name, each in parts.items()
    }


def test_a_job_that_loses_a_node_waits_and_goes_on_under_its_name_on_a_spare() -> None:
    source = CorpusSource(DENSE, 1, faults=CorpusFaults(deaths=1.0))
    seen = readings(source)
    for job in source.labels():
        before, after = (r for r in source.truth() if r.job == job)
        (dead,) = {s.split("-")[0] for s in before.subjects} - {s.split("-")[0] for s in after.subjects}
        assert len(before.subjects) == len(after.subjects)
        assert before.end_ns < after.start_ns
        for name in before.subjects:
            time_ns, watts = seen[name]
            waiting = (time_ns > before.end_ns) & (time_ns < after.start_ns)
            if name.startswith(dead):
                assert time_ns.max() < before.end_ns
            else:
                assert watts[waiting].max() < 100 < np.median(watts[time_ns >= after.start_ns])
        for name in set(after.subjects) - set(before.subjects):
            time_ns, watts = seen[name]
            assert watts[time_ns < after.start_ns].max() < 100 < np.median(watts[time_ns >= after.start_ns])


def test_replicas_of_a_service_go_on_while_one_moves_and_its_node_stays_and_idles() -> None:
    source = CorpusSource(CHAT * 4, 2, faults=CorpusFaults(migrations=1.0))
    seen = readings(source)
    stays = [r for r in source.truth() if r.start_ns == source.truth()[0].start_ns and len(r.subjects) > 8]
    assert stays
    for record in stays:
        assert record.end_ns - record.start_ns == 3600 * 10**9
    for record in source.truth():
        left = [seen[name] for name in record.subjects]
        assert all(time_ns.max() > record.end_ns - 30 * 10**9 for time_ns, _ in left)
        after = [w[t > record.end_ns] for t, w in left]
        assert all(w.max(initial=0) < 100 for w in after)


def test_a_throttled_accelerator_draws_less_and_its_job_waits_for_it() -> None:
    calm, hot = (
        readings(CorpusSource(DENSE, 3, hours=2, faults=CorpusFaults(throttled=share)))
        for share in (0.0, 0.03)
    )
    lower = {name: 1 - hot[name][1].sum() / calm[name][1].sum() for name in calm}
    assert max(lower.values()) > 0.02
    slowed = {name.split("-")[0] for name, less in lower.items() if less > 0.02}
    assert len(slowed) > 1
    assert all(abs(less) < 0.5 for less in lower.values())


def test_a_throttled_replica_slows_nobody_else() -> None:
    calm, hot = (
        readings(CorpusSource(CHAT * 4, 3, hours=2, faults=CorpusFaults(throttled=share)))
        for share in (0.0, 0.1)
    )
    lower = np.array([1 - hot[name][1].sum() / calm[name][1].sum() for name in calm])
    assert 0 < (lower > 0.01).sum() < len(lower) / 4
    assert (np.abs(lower) < 1e-9).sum() > len(lower) / 2


def test_a_stuck_sensor_repeats_its_reading_and_nothing_else_changes() -> None:
    calm, odd = (readings(CorpusSource(CHAT, 4, faults=CorpusFaults(stuck=share))) for share in (0.0, 0.5))
    changed = 0
    for name, (time_ns, watts) in odd.items():
        different = np.flatnonzero(watts != calm[name][1])
        assert np.array_equal(time_ns, calm[name][0])
        if len(different):
            changed += 1
            assert len(np.unique(watts[different])) == 1
    assert 0 < changed < len(odd)


@pytest.mark.parametrize("seed", [5, 6])
def test_a_corpus_with_many_faults_is_believable_and_the_same_each_time(seed: int) -> None:
    source = CorpusSource(CATALOGUE[::4], seed, faults=MANY_FAULTS)
    for table, again in zip(source.slots(), source.slots(), strict=True):
        kinds = kind_codes(table.subjects)[table.subject]
        for name, values in table.channels.items():
            check_readings(name, values, kinds, Place("corpus", 0))
            assert np.array_equal(values, again.channels[name])
        assert (np.diff(table.subject) >= 0).all()
        found = features(table, SubjectKind.ACCELERATOR)
        assert (found.values[found.observed > 0][:, 0] != MISSING).all()


def test_jobs_never_share_an_accelerator() -> None:
    source = CorpusSource(CATALOGUE, 9, faults=CorpusFaults(deaths=0.5, migrations=0.3))
    held: dict[str, list[tuple[int, int]]] = {}
    for record in source.truth():
        for name in record.subjects:
            held.setdefault(name, []).append((record.start_ns, record.end_ns))
    for spans in held.values():
        spans.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(spans))

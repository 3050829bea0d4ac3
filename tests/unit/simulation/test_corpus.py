import numpy as np
import pytest

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.chip import CHIPS
from tallystick.simulation.corpus import CorpusSource
from tallystick.telemetry.check import check_readings, kind_codes
from tallystick.telemetry.place import Place

POWER = "DCGM_FI_DEV_POWER_USAGE"


def test_names_are_unique_and_groups_are_many() -> None:
    assert len({k.name for k in CATALOGUE}) == len(CATALOGUE) >= 60
    assert len({k.family for k in CATALOGUE}) >= 24
    assert len({k.mechanism for k in CATALOGUE}) >= 10
    assert {k.workload for k in CATALOGUE} == set(WorkloadClass)
    by_family: dict[str, set[WorkloadClass]] = {}
    for kind in CATALOGUE:
        by_family.setdefault(kind.family, set()).add(kind.workload)
    assert all(len(classes) == 1 for classes in by_family.values())


def test_same_seed_same_tables_other_seed_others() -> None:
    def column(seed: int) -> bytes:
        return b"".join(t.channels[POWER].tobytes() for t in CorpusSource(CATALOGUE[:6], seed).slots())

    assert column(1) == column(1) != column(2)


@pytest.mark.parametrize("chip", CHIPS)
def test_every_kind_reads_believably_on_every_chip(chip: str) -> None:
    source = CorpusSource(CATALOGUE, 3, chip=CHIPS[chip])
    table = next(iter(source.slots()))
    kinds = kind_codes(table.subjects)[table.subject]
    for name, values in table.channels.items():
        check_readings(name, values, kinds, Place("corpus", 0))
    watts = table.channels[POWER]
    assert 0 < watts[watts != MISSING].max() <= CHIPS[chip].rated_w * 1000 * 1.05


def test_labels_name_the_kind_of_every_job() -> None:
    source = CorpusSource(CATALOGUE, 4)
    labels = source.labels()
    assert [labels[job.job] for job in source.truth()] == list(CATALOGUE)
    members = [a for job in source.truth() for a in job.subjects]
    assert len(members) == len(set(members))
    accelerators = {s.name for s in source.inventory() if s.kind is SubjectKind.ACCELERATOR}
    assert set(members) == accelerators


def test_collectives_are_symmetric_whatever_the_class() -> None:
    """Else the simulator's own asymmetry, not the work, would tell serving from training."""
    source = CorpusSource([k for k in CATALOGUE if k.name in ("chat, saturated", "pretraining zero")], 5)
    tables = list(source.slots())
    first, last = tables[0], tables[-1]
    for job in source.truth():
        index = [i for i, s in enumerate(first.subjects) if s.name in job.subjects]
        sent, received = (
            np.array(
                [
                    last.channels[c][last.subject == i][-1] - first.channels[c][first.subject == i][0]
                    for i in index
                ],
                float,
            )
            for c in ("DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES")
        )
        good = (sent > 0) & (received > 0)
        assert np.abs(received[good] / sent[good] - 1).max() < 0.05

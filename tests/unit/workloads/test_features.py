import numpy as np

from tallystick.records.sample import MISSING, Quality
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import SampleTable
from tallystick.workloads.features import FEATURES, features

from .sample_tables import slot_times, subject, table_of

ACCELERATOR = SubjectKind.ACCELERATOR
TX, RX = "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES"


def column(table: SampleTable, name: str, kind: SubjectKind = ACCELERATOR) -> list[int]:
    index = [f.name for f in FEATURES[kind]].index(name)
    return [int(v) for v in features(table, kind).values[:, index]]


def links(interval_s: int = 10, quality: list[int] | None = None, reset_at: int | None = None) -> SampleTable:
    """An accelerator that sends 1 GB/s and receives half of it, perhaps with a counter reset."""
    times = slot_times(interval_s)
    sent = [(k + 7) * interval_s * 10**9 for k in range(len(times))]
    if reset_at is not None:
        sent = [s if k < reset_at else s - sent[reset_at] for k, s in enumerate(sent)]
    received = [s // 2 for s in sent]
    flags = None if quality is None else [quality]
    one = subject("a", ACCELERATOR, interval_s)
    return table_of([one], [(times, [400_000] * len(times))], {TX: [sent], RX: [received]}, flags)


def test_names_are_unique_and_described() -> None:
    for table in FEATURES.values():
        assert len({f.name for f in table}) == len(table)
        assert all(f.unit and f.meaning for f in table)


def test_constant_power() -> None:
    table = links()
    assert column(table, "power_mean") == [(400_000 - 70_000) * 1_000_000 // 630_000] * 3
    assert column(table, "power_deviation") == column(table, "power_roughness") == [0, 0, 0]
    assert column(table, "duty_half") == [1_000_000] * 3


def test_link_rates_and_symmetry() -> None:
    table = links()
    assert column(table, "link_tx_mean") == [1_000_000] * 3
    assert column(table, "link_symmetry") == [500_000] * 3


def test_counter_reset_makes_no_rate() -> None:
    flags = [int(Quality.AFTER_RESET) if k == 50 else 0 for k in range(90)]
    assert column(links(quality=flags, reset_at=50), "link_tx_mean") == [1_000_000] * 3


def test_unflagged_reset_makes_no_negative_rate() -> None:
    assert min(column(links(reset_at=50), "link_tx_mean")) == 1_000_000


def test_absent_channels_are_missing() -> None:
    assert column(links(), "tensor_mean") == [MISSING] * 3
    assert column(links(), "memory_range") == [MISSING] * 3


def test_fast_samples_give_the_features_of_slow_ones() -> None:
    assert features(links(2), ACCELERATOR).values.tolist() == features(links(10), ACCELERATOR).values.tolist()


def test_few_samples_are_not_observed() -> None:
    times = slot_times()[:4] + slot_times()[30:35]
    table = table_of([subject("n")], [(times, [3_000_000] * 9)])
    found = features(table, SubjectKind.NODE)
    assert found.observed.tolist() == [0, 1, 0]
    assert (found.values[0] == MISSING).all()


def test_a_subject_does_not_change_anothers_features() -> None:
    rng = np.random.default_rng(3)
    times = slot_times()
    powers = [rng.integers(2_000_000, 9_000_000, len(times)).tolist() for _ in range(3)]
    subjects = [subject(f"n{i}") for i in range(3)]
    together = features(table_of(subjects, [(times, p) for p in powers]), SubjectKind.NODE).values
    alone = features(table_of(subjects[1:2], [(times, powers[1])]), SubjectKind.NODE).values
    assert together[3:6].tolist() == alone.tolist()

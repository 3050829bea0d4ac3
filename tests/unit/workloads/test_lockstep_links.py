from dataclasses import replace

import numpy as np
import pytest

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.simulation.signals import Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_fine_tuning, draw_pretraining
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.workloads.agreement import adjusted_rand_index
from tallystick.workloads.lockstep import group_slot
from tallystick.workloads.traffic import LINKS, counted_bytes, imbalance_ppm, traffic_totals

from .sample_tables import slot_times, subject, table_of

SENT, RECEIVED = LINKS
JOBS, NODES, SINGLES, INTERVAL_S = 3, 2, 4, 2


def site(seed: int, power: str) -> tuple[SampleTable, Int64]:
    """Three training jobs of two nodes and four of one, simulated, and the job of each accelerator.

    ``power``: "capped" at what is exceeded in all but a twentieth of the time, or "padded" with noise.
    """
    rng = np.random.default_rng(seed)
    times = slot_times(INTERVAL_S)
    rows, counts, job = [], {SENT: [], RECEIVED: []}, []
    for number in range(JOBS + SINGLES):
        nodes = NODES if number < JOBS else 1
        drawn = draw_pretraining(rng, nodes) if nodes > 1 else draw_fine_tuning(rng)
        process = TrainingProcess(replace(drawn, pipeline_stages=1), nodes, 1e6, rng)
        signals = process.advance(np.arange(751) * float(INTERVAL_S))[..., -len(times) :]
        watts, sent, received = (
            signals[q].reshape(nodes * 8, -1).astype(np.float64)
            for q in (Quantity.POWER_W, Quantity.NVLINK_TX, Quantity.NVLINK_RX)
        )
        if power == "capped":
            watts = np.minimum(watts, np.quantile(watts, 0.05)) + rng.normal(0, 6, watts.shape)
        if power == "padded":
            watts = watts + rng.normal(0, 120, watts.shape)
        for w, s, r in zip(np.clip(watts + 80, 80, 700), sent, received, strict=True):
            rows.append((times, np.rint(w * 1000).astype(np.int64).tolist()))
            for channel, rate in ((SENT, s), (RECEIVED, r)):
                counts[channel].append((10**12 + np.cumsum(np.rint(rate * INTERVAL_S))).astype(np.int64))
            job.append(number)
    subjects = [subject(f"a{i:03d}", SubjectKind.ACCELERATOR, INTERVAL_S) for i in range(len(rows))]
    return table_of(subjects, rows, {k: [c.tolist() for c in v] for k, v in counts.items()}), np.array(job)


def index(table: SampleTable, job: Int64) -> float:
    place = {name: i for i, g in enumerate(group_slot(table)) for name in g.subjects}
    return adjusted_rand_index(
        job, np.array([place.get(s.name, -1 - i) for i, s in enumerate(table.subjects)])
    )


def with_links(table: SampleTable, change: str) -> SampleTable:
    """The table without links, or with damaged ones."""
    channels = dict(table.channels)
    for number, name in enumerate((SENT, RECEIVED)):
        values = channels[name].copy()
        if change == "none" or (change == "one way" and number):
            del channels[name]
            continue
        if change == "stuck":
            values[:] = 10**12
        if change == "missing":
            values[np.random.default_rng(number).random(len(values)) < 0.3] = MISSING
        if change == "all missing":
            values[:] = MISSING
        if change == "half":
            values[table.subject % 2 == 0] = MISSING
        if change == "jumping":
            values = np.random.default_rng(7 + number).integers(0, 2**62, len(values))
        channels[name] = values
    return replace(table, channels=channels)


@pytest.mark.parametrize("power", ["capped", "padded"])
def test_links_find_the_jobs_where_power_does_not(power: str) -> None:
    sites = [site(seed, power) for seed in range(3)]
    alone = [index(with_links(table, "none"), job) for table, job in sites]
    both = [index(table, job) for table, job in sites]
    assert np.mean(both) > np.mean(alone) + 0.05
    assert min(both) > 0.9


@pytest.mark.parametrize("change", ["one way", "stuck", "all missing", "jumping", "missing", "half"])
def test_damaged_links_never_make_it_worse_than_power_alone(change: str) -> None:
    for seed in (0, 1):
        table, job = site(seed, "capped")
        assert index(with_links(table, change), job) >= index(with_links(table, "none"), job)


def test_resets_gaps_and_damage_are_no_bytes() -> None:
    times = slot_times(10)[:8]
    values = [100, 300, MISSING, 700, 50, 250, 2**60, 2**60 + 40]
    names = [subject("a", SubjectKind.ACCELERATOR, 10)]
    table = table_of(names, [(times, [300_000] * 8)], {SENT: [values], RECEIVED: [[7] * 8]})
    found = counted_bytes(table, SENT)
    assert found.time_ns.tolist() == [times[i] for i in (1, 3, 5, 7)]
    assert found.counted.tolist() == [200, 400, 200, 40]
    assert found.took_us.tolist() == [10**7, 2 * 10**7, 10**7, 10**7]
    assert traffic_totals(table, LINKS).tolist() == [[840], [0]]


def test_imbalance_is_the_median_and_open_where_nothing_counts() -> None:
    sent, received = [100, 300, 900, 0], [100, 100, 100, 5]
    assert imbalance_ppm(np.array([sent, received], np.int64)) == 500_000
    assert imbalance_ppm(np.zeros((2, 3), np.int64)) is None
    assert imbalance_ppm(np.array([[2**61], [1]], np.int64)) == 999_999

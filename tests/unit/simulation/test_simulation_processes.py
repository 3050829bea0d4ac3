import numpy as np
import pytest

from tallystick.records.sample import CHANNELS
from tallystick.simulation.counters import LinkCounters
from tallystick.simulation.layout import SUBJECTS_PER_NODE, SiteLayout
from tallystick.simulation.power import LOADED_W, dynamic_w
from tallystick.simulation.requests import request_model
from tallystick.simulation.sensors import METER_CLASS, SiteSensors
from tallystick.simulation.serving import ServingProcess, draw_serving
from tallystick.simulation.signals import QUANTITIES, Float32, Process, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_fine_tuning, draw_pretraining
from tallystick.units import NS_PER_S

HOUR_S = 3600


def run(process: Process, from_s: int, to_s: int, interval_s: int) -> Float32:
    """Contribution over the span, asked for in slots of 15 minutes."""
    slots = [
        process.advance(np.arange(start, min(start + 900, to_s) + 1, interval_s, dtype=np.float64))
        for start in range(from_s, to_s, 900)
    ]
    return np.concatenate(slots, axis=-1)


def pretraining(seed: int, nodes: int = 2, duration_s: int = 4 * HOUR_S) -> TrainingProcess:
    rng = np.random.default_rng(seed)
    return TrainingProcess(draw_pretraining(rng, nodes), nodes, duration_s, rng)


@pytest.mark.parametrize("seed", range(5))
def test_a_job_does_nothing_before_its_start_and_after_its_end(seed: int) -> None:
    signals = run(pretraining(seed, duration_s=2 * HOUR_S), -900, 3 * HOUR_S, 10)
    assert signals.shape == (QUANTITIES, 2, 8, (3 * HOUR_S + 900) // 10)
    assert not signals[..., :90].any()
    assert not signals[..., 90 + 2 * HOUR_S // 10 :].any()
    assert (signals[Quantity.POWER_W, ..., 91 : 89 + 2 * HOUR_S // 10] > 0.5 * LOADED_W).all()


def test_a_coarse_sample_is_the_mean_of_the_fine_waveform() -> None:
    rng = np.random.default_rng(3)
    quiet = {"node_noise": 0.0, "rank_noise": 0.0}
    parameters = draw_pretraining(rng, 2)
    parameters = type(parameters)(**{**vars(parameters), **quiet})
    fine, coarse = (
        run(TrainingProcess(parameters, 2, 4 * HOUR_S, np.random.default_rng(9)), 0, 900, interval)[
            [Quantity.POWER_W, Quantity.TENSOR]
        ]
        for interval in (1, 10)
    )
    assert np.allclose(fine.reshape(2, 2, 8, 90, 10).mean(axis=-1), coarse, rtol=1e-4, atol=1e-3)
    assert fine[1, ..., 300:].std() > 1.2 * coarse[1, ..., 30:].std()


def test_checkpoints_lower_the_power_of_all_ranks_together() -> None:
    power = run(pretraining(1, nodes=4), 0, 4 * HOUR_S, 10)[Quantity.POWER_W].reshape(32, -1)[:, 60:]
    low = power < 0.6 * np.median(power, axis=1, keepdims=True)
    assert 3 <= low.any(axis=0).sum() <= 200
    assert np.median(low[:, low.any(axis=0)].mean(axis=0)) > 0.9


def test_fine_tuning_pauses_for_evaluation_more_often_than_pretraining() -> None:
    draws = [np.random.default_rng(seed) for seed in range(20)]
    tuned = np.median([draw_fine_tuning(rng).evaluation_every_s for rng in draws])
    trained = np.median([draw_pretraining(rng, 2).evaluation_every_s for rng in draws])
    assert tuned < 0.3 * trained


def test_serving_spans_light_to_saturated_and_an_unused_model_draws_its_base() -> None:
    traces = request_model("off").traces
    rng = np.random.default_rng(5)
    replicas = ServingProcess(draw_serving(rng, 40, traces, loaded_only=False), 4 * HOUR_S, rng)
    power = run(replicas, 900, 2 * HOUR_S, 10)[Quantity.POWER_W].mean(axis=(1, 2)) + 70
    assert power.min() < 250
    assert power.max() > 450
    unused = ServingProcess(draw_serving(rng, 2, traces, loaded_only=True), 4 * HOUR_S, rng)
    assert np.allclose(run(unused, 900, HOUR_S, 10)[Quantity.POWER_W], LOADED_W)


def test_activity_stays_a_share_and_power_within_the_rating() -> None:
    assert dynamic_w(1.0, 1.0, 1.0) + 70 + LOADED_W == pytest.approx(700)
    assert dynamic_w(0.0, 0.0, 0.0) == 0
    assert dynamic_w(0.4, 0.3, 0.8) < dynamic_w(0.45, 0.3, 0.8)


def test_a_counter_begins_again_at_its_reset() -> None:
    counters = LinkCounters(2, np.random.default_rng(0))
    rates = np.full((2, 2, 8, 90), 5.0, dtype=np.float32)
    first = counters.advance(rates, np.array([-1, 40]), 10)
    assert (np.diff(first[:, 0]) == 50).all()
    assert (first[:, 1, :, 40] == 50).all()
    assert (np.delete(np.diff(first[:, 1]), 39, axis=-1) == 50).all()
    second = counters.advance(rates, np.array([-1, -1]), 10)
    assert (second[..., 0] - first[..., -1] == 50).all()


@pytest.mark.parametrize("seed", range(8))
def test_the_meter_reads_the_true_node_power_within_its_class(seed: int) -> None:
    subjects = SiteLayout(4).inventory(10 * NS_PER_S, 0, 3600 * NS_PER_S)
    signals = np.zeros((QUANTITIES, 4, 8, 90), dtype=np.float32)
    signals[Quantity.POWER_W] = np.random.default_rng(seed).uniform(0, 700, (4, 8, 90))
    sensors, twin = (SiteSensors(subjects, 10, np.random.default_rng(seed)) for _ in range(2))
    accelerators, nodes = twin.true_power_w(signals, np.random.default_rng(1))
    table = sensors.read(signals, 0, np.random.default_rng(1))
    assert accelerators.max() <= 700
    meter = table.channels["METER_POWER_USAGE"][:90]
    ratio = meter / (nodes.sum(axis=0, dtype=np.float64) * 1000)
    assert np.ptp(ratio) < 1e-6
    assert abs(ratio.mean() - 1) < METER_CLASS
    assert len(subjects) == 1 + 4 * SUBJECTS_PER_NODE
    assert set(table.channels) == set(CHANNELS)

"""What evasions do to the waveform, and that it agrees with what they are charged."""

import dataclasses

import numpy as np
import pytest

from tallystick.records.workload import WorkloadClass
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.catalogue import EVASIONS, SEARCHED, hidden
from tallystick.simulation.evasions.clock import ClockThrottle
from tallystick.simulation.evasions.duty_cycle import DutyCycle
from tallystick.simulation.evasions.filler import SERVING_W, start_serving
from tallystick.simulation.evasions.inference_cover import InferenceCover, NeighbourCover
from tallystick.simulation.evasions.low_communication import LowCommunication
from tallystick.simulation.evasions.memory_minimal import MemoryMinimal
from tallystick.simulation.evasions.mimicry import ServingMimicry
from tallystick.simulation.evasions.paced import PacedProcess
from tallystick.simulation.evasions.power_control import PowerControl
from tallystick.simulation.evasions.strategy import Strategy, cost, evading, moved, redrawn
from tallystick.simulation.evasions.table7 import TABLE_7, Evasion
from tallystick.simulation.evasions.white_box import LiveCopy, Straddle
from tallystick.simulation.power import IDLE_W, LOADED_W, RATED_W
from tallystick.simulation.signals import QUANTITIES, Float32, Process, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_pretraining
from tallystick.simulation.work_kind import Start, WorkKind
from tallystick.units import PPM

HOUR_S = 3600
NODES = 2
PARAMETERS = dataclasses.replace(draw_pretraining(np.random.default_rng(4), NODES), startup_s=0.0)
HONEST = TrainingBudget.of(PARAMETERS, NODES)


def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
    return TrainingProcess(PARAMETERS, nodes, duration_s, rng)


KIND = WorkKind("base", "pretraining", "training", WorkloadClass.PRETRAINING, start, most_nodes=8)


def run(process: Process, to_s: int, interval_s: int = 10, from_s: int = 0) -> Float32:
    edges = [np.arange(s, min(s + 900, to_s) + 1, interval_s, dtype=float) for s in range(from_s, to_s, 900)]
    return np.concatenate([process.advance(e) for e in edges], axis=-1)


def begin(*strategies: Strategy, seed: int = 0, duration_s: float = 1e6, base: Start = start) -> Process:
    kind = evading(dataclasses.replace(KIND, start=base), *strategies, evasion="x")
    return kind.start(np.random.default_rng(seed), NODES, duration_s)


@pytest.mark.parametrize("evasion", EVASIONS, ids=lambda e: e.name)
def test_every_evasion_keeps_to_the_contract_and_to_physics(evasion: Evasion) -> None:
    kind = hidden(KIND, evasion)
    assert (kind.workload, kind.evasion) == (WorkloadClass.PRETRAINING, evasion.family)
    process = kind.start(np.random.default_rng(1), NODES, 1500.0)
    signals = run(process, 2400, from_s=-300)
    assert signals.shape == (QUANTITIES, NODES, 8, 270)
    assert signals.dtype == np.float32
    assert np.isfinite(signals).all()
    assert not signals[..., :30].any()
    assert not signals[..., 181:].any()
    assert signals.min() >= 0
    assert signals[Quantity.POWER_W].max() < 1.2 * (RATED_W - IDLE_W)
    assert signals[Quantity.SM].max() < 1.2
    assert (signals[Quantity.POWER_W, ..., 31:179] > 0.9 * LOADED_W).all()
    assert 0 < cost(evasion.strategies, HONEST).throughput_ppm < 2 * PPM


def test_table_7_is_complete() -> None:
    families = {
        **{"A_util_modulation": 1, "B_low_util": 1, "D_temporal_disruption": 1, "E_memory_minimal": 1},
        **{"F_interleave": 2, "G_clock_throttled": 1, "H_mimicry": 2, "I_stochastic": 1, "J_pid": 1},
        **{"K_online_learning": 1, "L_diluted": 4, "M_composite_memmin": 4, "N_grad_accum": 3},
        **{"O_composite_idle_pad": 11, "K_ddp": 1, "K_ddp_accum": 2, "L_ddp": 2, "L_ddp_stagger": 1},
        **{"whitebox_full": 8, "whitebox_lora": 3},
    }
    assert {f: sum(e.family == f for e in TABLE_7) for f in {e.family for e in TABLE_7}} == families
    assert len({e.name for e in EVASIONS}) == len(EVASIONS)


@pytest.mark.parametrize(
    "strategies",
    [
        (DutyCycle(0.3, 20.0),),
        (ClockThrottle(0.5),),
        (InferenceCover(0.25, 10.0),),
        (InferenceCover(0.25, 10.0, stagger_s=20.0),),
        (PowerControl(150.0),),
        (ServingMimicry(0.5),),
        (Straddle(4),),
        (DutyCycle(0.5, 20.0), ClockThrottle(0.7), InferenceCover(0.5, 5.0)),
    ],
    ids=lambda chain: "+".join(type(s).__name__ for s in chain),
)
def test_the_waveform_trains_as_much_as_the_price_says(strategies: tuple[Strategy, ...]) -> None:
    process = begin(*strategies)
    run(process, 3 * HOUR_S)
    assert isinstance(process, PacedProcess)
    left = cost(strategies, HONEST).throughput_ppm / PPM
    assert process.trained_s / (3 * HOUR_S) == pytest.approx(left, rel=0.05)


@pytest.mark.parametrize(
    "strategies",
    [(DutyCycle(0.3, 20.0),), (ClockThrottle(0.5),), (MemoryMinimal(0.3),), (PowerControl(150.0),)],
    ids=lambda chain: type(chain[0]).__name__,
)
def test_the_waveform_draws_the_power_that_the_price_charges(strategies: tuple[Strategy, ...]) -> None:
    budget = strategies[0].charge(HONEST)
    charged = LOADED_W + budget.share * budget.training_w + budget.rest_w
    drawn = run(begin(*strategies), 3 * HOUR_S)[Quantity.POWER_W].mean()
    assert drawn == pytest.approx(charged, rel=0.06)


def test_the_cover_s_price_is_the_mean_power_of_drawn_deployments() -> None:
    watts = []
    for seed in range(50):
        process = start_serving(np.random.default_rng(seed), 1, 1e6)
        hours = [run(process, at + 900, 20, at)[Quantity.POWER_W].mean() for at in range(0, 86_400, 21_600)]
        watts.append(float(np.mean(hours)) - LOADED_W)
    assert np.mean(watts) == pytest.approx(SERVING_W, rel=0.15)


@pytest.mark.parametrize("evasion", ["I_stochastic/random", "L_ddp/x5", "G_clock_throttled/half"])
def test_a_coarse_sample_is_the_mean_of_the_fine_waveform(evasion: str) -> None:
    kind = hidden(KIND, next(e for e in EVASIONS if e.name == evasion))
    rows = [Quantity.TENSOR, Quantity.NVLINK_TX]
    fine, coarse = (
        run(kind.start(np.random.default_rng(2), NODES, 1e6), 900, interval)[rows] for interval in (1, 10)
    )
    if evasion == "L_ddp/x5":
        # Serving draws its shifts per call, not per second, so only training's part is the same.
        fine, coarse = fine.mean(axis=-1), coarse.mean(axis=-1)
        assert np.allclose(fine, coarse, rtol=0.15)
    else:
        assert np.allclose(fine.reshape(2, NODES, 8, 90, 10).mean(axis=-1), coarse, rtol=1e-3, atol=1e-3)


def test_a_throttled_clock_slows_the_same_steps_and_lowers_power() -> None:
    quiet = dataclasses.replace(PARAMETERS, node_noise=0.0, rank_noise=0.0)

    def quiet_start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        return TrainingProcess(quiet, nodes, duration_s, rng)

    slow = ClockThrottle(0.5)
    full = run(quiet_start(np.random.default_rng(0), NODES, 1e6), 600, 1)
    throttled = run(begin(slow, base=quiet_start), 900, 1)
    at = ((np.arange(900) + 0.5) * slow.speed).astype(int)
    same = full[Quantity.TENSOR, 0, 0, at]
    assert np.corrcoef(same, throttled[Quantity.TENSOR, 0, 0])[0, 1] > 0.97
    assert throttled[Quantity.POWER_W].mean() < 0.4 * full[Quantity.POWER_W].mean()


def test_staggered_cover_breaks_the_lock_step_of_a_node() -> None:
    together, apart = (
        run(begin(InferenceCover(0.3, 20.0, stagger_s=stagger)), HOUR_S)[Quantity.NVLINK_TX, 0]
        for stagger in (0.0, 60.0)
    )
    assert np.corrcoef(together)[0, 4] > np.corrcoef(apart)[0, 4] + 0.2


def test_neighbours_serve_while_the_others_train() -> None:
    honest = run(start(np.random.default_rng(3), NODES, 1e6), HOUR_S)
    mixed = run(begin(NeighbourCover(3), seed=3), HOUR_S)
    assert np.allclose(mixed[:, :, 3:], honest[:, :, 3:])
    assert not np.allclose(mixed[:, :, :3], honest[:, :, :3])


def test_low_communication_islands_drift_out_of_step_and_meet() -> None:
    quiet = dataclasses.replace(PARAMETERS, node_noise=0.0, rank_noise=0.0, step_jitter=0.03)

    def quiet_start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        return TrainingProcess(quiet, nodes, duration_s, rng)

    islands = LowCommunication(100, weights=100e9, bytes_per_s=1e9)
    tensor = run(begin(islands, base=quiet_start), 2 * HOUR_S, 1)[Quantity.TENSOR, :, 0]
    lock_step = run(quiet_start(np.random.default_rng(0), NODES, 1e6), 2 * HOUR_S, 1)[Quantity.TENSOR, :, 0]
    late = slice(1200, 2000)
    assert np.corrcoef(tensor[:, late])[0, 1] < np.corrcoef(lock_step[:, late])[0, 1] - 0.2
    met = (tensor.max(axis=0) == 0).sum()
    assert islands.meeting_s(NODES) == 400
    assert met >= 0.9 * 400 * (2 * HOUR_S // (100 * 24 + 500))


def test_a_live_copy_keeps_its_detector_below_the_threshold_most_of_the_time() -> None:
    def power(window: Float32) -> float:
        return float(window[Quantity.POWER_W].mean() / 700)

    idle = dataclasses.replace(KIND, start=lambda rng, n, d: TrainingProcess(PARAMETERS, n, d, rng))
    copy = LiveCopy(power, threshold=0.30, window_s=30.0, decide_s=2.0, cover=_nothing)
    process = evading(idle, copy, evasion="x").start(np.random.default_rng(0), NODES, 1e6)
    watts = run(process, HOUR_S, 1)[Quantity.POWER_W].mean(axis=(0, 1))
    seen = np.convolve(watts, np.ones(30) / 30, mode="valid") / 700
    assert isinstance(process, PacedProcess)
    assert process.trained_s > 0.2 * HOUR_S
    assert (seen < 0.30 + 0.08).mean() > 0.95


class _Nothing:
    def __init__(self, nodes: int) -> None:
        self._nodes = nodes

    def advance(self, edges_s: np.ndarray) -> Float32:
        return np.zeros((QUANTITIES, self._nodes, 8, len(edges_s) - 1), dtype=np.float32)


def _nothing(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
    return _Nothing(nodes)


def test_a_straddling_burst_lies_half_in_each_of_two_windows() -> None:
    chain = Straddle(3, window_s=10.0, phase_s=10.0, burst_s=4.0, cover=_nothing)
    trains = run(begin(chain), 600, 1)[Quantity.TENSOR].mean(axis=(0, 1)) > 0
    assert set(np.flatnonzero(trains) % 30) <= {8, 9, 10, 11}
    assert trains.mean() == pytest.approx(4 / 30, abs=0.03)


@pytest.mark.parametrize("strategy", SEARCHED, ids=lambda s: type(s).__name__)
def test_parameters_are_drawn_and_moved_within_their_ranges(strategy: Strategy) -> None:
    rng = np.random.default_rng(0)
    drawn = [redrawn(strategy, rng) for _ in range(20)]
    for changed in (*drawn, *(moved(one, rng, 0.5) for one in drawn)):
        for p in strategy.PARAMETERS:
            assert p.least - 1e-9 <= getattr(changed, p.name) <= p.most + 1e-9
        cost([changed], HONEST)


def test_the_same_seed_gives_the_same_waveform_and_another_does_not() -> None:
    chain = (MemoryMinimal(0.4), InferenceCover(0.2, 4.0))
    a, b, c = (run(begin(*chain, seed=seed), 900) for seed in (5, 5, 6))
    assert (a == b).all()
    assert not np.allclose(a, c)


TRAINING = [kind for kind in CATALOGUE if kind.workload.is_training]


@pytest.mark.parametrize("kind", TRAINING, ids=lambda k: k.name)
def test_any_training_can_evade(kind: WorkKind) -> None:
    wanted = {"E_memory_minimal", "J_pid", "K_ddp_accum", "low_communication_cover", "whitebox_lora"}
    for evasion in [e for e in EVASIONS if e.family in wanted]:
        evader = hidden(kind, evasion)
        assert evader.name.startswith(kind.name)
        process = evader.start(np.random.default_rng(0), kind.least_nodes, 1e5)
        signals = process.advance(np.arange(0, 301, 30, dtype=float))
        assert signals.shape == (QUANTITIES, kind.least_nodes, 8, 10)
        assert np.isfinite(signals).all()
        assert signals.min() >= 0

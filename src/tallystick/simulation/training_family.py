"""The breadth of training jobs: what is drawn for each job before it starts.

Sources of the ranges: model FLOP utilisation of 0.21 to 0.57 in large runs (PaLM, arXiv 2204.02311,
table 3; MegaScale, arXiv 2402.15627); tensor parallelism within a node, pipeline stages between nodes
(Megatron-LM, arXiv 2104.04473); checkpoints every 20 to 60 min and evaluations (AcmeTrace, arXiv
2403.07648); fluctuation of 10 s node power of 1 to 5 % of the mean in MLPerf training v4.0 power
(derived from MLPerf logs, not verified by MLCommons Association).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tallystick.simulation.power import dynamic_w
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    NODE_NOISE,
    QUANTITIES,
    RANK_NOISE,
    Float64,
    Quantity,
)

GB = 1e9
MINUTE_S = 60.0


class Phase(IntEnum):
    """What all ranks of a stage do at one time, in the order within a step."""

    COMPUTE = 0
    WAIT = 1
    COMMUNICATION = 2
    PAUSE = 3
    EVALUATION = 4


@dataclass(frozen=True)
class TrainingParameters:
    """Everything about a training job but its nodes and times.

    Durations in seconds. ``communication`` and ``bubble`` are shares of a step. ``activity``
    (phases, quantities) is what a rank does in each phase. ``node_noise`` and ``rank_noise`` are
    relative standard deviations of a 10 s mean.
    """

    tensor_parallel: int
    pipeline_stages: int
    step_s: float
    communication: float
    bubble: float
    stage_shift_s: float
    step_jitter: float
    straggler_probability: float
    stall_probability: float
    stall_s: float
    intensity_walk: float
    intensity_jitter: float
    walk_memory: float
    checkpoint_every_s: float
    checkpoint_s: float
    evaluation_every_s: float
    evaluation_s: float
    startup_s: float
    memory_bytes: float
    activity: Float64
    node_noise: float
    rank_noise: float


def draw_pretraining(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """A pretraining job on ``nodes`` whole nodes: steps of 2 to 25 s, all three kinds of parallelism."""
    tensor = int(rng.choice([1, 2, 4, 8], p=[0.2, 0.15, 0.25, 0.4]))
    stages = int(rng.choice([s for s in (1, 2, 3, 4, 6, 8) if nodes % s == 0]))
    step_s = float(np.exp(rng.uniform(np.log(2.0), np.log(25.0))))
    microbatches = int(rng.integers(4, 17)) * stages
    beats = microbatches + stages - 1
    nvlink = (60 if tensor > 1 else 8) * GB * float(rng.uniform(0.5, 2.5))
    return TrainingParameters(
        tensor_parallel=tensor,
        pipeline_stages=stages,
        step_s=step_s,
        communication=float(rng.uniform(0.02, 0.15)),
        bubble=(stages - 1) / beats,
        stage_shift_s=step_s / beats,
        step_jitter=float(rng.uniform(0.004, 0.04)),
        straggler_probability=float(rng.uniform(0.001, 0.015)),
        stall_probability=float(rng.uniform(0.0005, 0.005)),
        stall_s=float(rng.uniform(1.0, 6.0)),
        intensity_walk=float(rng.uniform(0.005, 0.03)),
        intensity_jitter=float(rng.uniform(0.01, 0.05)),
        walk_memory=float(rng.uniform(0.5, 0.95)),
        checkpoint_every_s=float(rng.uniform(20, 60)) * MINUTE_S,
        checkpoint_s=float(rng.uniform(15, 90)),
        evaluation_every_s=float(rng.uniform(40, 240)) * MINUTE_S,
        evaluation_s=float(rng.uniform(30, 180)),
        startup_s=float(rng.uniform(60, 300)),
        memory_bytes=float(rng.uniform(40, 77)) * GB,
        activity=_activity(rng, tensor=float(rng.uniform(0.38, 0.62)), nvlink=nvlink),
        node_noise=float(rng.uniform(*NODE_NOISE)),
        rank_noise=float(rng.uniform(*RANK_NOISE)),
    )


def draw_fine_tuning(rng: np.random.Generator) -> TrainingParameters:
    """A fine-tuning job on one node: short steps, frequent evaluations, less memory and traffic."""
    return TrainingParameters(
        tensor_parallel=int(rng.choice([1, 2, ACCELERATORS_PER_NODE])),
        pipeline_stages=1,
        step_s=float(np.exp(rng.uniform(np.log(0.5), np.log(4.0)))),
        communication=float(rng.uniform(0.02, 0.2)),
        bubble=0.0,
        stage_shift_s=0.0,
        step_jitter=float(rng.uniform(0.02, 0.15)),
        straggler_probability=float(rng.uniform(0.0, 0.02)),
        stall_probability=float(rng.uniform(0.001, 0.02)),
        stall_s=float(rng.uniform(0.5, 4.0)),
        intensity_walk=float(rng.uniform(0.01, 0.04)),
        intensity_jitter=float(rng.uniform(0.03, 0.12)),
        walk_memory=float(rng.uniform(0.5, 0.98)),
        checkpoint_every_s=float(rng.uniform(10, 40)) * MINUTE_S,
        checkpoint_s=float(rng.uniform(5, 40)),
        evaluation_every_s=float(rng.uniform(4, 20)) * MINUTE_S,
        evaluation_s=float(rng.uniform(15, 90)),
        startup_s=float(rng.uniform(40, 240)),
        memory_bytes=float(rng.uniform(18, 72)) * GB,
        activity=_activity(rng, tensor=float(rng.uniform(0.28, 0.58)), nvlink=GB * float(rng.uniform(2, 40))),
        node_noise=float(rng.uniform(*NODE_NOISE)),
        rank_noise=float(rng.uniform(*RANK_NOISE)),
    )


def _activity(rng: np.random.Generator, tensor: float, nvlink: float) -> Float64:
    """Activity (phases, quantities) of a job whose tensor cores are ``tensor`` active in compute."""
    table = np.zeros((len(Phase), QUANTITIES))
    compute = (tensor, float(rng.uniform(0.25, 0.5)), float(rng.uniform(0.72, 0.95)))
    _fill(table, Phase.COMPUTE, *compute, nvlink, 1.0)
    _fill(table, Phase.WAIT, 0.0, 0.02, float(rng.uniform(0.1, 0.3)), 0.0, 1.0)
    exposed = GB * float(rng.uniform(10, 90))
    dram, sm = float(rng.uniform(0.08, 0.25)), float(rng.uniform(0.2, 0.5))
    _fill(table, Phase.COMMUNICATION, 0.0, dram, sm, exposed, 1.0)
    # Ranks that wait at a barrier spin in a kernel, ranks that write a checkpoint do not.
    spinning = float(rng.uniform(0, 0.25))
    _fill(table, Phase.PAUSE, 0.0, float(rng.uniform(0, 0.06)), spinning, 0.0, min(1.0, 4 * spinning))
    share = float(rng.uniform(0.5, 0.95))
    tensor, dram, sm = (share * value for value in compute)
    _fill(table, Phase.EVALUATION, tensor, dram, sm, share * nvlink, 0.97)
    return table


def _fill(
    table: Float64, phase: Phase, tensor: float, dram: float, sm: float, nvlink: float, busy: float
) -> None:
    """Write one phase's row; ``nvlink`` in bytes per second and direction, ``busy`` as NVML counts it."""
    row = table[phase]
    row[Quantity.TENSOR], row[Quantity.DRAM], row[Quantity.SM] = tensor, dram, sm
    row[Quantity.UTILISATION] = busy
    row[Quantity.POWER_W] = dynamic_w(tensor, dram, sm)
    row[Quantity.NVLINK_TX] = nvlink

"""Honest training of many sorts, as kinds of work.

Base parameters and their sources are in ``training_family``; what sets a kind apart is stated beside it.
Phases of generate-then-train follow DeepSpeed-Chat (arXiv 2308.01320) and HybridFlow (arXiv 2409.19256),
where generation takes most of an iteration. Other numbers are assumed.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tallystick.records.workload import WorkloadClass
from tallystick.simulation.phased import PhasedParameters, PhasedProcess, Scope, WorkPhase, activity
from tallystick.simulation.signals import NODE_NOISE, RANK_NOISE, Process, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import (
    MINUTE_S,
    Phase,
    TrainingParameters,
    draw_fine_tuning,
    draw_pretraining,
)
from tallystick.simulation.work_kind import Start, WorkKind

Draw = Callable[[np.random.Generator, int], TrainingParameters]
PRETRAINING, FINE_TUNING = WorkloadClass.PRETRAINING, WorkloadClass.FINE_TUNING


def training(draw: Draw) -> Start:
    """The start of a training job whose parameters ``draw`` draws."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        parameters = replace(draw(rng, nodes), startup_s=float(rng.uniform(5, 60)))
        return TrainingProcess(parameters, nodes, duration_s, rng)

    return start


def _scaled(p: TrainingParameters, tensor: float, dram: float = 1.0, link: float = 1.0) -> TrainingParameters:
    """The same job with other activity in its compute and evaluation phases; power follows."""
    table = p.activity.copy()
    for phase in (Phase.COMPUTE, Phase.EVALUATION):
        row = table[phase]
        shares = (row[Quantity.TENSOR] * tensor, min(0.95, row[Quantity.DRAM] * dram), row[Quantity.SM])
        table[phase] = activity(*shares, link * row[Quantity.NVLINK_TX] / 1e9, row[Quantity.UTILISATION])
    table[Phase.COMMUNICATION, Quantity.NVLINK_TX] *= link
    return replace(p, activity=table)


def _dense(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    return draw_pretraining(rng, nodes)


def _data_parallel(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Sharded data parallelism (ZeRO, arXiv 1910.02054): no stages, more traffic, less of it hidden."""
    p = draw_pretraining(rng, nodes)
    p = replace(p, tensor_parallel=1, pipeline_stages=1, bubble=0.0, stage_shift_s=0.0)
    return replace(_scaled(p, 0.95, 1.1, 2.0), communication=float(rng.uniform(0.05, 0.25)))


def _long_context(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Long sequences: longer steps, more memory traffic from attention."""
    p = draw_pretraining(rng, nodes)
    return replace(_scaled(p, 0.85, 1.3), step_s=p.step_s * float(rng.uniform(1.5, 3)))


def _experts(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Mixture of experts: all-to-all in every layer, uneven load (arXiv 2101.03961, 2412.19437)."""
    p = draw_pretraining(rng, nodes)
    share = float(rng.uniform(0.15, 0.35))
    p = _scaled(p, float(rng.uniform(0.55, 0.85)), 1.2, float(rng.uniform(1.5, 3)))
    return replace(p, communication=share, intensity_jitter=float(rng.uniform(0.04, 0.1)))


def _fine_experts(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Many small experts in eight-bit arithmetic: tensor cores wait more."""
    return _scaled(_experts(rng, nodes), float(rng.uniform(0.6, 0.9)), 1.1)


def _small(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """A small model on one node: short steps."""
    p = draw_pretraining(rng, nodes)
    p = replace(p, tensor_parallel=1, pipeline_stages=1, bubble=0.0, stage_shift_s=0.0)
    return replace(p, step_s=float(np.exp(rng.uniform(np.log(0.1), np.log(1.5)))))


def _badly_tuned(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """A third to two thirds of the tensor activity, with stalls on input (AcmeTrace, arXiv 2403.07648)."""
    p = _scaled(draw_pretraining(rng, nodes), float(rng.uniform(0.3, 0.65)))
    return replace(p, stall_probability=float(rng.uniform(0.02, 0.2)), stall_s=float(rng.uniform(0.5, 4)))


def _failing(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Interrupted every half hour or so, restarted from a checkpoint (Llama 3, arXiv 2407.21783)."""
    p = draw_pretraining(rng, nodes)
    every = float(rng.uniform(15, 40)) * MINUTE_S
    return replace(p, checkpoint_every_s=every, checkpoint_s=float(rng.uniform(120, 420)))


def _vision(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Short steps, memory-bound layers, data loading stalls, validation each epoch."""
    p = _scaled(draw_fine_tuning(rng), float(rng.uniform(0.4, 0.9)), 1.5)
    p = replace(p, tensor_parallel=1, step_s=float(np.exp(rng.uniform(np.log(0.1), np.log(0.6)))))
    return replace(p, stall_probability=float(rng.uniform(0.01, 0.1)), stall_s=float(rng.uniform(0.2, 2)))


def _segmentation(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Volumes: few samples, long validation."""
    p = _vision(rng, nodes)
    return replace(p, evaluation_every_s=float(rng.uniform(60, 240)), evaluation_s=float(rng.uniform(20, 60)))


def _diffusion(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """A convolutional denoiser: steady, no tensor parallelism."""
    p = replace(draw_pretraining(rng, nodes), tensor_parallel=1, pipeline_stages=1, bubble=0.0)
    p = replace(p, stage_shift_s=0.0, step_s=float(rng.uniform(0.3, 2.5)))
    return _scaled(p, float(rng.uniform(0.6, 1.0)), 1.3, 0.5)


def _recommender(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Embedding tables: bound by memory and all-to-all, little tensor work (DLRM, arXiv 1906.00091)."""
    p = replace(draw_fine_tuning(rng), step_s=float(rng.uniform(0.05, 0.4)))
    return replace(_scaled(p, 0.3, 1.8, 2.0), communication=float(rng.uniform(0.15, 0.4)))


def _graph(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Graph networks: sampling on the host, gathers, little tensor work."""
    p = _recommender(rng, nodes)
    return replace(p, stall_probability=float(rng.uniform(0.1, 0.4)), stall_s=float(rng.uniform(0.1, 0.8)))


def _speech(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Variable lengths: steps differ much."""
    p = replace(draw_fine_tuning(rng), step_s=float(rng.uniform(0.3, 1.5)))
    return replace(p, step_jitter=float(rng.uniform(0.15, 0.4)))


def _full_tuning(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    return draw_fine_tuning(rng)


def _adapters(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """LoRA (arXiv 2106.09685): backward pass without weight gradients, hardly any gradient traffic."""
    p = _scaled(draw_fine_tuning(rng), float(rng.uniform(0.75, 1.05)), 1.0, 0.3)
    return replace(p, communication=float(rng.uniform(0.005, 0.05)))


def _quantised_adapters(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """QLoRA (arXiv 2305.14314): weights unpacked on the fly: more memory traffic, fewer tensor cycles."""
    return _scaled(_adapters(rng, nodes), float(rng.uniform(0.4, 0.7)), 1.5)


def _preference(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Preference tuning (DPO, arXiv 2305.18290): a frozen copy adds forward passes."""
    p = _scaled(draw_fine_tuning(rng), float(rng.uniform(0.8, 1.0)), 1.1)
    return replace(p, step_s=p.step_s * float(rng.uniform(1.2, 2)))


def _embedding_model(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """Contrastive tuning: large batches, a gather in every step."""
    p = draw_fine_tuning(rng)
    return replace(_scaled(p, 0.9, 1.0, 1.5), step_s=float(rng.uniform(0.4, 1.5)), communication=0.12)


def _distilled(rng: np.random.Generator, nodes: int) -> TrainingParameters:
    """A teacher's forward pass beside the pupil's step."""
    return _scaled(draw_fine_tuning(rng), float(rng.uniform(0.7, 1.0)), 1.3)


def generate_then_train(generate_s: tuple[float, float], train_s: tuple[float, float]) -> Start:
    """Reinforcement learning: a rollout that looks like decode, scoring, then an update."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        link = float(rng.uniform(20, 90))
        decode = activity(rng.uniform(0.05, 0.22), rng.uniform(0.45, 0.8), rng.uniform(0.35, 0.7), 0.3 * link)
        score = activity(rng.uniform(0.3, 0.55), rng.uniform(0.2, 0.4), rng.uniform(0.7, 0.9), link)
        update = activity(rng.uniform(0.35, 0.58), rng.uniform(0.25, 0.5), rng.uniform(0.7, 0.92), link)
        swap = activity(0.0, float(rng.uniform(0.05, 0.2)), float(rng.uniform(0.05, 0.25)), link)
        phases = (
            WorkPhase(float(rng.uniform(*generate_s)), 0.2, decode, 1.0, 0.08),
            WorkPhase(float(rng.uniform(2, 20)), 0.15, score, 1.0, 0.03),
            WorkPhase(float(rng.uniform(*train_s)), 0.1, update, 1.0, 0.03),
            WorkPhase(float(rng.uniform(1, 8)), 0.2, swap),
        )
        shape = PhasedParameters(
            phases=phases,
            scope=Scope.JOB,
            startup_s=float(rng.uniform(5, 60)),
            memory_bytes=float(rng.uniform(40, 76)) * 1e9,
            node_noise=float(rng.uniform(*NODE_NOISE)),
            rank_noise=float(rng.uniform(*RANK_NOISE)),
        )
        return PhasedProcess(shape, nodes, duration_s, rng)

    return start


_SYNCHRONOUS, _EXPERT = "synchronous all-reduce", "all-to-all"
_INPUT_BOUND, _ADAPTER, _TUNING = "input-bound training", "adapter updates", "synchronous tuning"
_ROLLOUT = "generate, then train"

TRAINING_KINDS: tuple[WorkKind, ...] = (
    WorkKind("pretraining 3d", "dense transformer", _SYNCHRONOUS, PRETRAINING, training(_dense), 2, 8),
    WorkKind(
        "pretraining long context",
        "dense transformer",
        _SYNCHRONOUS,
        PRETRAINING,
        training(_long_context),
        2,
        8,
    ),
    WorkKind("pretraining failing", "dense transformer", _SYNCHRONOUS, PRETRAINING, training(_failing), 2, 6),
    WorkKind(
        "pretraining zero", "sharded transformer", _SYNCHRONOUS, PRETRAINING, training(_data_parallel), 1, 8
    ),
    WorkKind("pretraining small", "small transformer", _SYNCHRONOUS, PRETRAINING, training(_small), 1, 1),
    WorkKind(
        "pretraining badly tuned",
        "badly tuned training",
        _INPUT_BOUND,
        PRETRAINING,
        training(_badly_tuned),
        1,
        4,
    ),
    WorkKind("moe pretraining", "mixture of experts", _EXPERT, PRETRAINING, training(_experts), 2, 8),
    WorkKind(
        "moe pretraining fine", "mixture of experts", _EXPERT, PRETRAINING, training(_fine_experts), 2, 8
    ),
    WorkKind("image classification", "vision", _INPUT_BOUND, PRETRAINING, training(_vision), 1, 2),
    WorkKind("segmentation", "vision", _INPUT_BOUND, PRETRAINING, training(_segmentation), 1, 2),
    WorkKind(
        "diffusion training", "diffusion training", _SYNCHRONOUS, PRETRAINING, training(_diffusion), 1, 4
    ),
    WorkKind("recommender", "recommender", _EXPERT, PRETRAINING, training(_recommender), 1, 2),
    WorkKind("graph network", "graph network", _INPUT_BOUND, PRETRAINING, training(_graph), 1, 1),
    WorkKind("speech training", "speech", _SYNCHRONOUS, PRETRAINING, training(_speech), 1, 2),
    WorkKind("full fine-tuning", "full fine-tuning", _TUNING, FINE_TUNING, training(_full_tuning), 1, 2),
    WorkKind("distillation", "full fine-tuning", _TUNING, FINE_TUNING, training(_distilled), 1, 1),
    WorkKind("lora", "adapters", _ADAPTER, FINE_TUNING, training(_adapters), 1, 2),
    WorkKind("qlora", "adapters", _ADAPTER, FINE_TUNING, training(_quantised_adapters), 1, 1),
    WorkKind("preference tuning", "preference tuning", _TUNING, FINE_TUNING, training(_preference), 1, 2),
    WorkKind("embedding tuning", "embedding tuning", _TUNING, FINE_TUNING, training(_embedding_model), 1, 1),
    WorkKind(
        "rl short rollouts",
        "rl post-training",
        _ROLLOUT,
        FINE_TUNING,
        generate_then_train((10, 40), (8, 30)),
        1,
        4,
    ),
    WorkKind(
        "rl long rollouts",
        "rl post-training",
        _ROLLOUT,
        FINE_TUNING,
        generate_then_train((60, 200), (20, 80)),
        1,
        4,
    ),
)

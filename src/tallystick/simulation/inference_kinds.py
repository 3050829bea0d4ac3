"""Honest inference of many sorts, as kinds of work.

Prefill is bound by tensor cores and decode by memory (Splitwise, arXiv 2311.18677; POLCA, arXiv 2308.12908);
disaggregated serving puts them on different machines (DistServe, arXiv 2401.09670); speculative decoding
verifies several tokens in one pass (arXiv 2211.17192). Experts may be spread over many nodes, which then
work together (DeepSeek-V3, arXiv 2412.19437, section 3.4). Other numbers are assumed. Links of a replica
carry all-reduces, which are symmetric; a cache that is handed over within a node is not.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tallystick.records.workload import WorkloadClass
from tallystick.simulation.disaggregated import DisaggregatedOverNodes, DisaggregatedServing, draw_cache_rate
from tallystick.simulation.infiniband import CACHE_OF_LINKS
from tallystick.simulation.phased import PhasedParameters, PhasedProcess, Scope, WorkPhase, activity
from tallystick.simulation.requests import drawn_trace
from tallystick.simulation.serving import ServingParameters, ServingProcess, draw_serving
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    NODE_NOISE,
    RANK_NOISE,
    TRAFFIC,
    Float32,
    Float64,
    Process,
    Quantity,
)
from tallystick.simulation.work_kind import Start, WorkKind

INFERENCE = WorkloadClass.INFERENCE

Change = Callable[[ServingParameters, np.random.Generator], ServingParameters]


class SingleAcceleratorServing:
    """Replicas of one accelerator each: eight to a node, independent, with no traffic between them."""

    def __init__(
        self, parameters: ServingParameters, nodes: int, duration_s: float, rng: np.random.Generator
    ) -> None:
        self._nodes = nodes
        self._each = ServingProcess(parameters, duration_s, rng)

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        each = self._each.advance(edges_s)
        signals: Float32 = each[:, :, 0].reshape(
            each.shape[0], self._nodes, ACCELERATORS_PER_NODE, each.shape[3]
        )
        signals[list(TRAFFIC)] = 0
        return signals


def _as_is(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    return p


def serving(change: Change = _as_is, level: tuple[float, float] | None = None, single: bool = False) -> Start:
    """A deployment's start: a drawn service, changed by ``change``, with a mean load within ``level``."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        replicas = nodes * ACCELERATORS_PER_NODE if single else nodes
        drawn = draw_serving(rng, replicas, (drawn_trace(rng),), loaded_only=False)
        if level is not None:
            drawn = replace(drawn, level=rng.uniform(*level, replicas))
        changed = change(drawn, rng)
        if single:
            return SingleAcceleratorServing(changed, nodes, duration_s, rng)
        return ServingProcess(changed, duration_s, rng)

    return start


def _speculative(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    """Several tokens a pass: more tensor work in decode, and a draft model beside it."""
    more = float(rng.uniform(1.8, 3.5))
    return replace(
        p, decode_least=_with(p.decode_least, more, 1.0), decode_most=_with(p.decode_most, more * 0.8, 0.95)
    )


def _prefill_only(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    """Nothing but prompts; the cache leaves over the network."""
    nothing = p.decode_least * 0
    return replace(
        p,
        prefill_share=float(rng.uniform(0.6, 0.95)),
        decode_least=nothing,
        decode_most=nothing,
        batch=1.0,
        cache_sent=CACHE_OF_LINKS,
    )


def _decode_only(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    """Nothing but generation; caches come over the network."""
    little = 0.01
    return replace(p, prefill_share=little, cache_received=CACHE_OF_LINKS * p.prefill_share / little)


def _long_prompts(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    """Documents: prompts take most of the time."""
    return replace(p, prefill_share=float(rng.uniform(0.5, 0.85)), lag_s=float(rng.uniform(2, 15)))


def _experts(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    """Mixture of experts: all-to-all in decode too, lower tensor activity."""
    link = float(rng.uniform(1.5, 4))
    return replace(
        p,
        prefill=_with(p.prefill, 0.75, 1.1, link),
        decode_least=_with(p.decode_least, 0.8, 1.0, 4 * link),
        decode_most=_with(p.decode_most, 0.8, 1.0, 2 * link),
    )


def _large_batches(p: ServingParameters, rng: np.random.Generator) -> ServingParameters:
    """Batches of hundreds with a small model: decode that is bound by tensor cores."""
    return replace(
        p,
        batch=float(rng.uniform(200, 600)),
        decode_most=_with(p.decode_most, float(rng.uniform(1.5, 2.6)), 0.8),
    )


def over_nodes(level: tuple[float, float]) -> Start:
    """Experts over all nodes of the job: every request loads every node, as a step of training does."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        drawn = draw_serving(rng, 1, (drawn_trace(rng),), loaded_only=False)
        drawn = replace(drawn, level=rng.uniform(*level, 1), span=nodes)
        return ServingProcess(_experts(drawn, rng), duration_s, rng)

    return start


def apart_on_a_node(level: tuple[float, float]) -> Start:
    """Half of a node takes prompts, half generates, and caches go from one to the other over NVLink."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        drawn = draw_serving(rng, nodes, (drawn_trace(rng),), loaded_only=False)
        drawn = replace(drawn, level=rng.uniform(*level, nodes))
        pools = (_prefill_only(drawn, rng), _decode_only(drawn, rng))
        return DisaggregatedServing(*pools, draw_cache_rate(rng), duration_s, rng)

    return start


def apart_over_nodes(level: tuple[float, float]) -> Start:
    """Half of an even number of nodes take prompts, half generate. For trials: in no corpus."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        drawn = draw_serving(rng, nodes // 2, (drawn_trace(rng),), loaded_only=False)
        drawn = replace(drawn, level=rng.uniform(*level, nodes // 2))
        pools = (_prefill_only(drawn, rng), _decode_only(drawn, rng))
        return DisaggregatedOverNodes(*pools, draw_cache_rate(rng), duration_s, rng)

    return start


def _with(row: Float64, tensor: float, dram: float, link: float = 1.0) -> Float64:
    """A phase with other activity; power follows."""
    return activity(
        min(0.9, row[Quantity.TENSOR] * tensor),
        min(0.95, row[Quantity.DRAM] * dram),
        row[Quantity.SM],
        link * row[Quantity.NVLINK_TX] / 1e9,
        row[Quantity.UTILISATION],
    )


def batches(
    busy: tuple[float, float],
    rest: tuple[float, float],
    tensor: tuple[float, float],
    dram: tuple[float, float],
    scope: Scope,
    link: tuple[float, float] = (0.0, 0.0),
) -> Start:
    """Work through a queue: ``busy`` seconds at a drawn activity, then ``rest`` seconds of little."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        work = activity(
            float(rng.uniform(*tensor)),
            float(rng.uniform(*dram)),
            float(rng.uniform(0.5, 0.92)),
            float(rng.uniform(*link)),
        )
        pause = activity(
            0.0, float(rng.uniform(0.0, 0.08)), float(rng.uniform(0.0, 0.1)), 0.0, float(rng.uniform(0, 0.4))
        )
        shape = PhasedParameters(
            phases=(
                WorkPhase(
                    float(rng.uniform(*busy)),
                    float(rng.uniform(0.1, 0.6)),
                    work,
                    1.0,
                    float(rng.uniform(0.03, 0.2)),
                ),
                WorkPhase(float(rng.uniform(*rest)), float(rng.uniform(0.2, 0.8)), pause),
            ),
            scope=scope,
            startup_s=float(rng.uniform(5, 60)),
            memory_bytes=float(rng.uniform(15, 76)) * 1e9,
            node_noise=float(rng.uniform(*NODE_NOISE)),
            rank_noise=float(rng.uniform(*RANK_NOISE)),
            drift=float(rng.uniform(0, 0.3)),
        )
        return PhasedProcess(shape, nodes, duration_s, rng)

    return start


_TENSOR_PARALLEL, _SINGLE, _SATURATED = (
    "request-driven, a node",
    "request-driven, one accelerator",
    "offline, saturated",
)
_OVER_NODES, _APART = "request-driven, over nodes", "prefill and decode apart"
_PREFILL, _DECODE, _BURSTS = "prefill alone", "decode alone", "queue of batches"
NODE, EACH = Scope.NODE, Scope.ACCELERATOR

INFERENCE_KINDS: tuple[WorkKind, ...] = (
    WorkKind("chat", "continuous batching", _TENSOR_PARALLEL, INFERENCE, serving(), 1, 4),
    WorkKind(
        "chat, light", "continuous batching", _TENSOR_PARALLEL, INFERENCE, serving(level=(0.002, 0.1)), 1, 2
    ),
    WorkKind(
        "chat, saturated", "saturated serving", _TENSOR_PARALLEL, INFERENCE, serving(level=(0.9, 1.6)), 1, 4
    ),
    WorkKind(
        "chat, nearly saturated",
        "saturated serving",
        _TENSOR_PARALLEL,
        INFERENCE,
        serving(level=(0.65, 1.0)),
        1,
        4,
    ),
    WorkKind(
        "chat on one accelerator",
        "single-accelerator serving",
        _SINGLE,
        INFERENCE,
        serving(single=True),
        1,
        1,
    ),
    WorkKind(
        "chat on one accelerator, busy",
        "single-accelerator serving",
        _SINGLE,
        INFERENCE,
        serving(level=(0.7, 1.3), single=True),
        1,
        1,
    ),
    WorkKind("speculative", "speculative serving", _TENSOR_PARALLEL, INFERENCE, serving(_speculative), 1, 2),
    WorkKind(
        "speculative, busy",
        "speculative serving",
        _TENSOR_PARALLEL,
        INFERENCE,
        serving(_speculative, (0.7, 1.3)),
        1,
        2,
    ),
    WorkKind("documents", "long-context serving", _TENSOR_PARALLEL, INFERENCE, serving(_long_prompts), 1, 2),
    WorkKind(
        "documents, busy",
        "long-context serving",
        _TENSOR_PARALLEL,
        INFERENCE,
        serving(_long_prompts, (0.7, 1.3)),
        1,
        2,
    ),
    WorkKind(
        "moe serving", "mixture-of-experts serving", _TENSOR_PARALLEL, INFERENCE, serving(_experts), 1, 4
    ),
    WorkKind(
        "moe serving, busy",
        "mixture-of-experts serving",
        _TENSOR_PARALLEL,
        INFERENCE,
        serving(_experts, (0.7, 1.3)),
        1,
        4,
    ),
    WorkKind(
        "experts over nodes", "expert-parallel serving", _OVER_NODES, INFERENCE, over_nodes((0.1, 0.7)), 2, 8
    ),
    WorkKind(
        "experts over nodes, busy",
        "expert-parallel serving",
        _OVER_NODES,
        INFERENCE,
        over_nodes((0.7, 1.3)),
        2,
        8,
    ),
    WorkKind("disaggregated", "disaggregated serving", _APART, INFERENCE, apart_on_a_node((0.1, 0.7)), 1, 2),
    WorkKind(
        "disaggregated, busy",
        "disaggregated serving",
        _APART,
        INFERENCE,
        apart_on_a_node((0.7, 1.3)),
        1,
        2,
    ),
    WorkKind("prefill pool", "prefill pool", _PREFILL, INFERENCE, serving(_prefill_only), 1, 2),
    WorkKind(
        "prefill pool, busy", "prefill pool", _PREFILL, INFERENCE, serving(_prefill_only, (0.7, 1.2)), 1, 2
    ),
    WorkKind("decode pool", "decode pool", _DECODE, INFERENCE, serving(_decode_only), 1, 2),
    WorkKind("decode pool, busy", "decode pool", _DECODE, INFERENCE, serving(_decode_only, (0.7, 1.3)), 1, 2),
    WorkKind(
        "large batches",
        "large-batch decode",
        _SATURATED,
        INFERENCE,
        serving(_large_batches, (0.8, 1.3)),
        1,
        2,
    ),
    WorkKind(
        "offline generation", "offline generation", _SATURATED, INFERENCE, serving(level=(1.3, 2.5)), 1, 4
    ),
    WorkKind(
        "offline scoring", "offline scoring", _SATURATED, INFERENCE, serving(_prefill_only, (1.2, 2.0)), 1, 4
    ),
    WorkKind(
        "embedding, online",
        "embedding service",
        _SINGLE,
        INFERENCE,
        batches((0.5, 4), (0.3, 6), (0.15, 0.5), (0.2, 0.5), EACH),
    ),
    WorkKind(
        "embedding, offline",
        "embedding service",
        _SATURATED,
        INFERENCE,
        batches((20, 90), (0.5, 4), (0.3, 0.58), (0.2, 0.5), EACH),
    ),
    WorkKind(
        "image generation",
        "diffusion sampling",
        _BURSTS,
        INFERENCE,
        batches((1.5, 8), (0.5, 12), (0.3, 0.55), (0.3, 0.65), EACH),
    ),
    WorkKind(
        "video generation",
        "diffusion sampling",
        _BURSTS,
        INFERENCE,
        batches((60, 400), (2, 30), (0.35, 0.6), (0.3, 0.6), NODE, (10, 60)),
    ),
    WorkKind(
        "evaluation suite",
        "evaluation",
        _BURSTS,
        INFERENCE,
        batches((15, 120), (3, 40), (0.15, 0.5), (0.3, 0.7), NODE, (5, 50)),
    ),
    WorkKind(
        "evaluation, short tasks",
        "evaluation",
        _BURSTS,
        INFERENCE,
        batches((2, 15), (1, 12), (0.1, 0.45), (0.3, 0.7), NODE, (5, 50)),
    ),
    WorkKind(
        "agents",
        "agents",
        _BURSTS,
        INFERENCE,
        batches((1, 12), (2, 40), (0.05, 0.4), (0.3, 0.75), NODE, (5, 40)),
    ),
    WorkKind(
        "speech recognition",
        "speech recognition",
        _SINGLE,
        INFERENCE,
        batches((0.5, 3), (0.2, 3), (0.1, 0.4), (0.2, 0.6), EACH),
    ),
    WorkKind(
        "image recognition",
        "image recognition",
        _SINGLE,
        INFERENCE,
        batches((0.5, 6), (0.2, 2), (0.1, 0.45), (0.3, 0.7), EACH),
    ),
)

"""Serving as a process: independent tensor-parallel replicas, driven by requests.

A replica has one node, or several that then work together.

Prefill is bound by tensor cores, decode by memory (Splitwise, arXiv 2311.18677; POLCA, arXiv
2308.12908, on the power of the two). Prompts queue for prefill; generation fills the batch with a lag.
A replica with no requests is a loaded model: the same process with a demand of nothing.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from tallystick.simulation.infiniband import PORT_BYTES_PER_S, expert_share
from tallystick.simulation.power import LOADED_W, dynamic_w
from tallystick.simulation.requests import TokenTrace
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    LINK_WOBBLE,
    NODE_NOISE,
    QUANTITIES,
    RANK_NOISE,
    Float32,
    Float64,
    Quantity,
    add_noise,
    covered,
)

GB = 1e9
DAY_S = 86_400.0


@dataclass(frozen=True)
class ServingParameters:
    """A deployment of one model; ``level`` (replicas,) is each replica's mean load, 1 at saturation.

    ``prefill_share`` is the part of the time a saturated replica spends on prompts, ``batch`` its
    sequences in decode. ``lag_s`` is how long generation lasts. ``prefill``, ``decode_least`` and
    ``decode_most`` (quantities,) are the activity of the phases, decode from the first sequence to a
    full batch. ``diurnal`` is the relative amplitude of the day with its peak at ``peak_s`` after the
    job's start. ``copies`` is the number of trace users that a replica serves.
    """

    trace: TokenTrace
    level: Float64
    copies: int
    prefill_share: float
    batch: float
    lag_s: float
    diurnal: float
    peak_s: float
    drift: float
    memory_bytes: float
    prefill: Float64
    decode_least: Float64
    decode_most: Float64
    node_noise: float
    rank_noise: float
    #: Standard deviations of the receive rate over the transmit rate: of an accelerator, and of its samples.
    link_bias: float = 0.0
    link_wobble: float = LINK_WOBBLE
    #: Nodes of one replica: more than one where its experts or layers are spread over nodes.
    span: int = 1
    #: What a prompt's cache puts on the node's ports, going out and coming in, as a part of the traffic
    #: within the node while prompts are taken.
    cache_sent: float = 0.0
    cache_received: float = 0.0


def draw_serving(
    rng: np.random.Generator, replicas: int, traces: tuple[TokenTrace, ...], loaded_only: bool
) -> ServingParameters:
    """A deployment of ``replicas`` nodes, from nearly unused to saturated, or with no requests at all."""
    level = np.zeros(replicas) if loaded_only else _levels(rng, replicas)
    prefill, least, most = _phases(rng)
    return ServingParameters(
        trace=traces[int(rng.integers(len(traces)))],
        level=level,
        copies=int(rng.integers(1, 6)),
        prefill_share=float(rng.uniform(0.12, 0.6)),
        batch=float(np.exp(rng.uniform(np.log(12), np.log(200)))),
        lag_s=float(rng.uniform(4, 40)),
        diurnal=float(rng.uniform(0.1, 0.6)),
        peak_s=float(rng.uniform(0, DAY_S)),
        drift=float(rng.uniform(0.05, 0.25)),
        memory_bytes=float(rng.uniform(30, 76)) * GB,
        prefill=prefill,
        decode_least=least,
        decode_most=most,
        node_noise=float(rng.uniform(*NODE_NOISE)),
        rank_noise=float(rng.uniform(*RANK_NOISE)),
    )


def _levels(rng: np.random.Generator, replicas: int) -> Float64:
    """Mean load of each replica: a fifth nearly unused, two fifths moderate, two fifths heavy."""
    low = np.array([0.002, 0.06, 0.6])
    high = np.array([0.03, 0.6, 1.15])
    kind = rng.choice(3, size=replicas, p=[0.2, 0.4, 0.4])
    return rng.uniform(low[kind], high[kind])


def _phases(rng: np.random.Generator) -> tuple[Float64, Float64, Float64]:
    """Activity (quantities,) in prefill, in decode of one sequence and in decode of a full batch."""
    nvlink = GB * float(rng.uniform(20, 90))
    prefill = _phase(rng.uniform(0.35, 0.6), rng.uniform(0.2, 0.4), rng.uniform(0.75, 0.95), nvlink)
    least_dram, least_sm = rng.uniform(0.3, 0.55), rng.uniform(0.2, 0.4)
    least = _phase(rng.uniform(0.02, 0.05), least_dram, least_sm, nvlink * 0.05)
    most = _phase(
        rng.uniform(0.1, 0.28),
        least_dram + rng.uniform(0.1, 0.35),
        least_sm + rng.uniform(0.2, 0.45),
        nvlink * float(rng.uniform(0.2, 0.7)),
    )
    return prefill, least, most


def _phase(tensor: float, dram: float, sm: float, nvlink: float) -> Float64:
    row = np.zeros(QUANTITIES)
    row[Quantity.TENSOR], row[Quantity.DRAM], row[Quantity.SM] = tensor, dram, sm
    row[Quantity.UTILISATION] = 1.0
    row[Quantity.POWER_W] = dynamic_w(float(tensor), float(dram), float(sm))
    row[Quantity.NVLINK_TX] = nvlink
    return row


class ServingProcess:
    """One deployment on ``span`` nodes per ``level`` for ``duration_s`` seconds."""

    def __init__(self, parameters: ServingParameters, duration_s: float, rng: np.random.Generator) -> None:
        self._parameters = parameters
        self._duration_s = duration_s
        self._rng = rng
        replicas = len(parameters.level)
        self._backlog = np.zeros(replicas)
        self._fill = np.zeros(replicas)
        self._drift = np.zeros(replicas)
        shape = (replicas * parameters.span, ACCELERATORS_PER_NODE, 1)
        self._receive = rng.normal(1.0, parameters.link_bias, shape).astype(np.float32)
        cumulative = [np.concatenate([[0.0], np.cumsum(np.tile(t, 2))]) for t in _series(parameters.trace)]
        self._cumulative = np.stack(cumulative)

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        p = self._parameters
        interval_s = float(edges_s[1] - edges_s[0])
        prefill, fill = self._load(edges_s, interval_s)
        decode = (1.0 - prefill) * (1.0 - np.exp(-fill * p.batch))
        share = covered(edges_s, self._duration_s)
        rates = (
            prefill * p.prefill[:, None, None]
            + decode * p.decode_least[:, None, None]
            + decode * fill * (p.decode_most - p.decode_least)[:, None, None]
        ) * share
        rates = np.repeat(rates, p.span, axis=1)
        shape = (QUANTITIES, rates.shape[1], ACCELERATORS_PER_NODE, len(share))
        signals: Float32 = np.broadcast_to(rates[:, :, None, :], shape).astype(np.float32)
        add_noise(signals, self._rng, p.node_noise, p.rank_noise, interval_s)
        signals[Quantity.POWER_W] += (LOADED_W * share).astype(np.float32)
        signals[Quantity.MEMORY_BYTES] += (p.memory_bytes * share).astype(np.float32)
        wobble = p.link_wobble * self._rng.standard_normal(shape[1:], dtype=np.float32)
        signals[Quantity.NVLINK_RX] = signals[Quantity.NVLINK_TX] * (self._receive + wobble)
        self._add_between_nodes(signals, prefill * share, self._receive + wobble)
        return signals

    def _add_between_nodes(self, signals: Float32, prefill: Float64, receive: Float32) -> None:
        """Experts on other nodes take and give back; caches go one way, as prompts (replicas, ticks) come."""
        p = self._parameters
        experts = np.float32(expert_share(p.span)) * signals[Quantity.NVLINK_TX]
        experts = np.minimum(experts, np.float32(PORT_BYTES_PER_S))
        prompts = np.repeat(prefill * p.prefill[Quantity.NVLINK_TX], p.span, axis=0)[:, None, :]
        signals[Quantity.INFINIBAND_TX] = experts + (p.cache_sent * prompts).astype(np.float32)
        signals[Quantity.INFINIBAND_RX] = experts * receive + (p.cache_received * prompts).astype(np.float32)

    def _load(self, edges_s: Float64, interval_s: float) -> tuple[Float64, Float64]:
        """Share of time in prefill and fill of the decode batch, each (replicas, ticks), 0 to 1."""
        p = self._parameters
        prompt, generated = self._demand(len(edges_s) - 1, interval_s)
        load = p.level[:, None] * self._day(edges_s[1:]) * np.exp(self._walk(len(edges_s) - 1, interval_s))
        prefill = self._serve(load * prompt * p.prefill_share, min(0.9, 1.25 * p.prefill_share))
        keep = np.exp(-interval_s / p.lag_s)
        asked = np.minimum(load * generated, 1.6)
        fill, last = lfilter([1 - keep], [1, -keep], asked, axis=1, zi=keep * self._fill[:, None])
        self._fill = last[:, 0] / keep
        return prefill, np.minimum(fill, 1.0)

    def _demand(self, ticks: int, interval_s: float) -> tuple[Float64, Float64]:
        """Prompt and generated tokens (replicas, ticks), mean 1: sums of shifted copies of the trace.

        Shifts are drawn anew at each call, so that no replica replays its own hour.
        """
        p = self._parameters
        shifts = self._rng.integers(0, p.trace.seconds, (len(p.level), p.copies, 1))
        step = int(interval_s)
        at = shifts + step * np.arange(ticks + 1)
        lap, rest = np.divmod(at, p.trace.seconds)
        totals = self._cumulative[:, rest] + lap * p.trace.seconds
        demand = np.diff(totals, axis=-1).mean(axis=2) / step
        return demand[0], demand[1]

    def _day(self, at_s: Float64) -> Float64:
        """The diurnal factor (ticks,)."""
        p = self._parameters
        return 1.0 + p.diurnal * np.cos(2 * np.pi * (at_s - p.peak_s) / DAY_S)

    def _walk(self, ticks: int, interval_s: float) -> Float64:
        """Slow drift (replicas, ticks) of each replica's load, with a memory of twenty minutes."""
        keep = np.exp(-interval_s / 1200.0)
        kicks = self._rng.standard_normal((len(self._drift), ticks))
        kicks *= self._parameters.drift * (1 - keep**2) ** 0.5
        walk, last = lfilter([1.0], [1, -keep], kicks, axis=1, zi=keep * self._drift[:, None])
        self._drift = last[:, 0] / keep
        return np.asarray(walk)

    def _serve(self, work: Float64, capacity: float) -> Float64:
        """Prefill done (replicas, ticks) when at most ``capacity`` per tick is possible and work queues."""
        free = np.cumsum(work - capacity, axis=1) + self._backlog[:, None]
        idle = np.minimum(np.minimum.accumulate(free, axis=1), 0.0)
        backlog = np.minimum(free - idle, 60.0)
        before = np.concatenate([self._backlog[:, None], backlog[:, :-1]], axis=1)
        self._backlog = backlog[:, -1]
        return np.clip(before + work - backlog, 0.0, capacity)


def _series(trace: TokenTrace) -> tuple[Float64, Float64]:
    return trace.prompt, trace.generated

"""Work as a chain of phases: what HPC, graphics, evaluation or generate-then-train have in common.

A cycle is a row of phases, each with its own activity and drawn duration. Streams run through cycles by
themselves: one stream for the whole job (lock-step), one a node, or one an accelerator. The running integral
of each quantity is piecewise linear, so a sample is the exact mean over its interval.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tallystick.simulation.infiniband import PORT_BYTES_PER_S, collective_share
from tallystick.simulation.power import LOADED_W, dynamic_w
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    LINK_WOBBLE,
    QUANTITIES,
    Float32,
    Float64,
    Quantity,
    add_noise,
    covered,
)

GB = 1e9
_CHUNK = 128
_TO_NODES = (
    (Quantity.NVLINK_TX, Quantity.INFINIBAND_TX),
    (Quantity.NVLINK_RX, Quantity.INFINIBAND_RX),
)


class Scope(StrEnum):
    """What goes through its phases together."""

    JOB = "job"
    NODE = "node"
    ACCELERATOR = "accelerator"


@dataclass(frozen=True)
class WorkPhase:
    """``seconds`` is the mean duration, ``spread`` its log-scale deviation, ``chance`` how often it occurs.

    ``activity`` (quantities,) holds while it lasts; ``per_cycle`` is the log-scale deviation of the activity
    from cycle to cycle.
    """

    seconds: float
    spread: float
    activity: Float64
    chance: float = 1.0
    per_cycle: float = 0.0


@dataclass(frozen=True)
class PhasedParameters:
    """A job's phases and what is common to them. ``node_noise`` and ``rank_noise`` as in ``signals``."""

    phases: tuple[WorkPhase, ...]
    scope: Scope
    startup_s: float
    memory_bytes: float
    node_noise: float
    rank_noise: float
    drift: float = 0.0
    loaded_w: float = LOADED_W


def activity(
    tensor: float, dram: float, sm: float, link_gb_s: float = 0.0, busy: float = 1.0, extra_w: float = 0.0
) -> Float64:
    """Activity (quantities,) of a phase; ``extra_w`` is power that the three shares do not explain."""
    row = np.zeros(QUANTITIES)
    row[Quantity.TENSOR], row[Quantity.DRAM], row[Quantity.SM] = tensor, dram, sm
    row[Quantity.UTILISATION] = busy
    row[Quantity.POWER_W] = min(dynamic_w(tensor, dram, sm) + extra_w, dynamic_w(1, 1, 1))
    row[Quantity.NVLINK_TX] = link_gb_s * GB
    return row


class PhasedProcess:
    """One job on ``nodes`` whole nodes for ``duration_s`` seconds."""

    def __init__(
        self, parameters: PhasedParameters, nodes: int, duration_s: float, rng: np.random.Generator
    ) -> None:
        self._parameters = parameters
        self._nodes = nodes
        self._duration_s = duration_s
        self._rng = rng
        count = {Scope.JOB: 1, Scope.NODE: nodes, Scope.ACCELERATOR: nodes * ACCELERATORS_PER_NODE}
        self._streams = [self._started() for _ in range(count[parameters.scope])]

    def _started(self) -> Float64:
        """Breakpoints (quantities + 1, 2) of one stream: nothing happens until it has started up."""
        p = self._parameters
        lead = p.startup_s if p.scope is Scope.JOB else p.startup_s * float(self._rng.uniform(0.7, 1.3))
        start = np.zeros((QUANTITIES + 1, 2))
        start[-1, 1] = lead
        return start

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        p = self._parameters
        means = np.stack([self._means(i, edges_s) for i in range(len(self._streams))], axis=1)
        ticks = len(edges_s) - 1
        shape = (QUANTITIES, self._nodes, ACCELERATORS_PER_NODE, ticks)
        by_node = -1 if p.scope is Scope.ACCELERATOR else 1
        split = means.reshape(QUANTITIES, -1, 1 if by_node == 1 else ACCELERATORS_PER_NODE, ticks)
        signals: Float32 = np.broadcast_to(split, shape).astype(np.float32)
        interval_s = float(edges_s[1] - edges_s[0])
        add_noise(signals, self._rng, p.node_noise, p.rank_noise, interval_s)
        share = covered(edges_s, self._duration_s)
        signals[Quantity.POWER_W] += (p.loaded_w * share).astype(np.float32)
        signals[Quantity.MEMORY_BYTES] += (p.memory_bytes * share).astype(np.float32)
        receive = 1 + LINK_WOBBLE * self._rng.standard_normal(shape[1:], dtype=np.float32)
        signals[Quantity.NVLINK_RX] = signals[Quantity.NVLINK_TX] * receive
        if p.scope is Scope.JOB:
            crossing = np.float32(collective_share(self._nodes))
            for inside, between in _TO_NODES:
                signals[between] = np.minimum(signals[inside] * crossing, np.float32(PORT_BYTES_PER_S))
        return signals

    def _means(self, stream: int, edges_s: Float64) -> Float64:
        """Mean activity (quantities, ticks) of one stream."""
        points = self._streams[stream]
        last = min(float(edges_s[-1]), self._duration_s)
        while points[-1, -1] < last:
            points = np.concatenate([points, self._more(points[:, -1:])], axis=1)
        first = max(0, int(np.searchsorted(points[-1], edges_s[0], side="right")) - 1)
        points = points[:, first:]
        self._streams[stream] = points
        at = np.clip(edges_s, 0.0, self._duration_s)
        grown = np.stack([np.diff(np.interp(at, points[-1], row)) for row in points[:QUANTITIES]])
        means: Float64 = grown / (edges_s[1] - edges_s[0])
        means[Quantity.UTILISATION] = np.minimum(means[Quantity.UTILISATION], 1.0)
        return means

    def _more(self, end: Float64) -> Float64:
        """Further breakpoints of a stream that ends at ``end`` (quantities + 1, 1)."""
        p, rng = self._parameters, self._rng
        count = len(p.phases)
        seconds = np.array([f.seconds for f in p.phases]) * np.exp(
            rng.standard_normal((_CHUNK, count)) * np.array([f.spread for f in p.phases])
        )
        occurs = rng.random((_CHUNK, count)) < np.array([f.chance for f in p.phases])
        seconds = np.where(occurs, seconds, 0.0).ravel()
        strength = np.exp(rng.standard_normal((_CHUNK, count)) * np.array([f.per_cycle for f in p.phases]))
        if p.drift:
            strength = strength * np.exp(p.drift * np.cumsum(rng.standard_normal((_CHUNK, 1)), axis=0) / 8)
        rates = np.stack([f.activity for f in p.phases])[None] * np.clip(strength, 0.3, 1.6)[..., None]
        flat = rates.reshape(-1, QUANTITIES)
        flat[:, [Quantity.TENSOR, Quantity.DRAM, Quantity.SM]] = flat[
            :, [Quantity.TENSOR, Quantity.DRAM, Quantity.SM]
        ].clip(0, 0.97)
        growth = np.concatenate([(flat * seconds[:, None]).T, seconds[None]])
        return np.asarray(end + np.cumsum(growth, axis=1))

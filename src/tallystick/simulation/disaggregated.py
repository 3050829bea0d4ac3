"""Serving with prefill and decode on different accelerators of one node, or on different nodes.

Caches cross from one to the other, so links carry more one way than back (DistServe, arXiv 2401.09670;
Splitwise, arXiv 2311.18677). A token's cache is 2 x layers x key-value heads x head size x 2 bytes: 0.33 MB
with grouped queries (Llama 2 70B: 80 layers, 8 heads of 128) and 2.6 MB without (64 heads). Four
accelerators that take 4,000 to 12,000 tokens a second (assumed) thus send 0.3 to 8 GB/s each.
"""

from dataclasses import replace

import numpy as np

from tallystick.simulation.serving import ServingParameters, ServingProcess
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, LINK_WOBBLE, Float32, Float64, Quantity

GB = 1e9
#: Accelerators that take prompts; the others generate.
PREFILLING = ACCELERATORS_PER_NODE // 2


def draw_cache_rate(rng: np.random.Generator) -> float:
    """Bytes per second that an accelerator hands over while it prefills."""
    return GB * float(np.exp(rng.uniform(np.log(0.3), np.log(8.0))))


class DisaggregatedServing:
    """One deployment on ``len(prefill.level)`` nodes, each a replica with both pools, for ``duration_s``.

    Both pools see the same requests. ``cache_rate`` is as in ``draw_cache_rate``.
    """

    def __init__(
        self,
        prefill: ServingParameters,
        decode: ServingParameters,
        cache_rate: float,
        duration_s: float,
        rng: np.random.Generator,
    ) -> None:
        # The same draws in both: what differs is what each pool does with them.
        seed = int(rng.integers(2**63))
        self._pools = [
            ServingProcess(
                replace(pool, link_wobble=0.0, cache_sent=0.0, cache_received=0.0),
                duration_s,
                np.random.default_rng(seed),
            )
            for pool in (prefill, decode)
        ]
        self._cache_per_traffic = cache_rate / float(prefill.prefill[Quantity.NVLINK_TX])
        self._rng = rng

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        signals, decoding = (pool.advance(edges_s) for pool in self._pools)
        signals[:, :, PREFILLING:] = decoding[:, :, PREFILLING:]
        sent, received = signals[Quantity.NVLINK_TX], signals[Quantity.NVLINK_RX]
        cache = sent[:, :PREFILLING] * np.float32(self._cache_per_traffic)
        sent[:, :PREFILLING] += cache
        received[:, PREFILLING:] += cache
        received *= 1 + LINK_WOBBLE * self._rng.standard_normal(received.shape, dtype=np.float32)
        return signals


class DisaggregatedOverNodes:
    """One deployment on twice ``len(prefill.level)`` nodes: half take prompts, half generate.

    Prompts are taken on the first half. Both halves see the same requests, node by node, and each cache
    leaves a node of the first for one of the second. Both have the same ``level``; ``cache_rate`` is as in
    ``draw_cache_rate``.
    """

    def __init__(
        self,
        prefill: ServingParameters,
        decode: ServingParameters,
        cache_rate: float,
        duration_s: float,
        rng: np.random.Generator,
    ) -> None:
        seed = int(rng.integers(2**63))
        prompt = float(prefill.prefill[Quantity.NVLINK_TX])
        # What the prompts put on the ports of one side is what reaches those of the other.
        passed = replace(prefill, cache_sent=cache_rate / prompt, cache_received=cache_rate / prompt)
        self._prefill, self._decode = (
            ServingProcess(replace(pool, link_wobble=0.0), duration_s, np.random.default_rng(seed))
            for pool in (passed, replace(decode, cache_sent=0.0, cache_received=0.0))
        )
        self._rng = rng

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        prefill, decode = self._prefill.advance(edges_s), self._decode.advance(edges_s)
        decode[Quantity.INFINIBAND_RX] = prefill[Quantity.INFINIBAND_RX]
        prefill[Quantity.INFINIBAND_RX] = 0
        signals: Float32 = np.concatenate([prefill, decode], axis=1)
        wobble = 1 + LINK_WOBBLE * self._rng.standard_normal(signals.shape[1:], dtype=np.float32)
        signals[Quantity.NVLINK_RX] *= wobble
        signals[Quantity.INFINIBAND_RX] *= wobble
        return signals

"""How long the parts of a training step last: compute, exchange, pipeline bubble, checkpoints, clock.

Formulas and where they come from:

* all-reduce in a ring of ``n``: each member sends and receives ``2 (n - 1) / n`` of the bytes
  (bandwidth-optimal all-reduce; used so for low-communication training in arXiv 2503.09799, appendix A);
* pipeline bubble ``(p - 1) / m`` of the compute time (Megatron-LM, arXiv 2104.04473, section 2.2);
* full recomputation of activations repeats the forward pass, a third of forward and backward together
  (arXiv 2205.05198, which reports 29 % faster steps without it at 530e9 weights);
* checkpoint state of 12 bytes a weight, 32-bit weights and two moments: with it 530e9 weights take the
  42 minutes at 20 Gbit/s that Gemini reports (SOSP 2023, section 2.2);
* examples needed for one loss grow with the batch as ``1 + B / B_critical``: the trade-off of arXiv
  1812.06162 solved for examples;
* dynamic power is switched capacitance times voltage squared times frequency; above a transition clock
  voltage follows frequency, below it stays (that GPUs from A40 to H200 have a linear and a non-linear
  regime and a transition between them: "Modeling and Chasing the Energy-Efficiency Sweet Spots in
  Modern GPUs").
"""

#: Bytes of state per weight that a checkpoint holds.
CHECKPOINT_BYTES_PER_WEIGHT = 12
#: Share of forward and backward compute that full recomputation repeats.
FULL_RECOMPUTATION = 1 / 3
#: Clock, as a share of the highest, under which voltage no longer falls. An assumption: no source gives
#: the value for training on an H100, only that there is one.
TRANSITION_CLOCK = 0.6


def compute_s(flop: float, accelerators: int, peak_flop_per_s: float, efficiency: float) -> float:
    """Seconds for ``flop`` on ``accelerators`` that reach ``efficiency`` (0 to 1) of their peak."""
    return flop / (accelerators * peak_flop_per_s * efficiency)


def allreduce_s(members: int, payload_bytes: float, bytes_per_s: float, latency_s: float = 0.0) -> float:
    """Seconds of a ring all-reduce of ``payload_bytes`` over ``members``, each with ``bytes_per_s``."""
    if members < 2:
        return 0.0
    hops = 2 * (members - 1)
    return hops / members * payload_bytes / bytes_per_s + hops * latency_s


def exposed_s(exchange_s: float, hidden_behind_s: float) -> float:
    """Seconds of an exchange that remain where it overlaps ``hidden_behind_s`` of compute."""
    return max(0.0, exchange_s - hidden_behind_s)


def bubble_s(step_compute_s: float, stages: int, microbatches: int) -> float:
    """Idle seconds of a pipeline of ``stages`` that splits its batch into ``microbatches``."""
    return (stages - 1) / microbatches * step_compute_s


def checkpoint_s(weights: float, bytes_per_s: float) -> float:
    """Seconds to write a checkpoint of ``weights`` to a store that takes ``bytes_per_s``."""
    return weights * CHECKPOINT_BYTES_PER_WEIGHT / bytes_per_s


def pause_share(pause_s: float, every_s: float) -> float:
    """Share of all time lost when ``every_s`` of work is followed by ``pause_s`` of waiting."""
    return pause_s / (every_s + pause_s)


def traffic_divisor(inner_steps: int, compression: float) -> float:
    """By how much less is sent if only each ``inner_steps``-th step exchanges, ``compression`` smaller."""
    return inner_steps * compression


def examples_multiple(batch_over_critical: float, batch_multiple: float) -> float:
    """Examples needed for the same loss when the batch grows ``batch_multiple`` times, as a multiple."""
    return (1 + batch_multiple * batch_over_critical) / (1 + batch_over_critical)


def power_at_clock(clock: float) -> float:
    """Dynamic power, as a multiple of that at the highest clock, at ``clock`` (0 to 1) of it."""
    return clock * max(clock, TRANSITION_CLOCK) ** 2


def clock_at_power(power: float) -> float:
    """Clock (0 to 1) at which dynamic power is ``power`` (0 to 1) of that at the highest clock."""
    at_transition = TRANSITION_CLOCK**3
    return float(power ** (1 / 3)) if power >= at_transition else power / TRANSITION_CLOCK**2

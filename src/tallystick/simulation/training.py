"""Training as a process: steps in lock-step on all ranks, pauses for checkpoints and evaluations.

Time is a chain of phases. The running integral of each phase is piecewise linear, so a sample is the
exact mean of the waveform over its interval and aliasing needs no model of its own.
"""

import numpy as np

from tallystick.simulation.infiniband import with_reductions
from tallystick.simulation.power import LOADED_W
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    LINK_WOBBLE,
    Float32,
    Float64,
    Int64,
    Quantity,
    add_noise,
    covered,
)
from tallystick.simulation.training_family import Phase, TrainingParameters

PHASES = len(Phase)
#: Row of the running integrals that holds time itself; the rows before it are the phases.
_TIME = PHASES
_CHUNK_STEPS = 256


class TrainingProcess:
    """One training job on ``nodes`` whole nodes for ``duration_s`` seconds."""

    def __init__(
        self, parameters: TrainingParameters, nodes: int, duration_s: float, rng: np.random.Generator
    ) -> None:
        self._parameters = parameters
        self._nodes = nodes
        self._duration_s = duration_s
        self._rng = rng
        self._productive_s = 0.0
        self._intensity = 0.0
        self._stage_of = _stages(nodes, parameters)
        self._activity = with_reductions(parameters.activity, nodes)
        start = np.zeros((PHASES + 1, 2))
        start[_TIME, 1] = parameters.startup_s
        start[Phase.PAUSE, 1] = parameters.startup_s
        self._integrals = start

    def advance(self, edges_s: Float64) -> Float32:
        """See ``Process.advance``."""
        last = min(float(edges_s[-1]), self._duration_s)
        while self._integrals[_TIME, -1] < last:
            self._extend()
        self._forget(float(edges_s[0]))
        shape = self._parameters
        by_stage = np.stack(
            [self._stage(edges_s, stage * shape.stage_shift_s) for stage in range(shape.pipeline_stages)]
        )
        signals: Float32 = np.ascontiguousarray(np.moveaxis(by_stage[self._stage_of], 2, 0))
        interval_s = float(edges_s[1] - edges_s[0])
        add_noise(signals, self._rng, shape.node_noise, shape.rank_noise, interval_s)
        self._add_resident(signals, covered(edges_s, self._duration_s))
        return signals

    def _stage(self, edges_s: Float64, shift_s: float) -> Float32:
        """Dynamic part (quantities, ticks) seen by the ranks of a stage that runs ``shift_s`` behind."""
        times = self._integrals[_TIME]
        at = np.clip(edges_s, 0.0, self._duration_s) - shift_s
        interval_s = edges_s[1] - edges_s[0]
        spent = np.stack([np.diff(np.interp(at, times, row)) for row in self._integrals[:PHASES]])
        dynamic = self._activity.T @ (spent / interval_s)
        np.minimum(dynamic[Quantity.UTILISATION], 1.0, out=dynamic[Quantity.UTILISATION])
        result: Float32 = dynamic.astype(np.float32)
        return result

    def _add_resident(self, signals: Float32, share: Float64) -> None:
        """Memory and the power of a loaded model for as long as the job holds the accelerator."""
        signals[Quantity.POWER_W] += (LOADED_W * share).astype(np.float32)
        signals[Quantity.MEMORY_BYTES] += (self._parameters.memory_bytes * share).astype(np.float32)
        asymmetry = 1 + LINK_WOBBLE * self._rng.standard_normal(signals.shape[1:], dtype=np.float32)
        signals[Quantity.NVLINK_RX] = signals[Quantity.NVLINK_TX] * asymmetry
        signals[Quantity.INFINIBAND_RX] = signals[Quantity.INFINIBAND_TX] * asymmetry

    def _forget(self, before_s: float) -> None:
        """Drop breakpoints that no stage will ask for again."""
        reach = before_s - self._parameters.stage_shift_s * self._parameters.pipeline_stages
        first = int(np.searchsorted(self._integrals[_TIME], reach, side="right")) - 1
        if first > 0:
            self._integrals = self._integrals[:, first:]

    def _extend(self) -> None:
        """Append ``_CHUNK_STEPS`` steps, each a row of phase durations in the order of ``Phase``."""
        durations, intensity = self._steps(_CHUNK_STEPS)
        flat = durations.ravel()
        phase = np.tile(np.arange(PHASES), len(durations))
        growth = np.zeros((PHASES + 1, len(flat)))
        growth[phase, np.arange(len(flat))] = flat
        growth[Phase.COMPUTE, phase == Phase.COMPUTE] *= intensity
        growth[_TIME] = flat
        grown = self._integrals[:, -1:] + np.cumsum(growth, axis=1)
        self._integrals = np.concatenate([self._integrals, grown], axis=1)

    def _steps(self, count: int) -> tuple[Float64, Float64]:
        """Phase durations (count, phases) in seconds and compute intensity (count,) of the next steps."""
        p, rng = self._parameters, self._rng
        step = p.step_s * np.exp(p.step_jitter * rng.standard_normal(count))
        straggle = (rng.random(count) < p.straggler_probability) * rng.uniform(0.1, 1.0, count) * p.step_s
        stall = (rng.random(count) < p.stall_probability) * rng.exponential(p.stall_s, count)
        durations = np.zeros((count, PHASES))
        durations[:, Phase.COMMUNICATION] = p.communication * step
        durations[:, Phase.WAIT] = p.bubble * step + straggle
        durations[:, Phase.COMPUTE] = (1 - p.communication - p.bubble) * step
        done = self._productive_s + np.cumsum(step)
        durations[:, Phase.PAUSE] = stall + self._pauses(done, p.checkpoint_every_s, p.checkpoint_s)
        durations[:, Phase.EVALUATION] = self._pauses(done, p.evaluation_every_s, p.evaluation_s)
        self._productive_s = float(done[-1])
        return durations, self._walk(count)

    def _pauses(self, done_s: Float64, every_s: float, lasts_s: float) -> Float64:
        """Seconds (steps,) of the pause after each step that completes another ``every_s`` of work."""
        before = np.concatenate([[self._productive_s], done_s[:-1]])
        due = np.floor(done_s / every_s) > np.floor(before / every_s)
        return due * lasts_s * self._rng.uniform(0.8, 1.25, len(done_s))

    def _walk(self, count: int) -> Float64:
        """Shared compute intensity: a mean-reverting walk over steps plus noise of each step."""
        p = self._parameters
        slow = np.empty(count)
        kicks = self._rng.standard_normal(count) * p.intensity_walk * (1 - p.walk_memory**2) ** 0.5
        level = self._intensity
        for i, kick in enumerate(kicks):
            level = p.walk_memory * level + kick
            slow[i] = level
        self._intensity = level
        quick = p.intensity_jitter * self._rng.standard_normal(count)
        return np.clip(1.0 + slow + quick, 0.4, 1.15)


def _stages(nodes: int, parameters: TrainingParameters) -> Int64:
    """Pipeline stage (nodes, 8) of each rank: tensor groups are innermost, stages outermost (Megatron)."""
    world = nodes * ACCELERATORS_PER_NODE
    group = np.arange(world, dtype=np.int64) // parameters.tensor_parallel
    stage = group * parameters.pipeline_stages * parameters.tensor_parallel // world
    return stage.reshape(nodes, ACCELERATORS_PER_NODE)

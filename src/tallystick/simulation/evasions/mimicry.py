"""Mimicry: training made to look like Fourier transforms, hashing, or a serving deployment."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.signal import lfilter

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.filler import FFT, MINING, Filler, Kernels
from tallystick.simulation.evasions.paced import Beat
from tallystick.simulation.evasions.pacing import alternating, full_scale, paced
from tallystick.simulation.evasions.strategy import LOG, Parameter
from tallystick.simulation.requests import TokenTrace, request_model
from tallystick.simulation.signals import Float32, Float64, Quantity
from tallystick.simulation.work_kind import Start

_KERNELS = {"fft": FFT, "mining": MINING}


@dataclass(frozen=True)
class KernelMimicry:
    """Slices of ``kernel`` (``fft`` or ``mining``) with ``share`` of the time left to training.

    A period of training and kernel together lasts ``period_s``.
    """

    kernel: str
    share: float = 0.4
    period_s: float = 1.0

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("share", "share of time", 0.02, 0.95),
        Parameter("period_s", "s", 0.1, 60.0, LOG),
    )

    def apply(self, start: Start) -> Start:
        """Training interleaved with the kernel, which hardly varies."""

        def kernels(rng: np.random.Generator, nodes: int, duration_s: float) -> Filler:
            return Kernels(_KERNELS[self.kernel], 0.95, 1.0, 30.0, rng)

        return paced(start, alternating(self.share, self.period_s, 0.05), kernels)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The kernel's time is lost and it draws its full power."""
        return budget.giving_up(1 - self.share, 0.975 * float(_KERNELS[self.kernel][Quantity.POWER_W]))


@dataclass(frozen=True)
class ServingMimicry:
    """Let training follow the load of a serving trace: each second it gets the share that requests would.

    ``level`` is the mean share, ``lag_s`` how long a request is generated.
    """

    level: float
    lag_s: float = 10.0

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (
        Parameter("level", "share of time", 0.05, 0.9),
        Parameter("lag_s", "s", 1.0, 60.0, LOG),
    )

    def apply(self, start: Start) -> Start:
        """Training throttled by a trace, idle where the trace is."""
        return paced(start, lambda rng, lanes: _Traced(self, rng))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """``level`` of the time is left."""
        return budget.giving_up(1 - self.level)


def _load(trace: TokenTrace, lag_s: float, level: float) -> Float64:
    """Share of each second (seconds,) of mean ``level``: the trace's tokens, lagged and cut at 1."""
    keep = np.exp(-1.0 / lag_s)
    tokens = np.asarray(lfilter([1 - keep], [1, -keep], np.tile(trace.prompt + trace.generated, 2)))
    tokens = tokens[trace.seconds :]
    low, high = 0.0, 1.0 / max(float(np.quantile(tokens, 0.05)), 1e-6)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1.0, middle * tokens).mean() < level else (low, middle)
    return np.minimum(1.0, high * tokens)


class _Traced:
    """The pace of ``ServingMimicry``."""

    block_s = 0.0

    def __init__(self, strategy: ServingMimicry, rng: np.random.Generator) -> None:
        traces = request_model("off").traces
        trace = traces[int(rng.integers(len(traces)))]
        load = _load(trace, strategy.lag_s, strategy.level)
        self._load = np.roll(load, int(rng.integers(len(load))))

    def next(self, edges_s: Float64) -> Beat:
        """See ``Pace.next``."""
        second = np.maximum(edges_s[:-1] + 1e-9, 0.0).astype(np.int64) % len(self._load)
        ticks = len(second)
        return Beat(self._load[second][None], np.ones(ticks), full_scale(ticks))

    def observe(self, signals: Float32) -> None:
        """Nothing to learn."""

"""The 20 evasion families of arXiv 2606.19262, table 7, by the names and with the variants given there.

What a variant did on its machine is not published beyond names and a few figures; each is modelled here
by the strategies that its name and the paper's text describe. Parameters are choices of this simulation.
Families that ran on one accelerator (K_online_learning, L_diluted) let the accelerators of a node burst
at times of their own, those on several (K_ddp, L_ddp) all at once.
"""

from dataclasses import dataclass, replace

from tallystick.simulation.evasions.accumulation import GradientAccumulation
from tallystick.simulation.evasions.batch_modulation import BatchModulation
from tallystick.simulation.evasions.clock import ClockThrottle
from tallystick.simulation.evasions.duty_cycle import DutyCycle
from tallystick.simulation.evasions.inference_cover import InferenceCover
from tallystick.simulation.evasions.low_rank_adapters import LowRankAdapters
from tallystick.simulation.evasions.memory_minimal import MemoryMinimal
from tallystick.simulation.evasions.mimicry import KernelMimicry
from tallystick.simulation.evasions.noise_padding import NoisePadding
from tallystick.simulation.evasions.power_control import PowerControl
from tallystick.simulation.evasions.strategy import Strategy
from tallystick.simulation.evasions.white_box import Detector, LiveCopy, Straddle


@dataclass(frozen=True)
class Evasion:
    """A named way to evade: strategies in the order in which they are applied.

    ``family`` is the held-out group, ``variant`` tells its members apart.
    """

    family: str
    variant: str
    strategies: tuple[Strategy, ...]

    @property
    def name(self) -> str:
        """Family and variant."""
        return f"{self.family}/{self.variant}"

    def against(self, detector: Detector, window_s: float, decide_s: float) -> "Evasion":
        """The same evasion with every live copy a copy of ``detector``, on windows of ``window_s``."""
        armed = tuple(
            replace(s, detector=detector, window_s=window_s, decide_s=decide_s)
            if isinstance(s, LiveCopy)
            else s
            for s in self.strategies
        )
        return replace(self, strategies=armed)


def diluted(times: float, stagger_s: float = 0.0) -> InferenceCover:
    """Bursts of 4 s of training, and ``times`` their time of inference."""
    return InferenceCover(1 / (1 + times), 4.0, stagger_s=stagger_s)


def _family(name: str, **variants: tuple[Strategy, ...]) -> tuple[Evasion, ...]:
    return tuple(Evasion(name, variant.strip("_"), chain) for variant, chain in variants.items())


_LITTLE = MemoryMinimal(0.5)
#: Bursts of training between requests; alone, each accelerator has bursts of its own.
_ONLINE = InferenceCover(0.15, 1.5, spread=0.8)
_ONLINE_ALONE = InferenceCover(0.15, 1.5, spread=0.8, stagger_s=40.0)

ROUND_1 = (
    *_family("A_util_modulation", sleep=(DutyCycle(0.5, 8.0, 0.3),)),
    *_family("B_low_util", small_batch=(BatchModulation(0.02, 0.04),)),
    *_family("D_temporal_disruption", delays=(DutyCycle(0.7, 30.0, 1.0),)),
)
ROUND_2 = (
    *_family("E_memory_minimal", recompute=(MemoryMinimal(0.25),)),
    *_family("F_interleave", fine=(InferenceCover(0.5, 0.2, 0.05),), coarse=(InferenceCover(0.5, 10.0),)),
    *_family("G_clock_throttled", half=(ClockThrottle(0.5),)),
    *_family("H_mimicry", fft=(KernelMimicry("fft"),), mining=(KernelMimicry("mining"),)),
    *_family(
        "I_stochastic", random=(DutyCycle(0.6, 12.0, 1.2), BatchModulation(0.1, 1.0, 30.0), NoisePadding(0.1))
    ),
    *_family("J_pid", hold=(PowerControl(150.0),)),
)
ROUND_3 = (
    *_family("K_online_learning", bursts=(_ONLINE_ALONE,)),
    *_family("L_diluted", **{f"x{n}": (diluted(n, stagger_s=4.0 * (1 + n)),) for n in (2, 5, 10, 20)}),
)
ROUND_4 = (
    *_family(
        "M_composite_memmin",
        throttled=(_LITTLE, ClockThrottle(0.6)),
        modulated=(_LITTLE, DutyCycle(0.5, 8.0, 0.3)),
        diluted=(_LITTLE, diluted(5)),
        noisy=(_LITTLE, NoisePadding(0.3)),
    ),
    *_family("N_grad_accum", **{f"x{n}": (GradientAccumulation(n),) for n in (8, 32, 128)}),
    *_family(
        "O_composite_idle_pad",
        **{
            f"idle{idle}": (_LITTLE, *((DutyCycle(1 - idle / 100, 20.0, 0.3),) if idle else ()))
            for idle in (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95)
        },
    ),
    *_family("K_ddp", bursts=(_ONLINE,)),
    *_family("K_ddp_accum", **{f"x{n}": (GradientAccumulation(n), _ONLINE) for n in (8, 32)}),
    *_family("L_ddp", **{f"x{n}": (diluted(n),) for n in (5, 10)}),
    *_family("L_ddp_stagger", x5=(diluted(5, stagger_s=16.0),)),
)
#: Window of the published classifier that the white-box families attack, seconds.
ATTACKED_WINDOW_S = 5.0
ROUND_5 = (
    *_family(
        "whitebox_full",
        **{f"every{n}s": (_LITTLE, diluted(n / 4 - 1)) for n in (8, 12, 20, 40)},
        straddle2=(_LITTLE, Straddle(2, ATTACKED_WINDOW_S)),
        straddle4=(_LITTLE, Straddle(4, ATTACKED_WINDOW_S)),
        straddle8=(_LITTLE, Straddle(8, ATTACKED_WINDOW_S)),
        live_copy=(_LITTLE, LiveCopy()),
    ),
    *_family(
        "whitebox_lora",
        every12s=(LowRankAdapters(), diluted(2)),
        straddle4=(LowRankAdapters(), Straddle(4, ATTACKED_WINDOW_S)),
        live_copy=(LowRankAdapters(), LiveCopy()),
    ),
)
TABLE_7 = (*ROUND_1, *ROUND_2, *ROUND_3, *ROUND_4, *ROUND_5)

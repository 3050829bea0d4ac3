"""All named evasions: those of table 7 and those that it lacks."""

from dataclasses import replace

from tallystick.simulation.evasions.accumulation import GradientAccumulation
from tallystick.simulation.evasions.batch_modulation import BatchModulation
from tallystick.simulation.evasions.checkpoints import FrequentCheckpoints
from tallystick.simulation.evasions.clock import ClockThrottle, PowerCap
from tallystick.simulation.evasions.duty_cycle import DutyCycle
from tallystick.simulation.evasions.inference_cover import InferenceCover, NeighbourCover
from tallystick.simulation.evasions.low_communication import LowCommunication
from tallystick.simulation.evasions.low_rank_adapters import LowRankAdapters
from tallystick.simulation.evasions.memory_minimal import MemoryMinimal
from tallystick.simulation.evasions.mimicry import KernelMimicry, ServingMimicry
from tallystick.simulation.evasions.noise_padding import NoisePadding
from tallystick.simulation.evasions.power_control import PowerControl
from tallystick.simulation.evasions.strategy import Strategy, evading
from tallystick.simulation.evasions.table7 import TABLE_7, Evasion
from tallystick.simulation.evasions.white_box import LiveCopy, Straddle
from tallystick.simulation.work_kind import WorkKind

BEYOND_TABLE_7 = (
    Evasion("duty_cycle", "minutes", (DutyCycle(0.4, 300.0, 0.4),)),
    Evasion("power_cap", "half", (PowerCap(350.0),)),
    Evasion("noise_padding", "third", (NoisePadding(0.33),)),
    Evasion("cover_same", "quarter", (InferenceCover(0.25, 30.0),)),
    Evasion("cover_neighbours", "half", (NeighbourCover(4),)),
    Evasion("frequent_checkpoints", "minute", (FrequentCheckpoints(60.0),)),
    Evasion("low_communication", "h500", (LowCommunication(500),)),
    Evasion("low_communication", "h100_staggered", (LowCommunication(100, stagger_s=20.0),)),
    Evasion("batch_modulation", "wide", (BatchModulation(0.05, 1.0, 60.0),)),
    Evasion("serving_mimicry", "half", (ServingMimicry(0.5),)),
    Evasion("low_communication_cover", "quarter", (LowCommunication(500, 20.0), InferenceCover(0.25, 30.0))),
)
EVASIONS: tuple[Evasion, ...] = (*TABLE_7, *BEYOND_TABLE_7)

#: One strategy of each sort, where an adaptive search begins, in the order in which they apply: what
#: changes the program comes before what changes its pace.
SEARCHED: tuple[Strategy, ...] = (
    MemoryMinimal(0.5),
    GradientAccumulation(32),
    LowRankAdapters(),
    LowCommunication(),
    BatchModulation(0.05, 1.0),
    ClockThrottle(0.6),
    PowerCap(350.0),
    FrequentCheckpoints(60.0),
    DutyCycle(0.4, 20.0),
    PowerControl(150.0),
    ServingMimicry(0.4),
    NoisePadding(0.3),
    KernelMimicry("fft"),
    KernelMimicry("mining"),
    InferenceCover(0.2, 4.0),
    LiveCopy(),
    Straddle(4),
    NeighbourCover(4),
)


def hidden(kind: WorkKind, evasion: Evasion) -> WorkKind:
    """``kind`` under a named evasion: its name tells the variant, its ``evasion`` the family."""
    evader = evading(kind, *evasion.strategies, evasion=evasion.name)
    return replace(evader, evasion=evasion.family)

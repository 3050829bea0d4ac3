"""The sample schema: public channel names, units and limits (``spec/samples.md``)."""

from dataclasses import dataclass
from enum import IntFlag, StrEnum

from tallystick.records.subject import SubjectKind
from tallystick.units import NS_PER_S


class ChannelKind(StrEnum):
    """A gauge reads a level, a counter only grows until it is reset."""

    GAUGE = "gauge"
    COUNTER = "counter"


class Quality(IntFlag):
    """What a row says about the time before it."""

    GOOD = 0
    AFTER_GAP = 1
    AFTER_RESET = 2


@dataclass(frozen=True, slots=True)
class Channel:
    """One measured quantity. ``maximum`` is the greatest value that is physically believable."""

    name: str
    unit: str
    kind: ChannelKind
    subject: SubjectKind
    maximum: int


_A, _N, _M = SubjectKind.ACCELERATOR, SubjectKind.NODE, SubjectKind.METER
_G, _C = ChannelKind.GAUGE, ChannelKind.COUNTER

#: All channels in canonical order. DCGM's own field names where DCGM has the field.
CHANNELS: dict[str, Channel] = {
    c.name: c
    for c in (
        Channel("DCGM_FI_DEV_POWER_USAGE", "mW", _G, _A, 5_000_000),
        Channel("DCGM_FI_DEV_GPU_UTIL", "ppm", _G, _A, 1_000_000),
        Channel("DCGM_FI_PROF_SM_ACTIVE", "ppm", _G, _A, 1_000_000),
        Channel("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "ppm", _G, _A, 1_000_000),
        Channel("DCGM_FI_PROF_DRAM_ACTIVE", "ppm", _G, _A, 1_000_000),
        Channel("DCGM_FI_DEV_FB_USED", "byte", _G, _A, 2**42),
        Channel("DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "byte", _C, _A, 2**62),
        Channel("DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES", "byte", _C, _A, 2**62),
        Channel("NODE_POWER_USAGE", "mW", _G, _N, 50_000_000),
        Channel("METER_POWER_USAGE", "mW", _G, _M, 2**50),
        Channel("METER_ENERGY_TOTAL", "mJ", _C, _M, 2**62),
        Channel("NODE_INFINIBAND_TX_BYTES", "byte", _C, _N, 2**62),
        Channel("NODE_INFINIBAND_RX_BYTES", "byte", _C, _N, 2**62),
    )
}

#: The channel that measures power, by kind of subject.
POWER_CHANNEL: dict[SubjectKind, str] = {
    SubjectKind.ACCELERATOR: "DCGM_FI_DEV_POWER_USAGE",
    SubjectKind.NODE: "NODE_POWER_USAGE",
    SubjectKind.METER: "METER_POWER_USAGE",
}

#: Accelerators and nodes are sampled at least this often: five readings a window are what a verdict needs.
MAX_INTERVAL_NS = 60 * NS_PER_S

#: Stands for "no reading" in integer columns.
MISSING = -(2**63)

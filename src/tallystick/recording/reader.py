"""One reading of one GPU in the schema's units, with a count of what NVML could not or would not say."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tallystick.recording.nvml import Nvml
from tallystick.records.sample import CHANNELS, MISSING

#: What NVML can read, in canonical order. SM, tensor and DRAM activity come only with DCGM.
NVML_CHANNELS = (
    "DCGM_FI_DEV_POWER_USAGE",
    "DCGM_FI_DEV_GPU_UTIL",
    "DCGM_FI_DEV_FB_USED",
    "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES",
    "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES",
)
#: Scope of an NVLink field that adds up all links.
ALL_LINKS = 2**32 - 1
_PPM_PER_PERCENT = 10_000


class Reader:
    """Reads one GPU. ``refused`` maps (channel, why) to the number of readings that are missing for it.

    How this GPU answers for memory and for NVLink is tried once, at the start.
    """

    def __init__(self, nvml: Nvml, handle: Any) -> None:
        self.refused: Counter[tuple[str, str]] = Counter()
        self._nvml = nvml
        self._handle = handle
        self._memory_version = _memory_version(nvml, handle)
        counters = _nvlink_counters(nvml, handle)
        self._questions: tuple[Callable[[], int] | None, ...] = (
            lambda: nvml.nvmlDeviceGetPowerUsage(handle),
            lambda: nvml.nvmlDeviceGetUtilizationRates(handle).gpu * _PPM_PER_PERCENT,
            self._memory_used,
            (lambda: _count(nvml, handle, counters.transmit, counters.bytes_each)) if counters else None,
            (lambda: _count(nvml, handle, counters.receive, counters.bytes_each)) if counters else None,
        )

    def read(self) -> tuple[int, ...]:
        """One reading per channel of ``NVML_CHANNELS``, ``MISSING`` where there is none."""
        return tuple(
            MISSING if ask is None else self._answer(channel, ask)
            for channel, ask in zip(NVML_CHANNELS, self._questions, strict=True)
        )

    def _answer(self, channel: str, ask: Callable[[], int]) -> int:
        """The answer, unless NVML refuses or gives one of its marks for "no value"."""
        try:
            value = int(ask())
        except self._nvml.NVMLError as error:
            self.refused[channel, str(error)] += 1
            return MISSING
        if 0 <= value <= CHANNELS[channel].maximum:
            return value
        self.refused[channel, "not a believable value"] += 1
        return MISSING

    def _memory_used(self) -> int:
        if self._memory_version is None:
            return int(self._nvml.nvmlDeviceGetMemoryInfo(self._handle).used)
        return int(self._nvml.nvmlDeviceGetMemoryInfo(self._handle, self._memory_version).used)


@dataclass(frozen=True, slots=True)
class _Counters:
    """NVML's fields of what NVLink sent and received, and how many bytes one count is."""

    transmit: int
    receive: int
    bytes_each: int


def _memory_version(nvml: Nvml, handle: Any) -> int | None:
    """The layout that leaves out what the driver reserves, as DCGM does; None on drivers without it."""
    try:
        nvml.nvmlDeviceGetMemoryInfo(handle, nvml.nvmlMemory_v2)
    except nvml.NVMLError:
        return None
    return nvml.nvmlMemory_v2


def _nvlink_counters(nvml: Nvml, handle: Any) -> _Counters | None:
    """The counters that this GPU has: bytes since Blackwell, KiB before, none without NVLink."""
    offered = (
        _Counters(nvml.NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, nvml.NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, 1),
        _Counters(
            nvml.NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX, nvml.NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX, 1024
        ),
    )
    most = CHANNELS["DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES"].maximum
    for counters in offered:
        try:
            counts = [_count(nvml, handle, f, 1) for f in (counters.transmit, counters.receive)]
        except nvml.NVMLError:
            continue
        if max(counts) * counters.bytes_each <= most:
            return counters
    return None


def _count(nvml: Nvml, handle: Any, field: int, bytes_each: int) -> int:
    """Bytes that a counter of all links has reached. Raises NVMLError where NVML has no answer."""
    answer = nvml.nvmlDeviceGetFieldValues(handle, [(field, ALL_LINKS)])[0]
    if answer.nvmlReturn:
        raise nvml.NVMLError(answer.nvmlReturn)
    narrow = answer.valueType == nvml.NVML_VALUE_TYPE_UNSIGNED_INT
    return int(answer.value.uiVal if narrow else answer.value.ullVal) * bytes_each

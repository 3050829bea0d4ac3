"""NVML as a replay: the functions of ``pynvml`` that are used, answering from a trace instead of a driver.

A trace is one list of frames per GPU; a frame maps a quantity to what NVML answers, or to ``Refusal`` with
NVML's error code. What a frame does not name is not supported. ``frame`` says which frame it is now; the
last frame is held on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

NOT_SUPPORTED, GPU_IS_LOST, UNKNOWN = 3, 15, 999
_WORDS = {NOT_SUPPORTED: "Not Supported", GPU_IS_LOST: "GPU is lost", 9: "Driver Not Loaded"}


class NVMLError(Exception):
    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        return _WORDS.get(self.value, "Unknown Error")


@dataclass(frozen=True)
class Refusal:
    code: int


Frame = Mapping[str, "int | Refusal"]


@dataclass
class ReplayNvml:
    trace: Sequence[Sequence[Frame]]
    frame: Callable[[], int]
    product: str | bytes = "NVIDIA H100 80GB HBM3"
    driver: str | bytes = "570.86.15"
    init_error: int = 0
    started: int = 0
    ended: int = 0
    asked_versions: list[int | None] = field(default_factory=list)

    NVMLError = NVMLError
    nvmlMemory_v2 = 0x02000028
    NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES = 202
    NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES = 204
    NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX = 138
    NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX = 139
    NVML_VALUE_TYPE_UNSIGNED_INT = 1

    def nvmlInit(self) -> None:
        if self.init_error:
            raise NVMLError(self.init_error)
        self.started += 1

    def nvmlShutdown(self) -> None:
        self.ended += 1

    def nvmlSystemGetDriverVersion(self) -> str | bytes:
        return self.driver

    def nvmlDeviceGetCount(self) -> int:
        return len(self.trace)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:
        return self.product

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: int) -> int:
        return self._answer(handle, "limit_mw")

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:
        return self._answer(handle, "power_mw")

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> Any:
        return SimpleNamespace(gpu=self._answer(handle, "percent"), memory=0)

    def nvmlDeviceGetMemoryInfo(self, handle: int, version: int | None = None) -> Any:
        """The old layout counts what the driver reserves (``reserved_byte``) as used."""
        self.asked_versions.append(version)
        used = self._answer(handle, "used_byte")
        return SimpleNamespace(used=used if version else used + self._answer(handle, "reserved_byte"))

    def nvmlDeviceGetFieldValues(self, handle: int, fields: Sequence[tuple[int, int]]) -> list[Any]:
        return [self._field(handle, number, scope) for number, scope in fields]

    def _field(self, handle: int, number: int, scope: int) -> Any:
        name = {202: "tx_byte", 204: "rx_byte", 138: "tx_kib", 139: "rx_kib"}[number]
        refused = SimpleNamespace(nvmlReturn=NOT_SUPPORTED, valueType=3, value=None)
        if scope != 2**32 - 1:
            return refused
        try:
            count = self._answer(handle, name)
        except NVMLError as error:
            refused.nvmlReturn = error.value
            return refused
        return SimpleNamespace(nvmlReturn=0, valueType=3, value=SimpleNamespace(ullVal=count, uiVal=0))

    def _answer(self, handle: int, name: str) -> int:
        frames = self.trace[handle]
        answer = frames[min(self.frame(), len(frames) - 1)].get(name, Refusal(NOT_SUPPORTED))
        if isinstance(answer, Refusal):
            raise NVMLError(answer.code)
        return answer

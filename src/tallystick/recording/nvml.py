"""The part of NVML that is used here, under the names of NVIDIA's own Python binding.

The module ``pynvml`` (package ``nvidia-ml-py``) satisfies ``Nvml`` as it stands, and so does anything that
replays a trace. Functions raise ``NVMLError``, whose text is NVML's own, where NVML has no answer.
"""

import importlib
from collections.abc import Sequence
from typing import Any, Protocol, cast

from tallystick.errors import InputError, MissingExtraError


class Nvml(Protocol):
    """NVML's functions and constants. A device's handle is opaque."""

    NVMLError: type[Exception]
    #: Layout of ``nvmlDeviceGetMemoryInfo`` that counts what the driver reserves apart from what is used.
    nvmlMemory_v2: int
    NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES: int
    NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES: int
    NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX: int
    NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX: int
    NVML_VALUE_TYPE_UNSIGNED_INT: int

    def nvmlInit(self) -> None:
        """Start. Raises NVMLError where there is no driver."""

    def nvmlShutdown(self) -> None:
        """End."""

    def nvmlSystemGetDriverVersion(self) -> str | bytes:
        """The driver's version."""

    def nvmlDeviceGetCount(self) -> int:
        """How many GPUs the driver sees."""

    def nvmlDeviceGetHandleByIndex(self, index: int) -> Any:
        """The GPU numbered ``index`` from 0."""

    def nvmlDeviceGetName(self, handle: Any) -> str | bytes:
        """The product's name, such as ``NVIDIA H100 80GB HBM3``."""

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: Any) -> int:
        """The power cap in force, in mW."""

    def nvmlDeviceGetPowerUsage(self, handle: Any) -> int:
        """Power in mW; since Ampere (but for GA100) the mean of the last second."""

    def nvmlDeviceGetUtilizationRates(self, handle: Any) -> Any:
        """``gpu``: percent of time with a kernel running, over a period that the driver chooses."""

    def nvmlDeviceGetMemoryInfo(self, handle: Any, version: int | None = None) -> Any:
        """``used``: bytes of memory in use."""

    def nvmlDeviceGetFieldValues(self, handle: Any, fields: Sequence[tuple[int, int]]) -> Sequence[Any]:
        """For each (field, scope): ``nvmlReturn`` (0 is good), ``valueType`` and the union ``value``."""


def load_nvml() -> Nvml:
    """NVIDIA's binding. Raises MissingExtraError where it is not installed."""
    try:
        return cast(Nvml, importlib.import_module("pynvml"))
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{error.name} is not installed", mend="pip install 'tallystick[site,record]'"
        ) from error


def start(nvml: Nvml) -> None:
    """Start NVML. Raises InputError where no driver answers."""
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        raise InputError(
            f"NVIDIA's driver does not answer ({error})",
            mend="run this on a machine with an NVIDIA GPU where nvidia-smi works",
        ) from error


def text(value: str | bytes) -> str:
    """A name as NVML gives it: older bindings give bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

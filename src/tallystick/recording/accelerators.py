"""The GPUs of this machine as accelerators of the hardware table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tallystick.errors import InputError
from tallystick.recording.nvml import Nvml, text
from tallystick.telemetry.gpu_products import hardware_of


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One GPU. ``name`` is its pseudonym, ``hardware`` a key of the hardware table.

    ``power_limit_mw`` is the cap in force at the start, 0 where NVML does not say.
    """

    name: str
    hardware: str
    product: str
    power_limit_mw: int
    handle: Any


def find_accelerators(nvml: Nvml, only: Sequence[int] = ()) -> tuple[Accelerator, ...]:
    """The GPUs numbered ``only``, or all of them. NVML has been started.

    Raises InputError where there is none, a number is wrong or a product is not in the hardware table.
    """
    try:
        count = nvml.nvmlDeviceGetCount()
        if count == 0:
            raise InputError("the driver sees no GPU", mend="run this on a machine with an NVIDIA GPU")
        beyond = [index for index in only if not 0 <= index < count]
        if beyond:
            raise InputError(f"there is no GPU {beyond[0]}", mend=f"choose from 0 to {count - 1}")
        return tuple(_accelerator(nvml, index) for index in sorted(set(only)) or range(count))
    except nvml.NVMLError as error:
        raise InputError(f"a GPU cannot be opened ({error})", mend="see whether nvidia-smi works") from error


def _accelerator(nvml: Nvml, index: int) -> Accelerator:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    product = text(nvml.nvmlDeviceGetName(handle))
    return Accelerator(
        name=f"gpu{index}",
        hardware=hardware_of(product),
        product=product,
        power_limit_mw=_power_limit_mw(nvml, handle),
        handle=handle,
    )


def _power_limit_mw(nvml: Nvml, handle: Any) -> int:
    try:
        return nvml.nvmlDeviceGetEnforcedPowerLimit(handle)
    except nvml.NVMLError:
        return 0

"""What NVML calls a product, and the hardware table's key of it."""

from tallystick.errors import InputError

#: Exact names: an NVL or PCIe card of the same chip has another peak and another power limit.
_KEYS = {
    "NVIDIA A100-SXM4-80GB": "a100-sxm4-80",
    "NVIDIA H100 80GB HBM3": "h100-sxm",
    "NVIDIA H200": "h200-sxm",
    "NVIDIA B200": "b200-sxm",
}


def hardware_of(product: str) -> str:
    """The hardware table's key of the product called ``product``. Raises InputError where it has none."""
    try:
        return _KEYS[product]
    except KeyError:
        known = ", ".join(_KEYS)
        raise InputError(
            f"the hardware table has no {product!a}",
            mend=f"choose other GPUs with --gpus; known are {known}",
        ) from None

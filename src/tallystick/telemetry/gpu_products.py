"""What drivers and exporters call a GPU, and the hardware table's key of it."""

from functools import cache

from tallystick.accounting.hardware import hardware_table
from tallystick.errors import InputError
from tallystick.telemetry.place import quoted

#: Names as NVML gives them, without the maker's. A card of the same chip on another board has another
#: power limit, so that only whole names count. A key that the hardware table lacks is not looked at.
_KEYS = {
    "A100-SXM4-40GB": "a100-sxm4-40",
    "A100-SXM4-80GB": "a100-sxm4-80",
    "A100-PCIE-40GB": "a100-pcie-40",
    "A100 80GB PCIe": "a100-pcie-80",
    "B200": "b200-sxm",
    "B300 SXM6 AC": "b300",
    "GB200": "gb200",
    "GB300": "gb300",
    "GH200 480GB": "gh200",
    "GeForce RTX 4090": "rtx-4090",
    "GeForce RTX 5090": "rtx-5090",
    "H100 80GB HBM3": "h100-sxm",
    "H100 SXM5 80GB": "h100-sxm",
    "H100 NVL": "h100-nvl",
    "H100 PCIe": "h100-pcie",
    "H200": "h200-sxm",
    "H200 NVL": "h200-nvl",
    "L4": "l4",
    "L40S": "l40s",
    "Tesla T4": "t4",
    "Tesla V100-SXM2-16GB": "v100-sxm2",
    "Tesla V100-SXM2-32GB": "v100-sxm2",
}


def hardware_of(product: str) -> str:
    """The hardware table's key of the GPU called ``product``, such as ``NVIDIA H100 80GB HBM3``.

    Raises InputError, which names the products that are known, where the table has none.
    """
    key = known_hardware(product)
    if key is None:
        names = ", ".join(name for name, key in _KEYS.items() if key in hardware_table())
        raise InputError(
            f"the hardware table has no GPU called {quoted(product)}", mend=f"known are: {names}"
        )
    return key


def known_hardware(product: str) -> str | None:
    """The hardware table's key of the GPU called ``product``, or None where the table has none."""
    return _known().get(_plain(product))


def _plain(product: str) -> str:
    """The name as it is compared: labels of clusters have dashes for spaces, old drivers no maker."""
    words = product[:128].lower().replace("-", " ").replace("_", " ").split()
    return " ".join(words[1:] if words[:1] == ["nvidia"] else words)


@cache
def _known() -> dict[str, str]:
    return {_plain(name): key for name, key in _KEYS.items() if key in hardware_table()}

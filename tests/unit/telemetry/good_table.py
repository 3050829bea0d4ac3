"""A small sound sample table to start from: two accelerators, a node and a meter, 1 min, every 10 s."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

START_NS = 1_715_299_200_000_000_000  # 2024-05-10T00:00:00Z, the start of a slot
NOW_NS = START_NS + 86_400_000_000_000
STEP_NS = 10_000_000_000
ROWS_PER_TIME = 4

NODE_COVERS = ",".join(f"b{i}" for i in range(8))

_SUBJECTS = (
    ("a0", "accelerator", "h100-sxm", "a0", "operator"),
    ("a1", "accelerator", "h100-sxm", "", "operator"),
    ("m0", "meter", "", "a0,a1,n0", "sealed"),
    ("n0", "node", "hgx-h100-8", NODE_COVERS, "operator"),
)


def columns(times: int = 6) -> dict[str, list[Any]]:
    """Columns by name, sorted by time and then by subject."""
    rows = [(START_NS + t * STEP_NS, t, *s) for t in range(times) for s in _SUBJECTS]
    kind = [r[3] for r in rows]

    def only(wanted: str, values: list[int]) -> list[int | None]:
        return [v if k == wanted else None for v, k in zip(values, kind, strict=True)]

    n = len(rows)
    return {
        "time_ns": [r[0] for r in rows],
        "subject": [r[2] for r in rows],
        "kind": kind,
        "hardware": [r[4] for r in rows],
        "covers": [r[5] for r in rows],
        "source": ["test"] * n,
        "trust": [r[6] for r in rows],
        "interval_ns": [STEP_NS] * n,
        "quality": [0] * n,
        "DCGM_FI_DEV_POWER_USAGE": only("accelerator", [300_000 + i for i in range(n)]),
        "DCGM_FI_DEV_GPU_UTIL": only("accelerator", [500_000] * n),
        "DCGM_FI_PROF_SM_ACTIVE": only("accelerator", [400_000] * n),
        "DCGM_FI_DEV_FB_USED": only("accelerator", [2**34] * n),
        "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES": only("accelerator", [r[1] * 1000 for r in rows]),
        "NODE_POWER_USAGE": only("node", [5_000_000] * n),
        "METER_POWER_USAGE": only("meter", [6_000_000] * n),
        "METER_ENERGY_TOTAL": only("meter", [r[1] * 60_000_000 for r in rows]),
    }


def write(path: Path, data: dict[str, Any]) -> Path:
    """The columns as a Parquet file. Lists or Arrow arrays."""
    pq.write_table(
        pa.table({k: v if isinstance(v, pa.Array) else pa.array(v) for k, v in data.items()}), path
    )
    return path


def with_value(column: str, row: int, value: Any, times: int = 6) -> dict[str, Any]:
    """The sound table with one value changed."""
    data = columns(times)
    data[column][row] = value
    return data


def with_column(column: str, values: Any) -> dict[str, Any]:
    """The sound table with one column replaced or added."""
    return {**columns(), column: values}


def renamed(old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: values for name, values in columns().items()}


def scaled(column: str, divisor: int) -> dict[str, Any]:
    """One column in a unit ``divisor`` times larger."""
    data = columns()
    data[column] = [None if v is None else v // divisor for v in data[column]]
    return data

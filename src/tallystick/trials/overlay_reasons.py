"""Why a composite site was grouped wrongly: which runs were taken for one, and how far apart they ran."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as parquet

from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S

Float64 = npt.NDArray[np.float64]


def reasons(folder: Path, parts: Sequence[tuple[str, int, int]], sizes: Sequence[int], found: Int64) -> str:
    """Words for one draw: ``parts`` are (name, run number, offset in ns) with ``sizes`` nodes each.

    ``found`` (nodes,) holds each node's group.
    """
    edges = np.cumsum([0, *sizes])
    groups = [set(found[a:b].tolist()) for a, b in pairwise(edges)]
    said = [
        f"{parts[i][0]} and {parts[j][0]} share a group{_apart(folder, parts[i], parts[j])}"
        for i, j in combinations(range(len(parts)), 2)
        if groups[i] & groups[j]
    ]
    said += [
        f"{name} fell into {len(group)} groups"
        for (name, _, _), group in zip(parts, groups, strict=True)
        if len(group) > 1
    ]
    return "; ".join(said)


def _apart(folder: Path, one: tuple[str, int, int], other: tuple[str, int, int]) -> str:
    """How far apart the evaluations of two runs begin in the composite site, where both are logged."""
    first, second = (evaluations(folder, run) - offset / NS_PER_S for _, run, offset in (one, other))
    first = first[(first > 0) & (first < 600)]
    if not len(first) or not len(second):
        return ""
    gaps = np.abs(second[None, :] - first[:, None]).min(axis=1)
    return f" (their evaluations begin {np.median(gaps):.1f} s apart)"


@cache
def evaluations(folder: Path, run: int) -> Float64:
    """Seconds from the start of a run at which its evaluations began."""
    table = parquet.read_table(folder / "training_events.parquet")
    number, event = (table.column(name).to_numpy(zero_copy_only=False) for name in ("run", "event"))
    seconds = table.column("t_s").to_numpy().astype(np.float64)
    starts: Float64 = np.sort(seconds[(number == run) & (event == "eval_start")])
    return starts

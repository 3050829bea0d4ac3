"""FLOP per joule above idle, on the few metered runs whose FLOP are known: one chassis, four kinds of run.

Wall power of whole nodes, AC meter. The DC readings are of the same runs and are left out.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tallystick.accounting.hardware import hardware
from tallystick.trials.flop_runs import Bools, Floats, KnownRuns, Texts

FILE = Path("mlperf_power") / "training_runs.csv"
NODE = "hgx-h100-8"
METER = "AC"
MJ_PER_J = 1000


@dataclass(frozen=True)
class EnergyRuns:
    """Metered runs, one row each: FLOP, and joules above idle."""

    run_id: Texts
    system: Texts
    benchmark: Texts
    flop: Floats
    dynamic_j: Floats

    @property
    def kinds(self) -> int:
        """How many pairs of system and benchmark there are."""
        return len(set(zip(self.system, self.benchmark, strict=True)))

    @property
    def flop_per_j(self) -> Floats:
        """FLOP per joule above idle."""
        return np.asarray(self.flop / self.dynamic_j)

    def groups(self) -> dict[str, Texts]:
        """What can be held out."""
        return {"system": self.system, "benchmark": self.benchmark}


def energy_runs(data: Path, runs: KnownRuns) -> EnergyRuns:
    """The AC-metered runs of ``mlperf_power`` that are also among ``runs``; none where the file is absent."""
    truth = dict(zip(runs.run_id.tolist(), runs.flop.tolist(), strict=True))
    rows: list[dict[str, str]] = []
    if (data / FILE).is_file():
        with (data / FILE).open(newline="", encoding="utf-8") as lines:
            rows = [row for row in csv.DictReader(lines) if row["meter"] == METER and row["run_id"] in truth]
    return EnergyRuns(
        run_id=np.array([row["run_id"] for row in rows], dtype=np.str_),
        system=np.array([row["system"] for row in rows], dtype=np.str_),
        benchmark=np.array([row["benchmark"] for row in rows], dtype=np.str_),
        flop=np.array([truth[row["run_id"]] for row in rows], dtype=np.float64),
        dynamic_j=np.array([_dynamic_j(row) for row in rows], dtype=np.float64),
    )


def _dynamic_j(row: dict[str, str]) -> float:
    idle_w = hardware(NODE).idle_mw / MJ_PER_J
    return (float(row["mean_node_w"]) - idle_w) * float(row["nodes"]) * float(row["duration_s"])


def held_out_energy(runs: EnergyRuns, groups: Texts) -> Floats:
    """FLOP of each run from its joules and the median FLOP per joule of the other groups' kinds of run."""
    estimate = np.full(len(runs.flop), np.nan)
    for group in np.unique(groups):
        inside = groups == group
        medians = _medians_by_kind(runs, ~inside)
        if medians:
            estimate[inside] = np.median(medians) * runs.dynamic_j[inside]
    return estimate


def _medians_by_kind(runs: EnergyRuns, rows: Bools) -> list[float]:
    kinds = np.array([f"{s}\t{b}" for s, b in zip(runs.system, runs.benchmark, strict=True)], dtype=np.str_)
    return [float(np.median(runs.flop_per_j[rows & (kinds == kind)])) for kind in np.unique(kinds[rows])]

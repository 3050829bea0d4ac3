"""Writes the calibrated rates that the accounting room ships: integers, from all runs with known FLOP."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from tallystick.accounting.chips import chip
from tallystick.trials.flop_energy import EnergyRuns
from tallystick.trials.flop_rate_model import RateModel, Units, fitted, interval, residuals, units_of
from tallystick.trials.flop_runs import NOTICE, KnownRuns

PPM = 1_000_000
LEVEL = 0.95
CHIP_OF_NODE = "h100-sxm"
MW_PER_W = 1000
NOBODY = "-"


def write_rate_table(path: Path, runs: KnownRuns, energy: EnergyRuns) -> None:
    """Write ``flop_rates.json`` to ``path``."""
    path.write_text(json.dumps(rate_table(runs, energy), indent=2) + "\n", encoding="utf-8")


def rate_table(runs: KnownRuns, energy: EnergyRuns) -> dict[str, Any]:
    """Shares of the BF16 peak in ppm by chip, generation and any, at each power of two measured."""
    model = fitted(units_of(runs))
    units = model.units
    chips = {str(key): _by_size(model, str(key), chip(str(key)).generation) for key in np.unique(units.chip)}
    kin = {str(key): _by_size(model, NOBODY, str(key)) for key in np.unique(units.generation)}
    return {
        "note": f"Written by tallystick.trials.flop_accuracy --write. Shares of dense BF16 peak, {NOTICE}.",
        "runs": len(runs),
        "shares_ppm": {"chip": chips, "generation": kin, "any": {"any": _by_size(model, NOBODY, NOBODY)}},
        "lowest_ppm": _lowest(model, units),
        "energy": _energy(energy),
    }


def _by_size(model: RateModel, key: str, generation: str) -> dict[str, int]:
    highest = int(model.units.doublings.max())
    octaves = range(int(model.units.doublings.min()), highest + 1)
    count = len(octaves)
    logs = model.log_share(
        np.full(count, key), np.full(count, generation), np.array(octaves, dtype=np.float64)
    )
    return {str(o): round(float(np.exp(log)) * PPM) for o, log in zip(octaves, logs, strict=True)}


def _lowest(model: RateModel, units: Units) -> dict[str, int]:
    """Lower end over the estimate, where the chip, only its generation, or neither was seen before."""
    groups = {"chip": units.system, "generation": units.chip, "any": units.generation}
    ends = {
        tier: interval(
            residuals(units, model.width, model.kin_weight, [units.system, group]), units.system, LEVEL
        )[0]
        for tier, group in groups.items()
    }
    return {tier: round(float(np.exp(end)) * PPM) for tier, end in ends.items()}


def _energy(energy: EnergyRuns) -> dict[str, Any]:
    kind = chip(CHIP_OF_NODE)
    per_j = kind.reference_flop_per_s * MW_PER_W / (kind.tdp_mw or 0)
    names = np.array([f"{s}\t{b}" for s, b in zip(energy.system, energy.benchmark, strict=True)])
    medians = [float(np.median(energy.flop_per_j[names == name])) for name in np.unique(names)]
    return {
        "share_ppm": round(float(np.median(medians)) / per_j * PPM),
        "least_share_ppm": round(float(energy.flop_per_j.min()) / per_j * PPM),
        "calibration": f"{len(names)} MLPerf runs of {energy.kinds} kinds on one H100 chassis; "
        "the lower end is the least of them, at no stated level",
    }

"""Calibrated rates: the share of the BF16 peak that tuned training runs reach, by chip and size.

``flop_rates.json`` is written by ``python -m tallystick.trials.flop_accuracy --write``. It is derived from
MLPerf logs, not verified by MLCommons Association. Those runs are tuned to the limit; a site at work computes
less in the same time, so that the estimate errs upwards there and the lower end is no bound.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tallystick.accounting.chips import chip
from tallystick.errors import InputError

ANY = "any"


@dataclass(frozen=True, slots=True)
class CalibratedRate:
    """Share of the BF16 peak in ppm; ``lowest_ppm`` times it is the lower end (95 %, two-sided).

    ``energy_share_ppm`` is the share of BF16 peak over rated power reached per joule above idle, and
    ``least_energy_share_ppm`` the least seen. The two texts say what the figures were calibrated on.
    """

    share_ppm: int
    lowest_ppm: int
    energy_share_ppm: int
    least_energy_share_ppm: int
    calibration: str
    energy_calibration: str


@cache
def _rates() -> dict[str, Any]:
    rates: dict[str, Any] = json.loads(
        files("tallystick.accounting").joinpath("flop_rates.json").read_text("utf-8")
    )
    return rates


def calibrated_rate(chip_key: str, accelerators: int) -> CalibratedRate:
    """The rate of a run of ``accelerators`` of one chip: of the chip, else its generation, else of all.

    The size is rounded down to a power of two and held within those measured. Raises InputError for a chip
    not in the chip table or fewer than 1 accelerator.
    """
    if accelerators < 1:
        raise InputError(f"{accelerators} accelerators are no run", mend="give 1 or more")
    rates = _rates()
    tiers = (("chip", chip_key), ("generation", chip(chip_key).generation), (ANY, ANY))
    tier, name = next((t, n) for t, n in tiers if n in rates["shares_ppm"][t])
    by_size = rates["shares_ppm"][tier][name]
    octave = min(max(accelerators.bit_length() - 1, min(map(int, by_size))), max(map(int, by_size)))
    energy = rates["energy"]
    return CalibratedRate(
        share_ppm=by_size[str(octave)],
        lowest_ppm=rates["lowest_ppm"][tier],
        energy_share_ppm=energy["share_ppm"],
        least_energy_share_ppm=energy["least_share_ppm"],
        calibration=f"{rates['runs']} tuned MLPerf runs, {'all chips' if tier == ANY else f'{tier} {name}'}; "
        f"97.5 % of such systems lie above the lower end, a site that is not tuned may not",
        energy_calibration=energy["calibration"],
    )

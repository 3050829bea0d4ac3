"""What an adversary can hide under the estimate, by channels and chip: arithmetic, not measured.

The share of the hard bound that lies above the estimate. Truth is anywhere below the bound, so that an
operator who computes at the bound and reports the estimate hides this share and no more. With energy the
share may be larger than without: that estimate rests on four kinds of run on one chassis and is lower, and
the bound by energy binds only well below rated power.
"""

from dataclasses import dataclass

from tallystick.accounting.chips import chip
from tallystick.accounting.hardware import hardware
from tallystick.accounting.run_flop import RunEvidence, run_flop

CHIPS = ("a100-sxm4-80", "h100-sxm", "b200-sxm", "mi300x")
ACCELERATORS = 1000
HOUR_S = 3600
US_PER_S = 1_000_000
PPM = 1_000_000
#: Tensor units are busy half the time, and the chip draws 80 % of its rated power: a busy training run.
ACTIVE_PPM = 500_000
POWER_PPM = 800_000


@dataclass(frozen=True)
class UnderReport:
    """Worst under-report of one chip in ppm of the truth, by channels."""

    chip: str
    by_channels_ppm: dict[str, int]


def under_reports() -> list[UnderReport]:
    """One row for each of ``CHIPS``, for a busy run of a thousand accelerators."""
    return [UnderReport(key, _by_channels(key)) for key in CHIPS]


def _by_channels(key: str) -> dict[str, int]:
    accelerator_s = ACCELERATORS * HOUR_S
    chip_us = accelerator_s * US_PER_S
    energy_mj = (chip(key).tdp_mw or 0) * POWER_PPM // PPM * accelerator_s
    idle_mj = hardware(key).idle_mw * accelerator_s
    seen = (
        RunEvidence(key, ACCELERATORS, chip_us),
        RunEvidence(key, ACCELERATORS, chip_us, energy_mj, idle_mj),
        RunEvidence(key, ACCELERATORS, chip_us, energy_mj, idle_mj, ACTIVE_PPM),
    )
    return {str(run.channels): run_flop(run).worst_under_report_ppm for run in seen}


def worst_under_report(channels: str) -> float:
    """The greatest share of the truth, over ``CHIPS``, that the estimate from ``channels`` may miss."""
    return max(row.by_channels_ppm[str(channels)] for row in under_reports()) / PPM


def under_report_text() -> list[str]:
    """The rows as lines of text."""
    rows = under_reports()
    lines = [
        "Worst under-report: the share of the hard bound that the estimate misses (arithmetic, not measured)"
    ]
    for channels in rows[0].by_channels_ppm:
        shares = "  ".join(f"{row.chip} {row.by_channels_ppm[channels] / PPM:.2f}" for row in rows)
        lines.append(f"  {channels:<40}{shares}")
    return lines

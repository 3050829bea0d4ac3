"""FLOP of a whole run as an interval, from whatever channels exist; the worst an adversary can under-report.

Three kinds of number that must not be confused:

upper     the hard bound (``hard_bound``), valid for any workload: no more operations were executed than this
estimate  what such a run computes where it is tuned training: a calibrated share of the BF16 peak
lower     the calibrated lower end, under the same condition; the hard lower bound is always 0

Channels and what an adversary reaches with each (``worst_under_report_ppm`` = 1 - estimate / upper, the
part of the truth that the estimate can miss when the run is as large as the bound allows):

chips and time   Both are counted from outside. The adversary cannot lower them without leaving chips
                 idle; they gain by running closer to the peak, or at a faster precision, than the runs
                 behind the calibration.
plus energy      A sealed meter. The gain is now in joules per FLOP: lower clocks and voltage, smaller
                 numbers, faster precisions. Power capping moves joules and FLOP together, so that the
                 gain per joule stays below ``hard_bound.EFFICIENCY_MARGIN`` over peak per rated watt.
plus activity    Tensor activity counts busy cycles and bounds them, but does not tell the precision: FLOP
                 declared as BF16 may be FP8 or FP4. And it is the operator's own counter: a forged one
                 lowers estimate and bound together, so that the figure holds for a trusted counter only.
"""

from dataclasses import dataclass
from enum import StrEnum

from tallystick.accounting.chips import chip
from tallystick.accounting.flop_rates import calibrated_rate
from tallystick.accounting.hard_bound import US_PER_S, most_flop
from tallystick.errors import InputError
from tallystick.records.flop import FlopInterval

PPM = 1_000_000


class Channels(StrEnum):
    """What an interval rests on."""

    TIME = "chips and time"
    ENERGY = "chips, time and energy"
    ACTIVITY = "chips, time, energy and tensor activity"


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What was observed of one run.

    ``chip_us`` is accelerator-microseconds, summed over the run's ``accelerators``. ``energy_mj`` is all
    that the accelerators (or their nodes) drew, ``idle_mj`` what they would have drawn idle. Give
    ``tensor_active_ppm``, the mean share of cycles in which tensor units were busy, only with energy.
    """

    chip: str
    accelerators: int
    chip_us: int
    energy_mj: int | None = None
    idle_mj: int = 0
    tensor_active_ppm: int | None = None

    def __post_init__(self) -> None:
        if self.accelerators < 1 or self.chip_us < 0 or self.idle_mj < 0 or (self.energy_mj or 0) < 0:
            raise InputError("a run has 1 accelerator or more, and no amount below 0", mend="correct the run")
        if self.tensor_active_ppm is None:
            return
        if self.energy_mj is None or not 0 <= self.tensor_active_ppm <= PPM:
            raise InputError(
                f"tensor activity of {self.tensor_active_ppm} ppm", mend="give 0 to 1000000, with energy"
            )

    @property
    def channels(self) -> Channels:
        """Which channels there are."""
        if self.tensor_active_ppm is not None:
            return Channels.ACTIVITY
        return Channels.TIME if self.energy_mj is None else Channels.ENERGY


@dataclass(frozen=True, slots=True)
class RunFlop:
    """The interval of a run. ``calibration`` says which runs the estimate and lower end come from."""

    channels: Channels
    flop: FlopInterval
    worst_under_report_ppm: int
    calibration: str


def run_flop(run: RunEvidence, count_integers: bool = False, count_skipped: bool = False) -> RunFlop:
    """The interval of ``run``. The bound counts integer operations, or those that sparsity skips, if told.

    Raises InputError for a chip not in the table.
    """
    upper = hard_upper_flop(run, count_integers, count_skipped)
    rate = calibrated_rate(run.chip, run.accelerators)
    by_time = chip(run.chip).reference_flop_per_s * run.chip_us // US_PER_S
    estimate, calibration = by_time * rate.share_ppm // PPM, rate.calibration
    lower = estimate * rate.lowest_ppm // PPM
    tdp_mw = chip(run.chip).tdp_mw
    if run.energy_mj is not None and tdp_mw is not None:
        dynamic_mj = max(0, run.energy_mj - run.idle_mj)
        by_energy = chip(run.chip).reference_flop_per_s * dynamic_mj // tdp_mw
        estimate, lower = (
            by_energy * rate.energy_share_ppm // PPM,
            by_energy * rate.least_energy_share_ppm // PPM,
        )
        calibration = rate.energy_calibration
    if run.tensor_active_ppm is not None:
        estimate, calibration = by_time * run.tensor_active_ppm // PPM, "BF16 assumed; not calibrated"
    estimate = min(estimate, upper)
    lower = min(lower, estimate)
    missed = PPM - estimate * PPM // upper if upper else 0
    return RunFlop(run.channels, FlopInterval(lower, estimate, upper), missed, calibration)


def hard_upper_flop(run: RunEvidence, count_integers: bool = False, count_skipped: bool = False) -> int:
    """No more FLOP than this were executed, whatever the workload: the least of the bounds there are."""
    active_ppm = PPM if run.tensor_active_ppm is None else run.tensor_active_ppm
    return most_flop(chip(run.chip), run.chip_us, run.energy_mj, active_ppm, count_integers, count_skipped)

"""Check 15: does the declared work agree with the verdicts, given how often verdicts are wrong?"""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.declarations.bundle import Bundle
from tallystick.inspection.challenge import Challenge, fewest_entries, peak_per_entry
from tallystick.inspection.opened import OpenedHour, windows_of
from tallystick.inspection.sampling import ALPHA, alarm_threshold, detection, share_interval
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.workload import ABSTAINED, NOT_OBSERVED, TRAINING_VERDICTS
from tallystick.units import PPM, WINDOWS_PER_HOUR

#: An entry contradicts its declaration where this share of at least half an hour of windows is training.
CONTRADICTION_SHARE_PPM = 750_000
LEAST_WINDOWS = WINDOWS_PER_HOUR // 2
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Judgement:
    """Outcome over all opened entries. Shares are of accelerator-hours, entries being drawn evenly.

    ``untested`` entries are declared as other than training and the classifier abstained on them.
    ``undeclared`` is what contradicting entries stand for; ``bound_flop`` is the most undeclared
    training that the draw leaves possible at 95 %, with what nobody observed at peak rate.
    ``odds`` is the probability that a hidden run of the significant quantity raises the alarm.
    """

    opened: int
    contradicting: tuple[OpenedHour, ...]
    untested: int
    threshold: int
    undeclared: FlopInterval
    bound_flop: int
    odds: float

    @property
    def alarm(self) -> bool:
        """Whether more entries contradict than an honest site shows but once in a thousand periods."""
        return len(self.contradicting) >= self.threshold


def judge(
    hours: Sequence[OpenedHour],
    bundle: Bundle,
    population: int,
    unobserved_ms: int,
    challenge: Challenge,
) -> Judgement:
    """Weigh the opened entries.

    ``population`` is the number of entries drawn from; ``unobserved_ms`` the accelerator-milliseconds
    that nobody observed.
    """
    contradicting = tuple(h for h in hours if contradicts(h))
    untested = sum(_untested(h) for h in hours)
    false_rate = challenge.false_rate_ppm / PPM
    threshold = alarm_threshold(len(hours), false_rate, ALPHA)
    sensitivity = max(1, challenge.sensitivity_ppm) / PPM
    defects = fewest_entries(bundle, challenge.significant_quantity_flop)
    testable = sensitivity * (1 - untested / len(hours)) if hours else 0.0
    return Judgement(
        opened=len(hours),
        contradicting=contradicting,
        untested=untested,
        threshold=threshold,
        undeclared=_undeclared(contradicting, len(hours), population),
        bound_flop=_bound(len(contradicting) + untested, len(hours), population, sensitivity, bundle)
        + unobserved_ms * _peak_per_accelerator(bundle) // 1000,
        odds=detection(population, min(defects, population), len(hours), testable, threshold),
    )


def contradicts(hour: OpenedHour) -> bool:
    """Whether an entry declared as something else than training shows training for most of its hour."""
    workload, verdicts = hour.entry.workload, hour.verdicts or []
    if workload is None or workload.is_training:
        return False
    seen = sum(v != NOT_OBSERVED for v in verdicts)
    training = sum(v in TRAINING_VERDICTS for v in verdicts)
    return seen >= LEAST_WINDOWS and training * PPM >= seen * CONTRADICTION_SHARE_PPM


def _untested(hour: OpenedHour) -> bool:
    workload, verdicts = hour.entry.workload, hour.verdicts or []
    if workload is None or workload.is_training:
        return False
    seen = sum(v != NOT_OBSERVED for v in verdicts)
    return seen > 0 and 2 * sum(v == ABSTAINED for v in verdicts) > seen


def _peak_per_accelerator(bundle: Bundle) -> int:
    kinds = [hardware(s.hardware) for s in bundle.roster.rows]
    return max((kind.peak_flop_per_s // kind.covers for kind in kinds), default=0)


def _undeclared(hours: Sequence[OpenedHour], opened: int, population: int) -> FlopInterval:
    """What contradicting entries stand for in the whole period, 95 % on their share."""
    if not hours:
        return NO_FLOP
    total = NO_FLOP
    for hour in hours:
        kind = hardware(hour.subject.hardware)
        for window in windows_of(hour):
            total += training_flop(kind, window.observed_us, window.energy_mj)
    low, high = share_interval(len(hours), opened, CONFIDENCE)
    count = len(hours)

    def scaled(flop: int, share: float) -> int:
        return flop // count * round(share * population * PPM) // PPM

    return FlopInterval(
        scaled(total.lower, low), scaled(total.estimate, count / opened), scaled(total.upper, high)
    )


def _bound(suspect: int, opened: int, population: int, sensitivity: float, bundle: Bundle) -> int:
    """Most undeclared training left possible: the suspect share's upper limit, all at peak rate."""
    if not opened:
        return population * peak_per_entry(bundle)
    # One-sided 95 %: the upper end of a two-sided 90 % interval.
    share = share_interval(suspect, opened, 2 * CONFIDENCE - 1)[1]
    entries = min(population, round(share / sensitivity * population) + 1)
    return entries * peak_per_entry(bundle)

"""Check 15: does the declared work agree with the verdicts, and how much could still be hidden?

Everything is weighed window by window. A window *contradicts* where it is declared as a class other than
training and judged training. It is *suspect* where it is not declared as training and was not judged to
be something else: contradicting, abstained, of no stated class, or not seen well enough for a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.declarations.bundle import Bundle
from tallystick.inspection.challenge import Challenge, fewest_entries, peak_per_entry
from tallystick.inspection.opened import OpenedHour, windows_of
from tallystick.inspection.sampling import ALPHA, alarm_threshold, detection, mean_interval
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.workload import ABSTAINED, NOT_OBSERVED, TRAINING_VERDICTS
from tallystick.units import PPM, WINDOWS_PER_HOUR

#: Fewer contradicting windows in an hour are the edges of jobs; they count in the bound alone.
LEAST_CONTRADICTING = 3
#: One-sided probability that a limit does not hold.
TAIL = 0.05
CONFIDENCE = 1 - TAIL
MS_PER_S = 1000
US_PER_MS = 1000


@dataclass(frozen=True, slots=True)
class WeighedHour:
    """An opened entry: contradicting and untested windows, and FLOP that they may hold at most.

    ``contradicting_flop`` is of contradicting windows; ``suspect_flop`` the upper bound over suspect
    windows, with time in the inventory that no sample covers at peak rate.
    """

    hour: OpenedHour
    contradicting: int
    untested: int
    contradicting_flop: FlopInterval
    suspect_flop: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Outcome over all opened entries.

    ``weight`` is the sum of contradicting shares of hours; the alarm is at ``threshold``. ``untested``
    entries are those of which half or more could not be told. ``undeclared`` is what contradicting
    windows stand for in the whole period (95 %); ``bound_flop`` the most undeclared training that the
    draw leaves possible at 95 %, if windows of hidden training are recognised, or not told, with the
    challenge's sensitivity. ``odds`` is the probability that a hidden run of the significant quantity,
    whose hours are recognised with that sensitivity, raises the alarm.
    """

    opened: int
    contradicting: tuple[OpenedHour, ...]
    weight: float
    untested: int
    threshold: int
    undeclared: FlopInterval
    bound_flop: int
    odds: float

    @property
    def alarm(self) -> bool:
        """Whether more contradicts than an honest site shows but once in a thousand periods."""
        return self.weight >= self.threshold


def judge(hours: Sequence[OpenedHour], bundle: Bundle, population: int, challenge: Challenge) -> Judgement:
    """Weigh the opened entries, drawn evenly from ``population``."""
    weighed = [weigh(hour) for hour in hours]
    counted = [w for w in weighed if w.contradicting >= LEAST_CONTRADICTING]
    sensitivity = max(1, challenge.sensitivity_ppm) / PPM
    defects = min(population, fewest_entries(bundle, challenge.significant_quantity_flop))
    threshold = alarm_threshold(len(hours), challenge.false_rate_ppm / PPM, ALPHA)
    suspect = _period_flop([w.suspect_flop for w in weighed], population, bundle, TAIL)
    return Judgement(
        opened=len(hours),
        contradicting=tuple(w.hour for w in counted),
        weight=sum(w.contradicting for w in counted) / WINDOWS_PER_HOUR,
        untested=sum(2 * w.untested >= WINDOWS_PER_HOUR for w in weighed),
        threshold=threshold,
        undeclared=_undeclared(counted, len(hours), population, bundle),
        bound_flop=round(suspect[2] / sensitivity),
        odds=detection(population, defects, len(hours), sensitivity, threshold),
    )


def weigh(hour: OpenedHour) -> WeighedHour:
    """Compare what is declared for each window with its verdict."""
    kind = hardware(hour.subject.hardware)
    contradicting = untested = suspect_flop = observed_us = 0
    contradicting_flop = NO_FLOP
    declared = zip(windows_of(hour), hour.verdicts or [], hour.entry.workloads, strict=True)
    for window, verdict, workload in declared:
        observed_us += window.observed_us
        if workload is not None and workload.is_training:
            continue
        flop = training_flop(kind, window.observed_us, window.energy_mj)
        untold = verdict in (ABSTAINED, NOT_OBSERVED)
        if verdict in TRAINING_VERDICTS or untold:
            suspect_flop += flop.upper
            untested += untold or workload is None
        if verdict in TRAINING_VERDICTS and workload is not None:
            contradicting += 1
            contradicting_flop += flop
    there_us = hour.entry.inventory_ms * US_PER_MS // len(hour.subject.covers)
    unseen_us = max(0, there_us - observed_us)
    suspect_flop += kind.most_flop_per_s * unseen_us // (US_PER_MS * MS_PER_S)
    return WeighedHour(hour, contradicting, untested, contradicting_flop, suspect_flop)


def _undeclared(counted: Sequence[WeighedHour], opened: int, population: int, bundle: Bundle) -> FlopInterval:
    """What contradicting windows stand for in the whole period, each end at 97.5 %."""
    if not counted:
        return NO_FLOP

    def over_period(amounts: list[int]) -> tuple[int, int, int]:
        missing = [0] * (opened - len(amounts))
        return _period_flop([*amounts, *missing], population, bundle, TAIL / 2)

    flops = [w.contradicting_flop for w in counted]
    return FlopInterval(
        over_period([f.lower for f in flops])[0],
        over_period([f.estimate for f in flops])[1],
        over_period([f.upper for f in flops])[2],
    )


def _period_flop(
    amounts: Sequence[int], population: int, bundle: Bundle, tail: float
) -> tuple[int, int, int]:
    """Lower limit, estimate and upper limit of the period's FLOP from those of entries drawn evenly."""
    peak = peak_per_entry(bundle)
    total = sum(min(1.0, a / peak) for a in amounts)
    low, high = mean_interval(total, len(amounts), tail)
    mean = total / len(amounts) if amounts else 0.0

    def flop(share: float) -> int:
        return round(share * population * PPM) * peak // PPM

    return flop(low), flop(mean), flop(high)

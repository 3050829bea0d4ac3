"""What figures of several periods say together: of a site's training, and of one figure over time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tallystick.regimes.law.exact import Interval
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.inspection_facts import LARGEST, SITE_RUNS, TRAINING, RunBounds, any_run_of

_Period = tuple[date, date]


def earlier_training(facts: Iterable[Fact], *, verified: bool) -> Interval | None:
    """What a site trained in the periods before its last one: one run at least, all of them at most.

    None where there is no earlier period. Without an upper end where periods overlap, or one has none.
    """
    by_period: dict[_Period, dict[str, Interval]] = {}
    for fact in facts:
        value = fact.verified if verified else fact.said
        if fact.on is not None and fact.name in SITE_RUNS and isinstance(value, Interval):
            by_period.setdefault(fact.period, {})[fact.name] = value
    periods = sorted(by_period)
    if len(periods) < 2:
        return None
    runs = [any_run_of(by_period[p].get(LARGEST), by_period[p].get(TRAINING)) for p in periods[:-1]]
    lower = max(run.lower for run in runs if run is not None)
    uppers = [training.upper if (training := by_period[p].get(TRAINING)) else None for p in periods[:-1]]
    known = [upper for upper in uppers if upper is not None]
    whole = len(known) == len(uppers) and _apart(periods)
    return Interval(lower, max(lower, sum(known)) if whole else None)


def _apart(periods: Sequence[_Period]) -> bool:
    return all(before[1] < after[0] for before, after in pairwise(periods))


def with_earlier(bounds: RunBounds, earlier: Interval | None, stated: Interval | None) -> RunBounds:
    """Bounds on a run that may have gone on over several periods; what is stated of a run stays."""
    if earlier is None:
        return bounds
    run = bounds.run if bounds.run is None or stated is not None else _joined(bounds.run, earlier)
    return replace(bounds, run=run, training=_joined(bounds.training, earlier))


def _joined(last: Interval, earlier: Interval) -> Interval:
    upper = None if last.upper is None or earlier.upper is None else last.upper + earlier.upper
    return Interval(max(last.lower, earlier.lower), upper)


def never_less(fact: Fact, facts: Iterable[Fact]) -> Fact:
    """The fact; where less compute is verified than was verified before, all from the least to the most.

    Compute that was used does not go away: one of the two is wrong, and nobody knows which.
    """
    value = fact.verified
    if not fact.name.startswith("compute.") or not isinstance(value, Interval) or value.upper is None:
        return fact
    before = [one.verified for one in facts if one.name == fact.name and one.period < fact.period]
    more = [one for one in _amounts(before) if one.lower > value.upper]
    if not more:
        return fact
    uppers = [one.upper for one in more]
    most = None if None in uppers else max(upper for upper in uppers if upper is not None)
    return replace(fact, verified=Interval(value.lower, most))


def _amounts(values: Iterable[FactValue | None]) -> list[Interval]:
    return [value for value in values if isinstance(value, Interval)]

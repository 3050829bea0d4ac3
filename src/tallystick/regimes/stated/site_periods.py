"""What figures of several periods say together: of a site's training, and of one figure over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tallystick.regimes.law.exact import Interval, Number
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.inspection_facts import LARGEST, SITE_RUNS, TRAINING, RunBounds, any_run_of

_Period = tuple[date, date]
_ByPeriod = dict[_Period, dict[str, Interval]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a site trained in the periods before its last one.

    ``training``: one run at least, all of them at most. ``one_run``: the most that a run which went on into
    the last period used in them; None: no bound, since days lie between two periods, or one has no bound.
    ``begun``: the first day of the first period. ``gap``: the first days of which nothing is stated.
    """

    training: Interval
    one_run: Number | None
    begun: date
    gap: tuple[date, date] | None

    def at_most(self) -> "Earlier":
        """The same without a lower end: what was done in other periods is looked at by itself."""
        return replace(self, training=Interval(0, self.training.upper))


def earlier_training(facts: Iterable[Fact], *, verified: bool, known: bool) -> Earlier | None:
    """None where there is no earlier period. ``known``: nothing else was used than what is stated.

    What is claimed of the largest run is taken as all of that run. Periods that overlap are counted twice.
    """
    facts = tuple(facts)
    by_period = _by_period(facts, verified=verified)
    periods = sorted(by_period)
    if len(periods) < 2:
        return None
    runs = [any_run_of(by_period[p].get(LARGEST), by_period[p].get(TRAINING)) for p in periods[:-1]]
    lower = max(run.lower for run in runs if run is not None)
    uppers = [training.upper if (training := by_period[p].get(TRAINING)) else None for p in periods[:-1]]
    most, ends = _sum(uppers), _sum([run.upper for run in runs if run is not None])
    gap = None if known else _gap(periods)
    last = (fact for fact in facts if fact.name == LARGEST and fact.period == periods[-1])
    told = not verified and any(fact.claimed is not None for fact in last)
    return Earlier(
        training=Interval(lower, None if most is None else max(lower, most)),
        one_run=0 if told else None if gap else ends,
        begun=min(begin for _, begin in periods),
        gap=gap,
    )


def _by_period(facts: Iterable[Fact], *, verified: bool) -> _ByPeriod:
    found: _ByPeriod = {}
    for fact in facts:
        value = fact.verified if verified else fact.said
        if fact.on is not None and fact.name in SITE_RUNS and isinstance(value, Interval):
            found.setdefault(fact.period, {})[fact.name] = value
    return found


def _sum(uppers: Sequence[Number | None]) -> Number | None:
    known = [upper for upper in uppers if upper is not None]
    return sum(known) if len(known) == len(uppers) else None


def _gap(periods: Iterable[_Period]) -> tuple[date, date] | None:
    """The first and last day between two periods of which nothing is stated; None where there are none."""
    last: date | None = None
    for begin, end in sorted((begin, end) for end, begin in periods):
        if last is not None and begin > last + timedelta(days=1):
            return last + timedelta(days=1), begin - timedelta(days=1)
        last = end if last is None else max(last, end)
    return None


def with_earlier(bounds: RunBounds, earlier: Earlier | None, stated: Interval | None) -> RunBounds:
    """Bounds on a run that may have gone on over several periods; what is stated of a run stays."""
    if earlier is None:
        return bounds
    run = bounds.run if bounds.run is None or stated is not None else _joined(bounds.run, earlier.training)
    return replace(
        bounds,
        any_run=_longer(bounds.any_run, earlier),
        largest=_longer(bounds.largest, earlier),
        run=run,
        training=_joined(bounds.training, earlier.training),
    )


def _longer(run: Interval | None, earlier: Earlier) -> Interval | None:
    """A run of the last period, with what it may have used before."""
    return run if run is None else Interval(run.lower, _sum([run.upper, earlier.one_run]))


def _joined(last: Interval, earlier: Interval) -> Interval:
    return Interval(max(last.lower, earlier.lower), _sum([last.upper, earlier.upper]))


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

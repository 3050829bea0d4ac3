"""Whether a cap, a pause or a ban was broken: on any day of the facts on which it was in force.

The facts of a series are looked at one by one, each with the law and the states of its own days. A fact that
holds of a period counts for certain only where law and states give the same on all its days: nothing says on
which of them a run went on. What was done is carried into later days only where nothing has changed since:
the text, its exceptions, and every state that its tests read. Last, what the latest facts say is held
against the law of the day that is asked about.

Verified facts are looked at on their own days only, so that no claim moves what they show. That there was no
breach is shown only of the days that verified facts cover.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from tallystick.regimes.judging.covered_days import Days, common, joined
from tallystick.regimes.judging.law_spans import Laws
from tallystick.regimes.judging.plan import Plan
from tallystick.regimes.judging.result import Breach
from tallystick.regimes.judging.states import CLAIMED, VERIFIED, States, acts_in_flop, is_act
from tallystick.regimes.law.exact import ANY, Interval, Truth, disjunction
from tallystick.regimes.law.reads import facts_read
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.fact_set import TIES, FactSet, series
from tallystick.regimes.stated.inspection_facts import RUNS
from tallystick.regimes.stated.site_periods import Earlier, never_less

#: What a site trained before a period, claimed and verified.
BothEarlier = tuple[Earlier | None, Earlier | None]


def breach_of(plan: Plan, facts: FactSet, outcome: str) -> Breach:
    """Of an outcome that is a breach, by the facts of all days that are not after the plan's."""
    looks = _Looks(plan, outcome, facts)
    found = list(looks.of_series())
    now = looks.now()
    claimed = disjunction((now.claimed, *(one.claimed for one in found)))
    broken = True in (now.verified, *(one.verified for one in found))
    needed = joined(looks.law.in_force(plan.at))
    covered = common(looks.kept(), needed)
    days = tuple(sorted({day for one in found if one.stands for day in one.days}))
    stands = bool(days) or now.stands
    shown = days or (now.days if now.stands else ())
    return Breach(claimed, True if broken else False if covered == needed else None, stands, shown, covered)


@dataclass(frozen=True)
class _Looks:
    """One outcome of one instrument, and the facts that it may rest on."""

    plan: Plan
    outcome: str
    facts: FactSet

    def of_series(self) -> Iterator[Breach]:
        """For each period of dated facts, what the facts up to it give.

        A period of claims alone shows nothing on the verified side.
        """
        for own, acts in self._periods:
            last, first = own[0].period
            found = self._look(acts, first, last)
            shows = any(fact.verified is not None for fact in own)
            yield found if shows else replace(found, verified=False, stands=found.claimed is True)

    def now(self) -> Breach:
        """The latest facts and the law of the day asked about."""
        return self._look(self._acts_now, self.plan.at, self.plan.at)

    def kept(self) -> Iterator[Days]:
        """The days of verified facts on which these show that there was no breach."""
        for own, acts in self._periods:
            if any(fact.verified is not None for fact in own):
                last, first = own[0].period
                yield from self._kept_in(acts, first, last)
        yield from self._kept_in(self._acts_now, self.plan.at, self.plan.at)

    def _kept_in(self, acts: Iterable[Fact], first: date, last: date) -> Iterator[Days]:
        starts = self._days(first, last)
        ends = (*(day - timedelta(days=1) for day in starts[1:]), last)
        for start, end in zip(starts, ends, strict=True):
            earlier = None, self.facts.before(self._up_to(first, last))[1]
            own = self._held((self._within(fact, start, end) for fact in acts), start, earlier)
            if self.law.truths(own, start)[VERIFIED] is False:
                yield start, end

    def _up_to(self, first: date, last: date) -> tuple[Fact, ...]:
        return tuple(fact for fact in self._past if fact.period <= (last, first))

    def _within(self, act: Fact, start: date, end: date) -> Fact:
        """What an act that went on through all these days bounds from above; else it says nothing of them."""
        if act.on is None and start == end == self.plan.at:
            return act
        last, first = act.period
        bound = _at_most if act.on is not None and first <= start and end <= last else _any
        return replace(act, claimed=bound(act.claimed), verified=bound(act.verified))

    def _look(self, acts: Iterable[Fact], first: date, last: date) -> Breach:
        """What acts up to a period, and the states of its days, give of that period."""
        kept, both = [], []
        for act in acts:
            claimed = self._carried(act, act.claimed, first, last, (CLAIMED,))
            verified = self._carried(act, act.verified, first, last, (VERIFIED,))
            said = self._carried(act, act.verified, first, last, (CLAIMED, VERIFIED))
            if act.claimed is None:
                claimed = self._carried(act, act.verified, first, last, (CLAIMED,))
            kept.append(replace(act, claimed=claimed, verified=verified))
            both.append(replace(act, claimed=claimed, verified=said))
        before = self.facts.before(self._up_to(first, last))
        earlier = before[0] and before[0].at_most(), before[1] and before[1].at_most()
        sides = []
        for day in self._days(first, last):
            claims, shows, admits = self.law.truths(self._held(kept, day, earlier), day)
            if both != kept:
                admits = self.law.truths(self._held(both, day, earlier), day)[2]
            sides.append((claims, shows, admits))
        return _breach(sides, last)

    def _carried(
        self, act: Fact, value: FactValue | None, first: date, last: date, sides: tuple[int, ...]
    ) -> FactValue | None:
        """What was done under another law or other states, or nobody knows when, says nothing of these days.

        Of what was done partly under this law nobody knows how much was, but not more than all.
        """
        if act.on is None:
            return value if first == last == self.plan.at else _any(value)
        end, begin = act.period
        if first <= begin <= end <= last:
            return value
        now = self._key(last, sides)
        if all(self._key(day, sides) == now for day in self._days(begin, last)):
            return value
        partly = end >= first and any(self._key(day, sides) == now for day in self._days(begin, end))
        return _at_most(value) if partly else _any(value)

    def _key(self, day: date, sides: tuple[int, ...]) -> object:
        return self.law.key(day), tuple(self._states.side(day, side) for side in sides)

    def _held(self, acts: Iterable[Fact], day: date, earlier: BothEarlier) -> FactSet:
        return replace(self.facts, facts=(*self._states.on(day), *acts), earlier=earlier)

    def _days(self, first: date, last: date) -> tuple[date, ...]:
        """One day of each span that the period touches, in which neither text nor states change."""
        begin, end = bisect_right(self._changes, first), bisect_right(self._changes, last)
        return (first, *self._changes[begin:end])

    @cached_property
    def _changes(self) -> tuple[date, ...]:
        return tuple(sorted({*self.law.changes, *self._states.changes}))

    @cached_property
    def _past(self) -> tuple[Fact, ...]:
        at = self.plan.at
        return tuple(f for f in self.facts.facts if self._reads(f.name) and (f.on is None or f.on <= at))

    @cached_property
    def _in_flop(self) -> frozenset[str]:
        return acts_in_flop(self.plan.instrument)

    @cached_property
    def _states(self) -> States:
        return States(tuple(fact for fact in self._past if not is_act(fact, self._in_flop)))

    @cached_property
    def _periods(self) -> tuple[tuple[tuple[Fact, ...], tuple[Fact, ...]], ...]:
        """For each period its own facts, and the latest acts up to it."""
        return tuple((own, self._acts(latest)) for own, latest in series(self._past))

    @cached_property
    def _acts_now(self) -> tuple[Fact, ...]:
        return self._acts(replace(self.facts, facts=self._past).at(self.plan.at).facts)

    def _acts(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        return tuple(never_less(fact, self._past) for fact in facts if is_act(fact, self._in_flop))

    def _reads(self, name: str) -> bool:
        return name in self._named or name.startswith(("roles.", TIES))

    @cached_property
    def _named(self) -> frozenset[str]:
        aliases = {alias for reading in self.plan.readings for _, alias in reading.reads}
        return facts_read(self.plan.instrument) | aliases | RUNS

    @cached_property
    def law(self) -> Laws:
        """The text on each day."""
        return Laws(self.plan, self.outcome)


def _at_most(value: FactValue | None) -> FactValue | None:
    return Interval(0, value.upper) if isinstance(value, Interval) else value


def _any(value: FactValue | None) -> FactValue | None:
    return ANY if isinstance(value, Interval) else value


def _breach(truths: Iterable[tuple[Truth, Truth, Truth]], day: date) -> Breach:
    """From what the days of a period give."""
    claimed, verified, admitted = (_always(side) for side in zip(*truths, strict=True))
    return Breach(claimed, verified, True in (claimed, verified, admitted), (day,))


def _always(truths: tuple[Truth, ...]) -> Truth:
    """What holds on all days of a period; unknown where it holds on some."""
    return True if set(truths) == {True} else False if set(truths) == {False} else None

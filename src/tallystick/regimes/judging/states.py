"""Acts, which are done on days of their own, and states, which last until the next is stated."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from tallystick.regimes.law.exact import Interval
from tallystick.regimes.law.expression import amounts_of, names_in, walk
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.stated.fact import Fact, FactValue

#: How names of amounts begin that are acts whatever their unit.
DONE = ("compute.", "site.")
FLOP = "FLOP"
#: Which side's values of the states.
CLAIMED, VERIFIED = 0, 1


def acts_in_flop(instrument: Instrument) -> frozenset[str]:
    """Names of amounts in FLOP: by the file's own facts, or as they are held against a line in FLOP."""
    found = {name for name, fact in instrument.facts.items() if fact.unit == FLOP}
    for test in instrument.expressions():
        for part in walk(test):
            line = instrument.parameters.get(getattr(part, "parameter", ""))
            if line is not None and line.unit == FLOP:
                found |= {name for amount in amounts_of(part) for name in names_in(amount)}
    found |= {alias for one in instrument.readings for name, alias in one.reads if name in found}
    return frozenset(found)


def is_act(fact: Fact, in_flop: frozenset[str]) -> bool:
    """An amount of what was done; all else is a state."""
    return isinstance(fact.said, Interval) and (fact.name.startswith(DONE) or fact.name in in_flop)


@dataclass(frozen=True)
class States:
    """What is stated of states. Before the first day of a state it is unknown, never presumed."""

    facts: tuple[Fact, ...]

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The days on which a state begins, or the period for which it was stated is over."""
        return tuple(sorted({day for fact in self.facts for day in _ends(fact)}))

    @cached_property
    def _found(self) -> dict[int, tuple[Fact, ...]]:
        return {}

    def on(self, day: date) -> tuple[Fact, ...]:
        """One fact of each name: what is claimed and what is verified of that day, None where unknown."""
        place = bisect_right(self.changes, day)
        if place not in self._found:
            self._found[place] = tuple(self._on(day))
        return self._found[place]

    def side(self, day: date, side: int) -> tuple[FactValue | None, ...]:
        """The values on one side."""
        return tuple(fact.verified if side == VERIFIED else fact.said for fact in self.on(day))

    def _on(self, day: date) -> Iterator[Fact]:
        for name, facts in self._by_name.items():
            said = _held([(fact, fact.said) for fact in facts], day)
            verified = [(fact, fact.verified) for fact in facts if fact.verified is not None]
            shown = _held(verified, day, lasting=False)
            yield Fact(name, said, shown)

    @cached_property
    def _by_name(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in sorted(self.facts, key=lambda one: one.period):
            found.setdefault(fact.name, []).append(fact)
        return found


def _ends(fact: Fact) -> Iterable[date]:
    if fact.on is None:
        return ()
    last, first = fact.period
    return (first, last + timedelta(days=1)) if last < date.max else (first,)


def _held(
    facts: Sequence[tuple[Fact, FactValue | None]], day: date, *, lasting: bool = True
) -> FactValue | None:
    """What is stated of that very day, unknown where statements differ; else the last before it.

    ``lasting`` False: what was stated of a period of several days says nothing of the days after it.
    """
    own = [value for fact, value in facts if fact.on and fact.period[1] <= day <= fact.period[0]]
    if own:
        return own[0] if all(value == own[0] for value in own) else None
    past = [(fact, value) for fact, value in facts if fact.period[0] < day]
    if not past or (not lasting and past[-1][0].period[0] != past[-1][0].period[1]):
        return None
    return past[-1][1]

"""Facts as intervals with provenance: what the developer claims, and what an inspection verified."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tallystick.regimes.exact import ANY, ZERO, Interval, add

FactValue = Interval | bool | str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement. ``verified`` is what an inspection bears out, None where it bears out nothing.

    ``on`` is the day on which it held, None where it is not dated; several dated ones make a series.
    """

    name: str
    claimed: FactValue | None
    verified: FactValue | None
    source: str = ""
    on: date | None = None


@dataclass(frozen=True)
class View:
    """The facts from one side: claimed, or verified. What is absent is unknown.

    ``assumed``: amounts that are zero because the facts are said to be complete; ``amounts`` has them too.
    ``memory`` keeps the counted figures, which many instruments share.
    """

    amounts: Mapping[str, Interval]
    truths: Mapping[str, bool]
    texts: Mapping[str, str]
    assumed: frozenset[str] = frozenset()
    run: Interval = ANY
    memory: dict[str, Interval] = field(default_factory=dict, compare=False, repr=False)

    def stated(self, name: str) -> bool:
        """Whether somebody stated the amount."""
        return name in self.amounts and name not in self.assumed

    def amount(self, name: str) -> Interval:
        """The amount of that name, with all that bounds it."""
        return self.amounts.get(name, ANY)

    def counted(self, key: str, components: tuple[str, ...], runs_count: bool) -> Interval:
        """The sum of components, no less than a run that counts. ``key`` names the sum in the memory."""
        found = self.memory.get(key)
        if found is None:
            found = add(map(self.amount, components))
            if runs_count and self.run.lower > found.lower:
                found = _raised(found, self.run)
            self.memory[key] = found
        return found


def _raised(found: Interval, run: Interval) -> Interval:
    """A total that contains the run. Where the components fall short of it, its own bound is taken."""
    upper = found.upper
    if upper is not None and upper < run.lower:
        upper = run.upper
    return Interval(run.lower, upper)


@dataclass(frozen=True)
class FactSet:
    """All facts of one developer, model, cluster or site on one day."""

    facts: tuple[Fact, ...]
    zero_claimed: frozenset[str] = frozenset()
    zero_verified: frozenset[str] = frozenset()
    presumed: Mapping[str, bool] = field(default_factory=dict)
    run_claimed: Interval = ANY
    run_verified: Interval = ANY

    @cached_property
    def claimed(self) -> View:
        """What the developer says."""
        stated = [(f.name, f.claimed if f.claimed is not None else f.verified) for f in self.facts]
        return _view(stated, self.presumed, self.zero_claimed, self.run_claimed)

    @cached_property
    def verified(self) -> View:
        """What an inspection bears out; nothing else."""
        return _view(
            [(f.name, f.verified) for f in self.facts], self.presumed, self.zero_verified, self.run_verified
        )

    def at(self, day: date) -> "FactSet":
        """The latest of every series that is not after ``day``; what is not dated stays."""
        if all(fact.on is None for fact in self.facts):
            return self
        latest: dict[str, Fact] = {}
        for fact in self.facts:
            if fact.on is not None and fact.on > day:
                continue
            old = latest.get(fact.name)
            if old is None or (old.on or date.min) <= (fact.on or date.min):
                latest[fact.name] = fact
        return FactSet(
            tuple(latest.values()),
            self.zero_claimed,
            self.zero_verified,
            self.presumed,
            self.run_claimed,
            self.run_verified,
        )

    def series(self, name: str) -> list[Fact]:
        """The dated facts of that name, in order."""
        return sorted(
            (f for f in self.facts if f.name == name and f.on is not None), key=lambda f: f.on or date.min
        )


def _view(
    stated: Iterable[tuple[str, FactValue | None]],
    presumed: Mapping[str, bool],
    zero: frozenset[str],
    run: Interval,
) -> View:
    amounts: dict[str, Interval] = dict.fromkeys(zero, ZERO)
    truths: dict[str, bool] = dict(presumed)
    texts: dict[str, str] = {}
    named: set[str] = set()
    for name, value in stated:
        if isinstance(value, bool):
            truths[name] = value
        elif isinstance(value, Interval):
            amounts[name] = value
            named.add(name)
        elif value is not None:
            texts[name] = value
    return View(amounts, truths, texts, zero - named, run)

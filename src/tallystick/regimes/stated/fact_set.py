"""Facts as intervals with provenance: what the developer claims, and what an inspection verified."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby

from tallystick.regimes.law.exact import ANY, ZERO, Interval, add
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.inspection_facts import (
    ANY_RUN,
    LARGEST,
    RUN,
    RUNS,
    TRAINING,
    UPDATES,
    RunBounds,
    run_bounds,
)
from tallystick.regimes.stated.places import regions_around
from tallystick.regimes.stated.site_periods import Earlier, earlier_training, never_less, with_earlier

#: A name and its value on one side, None where it is stated without a value on that side.
Stated = tuple[str, FactValue | None]
#: How the names of ties to a region begin.
TIES = "jurisdictions."


@dataclass(frozen=True)
class View:
    """The facts from one side: claimed, or verified. What is absent is unknown.

    ``assumed``: amounts that nobody stated, but that are bounded, mostly zero, because the facts are said to
    be complete; ``amounts`` has them too. ``run``: bounds on a figure in which all training counts.
    ``training``: what the components of training add up to, where none is stated and yet something ran.
    ``memory`` keeps the counted figures, which many instruments share.
    """

    amounts: Mapping[str, Interval]
    truths: Mapping[str, bool]
    texts: Mapping[str, str]
    assumed: frozenset[str] = frozenset()
    run: Interval = ANY
    training: Interval | None = None
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
            if self.training is not None and not UPDATES.isdisjoint(components):
                found = self._with_training(self.training, components)
            else:
                found = add(map(self.amount, components))
            if runs_count and self.run.lower > found.lower:
                found = _raised(found, self.run)
            self.memory[key] = found
        return found

    def _with_training(self, training: Interval, components: tuple[str, ...]) -> Interval:
        """Of training only what it adds up to is known, not how it is shared among its components."""
        others = [self.amount(name) for name in components if name not in UPDATES]
        return add((*others, Interval(0, training.upper)))


def _raised(found: Interval, run: Interval) -> Interval:
    """A total that contains the run. Where the components fall short of it, its own bound is taken."""
    upper = found.upper
    if upper is not None and upper < run.lower:
        upper = run.upper
    return Interval(run.lower, upper)


@dataclass(frozen=True)
class FactSet:
    """All facts of one developer, model, cluster or site on one day, as they were stated.

    ``complete``: ``false``, ``true`` (claimed) or ``verified``, of what a site's facts say of other places.
    ``notes``: what a reader must know of where the facts come from. ``earlier``: what a site trained in
    periods before the last one, claimed and verified.
    """

    facts: tuple[Fact, ...]
    zero_claimed: frozenset[str] = frozenset()
    zero_verified: frozenset[str] = frozenset()
    presumed: Mapping[str, bool] = field(default_factory=dict)
    complete: str = "false"
    notes: tuple[str, ...] = ()
    earlier: tuple[Earlier | None, Earlier | None] = (None, None)

    @cached_property
    def _dated(self) -> bool:
        """Whether there may be several facts of one name."""
        return any(fact.on is not None for fact in self.facts)

    @cached_property
    def said(self) -> Mapping[str, Fact]:
        """By name the latest fact, from which the claimed side takes its value."""
        return latest(self.facts)

    @cached_property
    def shown(self) -> Mapping[str, Fact]:
        """By name the latest fact of which something is verified: a later claim does not take its place."""
        return latest(fact for fact in self.facts if fact.verified is not None)

    @cached_property
    def claimed(self) -> View:
        """What the developer says."""
        said = self.said
        stated: list[Stated] = [(name, fact.said) for name, fact in said.items()]
        bounds = None if RUNS.isdisjoint(said) else self._bounds(said, verified=False)
        return _view(stated, self.presumed, self.zero_claimed, bounds, verified=False)

    @cached_property
    def verified(self) -> View:
        """What an inspection bears out, and nothing else: what is only stated is unknown, not presumed."""
        said = shown = self.said
        if self._dated:
            shown = self.shown
        stated: list[Stated] = [(name, shown[name].verified if name in shown else None) for name in said]
        bounds = None if RUNS.isdisjoint(said) else self._bounds(shown, verified=True)
        return _view(stated, self.presumed, self.zero_verified, bounds, verified=True)

    def _bounds(self, side: Mapping[str, Fact], *, verified: bool) -> RunBounds:
        """What follows from a site's facts; only those of one period are held against each other."""
        found = {name: side[name] for name in RUNS if name in side}
        period = max((fact.period for name, fact in found.items() if name != RUN), default=None)
        values = {
            name: fact.verified if verified else fact.said
            for name, fact in found.items()
            if name == RUN or fact.period == period
        }
        largest, training, run = (_interval(values.get(name)) for name in (LARGEST, TRAINING, RUN))
        bounds = run_bounds(largest, training, run, known=self.known(verified=verified))
        if verified and largest is None and LARGEST in found and found[LARGEST].on is not None:
            bounds = replace(bounds, largest=_without_end(found[LARGEST].verified))
        return with_earlier(bounds, self.earlier[verified], run)

    def known(self, *, verified: bool) -> bool:
        """Whether it is said, or verified, that nothing else was used than what is stated."""
        return self.complete == "verified" if verified else self.complete != "false"

    def before(self, facts: Iterable[Fact]) -> tuple[Earlier | None, Earlier | None]:
        """What a site trained before the last period of these facts, claimed and verified."""
        claimed, verified = (
            earlier_training(facts, verified=side, known=self.known(verified=side)) for side in (False, True)
        )
        return claimed, verified

    def without_claims(self) -> "FactSet":
        """Only what is verified, as if nobody had claimed anything."""
        shown = (fact for fact in self.facts if fact.verified is not None)
        return replace(self, facts=tuple(replace(fact, claimed=None) for fact in shown))

    def at(self, day: date) -> "FactSet":
        """What is not after ``day``, and of every series the latest on either side; undated facts stay."""
        if not self._dated:
            return self
        past = replace(self, facts=tuple(fact for fact in self.facts if fact.on is None or fact.on <= day))
        kept = dict.fromkeys((*past.said.values(), *past.shown.values()))
        earlier = self.before(past.facts)
        return replace(
            past,
            facts=tuple(never_less(fact, past.facts) for fact in kept),
            earlier=(earlier[0] or self.earlier[0], earlier[1] or self.earlier[1]),
        )


def series(facts: Iterable[Fact]) -> Iterator[tuple[tuple[Fact, ...], tuple[Fact, ...]]]:
    """For each period in order: its facts, and of each name the latest up to then on either side.

    What is not dated comes before all, and has no period of its own.
    """
    said: dict[str, Fact] = {}
    shown: dict[str, Fact] = {}
    for _, group in groupby(sorted(facts, key=lambda fact: fact.period), lambda fact: fact.period):
        own = tuple(group)
        said |= {fact.name: fact for fact in own}
        shown |= {fact.name: fact for fact in own if fact.verified is not None}
        if own[0].on is not None:
            yield own, tuple(dict.fromkeys((*said.values(), *shown.values())))


def _without_end(value: FactValue | None) -> Interval | None:
    """The largest run of a period before the last one: nobody knows how long it went on."""
    return Interval(value.lower, None) if isinstance(value, Interval) else None


def _interval(value: FactValue | None) -> Interval | None:
    return value if isinstance(value, Interval) else None


def latest(facts: Iterable[Fact]) -> Mapping[str, Fact]:
    """One fact of each name: the last; one without a day comes before all."""
    found: dict[str, Fact] = {}
    for fact in facts:
        old = found.setdefault(fact.name, fact)
        if old is not fact and old.period <= fact.period:
            found[fact.name] = fact
    return found


def _view(
    stated: Iterable[Stated],
    presumed: Mapping[str, bool],
    zero: frozenset[str],
    bounds: RunBounds | None,
    *,
    verified: bool,
) -> View:
    """What is stated without a value on this side is unknown: neither presumed nor taken as zero."""
    amounts: dict[str, Interval] = dict.fromkeys(zero, ZERO)
    truths: dict[str, bool] = dict(presumed)
    texts: dict[str, str] = {}
    named: set[str] = set()
    wider: list[str] = []
    for name, value in stated:
        if isinstance(value, bool):
            truths[name] = value
            if value and name.startswith(TIES):
                wider += ties_around(name)
        elif isinstance(value, Interval):
            amounts[name] = value
            named.add(name)
        elif value is not None:
            texts[name] = value
        elif name in truths:
            del truths[name]
        elif name in zero:
            del amounts[name]
            named.add(name)
    for name in wider:
        truths.setdefault(name, True)
    if bounds is None:
        return View(amounts, truths, texts, zero - named)
    return _with_runs(View(amounts, truths, texts, zero - named), amounts, bounds, verified=verified)


def _with_runs(view: View, amounts: dict[str, Interval], bounds: RunBounds, *, verified: bool) -> View:
    """Adds what follows from runs that are known. Something was trained, so not all of training is zero.

    Where some components of training are stated, the developer may claim that the others are zero; what a
    site trained does not bear that out.
    """
    for name, found in ((ANY_RUN, bounds.any_run), (LARGEST, bounds.largest), (RUN, bounds.run)):
        if found is not None:
            amounts[name] = found
    run = ANY if bounds.any_run is None else bounds.training
    if not view.assumed >= UPDATES:
        if verified and bounds.any_run is not None and not _accounts_for(view, bounds.any_run):
            amounts.update(dict.fromkeys(UPDATES & view.assumed, Interval(0, bounds.training.upper)))
        return replace(view, run=run)
    amounts.update(dict.fromkeys(UPDATES, Interval(0, bounds.training.upper)))
    return replace(view, run=run, training=bounds.training)


def _accounts_for(view: View, any_run: Interval) -> bool:
    """Whether the stated components of training may be all that the site trained, or its largest run."""
    stated = add(view.amount(name) for name in UPDATES)
    least = max(any_run.lower, view.amount(TRAINING).lower)
    return stated.upper is None or stated.upper >= least


def region_of(tie: str) -> str:
    """``US-CA`` of ``jurisdictions.US-CA.develops``; empty where the tie names none."""
    return tie.removeprefix(TIES).rpartition(".")[0]


@lru_cache(maxsize=4096)
def ties_around(tie: str) -> tuple[str, ...]:
    """``jurisdictions.US-CA.develops`` is a tie to ``US`` as well, one to ``DE`` is one to ``EU``."""
    name = tie.rpartition(".")[2]
    return tuple(f"{TIES}{around}.{name}" for around in regions_around(region_of(tie)))

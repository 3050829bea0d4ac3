"""Facts as intervals with provenance: what the developer claims, and what an inspection verified."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from tallystick.regimes.law.exact import ANY, ZERO, Interval, add
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.inspection_facts import SITE_RUNS, SiteFacts, site_facts
from tallystick.regimes.stated.places import regions_around

#: The days of facts that are not dated.
UNDATED = {None}
#: How the names of ties to a region begin.
TIES = "jurisdictions."


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
    """All facts of one developer, model, cluster or site on one day, as they were stated.

    ``complete``: ``false``, ``true`` (claimed) or ``verified``, of what a site's facts say of other places.
    ``notes``: what a reader must know of where the facts come from.
    """

    facts: tuple[Fact, ...]
    zero_claimed: frozenset[str] = frozenset()
    zero_verified: frozenset[str] = frozenset()
    presumed: Mapping[str, bool] = field(default_factory=dict)
    complete: str = "false"
    notes: tuple[str, ...] = ()

    @cached_property
    def site(self) -> SiteFacts:
        """The latest of every series, and what follows from a site's."""
        facts = latest(self.facts, date.max)
        if SITE_RUNS.isdisjoint([fact.name for fact in facts]):
            return SiteFacts(facts, ANY, ANY)
        return site_facts(facts, self.complete)

    @cached_property
    def claimed(self) -> View:
        """What the developer says."""
        site = self.site
        stated = [(f.name, f.claimed if f.claimed is not None else f.verified) for f in site.facts]
        return _view(stated, self.presumed, self.zero_claimed, site.run_claimed)

    @cached_property
    def verified(self) -> View:
        """What an inspection bears out, and nothing else: what is only stated is unknown, not presumed."""
        site = self.site
        stated = [(f.name, f.verified) for f in site.facts]
        return _view(stated, self.presumed, self.zero_verified, site.run_verified)

    def at(self, day: date) -> "FactSet":
        """The latest of every series that is not after ``day``; what is not dated stays."""
        if {fact.on for fact in self.facts} <= UNDATED:
            return self
        return replace(self, facts=latest(self.facts, day))

    def series(self, name: str) -> list[Fact]:
        """The dated facts of that name, in order."""
        return sorted(
            (f for f in self.facts if f.name == name and f.on is not None), key=lambda f: f.on or date.min
        )


def latest(facts: tuple[Fact, ...], day: date) -> tuple[Fact, ...]:
    """One fact of each name: the last that is not after ``day``; one without a day comes before all."""
    if {fact.on for fact in facts} <= UNDATED:
        return facts
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.on is not None and fact.on > day:
            continue
        old = found.get(fact.name)
        if old is None or (old.on or date.min) <= (fact.on or date.min):
            found[fact.name] = fact
    return tuple(found.values())


def _view(
    stated: Iterable[tuple[str, FactValue | None]],
    presumed: Mapping[str, bool],
    zero: frozenset[str],
    run: Interval,
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
        elif name in amounts:
            del amounts[name]
            named.add(name)
    for name in wider:
        truths.setdefault(name, True)
    return View(amounts, truths, texts, zero - named, run)


def region_of(tie: str) -> str:
    """``US-CA`` of ``jurisdictions.US-CA.develops``; empty where the tie names none."""
    return tie.removeprefix(TIES).rpartition(".")[0]


@lru_cache(maxsize=4096)
def ties_around(tie: str) -> tuple[str, ...]:
    """``jurisdictions.US-CA.develops`` is a tie to ``US`` as well, one to ``DE`` is one to ``EU``."""
    name = tie.rpartition(".")[2]
    return tuple(f"{TIES}{around}.{name}" for around in regions_around(region_of(tie)))

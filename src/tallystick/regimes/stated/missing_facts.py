"""Which facts that nobody stated would settle a regime: found by trying each, stated one way and the other.

A regime is settled where the developer's own facts say that it does not bind, or which outcomes hold.
Facts that one answers together are tried together: the components of compute, the roles of a regime, the ties
to its region.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tallystick.regimes.judging.condition import is_tie
from tallystick.regimes.judging.plan import Plan, plan_of
from tallystick.regimes.law.exact import ZERO, Interval, conjunction
from tallystick.regimes.law.expression import Expression, OneOf, walk
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.reads import read_by
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.fact_file import COMPONENT_FACTS
from tallystick.regimes.stated.fact_set import TIES, FactSet, View

COMPONENTS = "components of compute"
#: More than any line.
HUGE = Interval(10**50, 10**50)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact, or some that are answered together, and the regimes that an answer would settle."""

    name: str
    settles: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints."""
        return {"facts": self.name, "settles": list(self.settles)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What would settle most, first. ``left``: what those regimes ask for that no single answer settles."""

    settling: tuple[Missing, ...]
    left: Mapping[str, tuple[str, ...]]


def asked_for(instruments: Iterable[Instrument], facts: FactSet, at: date, known_on: date | None) -> Asked:
    """Of the instruments that are not settled by ``facts``, which are those of the day ``at``."""
    settles: dict[str, list[str]] = {}
    left: dict[str, tuple[str, ...]] = {}
    for instrument in instruments:
        plan = plan_of(instrument, at, known_on)
        if _settled(plan, facts.claimed):
            continue
        groups = _groups(plan, facts)
        values = text_values(instrument.expressions())
        found = [
            name
            for name, group in groups.items()
            if any(_settled(plan, view) for view in views(facts, group, values))
        ]
        for name in found:
            settles.setdefault(name, []).append(instrument.id)
        if not found:
            left[instrument.id] = tuple(groups)
    listed = (Missing(name, tuple(ids)) for name, ids in settles.items())
    return Asked(tuple(sorted(listed, key=lambda one: (-len(one.settles), one.name))), left)


def _settled(plan: Plan, view: View) -> bool:
    """Of each outcome that brings duties it is known whether it holds of somebody who is bound."""
    binds, outcomes = plan.claimed.binds(view), plan.instrument.outcomes
    if not outcomes:
        return binds is not None
    bound = [name for name, outcome in outcomes.items() if outcome.bound] or list(outcomes)
    tests = dict(zip(outcomes, plan.claimed.agreed, strict=True))
    return all(conjunction((binds, tests[name](view))) is not None for name in bound)


def _groups(plan: Plan, facts: FactSet) -> dict[str, tuple[str, ...]]:
    """What could settle it: who the developer is, if that is in doubt, and what its tests read."""
    instrument, view = plan.instrument, facts.claimed
    who = _unstated_who(instrument, facts) if plan.claimed.binds(view) is None else {}
    return who | unstated(instrument, instrument.expressions(), view)


def unstated(instrument: Instrument, tests: Iterable[Expression], view: View) -> dict[str, tuple[str, ...]]:
    """The facts that tests read and nobody stated: those that are answered together under one name."""
    groups: dict[str, list[str]] = {}
    for name in sorted(read_by(instrument, tests)):
        if is_tie(name):
            name = f"{TIES}{instrument.binds.region}.{name.removeprefix(TIES)}"
        if not _stated(name, view):
            groups.setdefault(COMPONENTS if name in COMPONENT_FACTS else name, []).append(name)
    return {name: tuple(group) for name, group in groups.items()}


def _unstated_who(instrument: Instrument, facts: FactSet) -> dict[str, tuple[str, ...]]:
    """Roles and ties that bind and are not stated."""
    binds, view = instrument.binds, facts.claimed
    roles = tuple(f"roles.{role}" for role in binds.roles if not _stated(f"roles.{role}", view))
    named = (tie.removeprefix(TIES) for tie in binds.nexus)
    ties = tuple(f"{TIES}{binds.region}.{tie}" for tie in named)
    ties = tuple(tie for tie in ties if not _stated(tie, view))
    found = {f"role of {' or '.join(_words(role) for role in roles)}": roles} if roles else {}
    return found | ({f"ties to {binds.region}": ties} if ties else {})


def _words(role: str) -> str:
    return role.removeprefix("roles.").replace("_", " ")


def _stated(name: str, view: View) -> bool:
    general = f"{TIES}{name.rpartition('.')[2]}" if name.startswith(TIES) else name
    return name in view.truths or name in view.amounts or name in view.texts or general in view.truths


def text_values(tests: Iterable[Expression]) -> dict[str, set[str]]:
    """The values that tests hold texts against."""
    found: dict[str, set[str]] = {}
    for test in tests:
        for part in walk(test):
            if isinstance(part, OneOf):
                found.setdefault(part.fact, {""}).update(part.values)
    return found


def views(facts: FactSet, names: tuple[str, ...], texts: dict[str, set[str]]) -> Iterator[View]:
    """What would be claimed if the facts of these names were stated: all one way, or all the other."""
    if names[0] in texts:
        answers: list[FactValue] = [*sorted(texts[names[0]])]
    elif names[0].startswith(("roles.", TIES)):
        answers = [False, True]
    else:
        answers = [False, True, ZERO, HUGE]
    for answer in answers:
        added = tuple(Fact(name, answer, None) for name in names)
        yield replace(facts, facts=(*facts.facts, *added)).claimed

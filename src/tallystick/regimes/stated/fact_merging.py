"""Several files of facts as one: an inspection's, and what the developer adds of roles, regions and models.

What two files say of the same thing must agree. All claims of one thing are held against each other, and all
that was verified; of amounts it is enough that all can be right: then what is left is what all allow. A claim
beside what an inspection verified is no disagreement of files: both are kept, and where they contradict each
other the answer says so. What is not dated is held against the latest dated statement of the other files.

``complete`` is what a file says of the components that it does not name: that they are zero. It is held
against other files like any other statement. Whether a site's facts were all there was is taken as verified
only where each file says so that has such facts verified.

Files are taken in the order of their names, so the order in which they are given changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tallystick.errors import InputError
from tallystick.regimes.law.exact import ZERO, Interval, interval_text
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.fact_set import FactSet
from tallystick.regimes.stated.inspection_facts import SITE_RUNS

#: From the weakest to the strongest.
COMPLETE = ("false", "true", "verified")


class _Said(NamedTuple):
    """One fact and the file that states it. ``assumed``: the file only says that it is complete."""

    where: str
    fact: Fact
    assumed: bool = False


def merged(files: Sequence[tuple[str, FactSet]]) -> FactSet:
    """The facts of all files, each with its name. Raises InputError that names both where two disagree."""
    files = sorted(files, key=lambda one: one[0])
    found: dict[tuple[str, tuple[date, date]], list[_Said]] = {}
    for one in (*_stated(files), *_zeros(files)):
        found.setdefault((one.fact.name, one.fact.period), []).append(one)
    facts = [_one(said) for said in found.values()]
    _hold_against_days(found.values())
    sets = [facts for _, facts in files]
    stated = {fact.name for fact in facts}
    return replace(
        sets[0],
        facts=tuple(facts),
        zero_claimed=frozenset().union(*(one.zero_claimed for one in sets)) - stated,
        zero_verified=frozenset().union(*(one.zero_verified for one in sets)) - stated,
        complete=_complete(sets),
        notes=tuple(dict.fromkeys(note for one in sets for note in one.notes)),
    )


def _stated(files: Sequence[tuple[str, FactSet]]) -> Iterator[_Said]:
    return (_Said(where, fact) for where, facts in files for fact in facts.facts)


def _zeros(files: Sequence[tuple[str, FactSet]]) -> Iterator[_Said]:
    """What a file says to be zero and does not state, of all that another file states."""
    everywhere = sorted({one.fact.name for one in _stated(files)})
    for where, facts in files:
        own = {fact.name for fact in facts.facts}
        for name in everywhere:
            shown = ZERO if name in facts.zero_verified else None
            claimed = ZERO if name in facts.zero_claimed and shown is None else None
            if name not in own and (claimed or shown):
                yield _Said(where, Fact(name, claimed, shown, f"{where} is complete"), assumed=True)


def _complete(sets: Sequence[FactSet]) -> str:
    """How far a site's facts are all there was."""
    strongest = max((one.complete for one in sets), key=COMPLETE.index)
    sites = [one.complete for one in sets if any(f.name in SITE_RUNS and f.verified for f in one.facts)]
    proven = bool(sites) and set(sites) == {"verified"}
    return "true" if strongest == "verified" and not proven else strongest


def _one(said: Sequence[_Said]) -> Fact:
    """One fact from all that is said of one thing and one period."""
    claims = [(one, one.fact.claimed) for one in said if one.fact.claimed is not None]
    shown = [(one, one.fact.verified) for one in said if one.fact.verified is not None]
    _of_one_site(shown)
    source = "; ".join(dict.fromkeys(one.fact.source for one in said if one.fact.source))
    return replace(said[0].fact, claimed=_agreed(claims), verified=_agreed(shown), source=source)


def _of_one_site(shown: Sequence[tuple[_Said, FactValue]]) -> None:
    """Refuses verified amounts of one period that differ: nothing says that they are of one site."""
    for one, value in shown[1:]:
        first, before = shown[0]
        amounts = isinstance(value, Interval) and isinstance(before, Interval)
        if amounts and one.fact.name.startswith("site.") and value != before:
            raise InputError(
                f"{one.fact.name}{one.fact.day_text} is {_shown(one, value)} here, and "
                f"{_shown(first, before)} in {first.where}",
                where=one.where,
                mend="if these are two sites, check each by itself; of one site, give each file its period",
            )


def _hold_against_days(found: Iterable[Sequence[_Said]]) -> None:
    """What one file states without a day, and another with one, must agree with the latest of these."""
    undated: dict[str, list[_Said]] = {}
    dated: dict[str, list[_Said]] = {}
    for one in (one for said in found for one in said):
        (undated if one.fact.on is None else dated).setdefault(one.fact.name, []).append(one)
    for name, timeless in undated.items():
        for side in ("claimed", "verified"):
            for one in timeless:
                others = [other for other in dated.get(name, ()) if other.where != one.where]
                _agreed(_latest_of(side, one, others))


def _latest_of(side: str, one: _Said, others: Sequence[_Said]) -> list[tuple[_Said, FactValue]]:
    """The statement, and the latest of the others that has a value on that side; nothing without both."""
    values = [(other, getattr(other.fact, side)) for other in (one, *others)]
    own, rest = values[0], [pair for pair in values[1:] if pair[1] is not None]
    if own[1] is None or not rest:
        return []
    last = max(other.fact.period for other, _ in rest)
    return [own, *(pair for pair in rest if pair[0].fact.period == last)]


def _agreed(values: Sequence[tuple[_Said, FactValue]]) -> FactValue | None:
    """What all allow; None where nothing is said. Raises InputError."""
    if not values:
        return None
    amounts = [(one, value) for one, value in values if isinstance(value, Interval)]
    if not amounts:
        for one, value in values[1:]:
            if value != values[0][1]:
                raise _disagreement(values[0], (one, value))
        return values[0][1]
    low = max(amounts, key=lambda pair: pair[1].lower)
    ends = [(one, value) for one, value in amounts if value.upper is not None]
    if not ends:
        return Interval(low[1].lower, None)
    high = min(ends, key=lambda pair: pair[1].upper or 0)
    if high[1].upper is not None and high[1].upper < low[1].lower:
        raise _disagreement(*sorted((low, high), key=lambda pair: pair[0].where))
    return Interval(low[1].lower, high[1].upper)


def _disagreement(first: tuple[_Said, FactValue], second: tuple[_Said, FactValue]) -> InputError:
    """Two values of which at most one can be right."""
    one, other = first[0], second[0]
    problem = (
        f"{other.fact.name}{other.fact.day_text} is {_shown(*second)} here, "
        f"and {_shown(*first)}{one.fact.day_text if one.fact.on != other.fact.on else ''} in {one.where}"
    )
    mend = "state it in one of the two, or give each its day in `on`"
    if one.assumed or other.assumed:
        mend = "leave out complete where it does not hold, or state the component in that file too"
    return InputError(problem, where=other.where, mend=mend)


def _shown(said: _Said, value: FactValue) -> str:
    if said.assumed:
        return "said to be zero (complete)"
    if isinstance(value, Interval):
        return interval_text(value)
    return str(value).lower() if isinstance(value, bool) else repr(str(value)[:40])

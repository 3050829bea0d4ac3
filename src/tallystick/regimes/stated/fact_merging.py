"""Several files of facts as one: an inspection's, and what the developer adds of roles, regions and models.

What two files say of the same thing must agree. Of amounts it is enough that both can be right: then what is
left is what both allow. A claim beside bounds that an inspection verified is no disagreement of files: both
are kept, and where they contradict each other the answer says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tallystick.errors import InputError
from tallystick.regimes.law.exact import Interval, interval_text
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.fact_set import FactSet

#: From the weakest to the strongest.
COMPLETE = ("false", "true", "verified")


def merged(files: Sequence[tuple[str, FactSet]]) -> FactSet:
    """The facts of all files, each with its name. Raises InputError that names both where two disagree."""
    found: dict[tuple[str, date | None], tuple[str, Fact]] = {}
    for where, facts in files:
        for fact in facts.facts:
            key = fact.name, fact.on
            known = found.get(key)
            found[key] = (where, fact) if known is None else (known[0], _both(*known, where, fact))
    sets = [facts for _, facts in files]
    return replace(
        sets[0],
        facts=tuple(fact for _, fact in found.values()),
        zero_claimed=frozenset().union(*(one.zero_claimed for one in sets)),
        zero_verified=frozenset().union(*(one.zero_verified for one in sets)),
        complete=max((one.complete for one in sets), key=COMPLETE.index),
        notes=tuple(dict.fromkeys(note for one in sets for note in one.notes)),
    )


def _both(first_file: str, first: Fact, second_file: str, second: Fact) -> Fact:
    """One fact from two files."""
    try:
        claimed = _agreed(*_claims(first, second))
        verified = _agreed(first.verified, second.verified)
    except _Disagreement as two:
        day = f" on {first.on}" if first.on else ""
        problem = f"{first.name}{day} is {two.second} here, and {two.first} in {first_file}"
        mend = "state it in one of the two, or give each its day in `on`"
        raise InputError(problem, where=second_file, mend=mend) from two
    source = "; ".join(dict.fromkeys(text for text in (first.source, second.source) if text))
    return replace(first, claimed=claimed, verified=verified, source=source)


def _claims(first: Fact, second: Fact) -> tuple[FactValue | None, FactValue | None]:
    """What each claims; an amount that one file only verifies leaves the claim to the other."""
    if isinstance(first.claimed, Interval) and (first.verified is None) != (second.verified is None):
        if first.verified is not None and first.claimed == first.verified:
            return None, second.claimed
        if second.verified is not None and second.claimed == second.verified:
            return first.claimed, None
    return first.claimed, second.claimed


class _Disagreement(Exception):
    """Two values of which at most one can be right."""

    def __init__(self, first: FactValue, second: FactValue) -> None:
        self.first, self.second = (_shown(value) for value in (first, second))
        super().__init__()


def _agreed(first: FactValue | None, second: FactValue | None) -> FactValue | None:
    if first is None or second is None:
        return second if first is None else first
    if isinstance(first, Interval) and isinstance(second, Interval):
        lower = max(first.lower, second.lower)
        uppers = [upper for upper in (first.upper, second.upper) if upper is not None]
        if uppers and min(uppers) < lower:
            raise _Disagreement(first, second)
        return Interval(lower, min(uppers, default=None))
    if first != second:
        raise _Disagreement(first, second)
    return first


def _shown(value: FactValue) -> str:
    if isinstance(value, Interval):
        return interval_text(value)
    return str(value).lower() if isinstance(value, bool) else repr(value[:40])

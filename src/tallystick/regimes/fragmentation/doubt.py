"""Results that are open, and what decides them: a reading of the text, a fact missing or too wide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.figures import compared
from tallystick.regimes.fragmentation.standing import Standing
from tallystick.regimes.law.exact import ANY, Truth, interval_text, truth_text
from tallystick.regimes.law.expression import Unknowable, walk
from tallystick.regimes.law.instrument import UNVERIFIED
from tallystick.regimes.law.reads import facts_read
from tallystick.regimes.stated.fact_set import View


@dataclass(frozen=True, slots=True)
class OpenResult:
    """One regime, and one model, cluster or export (or the developer, "") of which an outcome is unknown.

    ``readings``: outcome -> reading -> truth, where readings of the text disagree. ``missing``: facts that
    nobody states. ``wide``: facts stated as a range. ``nobody_can_tell``: tests that no figure decides.
    """

    regime: str
    thing: str
    outcomes: tuple[str, ...]
    readings: Mapping[str, Mapping[str, Truth]]
    missing: tuple[str, ...]
    wide: tuple[str, ...]
    nobody_can_tell: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "regime": self.regime,
            "for": self.thing,
            "outcomes": list(self.outcomes),
            "readings": {
                name: {reading: truth_text(truth) for reading, truth in found.items()}
                for name, found in self.readings.items()
            },
            "missing_facts": list(self.missing),
            "wide_bounds": list(self.wide),
            "nobody_can_tell": list(self.nobody_can_tell),
        }


def open_results(standings: Iterable[Standing]) -> tuple[OpenResult, ...]:
    """What is unknown on the developer's own claims, of regimes that may reach him."""
    return tuple(
        found
        for one in standings
        if one.tied[0] is not False
        for thing in one.facts
        for found in _open(one, thing)
    )


def _open(one: Standing, thing: str) -> Iterator[OpenResult]:
    unknown = tuple(name for name, things in one.by_thing.items() if things[thing][0] is None)
    if not unknown and one.tied[0] is not None:
        return
    readings = {
        name: one.by_reading[name][thing] for name in unknown if thing in one.by_reading.get(name, {})
    }
    view = one.facts[thing].claimed
    names = sorted(facts_read(one.instrument))
    yield OpenResult(
        one.instrument.id,
        thing,
        unknown,
        readings,
        tuple(name for name in names if _absent(one, view, name)),
        tuple(_wide(view, names)),
        tuple(_unknowable(one, unknown, view)),
    )


def _absent(one: Standing, view: View, name: str) -> bool:
    """Neither stated nor known to be zero."""
    if name.startswith("compute.") or name in compared(one.instrument):
        return view.amount(name) == ANY
    return name not in view.truths and name not in view.texts


def _wide(view: View, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        amount = view.amounts.get(name)
        if amount is not None and amount != ANY and amount.lower != amount.upper:
            yield f"{name} {interval_text(amount)}"


def _unknowable(one: Standing, unknown: tuple[str, ...], view: View) -> Iterator[str]:
    for rule in one.instrument.conditions.values():
        for part in walk(rule.when):
            if not isinstance(part, Unknowable) or rule.gives not in unknown:
                continue
            if part.unless is None or part.unless not in view.truths:
                yield part.why


@dataclass(frozen=True, slots=True)
class Unverified:
    """A regime that binds on the developer's claims and not on verified facts.

    ``facts``: those that it reads, that are claimed, and that no inspection or register bears out. ``text``:
    the regime's own text was not read closely enough for anything to rest on it.
    """

    regime: str
    facts: tuple[str, ...]
    text: bool

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {"regime": self.regime, "unverified_facts": list(self.facts), "text_not_read": self.text}


def unverified(standings: Iterable[Standing]) -> tuple[Unverified, ...]:
    """What stands between a claimed and a verified result."""
    return tuple(
        Unverified(one.instrument.id, _unverified_facts(one), one.instrument.confidence in UNVERIFIED)
        for one in standings
        if one.claimed is True and one.verified is not True
    )


def _unverified_facts(one: Standing) -> tuple[str, ...]:
    read = facts_read(one.instrument)
    claimed = (fact for facts in one.facts.values() for fact in facts.facts)
    return tuple(dict.fromkeys(f.name for f in claimed if f.name in read and f.verified is None))

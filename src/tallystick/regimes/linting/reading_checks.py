"""Readings of a silent text: each has its own id, names facts that there are, and changes something."""

from collections.abc import Iterator

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem, nearest
from tallystick.regimes.law.counting import AS_WRITTEN, COMPONENTS, Reading
from tallystick.regimes.law.expression import amounts_of, names_in, walk
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.vocabulary import Vocabulary


def reading_problems(instrument: Instrument, at: Places, vocabulary: Vocabulary) -> Iterator[Problem]:
    """In the order of the file; those of a counting rule are looked at for their effect only."""
    own = at.node.plain.get("interpretations", [])
    places = {entry["id"]: at("interpretations", index) for index, entry in enumerate(own)}
    yield from _twice(own, at)
    for reading in instrument.readings:
        if reading.id in places:
            yield from _unknown_names(reading, places[reading.id], vocabulary)
    yield from _without_effect(instrument, places, at("counting"))


def _twice(own: list[dict[str, object]], at: Places) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, entry in enumerate(own):
        if entry["id"] in seen:
            problem = f"reading {entry['id']} is there twice: the second would replace the first"
            yield Problem(at("interpretations", index, "id"), problem, "rename one")
        seen.add(entry["id"])


def _unknown_names(reading: Reading, place: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    amounts = [fact.name for fact in vocabulary.facts.values() if fact.kind == "amount"]
    for pair in reading.reads:
        facts = [vocabulary.fact(name) for name in pair]
        for name, fact in zip(pair, facts, strict=True):
            if fact is None or fact.kind != "amount":
                mend = nearest(name, tuple(amounts))
                yield Problem(place, f"reading {reading.id}: amount {name[:60]!r} is not known", mend)
        units = {fact.unit for fact in facts if fact is not None}
        if len(units) > 1:
            problem = f"reading {reading.id} reads {pair[0]} as {pair[1]}, which is of another unit"
            yield Problem(
                place, problem, f"name two amounts of one unit, not of {' and '.join(sorted(units))}"
            )
    if isinstance(reading.silent, frozenset):
        for name in sorted(reading.silent - set(COMPONENTS)):
            yield Problem(
                place,
                f"reading {reading.id}: component {name[:60]!r} is not known",
                nearest(name, COMPONENTS),
            )


def _without_effect(instrument: Instrument, places: dict[str, str], elsewhere: str) -> Iterator[Problem]:
    """A reading that counts and reads what another does is never looked at, and misleads the reader."""
    found: dict[object, Reading] = {}
    for reading in instrument.readings or (AS_WRITTEN,):
        first = found.setdefault(_effect(instrument, reading), reading)
        if first is not reading:
            problem = f"reading {reading.id} changes nothing: no test comes out otherwise than by {first.id}"
            mend = "delete it, or let it count or read what the other does not"
            if reading.id not in places:
                mend = "a rule under counting has it: count by another rule, or leave counting out"
            yield Problem(places.get(reading.id, elsewhere), problem, mend, warning=True)


def _effect(instrument: Instrument, reading: Reading) -> object:
    """What tests see of a reading: the components that count, the facts that stand for others."""
    named = _amounts_compared(instrument)
    counted = tuple(rule.counted(reading) for name, rule in instrument.counting.items() if name in named)
    return counted, tuple(pair for pair in reading.reads if pair[0] in named)


def _amounts_compared(instrument: Instrument) -> frozenset[str]:
    parts = (part for test in instrument.expressions() for part in walk(test))
    return frozenset(name for part in parts for amount in amounts_of(part) for name in names_in(amount))

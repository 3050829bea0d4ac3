"""From a checked tree to frozen records. Raises InputError, with file and line, for bad dates and numbers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.known_days import KnownDays, known_days
from tallystick.regimes.files.yaml_file import Node
from tallystick.regimes.law.counting import EXCLUDED, Component, Counting, Edition, Reading, Source
from tallystick.regimes.law.dates import parse_date, parse_duration
from tallystick.regimes.law.exact import Number, parse_number
from tallystick.regimes.law.expression import parse_expression
from tallystick.regimes.law.institution import institution_of
from tallystick.regimes.law.instrument import (
    Binds,
    Case,
    Clock,
    Condition,
    Conflict,
    Defeater,
    Instrument,
    Obligation,
    Outcome,
    Parameter,
    Penalty,
    StatusEntry,
    Value,
    Verified,
)
from tallystick.regimes.law.vocabulary import facts_of

#: These happen when they are decided; other statuses are known since the decision that foresaw them.
FORESEEN = frozenset({"in_force", "applies", "enforceable", "expired"})
DECISIONS = frozenset({"proposed", "adopted", "enacted_not_effective"})
TRUTHS = {"true": True, "false": False, "unknown": None}


def instrument_of(node: Node, counting: Mapping[str, Counting]) -> Instrument:
    """The instrument of a checked tree; ``counting`` has the rules that it may name."""
    data = node.plain
    entries = _children(node)
    status = _status(entries["status"], data["confidence"])
    sunset, sunset_known_on = _sunset(entries["sunset"], status)
    confidence, known = data["confidence"], known_days(status, data["sources"])
    parameters = _map(
        entries.get("parameters"), lambda name, child: _parameter(name, child, known, confidence)
    )
    rules = {name: counting[rule] for name, rule in data.get("counting", {}).items() if rule in counting}
    return Instrument(
        id=data["id"],
        title=data["title"],
        jurisdiction=data["jurisdiction"],
        kind=data["kind"],
        binding=data["binding"] == "true",
        confidence=confidence,
        summary=" ".join(data["summary"].split()),
        status=status,
        sunset=sunset,
        sunset_known_on=sunset_known_on,
        facts=facts_of(data.get("facts", {})),
        verified=_verified(entries["verified"]),
        binds=_binds(data.get("binds", {}), data["jurisdiction"]),
        parameters=parameters,
        counting=MappingProxyType(rules),
        conditions=_map(
            entries.get("conditions"), lambda name, child: _condition(name, child, confidence, known)
        ),
        exceptions=_map(
            entries.get("exceptions"), lambda name, child: _defeater(name, child, confidence, known)
        ),
        outcomes=_map(entries.get("outcomes"), lambda name, child: _outcome(name, child.plain)),
        obligations=tuple(
            _obligation(child, confidence, known) for child in _items(entries.get("obligations"))
        ),
        readings=readings_of(data.get("interpretations", ()), rules),
        institution=institution_of(data["institution"]) if "institution" in data else None,
        conflicts=tuple(_conflict(entry) for entry in data.get("conflicts_with", ())),
        doubts=tuple(data.get("doubts", ())),
        sources=MappingProxyType({source.id: source for source in sources_of(data)}),
        cases=tuple(_case(child) for child in _items(entries.get("cases"))),
        place=node.place,
    )


def counting_of(node: Node) -> Counting:
    """The counting rule of a checked tree."""
    data = node.plain
    accuracy = data["accuracy"]
    components = tuple(
        Component(name, entry["counts"], tuple(entry["reference"]), entry.get("note", ""))
        for name, entry in data["components"].items()
    )
    return Counting(
        name=data["name"],
        title=data["title"],
        editions=_editions(_children(node)["editions"], data["confidence"], known_days((), data["sources"])),
        confidence=data["confidence"],
        precision=data["precision"],
        band=None if accuracy == "none" else parse_number(accuracy["band"], node.place),
        components=components,
        readings=tuple(_reading(entry) for entry in data.get("readings", ())),
        sources=tuple(sources_of(data)),
        doubts=tuple(data.get("doubts", ())),
    )


def readings_of(own: Any, rules: Mapping[str, Counting]) -> tuple[Reading, ...]:
    """The readings of the counting rules, replaced and followed by the instrument's own."""
    found = {reading.id: reading for rule in rules.values() for reading in rule.readings}
    found |= {reading.id: reading for reading in map(_reading, own)}
    return tuple(found.values())


def sources_of(data: Mapping[str, Any]) -> list[Source]:
    """The cited texts."""
    return [
        Source(
            name,
            entry["title"],
            entry.get("url", ""),
            entry.get("edition", ""),
            entry["read"],
            parse_date(entry["known_on"], name) if "known_on" in entry else None,
        )
        for name, entry in data["sources"].items()
    ]


def _children(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.value if node is not None and isinstance(node.value, tuple) else ()


def _map(node: Node | None, make: Any) -> Mapping[str, Any]:
    children = _children(node) if node is not None else {}
    return MappingProxyType({name: make(name, child) for name, child in children.items()})


def _date(node: Node) -> date:
    return parse_date(str(node.value), node.place)


def _optional_date(entries: Mapping[str, Node], key: str) -> date | None:
    return _date(entries[key]) if key in entries else None


def _names(value: str | list[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _status(node: Node, confidence: str) -> tuple[StatusEntry, ...]:
    found: list[StatusEntry] = []
    for child in _items(node):
        entries, data = _children(child), child.plain
        day = _date(entries["date"])
        decided = max((e.since for e in found if e.value in DECISIONS and e.since <= day), default=day)
        known = _optional_date(entries, "known_on") or (decided if data["value"] in FORESEEN else day)
        reference, note = tuple(data["reference"]), data.get("note", "")
        code = data.get("confidence", confidence)
        found.append(StatusEntry(day, data["value"], known, reference, note, code))
    return tuple(found)


def _sunset(node: Node, status: tuple[StatusEntry, ...]) -> tuple[date | None, date | None]:
    """The first day without the instrument, and since when that was known.

    Where the file does not say since when: since the status of that day was known, else since the first
    status of all, since then the text itself sets its end.
    """
    if node.plain == "open":
        return None, None
    entries = _children(node)
    if entries:
        return _date(entries["on"]), _date(entries["known_on"])
    day = _date(node)
    return day, next((e.known_on for e in status if e.since == day), min(e.known_on for e in status))


def _parameter(name: str, node: Node, known: KnownDays, confidence: str) -> Parameter:
    entries, data = _children(node), node.plain
    values = [_value(child, known, confidence) for child in _items(entries["values"])]
    ended = tuple(_replaced(one, following) for one, following in zip_longest(values, values[1:]))
    return Parameter(name, data["title"], data["unit"], data["operator"], ended)


def _replaced(value: Value, following: Value | None) -> Value:
    """One that ends as the next begins, ends by the text of that one."""
    if following is None or value.until != following.since or value.until_known_on is not None:
        return value
    return replace(value, until_known_on=following.known_on)


def _value(node: Node, known: KnownDays, confidence: str) -> Value:
    entries, data = _children(node), node.plain
    since = _date(entries["from"])
    decisions = [e for e in known.status if e.value in DECISIONS and e.known_on <= since]
    decided = max(decisions, key=lambda e: e.known_on, default=None)
    said = _optional_date(entries, "known_on") or known.of_sources(data["reference"])
    until, until_known_on = known.of_day(entries.get("until"))
    return Value(
        since=since,
        until=until,
        known_on=said or (decided.known_on if decided else since),
        number=_number(entries["value"]),
        text=data["value"],
        reference=tuple(data["reference"]),
        confidence=data.get("confidence", confidence),
        edition=data.get("edition", ""),
        inherits=decided.since if decided and not said else None,
        until_known_on=until_known_on,
    )


def _number(node: Node) -> Number:
    return parse_number(str(node.value), node.place)


def _verified(node: Node) -> Verified:
    data = node.plain
    return Verified(_date(_children(node)["on"]), data["how"], data.get("by", ""))


def _binds(data: Mapping[str, Any], jurisdiction: str) -> Binds:
    nexus = data.get("nexus", {})
    nexus = {"any": [nexus]} if isinstance(nexus, str) else nexus
    every = "all" in nexus
    names = tuple(nexus.get("all" if every else "any", ()))
    return Binds(tuple(data.get("roles", ())), names, every, data.get("region", jurisdiction))


def _condition(name: str, node: Node, confidence: str, known: KnownDays) -> Condition:
    data, reference = node.plain, tuple(node.plain["reference"])
    title, code = data.get("title", _words(name)), data.get("confidence", confidence)
    since = known.of_rule(_children(node), reference)
    return Condition(name, title, parse_expression(data["when"]), data["gives"], reference, code, since)


def _defeater(name: str, node: Node, confidence: str, known: KnownDays) -> Defeater:
    data, entries = node.plain, _children(node)
    title, code = data.get("title", _words(name)), data.get("confidence", confidence)
    until, until_known_on = known.of_day(entries.get("until"))
    reference = tuple(data["reference"])
    return Defeater(
        name,
        title,
        parse_expression(data["when"]),
        tuple(data["defeats"]),
        reference,
        code,
        until,
        known.of_rule(entries, reference),
        until_known_on,
    )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _outcome(name: str, data: Mapping[str, Any]) -> Outcome:
    excludes, breach = tuple(data.get("excludes", ())), data.get("breach") == "true"
    return Outcome(name, data["title"], data["bound"] == "true", excludes, breach)


def _obligation(node: Node, confidence: str, known: KnownDays) -> Obligation:
    entries, data = _children(node), node.plain
    penalty, reference = data.get("penalty"), tuple(data["reference"])
    starts, starts_known_on = known.of_day(entries.get("starts"))
    ends, ends_known_on = known.of_day(entries.get("ends"))
    return Obligation(
        id=data["id"],
        title=data["title"],
        when=_names(data.get("when")),
        deontic=data["deontic"],
        to=tuple(name for name in _names(data.get("to")) if name != "none"),
        clock=_clock(entries["clock"]) if "clock" in entries else None,
        event=data.get("event", ""),
        satisfies=_names(data.get("satisfies")),
        starts=starts,
        ends=ends,
        penalty=Penalty(penalty["text"], tuple(penalty.get("reference", ()))) if penalty else None,
        reference=reference,
        confidence=data.get("confidence", confidence),
        only_if=parse_expression(data["if"]) if "if" in data else None,
        known_on=known.of_rule(entries, reference),
        starts_known_on=starts_known_on,
        ends_known_on=ends_known_on,
    )


def _clock(node: Node) -> Clock:
    entries, data = _children(node), node.plain
    within, every, ahead = (
        parse_duration(data[key], entries[key].place) if key in data else None
        for key in ("within", "every", "ahead")
    )
    start = tuple(data.get("from", ()))
    return Clock(within, every, _optional_date(entries, "by"), data.get("before", ""), start, ahead)


def _editions(node: Node, confidence: str, texts: KnownDays) -> tuple[Edition, ...]:
    found = []
    for child in _items(node):
        entries, data = _children(child), child.plain
        since = _date(entries["from"])
        known = _optional_date(entries, "known_on") or texts.of_sources(data["reference"]) or since
        code = data.get("confidence", confidence)
        found.append(Edition(since, data["edition"], tuple(data["reference"]), known, code))
    days = [edition.since for edition in found]
    if days != sorted(set(days)):
        problem, mend = "the editions are not in order", "write the earliest first, each date once"
        raise InputError(problem, where=node.place, mend=mend)
    return tuple(found)


def _reading(data: Mapping[str, Any]) -> Reading:
    silent = data.get("silent", EXCLUDED)
    chosen = frozenset(silent) if isinstance(silent, list) else silent
    return Reading(data["id"], data["title"], chosen, tuple(sorted(data.get("reads", {}).items())))


def _conflict(data: Mapping[str, Any]) -> Conflict:
    return Conflict(data["obligation"], data["with"], data["reason"], tuple(data["reference"]))


def _case(node: Node) -> Case:
    entries, data = _children(node), node.plain
    expect, duties = (
        MappingProxyType({name: TRUTHS[value] for name, value in data.get(key, {}).items()})
        for key in ("expect", "duties")
    )
    facts = MappingProxyType(data["facts"])
    at, known = _date(entries["at"]), _optional_date(entries, "known_on")
    return Case(data["name"], at, known, facts, expect, node.place, duties)

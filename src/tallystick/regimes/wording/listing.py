"""Lists of instruments and the page of one, as plain data and as text."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tallystick.regimes.judging.check import GROUPS, group_of
from tallystick.regimes.judging.citations import cited
from tallystick.regimes.law.confidence import codes_text
from tallystick.regimes.law.exact import number_text
from tallystick.regimes.law.instrument import Defeater, Instrument, Obligation, Parameter
from tallystick.regimes.law.status import in_effect, status_at, takes_effect
from tallystick.regimes.pages.expression import expression_words
from tallystick.regimes.pages.markdown import short
from tallystick.regimes.wording.clock_text import clock_text as clock_text
from tallystick.regimes.wording.duty_text import recipients_text
from tallystick.regimes.wording.show_institution import institution_lines
from tallystick.regimes.wording.show_tests import cases_lines, tests_json, tests_lines

NOT_THERE = "not_there"
SHOWN_GROUPS = (*GROUPS, NOT_THERE)
HEADINGS = {
    NOT_THERE: "Did not exist on that day",
    "binding": "In force",
    "not_yet_effective": "Adopted, not yet effective",
    "voluntary": "Soft law and voluntary",
    "bill": "Bills",
    "proposal": "Proposals",
    "historic": "Historic: revoked, superseded, vetoed, lapsed",
}
WIDTH = 100
#: Columns of a title that are shown beside however long an id.
LEAST_OF_TITLE = 24
MORE = "Bills, proposals, soft law and history: --all.\n"
HINT = """Whole titles: tallystick regimes show ID; it also finds by words: show "eu ai act".
Your own caps and pauses: copy a template, tallystick regimes show template.run_cap --source,
and name it: check --with FILE.
Others: template.pause, template.cluster_registration, template.licence."""


def list_json(found: Sequence[Instrument], at: date, known_on: date | None) -> dict[str, Any]:
    """The form that ``regimes list --json`` prints."""
    return {
        "at": at.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "regimes": [_entry(one, at, known_on) for one in found],
    }


def _entry(one: Instrument, at: date, known_on: date | None) -> dict[str, Any]:
    entry, starts = status_at(one, at, known_on), takes_effect(one, known_on)
    return {
        "id": one.id,
        "title": one.title,
        "status": entry.value if entry else "none",
        "since": entry.since.isoformat() if entry else None,
        "group": shown_group(one, at, known_on),
        "jurisdiction": one.jurisdiction,
        "kind": one.kind,
        "binding": one.binding,
        "in_effect": in_effect(one, at, known_on),
        "takes_effect": starts.isoformat() if starts else None,
        "confidence": one.confidence,
        "verified_on": one.verified.on.isoformat(),
    }


def list_text(
    found: Sequence[Instrument], at: date, known_on: date | None, *, everything: bool = False
) -> str:
    """A table under a heading for each group. ``everything``: nothing was left out of it."""
    lines = []
    for group in SHOWN_GROUPS:
        members = [one for one in found if shown_group(one, at, known_on) == group]
        if members:
            lines += ["", HEADINGS[group], *_rows(members, at, known_on)]
    known = f", as known on {known_on}" if known_on else ""
    codes = textwrap.wrap(f"Second column, how the text was read: {codes_text()}", WIDTH)
    hint = HINT if everything else f"{MORE}{HINT}"
    return "\n".join([f"{len(found)} regimes on {at}{known}", *codes, *lines, "", hint])


def shown_group(one: Instrument, at: date, known_on: date | None) -> str:
    """Its group; of what had no status yet, that it did not exist."""
    return group_of(one, at, known_on) if status_at(one, at, known_on) else NOT_THERE


def _rows(members: Sequence[Instrument], at: date, known_on: date | None) -> Iterator[str]:
    """The rows of one group, their columns as wide as their longest entry."""
    states = [_state(one, at, known_on) for one in members]
    widest, longest = max(len(one.id) for one in members), max(map(len, states))
    for one, state in zip(members, states, strict=True):
        head = f"  {one.id:{widest}}  {one.confidence:2}  {state:{longest}}  "
        room = max(WIDTH - len(head), LEAST_OF_TITLE)
        yield head + textwrap.shorten(one.title, room, placeholder="…", break_on_hyphens=False)


def _state(one: Instrument, at: date, known_on: date | None) -> str:
    entry = status_at(one, at, known_on)
    return f"{entry.value.replace('_', ' ')} {entry.since}" if entry else "no status yet"


def show_json(one: Instrument, at: date, known_on: date | None) -> dict[str, Any]:
    """The form that ``regimes show --json`` prints."""
    return {
        **_entry(one, at, known_on),
        "summary": one.summary,
        "statuses": [
            {
                "date": e.since.isoformat(),
                "value": e.value,
                "known_on": e.known_on.isoformat(),
                "confidence": e.confidence,
                "reference": list(cited(one, e.reference)),
            }
            for e in one.status
        ],
        "sunset": one.sunset.isoformat() if one.sunset else "open",
        "binds": {"roles": list(one.binds.roles), "nexus": list(one.binds.nexus), "region": one.binds.region},
        "parameters": {name: _parameter_json(one, parameter) for name, parameter in one.parameters.items()},
        "counting": {name: rule.name for name, rule in one.counting.items()},
        "readings": {reading.id: reading.title for reading in one.readings},
        "outcomes": {name: outcome.title for name, outcome in one.outcomes.items()},
        **tests_json(one),
        "obligations": [_duty_json(one, index) for index in range(len(one.obligations))],
        "institution": one.institution.as_json() if one.institution else None,
        "sources": {source.id: _source_text(source) for source in one.sources.values()},
        "doubts": list(one.doubts),
    }


def _parameter_json(one: Instrument, parameter: Parameter) -> dict[str, Any]:
    values = [
        {
            "from": value.since.isoformat(),
            "until": value.until.isoformat() if value.until else None,
            "known_on": value.known_on.isoformat(),
            "value": value.text,
            "confidence": value.confidence,
            "edition": value.edition,
            "reference": list(cited(one, value.reference)),
        }
        for value in parameter.values
    ]
    title, unit = parameter.title, parameter.unit
    return {"title": title, "unit": unit, "operator": parameter.operator, "values": values}


def _duty_json(one: Instrument, index: int) -> dict[str, Any]:
    duty = one.obligations[index]
    starts = duty.starts or takes_effect(one)
    return {
        "id": duty.id,
        "title": duty.title,
        "deontic": duty.deontic,
        "when": list(duty.when),
        "if": _own_test(one, index),
        "unless": [_exception_text(rule) for rule in one.exceptions_to(duty.id)],
        "to": list(duty.to),
        "event": duty.event,
        "clock": duty.clock.as_json() if duty.clock else {},
        "satisfies": list(duty.satisfies),
        "starts": starts.isoformat() if starts else None,
        "known_on": duty.known_on.isoformat() if duty.known_on else None,
        "penalty": duty.penalty.text if duty.penalty else "",
        "reference": list(cited(one, duty.reference)),
    }


def _own_test(one: Instrument, index: int) -> str:
    test = one.obligations[index].only_if
    return expression_words(test, one.parameters).replace("`", "") if test else ""


def _exception_text(rule: Defeater) -> str:
    return f"{rule.title}{f' (until {rule.until})' if rule.until else ''}"


def _source_text(source: Any) -> str:
    edition = f" ({source.edition})" if source.edition else ""
    return f"{source.title}{edition} {source.url} [{source.read}]".replace("  ", " ")


def show_text(one: Instrument, at: date, known_on: date | None) -> str:
    """The page of one instrument."""
    return "\n".join(_page(one, at, known_on))


def _page(one: Instrument, at: date, known_on: date | None) -> Iterator[str]:
    data = show_json(one, at, known_on)
    force = "binding" if one.binding else "not binding"
    yield from textwrap.wrap(one.title, WIDTH, subsequent_indent="  ")
    yield f"{one.id}   {one.jurisdiction}   {one.kind}, {force}   confidence {one.confidence}"
    yield from ("", *textwrap.wrap(one.summary, WIDTH), "", "Status")
    for status, entry in zip(one.status, data["statuses"], strict=True):
        known = "" if entry["known_on"] == entry["date"] else f", known {entry['known_on']}"
        mark = "*" if entry["date"] == data["since"] and entry["value"] == data["status"] else " "
        value, cite = entry["value"].replace("_", " "), short(status.reference)
        text = f" {mark}{entry['date']}  {value}{known}  {status.confidence}  [{cite}]"
        yield from textwrap.wrap(text, WIDTH, subsequent_indent=" " * 6, break_on_hyphens=False)
    yield from _lines_of_parameters(one)
    yield from _counting_lines(one)
    yield from tests_lines(one)
    yield from _duty_lines(one, data["obligations"])
    yield from institution_lines(one)
    yield from _listed("Doubts", data["doubts"])
    yield from _listed("Sources", [f"{name}: {text}" for name, text in data["sources"].items()])
    yield from cases_lines(one)
    verified = one.verified
    by = f", {verified.by}" if verified.by else ""
    last = f"Last compared with its sources on {verified.on} ({verified.how}{by})."
    yield from ("", *textwrap.wrap(last, WIDTH))


def _lines_of_parameters(one: Instrument) -> Iterator[str]:
    if one.parameters:
        yield "\nLines"
    for parameter in one.parameters.values():
        yield from textwrap.wrap(parameter.title, WIDTH, initial_indent="  ", subsequent_indent="    ")
        for value in parameter.values:
            number = value.text if "/" in value.text else number_text(value.number)
            until = f" until {value.until}" if value.until else ""
            text = (
                f"{parameter.operator} {number} {parameter.unit}  from {value.since}{until}"
                f"  {value.confidence}  [{short(value.reference)}]"
            )
            yield from textwrap.wrap(text, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8)


def _counting_lines(one: Instrument) -> Iterator[str]:
    for name, rule in one.counting.items():
        head = f"Counting of {name}: {rule.title}"
        yield from ("", *textwrap.wrap(head, WIDTH, subsequent_indent="  "))
        for edition in rule.editions:
            mark = f"{rule.confidence_of(edition)}  [{short(edition.reference)}]"
            text = f"from {edition.since}: {edition.text}  {mark}"
            yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
        for counts, label in (("yes", "counted"), ("no", "not counted"), ("silent", "text silent")):
            names = [c.name.replace("_", " ") for c in rule.components if c.counts == counts]
            if names:
                yield from textwrap.wrap(
                    f"{label}: {', '.join(names)}", WIDTH, initial_indent="  ", subsequent_indent="    "
                )


def _duty_lines(one: Instrument, duties: list[dict[str, Any]]) -> Iterator[str]:
    if duties:
        yield "\nDuties"
    for obligation, duty in zip(one.obligations, duties, strict=True):
        clock = clock_text(duty["clock"])
        to = f", to {recipients_text(obligation.to)}" if obligation.to else ""
        when = f" if {' or '.join(duty['when']).replace('_', ' ')}" if duty["when"] else ""
        deontic, clock = duty["deontic"].replace("_", " "), f" ({clock})" if clock else ""
        text = f"{deontic}{when}: {duty['title']}{to}{clock}{_span_text(obligation)}"
        text += f"  [{short(obligation.reference)}]"
        yield from textwrap.wrap(
            text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )
        own = [f"only if {duty['if']}"] if duty["if"] else []
        for text in (*own, *(f"unless: {exception}" for exception in duty["unless"])):
            yield from textwrap.wrap(text, WIDTH, initial_indent="      ", subsequent_indent="        ")


def _span_text(duty: Obligation) -> str:
    """Its own first and last day, where the file sets them."""
    starts = f", from {duty.starts}" if duty.starts else ""
    return f"{starts}, until {duty.ends}" if duty.ends else starts


def _listed(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"\n{heading}"
    for line in lines:
        yield from textwrap.wrap(line, WIDTH, initial_indent="  - ", subsequent_indent="    ")

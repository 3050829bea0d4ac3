"""Tests, exceptions and cases on the page of one regime, as data and as text."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from tallystick.regimes.judging.citations import cited
from tallystick.regimes.law.exact import truth_text
from tallystick.regimes.law.instrument import Case, Condition, Defeater, Instrument
from tallystick.regimes.pages.expression import expression_words
from tallystick.regimes.pages.markdown import short

WIDTH = 100


def tests_json(one: Instrument) -> dict[str, Any]:
    """``conditions``, ``exceptions`` and ``cases`` of ``regimes show --json``."""
    return {
        "conditions": {
            name: {**_rule_json(one, rule), "gives": rule.gives} for name, rule in one.conditions.items()
        },
        "exceptions": {
            name: {
                **_rule_json(one, rule),
                "defeats": list(rule.defeats),
                "until": rule.until.isoformat() if rule.until else None,
            }
            for name, rule in one.exceptions.items()
        },
        "cases": [_case_json(case) for case in one.cases],
    }


def _rule_json(one: Instrument, rule: Condition | Defeater) -> dict[str, Any]:
    return {
        "title": rule.title,
        "when": _test(one, rule),
        "confidence": rule.confidence,
        "known_on": rule.known_on.isoformat() if rule.known_on else None,
        "reference": list(cited(one, rule.reference)),
    }


def _test(one: Instrument, rule: Condition | Defeater) -> str:
    return expression_words(rule.when, one.parameters).replace("`", "")


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "at": case.at.isoformat(),
        "known_on": case.known_on.isoformat() if case.known_on else None,
        "facts": dict(case.facts),
        "expect": {name: truth_text(truth) for name, truth in case.expect.items()},
        "duties": {name: truth_text(truth) for name, truth in case.duties.items()},
    }


def tests_lines(one: Instrument) -> Iterator[str]:
    """What gives each outcome, and what takes it off again."""
    if one.conditions:
        yield "\nTests"
    for rule in one.conditions.values():
        yield from _rule_lines(one, rule, f"gives {_words(rule.gives)}")
    if one.exceptions:
        yield "\nExceptions"
    for exception in one.exceptions.values():
        until = f", until {exception.until}" if exception.until else ""
        yield from _rule_lines(
            one, exception, f"takes off {', '.join(map(_words, exception.defeats))}{until}"
        )


def _rule_lines(one: Instrument, rule: Condition | Defeater, effect: str) -> Iterator[str]:
    yield from _wrapped(f"{rule.title} ({_words(rule.name)})", "  ", "    ")
    mark = f"{rule.confidence}  [{short(rule.reference)}]"
    yield from _wrapped(f"{effect} if {_test(one, rule)}  {mark}", "      ", "        ")


def cases_lines(one: Instrument) -> Iterator[str]:
    """The worked examples: on which day, which facts, what they give."""
    days = {case.at for case in one.cases}
    if one.cases:
        on = f"all on {min(days)}; " if len(days) == 1 else ""
        yield f"\nCases ({on}components of compute that are not named are zero)"
    for case in one.cases:
        given = ", ".join(f"{name} {_value(value)}" for name, value in case.facts.items()) or "no facts"
        gives = _truths({**case.expect, **case.duties})
        known = f", as known on {case.known_on}" if case.known_on else ""
        on = "" if len(days) == 1 else f", on {case.at}"
        text = f"{case.name}{on}{known}: {given} -> {gives}"
        yield from _wrapped(text, "  - ", "    ")


def _truths(expected: Mapping[str, bool | None]) -> str:
    return ", ".join(f"{_words(name)} {truth_text(truth)}" for name, truth in expected.items())


def _value(value: Any) -> str:
    return value if isinstance(value, str) else " to ".join(map(str, value))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)

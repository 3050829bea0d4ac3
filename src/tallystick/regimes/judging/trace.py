"""The trace of an evaluation, in words: text with article and edition, figures, the reading used."""

from collections.abc import Iterator, Mapping
from datetime import date

from tallystick.regimes.judging.both_sides import BothSides, Truths, both_sides, mark
from tallystick.regimes.judging.citations import citations
from tallystick.regimes.judging.explained import explained_parts, joined, joining_word
from tallystick.regimes.judging.plan import Plan
from tallystick.regimes.judging.result import (
    EXCEPTION,
    FORCE,
    OUTCOME,
    STATUS,
    TEST,
    WHO,
    OutcomeResult,
    Step,
)
from tallystick.regimes.judging.trace_counting import counting_step
from tallystick.regimes.judging.trace_duties import duty_steps
from tallystick.regimes.judging.why_unverified import WhyUnverified, by_reading
from tallystick.regimes.law.exact import Interval, truth_text
from tallystick.regimes.law.expression import Exceeds, Name, RatioExceeds, walk
from tallystick.regimes.law.instrument import UNVERIFIED, Condition, Defeater, Instrument
from tallystick.regimes.law.status import in_effect, status_at, takes_effect
from tallystick.regimes.stated.fact_set import TIES, FactSet

Figures = Mapping[str, Mapping[str, tuple[Interval, Interval]]]


def figures_of(plan: Plan, facts: FactSet) -> Figures:
    """Every derived figure under every reading, claimed and verified."""
    found: dict[str, dict[str, tuple[Interval, Interval]]] = {}
    for reading in plan.readings:
        sides = both_sides(plan, facts, reading)
        for name in plan.instrument.counting:
            found.setdefault(name, {})[reading.id] = sides.figure(Name(name))
    return found


def trace_of(
    plan: Plan,
    facts: FactSet,
    outcomes: tuple[OutcomeResult, ...],
    binds: Truths,
    overall: Truths,
) -> tuple[Step, ...]:
    """All steps, in the order in which a lawyer would go. ``overall``: what the answer says of it all."""
    readings = {reading.id: both_sides(plan, facts, reading) for reading in plan.readings}
    steps = [_status_step(plan), _binds_step(plan, facts, binds)]
    for reading, sides in readings.items():
        steps += _reading_steps(plan, sides, reading if len(readings) > 1 else "")
    steps += [_outcome_step(readings, outcome) for outcome in outcomes]
    steps += [] if outcomes else [_force_step(plan, overall)]
    steps += duty_steps(plan.instrument, readings)
    return tuple(steps)


def _status_step(plan: Plan) -> Step:
    entry = status_at(plan.instrument, plan.at, plan.known_on)
    as_known = f", as known on {plan.known_on}" if plan.known_on else ""
    if entry is None:
        starts = takes_effect(plan.instrument, plan.known_on)
        text = (
            f"On {plan.at}{as_known} it has no status yet{f'; it takes effect on {starts}' if starts else ''}"
        )
        return Step(STATUS, "status", text, judged=False)
    text = f"On {plan.at}{as_known}: {entry.value.replace('_', ' ')}, since {entry.since}"
    note = f". {entry.note}" if entry.note else ""
    places = tuple(citations(plan.instrument, entry.reference))
    return Step(STATUS, "status", text + note + _read_text(entry.confidence), places, judged=False)


def _binds_step(plan: Plan, facts: FactSet, truths: Truths) -> Step:
    binds = plan.instrument.binds
    roles = " or ".join(role.replace("_", " ") for role in binds.roles) or "anybody"
    word = " and " if binds.every_nexus else " or "
    ties = word.join(tie.removeprefix(TIES).replace("_", " ") for tie in binds.nexus)
    text = f"{roles}{f'; tie to {binds.region}: {ties}' if ties else ''}"
    own = [f"{TIES}{binds.region}.{tie.removeprefix(TIES)}" for tie in binds.nexus]
    asked = [*(f"roles.{role}" for role in binds.roles), *own, *binds.nexus]
    stated = [name for name in asked if facts.claimed.truths.get(name)]
    if asked:
        text += f". Stated of these: {', '.join(stated) or 'none'}"
    if truths[0] is not None and truths[1] is None:
        verified = facts.verified.truths
        unsaid = [name for name in asked if name in facts.claimed.truths and name not in verified]
        weak = plan.instrument.confidence in UNVERIFIED
        text += f". Not verified: {_weak_file(plan.instrument) if weak else ', '.join(unsaid)}"
    return Step(WHO, "binds", text, (), *truths)


def _force_step(plan: Plan, truths: Truths) -> Step:
    """Of an instrument without outcomes: what the answer's claimed and verified are about."""
    instrument = plan.instrument
    text = "It draws no line. Whether its duties run on that day and it binds you"
    if not in_effect(instrument, plan.at, plan.known_on):
        text += f": they do not run on {plan.at}"
    if truths[1] is None and instrument.confidence in UNVERIFIED:
        text += f". Not verified: {_weak_file(instrument)}"
    return Step(FORCE, "force", text, (), *truths)


def _weak_file(instrument: Instrument) -> str:
    return f"the file has confidence {instrument.confidence}"


def _reading_steps(plan: Plan, sides: BothSides, label: str) -> Iterator[Step]:
    instrument = plan.instrument
    for name, rule in instrument.counting.items():
        yield counting_step(sides, name, rule, label)
    rules: list[Condition | Defeater] = [*instrument.conditions.values(), *instrument.exceptions.values()]
    for one in rules:
        parts = explained_parts(one.when, sides)
        tail = f"{_until_text(one, plan.at)}{_defeated_text(sides, one.name)}{_read_text(one.confidence)}"
        text = f"{one.title}: {joined(one.when, parts)}{tail}"
        references = (*one.reference, *_line_references(sides, one))
        kind = TEST if isinstance(one, Condition) else EXCEPTION
        places = tuple(dict.fromkeys(citations(instrument, references)))
        word = joining_word(one.when)
        truths = sides.standing(one)
        yield Step(kind, one.name, text, places, *truths, label, True, one.title, parts, word, tail)


def _defeated_text(sides: BothSides, name: str) -> str:
    """The exceptions that stand or may stand against it, on either side."""
    texts = []
    for rule in sides.compiler.instrument.exceptions_to(name):
        truths = sides.standing(rule)
        if truths[0] is True:
            proven = "" if truths[1] is True else ", which is not verified"
            texts.append(f"; defeated, since exception {rule.name} stands{proven}")
        elif truths != (False, False):
            texts.append(f"; unless exception {rule.name} stands {mark(truths)}")
    return "".join(texts)


def _read_text(confidence: str) -> str:
    return f"; confidence {confidence}: never verified" if confidence in UNVERIFIED else ""


def _until_text(rule: Condition | Defeater, day: date) -> str:
    if isinstance(rule, Condition) or rule.until is None:
        return ""
    return f" (until {rule.until})" if rule.stands_on(day) else f" (no longer since {rule.until})"


def _line_references(sides: BothSides, rule: Condition | Defeater) -> Iterator[str]:
    for part in walk(rule.when):
        line = sides.compiler.line(part.parameter) if isinstance(part, Exceeds | RatioExceeds) else None
        if line is not None:
            yield from line.value.reference


def _outcome_step(readings: Mapping[str, BothSides], outcome: OutcomeResult) -> Step:
    text = outcome.title
    claimed = {reading: truths[0] for reading, truths in outcome.readings.items()}
    if len(set(claimed.values())) > 1:
        found = ", ".join(f"{reading} reading {truth_text(truth)}" for reading, truth in claimed.items())
        text += f". Indeterminate: {found}"
    if outcome.verified is None and any(truth is not None for truth in claimed.values()):
        why = {
            reading: (outcome.readings[reading], WhyUnverified(sides).outcome(outcome.name))
            for reading, sides in readings.items()
        }
        text += f". Not verified: {by_reading(why)}"
    return Step(OUTCOME, f"outcome {outcome.name}", text, (), outcome.claimed, outcome.verified)

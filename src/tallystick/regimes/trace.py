"""The trace of an evaluation, in words: text with article and edition, figures, the reading used."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from tallystick.regimes.condition import Compiler, Line
from tallystick.regimes.counting import Counting, Reading
from tallystick.regimes.exact import ANY, ZERO, Interval, Truth, interval_text, number_text, truth_text, whole
from tallystick.regimes.expression import (
    All,
    Amount,
    Any_,
    Exceeds,
    Expression,
    Is,
    Name,
    Not,
    OneOf,
    RatioExceeds,
    Refer,
    Unknowable,
    amounts_of,
)
from tallystick.regimes.facts import FactSet, View
from tallystick.regimes.instrument import UNVERIFIED, Condition, Defeater, Instrument
from tallystick.regimes.plan import Plan, Rules
from tallystick.regimes.result import OutcomeResult, Step
from tallystick.regimes.status import status_at, takes_effect

Figures = Mapping[str, Mapping[str, tuple[Interval, Interval]]]


def cited(instrument: Instrument, references: tuple[str, ...]) -> Iterator[str]:
    """References as lawyers write them: the text, the article, the edition."""
    for one in references:
        source_id, _, anchor = one.partition("#")
        source = instrument.sources.get(source_id)
        title = source.title if source else source_id
        edition = f" ({source.edition})" if source and source.edition else ""
        yield f"{title}, {anchor_text(anchor)}{edition}" if anchor != "whole" else f"{title}{edition}"


def anchor_text(anchor: str) -> str:
    """``art-51(2)`` as ``Art. 51(2)``, ``sec-22757.11(a)`` as ``sec. 22757.11(a)``."""
    kind, dash, rest = anchor.partition("-")
    words = {
        "art": "Art.",
        "sec": "sec.",
        "para": "para.",
        "recital": "recital",
        "annex": "Annex",
        "rule": "rule",
    }
    return f"{words[kind]} {rest.replace('_', ' ')}" if dash and kind in words else anchor.replace("_", " ")


def figures_of(plan: Plan, facts: FactSet) -> Figures:
    """Every derived figure under every reading, claimed and verified."""
    found: dict[str, dict[str, tuple[Interval, Interval]]] = {}
    for name in plan.instrument.counting:
        for reading in plan.readings:
            said, shown = _both(Name(name), _compiler(plan, reading), facts)
            found.setdefault(name, {})[reading.id] = said, shown
    return found


def _both(amount: Amount, compiler: Compiler, facts: FactSet) -> tuple[Interval, Interval]:
    """The amount claimed and verified."""
    shown = replace(compiler, verified=True, made={})
    return compiler.figure(amount)(facts.claimed), shown.figure(amount)(facts.verified)


def trace_of(
    plan: Plan, facts: FactSet, outcomes: tuple[OutcomeResult, ...], binds: tuple[Truth, Truth]
) -> tuple[Step, ...]:
    """All steps, in the order in which a lawyer would go."""
    steps = [_status_step(plan), *_binds_steps(plan, binds)]
    for reading in plan.readings:
        label = reading.id if len(plan.readings) > 1 else ""
        steps += _reading_steps(plan, facts, reading, label)
    steps += [_outcome_step(plan, facts, outcome) for outcome in outcomes]
    steps += _duty_steps(plan, facts)
    return tuple(steps)


def _compiler(plan: Plan, reading: Reading, *, verified: bool = False) -> Compiler:
    return Compiler(plan.instrument, plan.at, plan.known_on, reading, verified)


def _status_step(plan: Plan) -> Step:
    entry = status_at(plan.instrument, plan.at, plan.known_on)
    as_known = f", as known on {plan.known_on}" if plan.known_on else ""
    if entry is None:
        starts = takes_effect(plan.instrument, plan.known_on)
        text = (
            f"On {plan.at}{as_known} it has no status yet{f'; it takes effect on {starts}' if starts else ''}"
        )
        return Step("status", text, judged=False)
    text = f"On {plan.at}{as_known}: {entry.value.replace('_', ' ')}, since {entry.since}"
    note = f". {entry.note}" if entry.note else ""
    return Step("status", text + note, tuple(cited(plan.instrument, entry.reference)), judged=False)


def _binds_steps(plan: Plan, truths: tuple[Truth, Truth]) -> Iterator[Step]:
    binds = plan.instrument.binds
    roles = " or ".join(role.replace("_", " ") for role in binds.roles) or "anybody"
    word = " and " if binds.every_nexus else " or "
    ties = word.join(tie.removeprefix("jurisdictions.").replace("_", " ") for tie in binds.nexus)
    text = f"{roles}{f', who {ties} ({binds.region})' if ties else ''}"
    yield Step("binds", text, (), *truths)


def _reading_steps(plan: Plan, facts: FactSet, reading: Reading, label: str) -> Iterator[Step]:
    for name, rule in plan.instrument.counting.items():
        yield _counting_step(plan, facts, name, rule, reading, label)
    said = Rules(_compiler(plan, reading))
    shown = Rules(_compiler(plan, reading, verified=True))
    rules: list[Condition | Defeater] = [
        *plan.instrument.conditions.values(),
        *plan.instrument.exceptions.values(),
    ]
    for one in rules:
        text = f"{one.title}: {explained(one.when, said.compiler, facts)}{_until_text(one, plan.at)}"
        references = (*one.reference, *_line_references(plan, one))
        truths = said.standing(one)(facts.claimed), shown.standing(one)(facts.verified)
        yield Step(
            one.name, text, tuple(dict.fromkeys(cited(plan.instrument, references))), *truths, reading=label
        )


def _until_text(rule: Condition | Defeater, day: date) -> str:
    if isinstance(rule, Condition) or rule.until is None:
        return ""
    return f" (until {rule.until})" if rule.stands_on(day) else f" (no longer since {rule.until})"


def _duty_steps(plan: Plan, facts: FactSet) -> Iterator[Step]:
    """The duties that have a test of their own, or exceptions: whether facts bring them about."""
    compiler = _compiler(plan, plan.readings[0])
    for duty in plan.instrument.obligations:
        against = plan.instrument.exceptions_to(duty.id)
        if duty.only_if is None and not against:
            continue
        texts = [explained(duty.only_if, compiler, facts)] if duty.only_if else []
        texts += [f"unless exception {rule.name} stands" for rule in against]
        said, shown = (plan.brings(duty, facts, verified=side) for side in (False, True))
        references = tuple(cited(plan.instrument, duty.reference))
        yield Step(f"obligation {duty.id}", f"{duty.title}: {'; '.join(texts)}", references, said, shown)


def _line_references(plan: Plan, rule: Condition | Defeater) -> Iterator[str]:
    compiler = _compiler(plan, plan.readings[0])
    for part in _leaves(rule.when):
        line = compiler.line(part.parameter) if isinstance(part, Exceeds | RatioExceeds) else None
        if line is not None:
            yield from line.value.reference


def _leaves(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, All | Any_):
        for part in expression.parts:
            yield from _leaves(part)
    elif isinstance(expression, Not):
        yield from _leaves(expression.part)
    else:
        yield expression


def _counting_step(
    plan: Plan, facts: FactSet, name: str, rule: Counting, reading: Reading, label: str
) -> Step:
    compiler = _compiler(plan, reading)
    said, shown = _both(Name(name), compiler, facts)
    counted = compiler.components(name)
    parts = [_part_text(one, facts.claimed) for one in counted if facts.claimed.stated(one)]
    unsaid = [one.removeprefix("compute.") for one in counted if facts.claimed.amount(one).upper is None]
    text = (
        f"{rule.title}, {_edition_text(rule, plan.at, plan.known_on)}: "
        f"{' + '.join(parts) or 'nothing stated'} = {interval_text(said)} FLOP"
    )
    text += f"; not stated, so no upper bound: {', '.join(unsaid)}" if unsaid else ""
    text += _left_out(rule, set(counted), facts.claimed)
    text += _band_text(rule, said)
    seen: list[str] = []
    for component in rule.components:
        seen += [one for one in component.reference if one not in seen]
    sources = {source.id: source for source in rule.sources}
    references = tuple(
        f"{sources[r.partition('#')[0]].title}, {anchor_text(r.partition('#')[2])}" for r in seen
    )
    return Step(name, text, references, interval_text(said), interval_text(shown), reading=label)


def _edition_text(rule: Counting, day: date, known_on: date | None) -> str:
    edition, ahead = rule.edition_at(day, known_on)
    if known_on is not None and edition.known_on > known_on:
        return f"{edition.text} (not yet known on {known_on})"
    return f"{edition.text}{f' (from {edition.since} on)' if ahead else ''}"


def _part_text(name: str, view: View) -> str:
    return f"{name.removeprefix('compute.').replace('_', ' ')} {interval_text(view.amount(name))}"


def _left_out(rule: Counting, counted: set[str], view: View) -> str:
    """What was stated and is not counted, and why."""
    found = []
    for component in rule.components:
        name = f"compute.{component.name}"
        if name not in counted and view.amounts.get(name, ZERO) != ZERO:
            why = "the text is silent" if component.counts == "silent" else "excluded"
            found.append(f"{_part_text(name, view)} ({why})")
    return f"; not counted: {', '.join(found)}" if found else ""


def _band_text(rule: Counting, amount: Interval) -> str:
    """The error that the text lets an estimate have."""
    if rule.band is None or amount.upper is None or amount != Interval(amount.lower, amount.lower):
        return ""
    low, high = whole(amount.lower * (1 - rule.band)), whole(amount.lower * (1 + rule.band))
    share = number_text(whole(rule.band * 100))
    return f"; the text allows {share} % either way: {number_text(low)} to {number_text(high)}"


def explained(expression: Expression, compiler: Compiler, facts: FactSet) -> str:
    """The expression in words, with the figures on both sides and what the claimed ones give."""
    if isinstance(expression, All | Any_):
        word = " and " if isinstance(expression, All) else " or "
        inner = word.join(explained(part, compiler, facts) for part in expression.parts)
        return f"({inner})" if len(expression.parts) > 1 else inner
    if isinstance(expression, Not):
        return f"not {explained(expression.part, compiler, facts)}"
    return (
        f"{_leaf_text(expression, compiler, facts)} [{truth_text(compiler.test(expression)(facts.claimed))}]"
    )


def _leaf_text(expression: Expression, compiler: Compiler, facts: FactSet) -> str:
    view = facts.claimed
    if isinstance(expression, Exceeds):
        amount = _amount_with_figures(expression.amount, compiler, facts)
        return f"{amount} {_line_text(compiler, expression.parameter)}"
    if isinstance(expression, RatioExceeds):
        top, bottom = (_amount_with_figures(a, compiler, facts) for a in (expression.top, expression.bottom))
        return f"{top} / {bottom} {_line_text(compiler, expression.parameter)}"
    if isinstance(expression, Is):
        known = compiler.test(expression)(view) is not None
        return f"{expression.fact}{'' if known else ' (not stated)'}"
    if isinstance(expression, OneOf):
        stated = view.texts.get(expression.fact, "(not stated)")
        return f"{expression.fact} {stated} among {', '.join(expression.values)}"
    if isinstance(expression, Refer):
        return f"condition {expression.condition}"
    if isinstance(expression, Unknowable):
        return f"nobody can compute: {expression.why}"
    return "always"


def _amount_with_figures(amount: Amount, compiler: Compiler, facts: FactSet) -> str:
    said, shown = _both(amount, compiler, facts)
    verified = "" if shown in (said, ANY) else f" (verified: {interval_text(shown)})"
    return f"{_amount_text(amount)} {interval_text(said)}{verified}"


def _amount_text(amount: Amount) -> str:
    if isinstance(amount, Name):
        return amount.name
    words = {"sum": "sum of", "max_of": "greatest of", "min_of": "least of", "product": "product of"}
    return f"{words[amount.operation]} {', '.join(map(_amount_text, amount.parts))}:"


def _line_text(compiler: Compiler, name: str) -> str:
    parameter, line = compiler.instrument.parameters[name], compiler.line(name)
    if line is None:
        known = f", as known on {compiler.known_on}" if compiler.known_on else ""
        return f"against {name}: no line in force on {compiler.at}{known}"
    unit = "" if parameter.unit in ("none", "ratio") else f" {parameter.unit}"
    return f"{parameter.operator} {_value_text(line)}{unit}{_ahead_text(line)}"


def _value_text(line: Line) -> str:
    return line.value.text if "/" in line.value.text else number_text(line.value.number)


def _ahead_text(line: Line) -> str:
    marks = [f"from {line.value.since} on"] if line.ahead else []
    if line.value.confidence in UNVERIFIED:
        marks.append(f"confidence {line.value.confidence}: never verified")
    return f" ({'; '.join(marks)})" if marks else ""


def _outcome_step(plan: Plan, facts: FactSet, outcome: OutcomeResult) -> Step:
    text = outcome.title
    said = {reading: truths[0] for reading, truths in outcome.readings.items()}
    if len(set(said.values())) > 1:
        found = ", ".join(f"{reading} reading {truth_text(truth)}" for reading, truth in said.items())
        text += f". Indeterminate: {found}"
    if outcome.verified is None and outcome.claimed is not None:
        text += f". Not verified: {why_unverified(plan, facts, outcome)}"
    return Step(f"outcome {outcome.name}", text, (), outcome.claimed, outcome.verified)


def why_unverified(plan: Plan, facts: FactSet, outcome: OutcomeResult) -> str:
    """Why a claimed outcome has no verified one."""
    given = [rule for rule in plan.instrument.conditions.values() if rule.gives == outcome.name]
    compiler = _compiler(plan, plan.readings[0])
    compared = [
        part for rule in given for part in _leaves(rule.when) if isinstance(part, Exceeds | RatioExceeds)
    ]
    lines = [line for part in compared if (line := compiler.line(part.parameter)) is not None]
    weak = {rule.confidence for rule in given} | {line.value.confidence for line in lines}
    if weak & UNVERIFIED:
        return f"the file's value has confidence {', '.join(sorted(weak & UNVERIFIED))}"
    if len({truths[1] for truths in outcome.readings.values()}) > 1:
        return "readings of the text disagree"
    amounts = [amount for part in compared for amount in amounts_of(part)]
    if any(_both(amount, compiler, facts)[1] != ANY for amount in amounts):
        return "the verified bounds reach across the line"
    return "no inspection bears out the facts that it rests on"

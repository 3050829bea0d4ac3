"""The trace of an evaluation, in words: text with article and edition, figures, the reading used."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from tallystick.regimes.judging.condition import Compiler, Line
from tallystick.regimes.judging.plan import Plan, Rules
from tallystick.regimes.judging.result import (
    DUTY,
    EXCEPTION,
    FIGURE,
    FORCE,
    OUTCOME,
    STATUS,
    TEST,
    WHO,
    Citation,
    OutcomeResult,
    Step,
)
from tallystick.regimes.law.counting import Counting, Reading
from tallystick.regimes.law.exact import (
    ANY,
    ZERO,
    Interval,
    Truth,
    interval_text,
    number_text,
    truth_text,
    whole,
)
from tallystick.regimes.law.expression import (
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
from tallystick.regimes.law.instrument import UNVERIFIED, Condition, Defeater, Instrument
from tallystick.regimes.law.status import in_effect, status_at, takes_effect
from tallystick.regimes.stated.fact_set import TIES, FactSet, View

Figures = Mapping[str, Mapping[str, tuple[Interval, Interval]]]


def citations(instrument: Instrument, references: tuple[str, ...]) -> Iterator[Citation]:
    """References by text, article and edition."""
    for one in references:
        source_id, _, anchor = one.partition("#")
        source = instrument.sources.get(source_id)
        place = "" if anchor == "whole" else anchor_text(anchor)
        yield Citation(source.title if source else source_id, place, source.edition if source else "")


def cited(instrument: Instrument, references: tuple[str, ...]) -> Iterator[str]:
    """References as lawyers write them: the text, the article, the edition."""
    yield from (one.text for one in citations(instrument, references))


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
    plan: Plan,
    facts: FactSet,
    outcomes: tuple[OutcomeResult, ...],
    binds: tuple[Truth, Truth],
    overall: tuple[Truth, Truth],
) -> tuple[Step, ...]:
    """All steps, in the order in which a lawyer would go. ``overall``: what the answer says of it all."""
    steps = [_status_step(plan), _binds_step(plan, facts, binds)]
    for reading in plan.readings:
        label = reading.id if len(plan.readings) > 1 else ""
        steps += _reading_steps(plan, facts, reading, label)
    steps += [_outcome_step(plan, facts, outcome) for outcome in outcomes]
    steps += [] if outcomes else [_force_step(plan, overall)]
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
        return Step(STATUS, "status", text, judged=False)
    text = f"On {plan.at}{as_known}: {entry.value.replace('_', ' ')}, since {entry.since}"
    note = f". {entry.note}" if entry.note else ""
    places = tuple(citations(plan.instrument, entry.reference))
    return Step(STATUS, "status", text + note, places, judged=False)


def _binds_step(plan: Plan, facts: FactSet, truths: tuple[Truth, Truth]) -> Step:
    binds, said = plan.instrument.binds, facts.claimed.truths
    roles = " or ".join(role.replace("_", " ") for role in binds.roles) or "anybody"
    word = " and " if binds.every_nexus else " or "
    ties = word.join(tie.removeprefix(TIES).replace("_", " ") for tie in binds.nexus)
    text = f"{roles}{f'; tie to {binds.region}: {ties}' if ties else ''}"
    own = [f"{TIES}{binds.region}.{tie.removeprefix(TIES)}" for tie in binds.nexus]
    asked = [*(f"roles.{role}" for role in binds.roles), *own, *binds.nexus]
    stated = [name for name in asked if said.get(name)]
    if asked:
        text += f". Stated of these: {', '.join(stated) or 'none'}"
    if truths[0] is not None and truths[1] is None and plan.instrument.confidence in UNVERIFIED:
        text += f". Not verified: {_weak_file(plan.instrument)}"
    return Step(WHO, "binds", text, (), *truths)


def _force_step(plan: Plan, truths: tuple[Truth, Truth]) -> Step:
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
        parts = explained_parts(one.when, said.compiler, facts)
        tail = f"{_until_text(one, plan.at)}{_defeated_text(plan, one.name, said, facts)}"
        text = f"{one.title}: {_joined(one.when, parts)}{tail}"
        references = (*one.reference, *_line_references(plan, one))
        truths = said.standing(one)(facts.claimed), shown.standing(one)(facts.verified)
        kind = TEST if isinstance(one, Condition) else EXCEPTION
        places = tuple(dict.fromkeys(citations(plan.instrument, references)))
        word = _word(one.when)
        yield Step(kind, one.name, text, places, *truths, label, True, one.title, parts, word, tail)


def _defeated_text(plan: Plan, name: str, rules: Rules, facts: FactSet) -> str:
    """The exceptions that stand or may stand against it."""
    found = {rule.name: rules.standing(rule)(facts.claimed) for rule in plan.instrument.exceptions_to(name)}
    texts = [
        f"; defeated, since exception {one} stands" if truth else f"; unless exception {one} stands [unknown]"
        for one, truth in found.items()
        if truth is not False
    ]
    return "".join(texts)


def _until_text(rule: Condition | Defeater, day: date) -> str:
    if isinstance(rule, Condition) or rule.until is None:
        return ""
    return f" (until {rule.until})" if rule.stands_on(day) else f" (no longer since {rule.until})"


def _duty_steps(plan: Plan, facts: FactSet) -> Iterator[Step]:
    """The duties that have a test of their own, or exceptions: whether facts bring them about."""
    rules = Rules(_compiler(plan, plan.readings[0]))
    for duty in plan.instrument.obligations:
        against = plan.instrument.exceptions_to(duty.id)
        if duty.only_if is None and not against:
            continue
        texts = [f"only if {explained(duty.only_if, rules.compiler, facts)}"] if duty.only_if else []
        for rule in against:
            truth = truth_text(rules.standing(rule)(facts.claimed))
            texts.append(f"unless exception {rule.name} stands [{truth}]")
        said, shown = (plan.brings(duty, facts, verified=side) for side in (False, True))
        places = tuple(citations(plan.instrument, duty.reference))
        text = f"{duty.title}: {'; '.join(texts)}"
        yield Step(DUTY, f"obligation {duty.id}", text, places, said, shown, head=duty.title)


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
    head = f"{rule.title}, {_edition_text(rule, plan.at, plan.known_on)}"
    text = f"{head}: {' + '.join(parts) or 'nothing stated'} = {interval_text(said)} FLOP"
    text += f"; not stated, so no upper bound: {', '.join(unsaid)}" if unsaid else ""
    text += _left_out(rule, set(counted), facts.claimed)
    text += _band_text(rule, said)
    seen = dict.fromkeys(one for component in rule.components for one in component.reference)
    titles = {source.id: source.title for source in rule.sources}
    parted = (one.partition("#") for one in seen)
    places = tuple(Citation(titles[source], anchor_text(anchor)) for source, _, anchor in parted)
    sums = interval_text(said), interval_text(shown)
    return Step(FIGURE, name, text, places, *sums, reading=label, head=head)


def _edition_text(rule: Counting, day: date, known_on: date | None) -> str:
    edition, ahead = rule.edition_at(day, known_on)
    if known_on is not None and edition.known_on > known_on:
        return f"{edition.text} (not yet known on {known_on})"
    return f"{edition.text}{f' (from {edition.since} on)' if ahead else ''}"


def _part_text(name: str, view: View) -> str:
    return f"{name.removeprefix('compute.').replace('_', ' ')} {interval_text(view.amount(name))}"


def _left_out(rule: Counting, counted: set[str], view: View) -> str:
    """What was stated and is not counted, and why."""
    found: dict[str, list[str]] = {}
    for component in rule.components:
        name = f"compute.{component.name}"
        if name not in counted and view.amounts.get(name, ZERO) != ZERO:
            why = "the text is silent" if component.counts == "silent" else "excluded"
            found.setdefault(why, []).append(_part_text(name, view))
    return "".join(f"; not counted ({why}): {', '.join(parts)}" for why, parts in found.items())


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
        return _joined(expression, explained_parts(expression, compiler, facts))
    if isinstance(expression, Not):
        return f"not {explained(expression.part, compiler, facts)}"
    return (
        f"{_leaf_text(expression, compiler, facts)} [{truth_text(compiler.test(expression)(facts.claimed))}]"
    )


def explained_parts(expression: Expression, compiler: Compiler, facts: FactSet) -> tuple[str, ...]:
    """The parts of a test that is made of several, each in words; of another, itself."""
    parts = expression.parts if isinstance(expression, All | Any_) else (expression,)
    return tuple(explained(part, compiler, facts) for part in parts)


def _word(expression: Expression) -> str:
    return "or" if isinstance(expression, Any_) else "and"


def _joined(expression: Expression, parts: tuple[str, ...]) -> str:
    inner = f" {_word(expression)} ".join(parts)
    return f"({inner})" if len(parts) > 1 else inner


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
        unless = f"; state {expression.unless}" if expression.unless else ""
        return f"nobody can compute: {expression.why}{unless}"
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
    return Step(OUTCOME, f"outcome {outcome.name}", text, (), outcome.claimed, outcome.verified)


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

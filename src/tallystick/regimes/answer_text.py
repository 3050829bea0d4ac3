"""An answer as text: a table of outcomes, what is breached or near, and duties; with ``trace`` every step."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from tallystick.regimes.check import AUTHENTICITY, NOTICE, Answer
from tallystick.regimes.exact import Interval, Number, truth_text
from tallystick.regimes.fact_file import COMPONENT_FACTS
from tallystick.regimes.fragmentation.standing import facts_read
from tallystick.regimes.listing import clock_text
from tallystick.regimes.result import Crossing, Duty, LineResult, OutcomeResult, Result, Step
from tallystick.regimes.vocabulary import ALL_WORDS

WIDTH = 100
COMPONENTS_OF = "components of compute"
#: Names of facts shown beside the duties that hang on them.
MOST_NAMED = 6


def answer_text(answer: Answer, *, trace: bool) -> str:
    """The whole answer for people."""
    question = answer.question
    known = f", as known on {question.known_on}" if question.known_on else ""
    count = len(answer.results)
    lines = [f"{count} regime{'' if count == 1 else 's'} on {question.at}{known}", ""]
    lines.append(f"{'regime':24} {'claimed':8} {'verified':9} {'status':35} outcomes")
    lines += [_row(result) for result in answer.results]
    marks = [line for result in answer.results for line in _lines(result)]
    lines += ["", *marks] if marks else []
    lines += ["", *(f"WARNING   {warning}" for warning in answer.warnings)] if answer.warnings else []
    for result in answer.results:
        lines += _page(result, trace=trace)
    lines += [] if trace else [*_may_follow(answer), *_not_stated(answer)]
    return "\n".join([*lines, "", NOTICE, AUTHENTICITY])


def _row(result: Result) -> str:
    suffix = "" if result.in_effect else ", no duty yet" if result.binding else ", no force"
    status = result.status.replace("_", " ") + suffix
    said = ", ".join(f"{o.name} {truth_text(o.claimed)}{_differ(o)}" for o in result.outcomes)
    marks = f"{truth_text(result.claimed):8} {truth_text(result.verified):9}"
    return f"{result.regime:24} {marks} {status:35} {said}".rstrip()


def _differ(outcome: OutcomeResult) -> str:
    """Says where an unknown comes from the text, not from the facts."""
    said = {truth for truth, _ in outcome.readings.values()}
    return " (readings differ)" if len(said) > 1 else ""


def _lines(result: Result) -> Iterator[str]:
    """Breaches, caps of which nobody knows whether they are kept, approaches and crossings."""
    if not (result.in_effect or result.binding):
        return
    for outcome in result.outcomes:
        if outcome.breach and result.in_effect:
            yield from _breach_lines(result, outcome)
    for title in result.without_line if result.in_effect else ():
        yield f"NO LINE   {result.regime}: {title}: no line in force on {result.at}"
    for line in {(line.parameter, line.claimed): line for line in result.lines}.values():
        if line.approach:
            yield f"APPROACH  {result.regime}: {_line_text(line)}"
        if line.crossing:
            yield f"CROSSING  {result.regime}: {line.title}: {_crossing_text(line.crossing)}"


def _breach_lines(result: Result, outcome: OutcomeResult) -> Iterator[str]:
    """What is breached, and what is claimed or proven not to be; nothing where nothing is known."""
    sides = outcome.claimed, outcome.verified
    head = f"{result.regime}: {outcome.title}"
    if True in sides:
        how = "verified" if outcome.verified else "by the developer's own figures"
        yield f"BREACH    {head} ({how})"
    elif outcome.verified is False:
        yield f"KEPT      {head}: false, verified"
    elif outcome.claimed is False:
        yield f"UNPROVEN  {head}: claimed false, verified unknown; a claim does not show that it is kept"


def _line_text(line: LineResult) -> str:
    shares = f"{percent(line.claimed_share)} claimed, {percent(line.verified_share)} verified"
    return f"{line.title} {line.operator} {line.line} {line.unit}: {shares}"


def percent(share: Interval) -> str:
    """A share of a line, rounded to a tenth of a percent, for people."""
    if share.upper is None:
        return "no upper bound" if not share.lower else f"at least {_tenths(share.lower)} %"
    low, high = _tenths(share.lower), _tenths(share.upper)
    return f"{low} %" if low == high else f"{low} to {high} %"


def _tenths(share: Number) -> str:
    tenths = round(share * 1000)
    return f"{tenths // 10}.{tenths % 10}"


def _crossing_text(crossing: Crossing) -> str:
    earliest = f"not before {crossing.earliest}" if crossing.earliest else "not at this rate"
    latest = f", at the latest {crossing.latest}" if crossing.latest else ", perhaps never"
    rate = f" (rate of {crossing.first} to {crossing.last})"
    return earliest + (latest if crossing.earliest else "") + rate


def _page(result: Result, *, trace: bool) -> Iterator[str]:
    """The trace if wished, and the duties of what holds."""
    duties = [duty for duty in _open_duties(result) if trace or _brought(result, duty)]
    if not trace and not duties:
        return
    ties = "" if result.binds_claimed else ", if it binds you: roles and ties to the region are not stated"
    yield f"\n{result.title}  ({result.regime}{ties if duties else ''})"
    if trace:
        for step in result.trace:
            yield from _step_lines(step)
    for duty in duties:
        yield from _duty_lines(duty)


def _open_duties(result: Result) -> list[Duty]:
    return [duty for duty in result.duties if duty.claimed is not False or duty.verified is True]


def _may_follow(answer: Answer) -> list[str]:
    """How many duties hang on what is not known."""
    found = {r.regime: sum(not _brought(r, duty) for duty in _open_duties(r)) for r in answer.results}
    named = ", ".join(f"{regime} {count}" for regime, count in found.items() if count)
    text = f"Duties that may follow, depending on what is not known (--trace lists them): {named}"
    return ["", *textwrap.wrap(text, WIDTH, subsequent_indent="  ")] if named else []


def _not_stated(answer: Answer) -> list[str]:
    """What the regimes that nothing decides ask for most, and was not stated."""
    asked: Counter[str] = Counter()
    for instrument, result in zip(answer.instruments, answer.results, strict=True):
        if result.claimed is None and result.in_effect:
            missing = facts_read(instrument) - answer.stated
            asked.update({COMPONENTS_OF if name in COMPONENT_FACTS else name for name in missing})
    ordered = sorted(asked.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"{name} {count}" for name, count in ordered[:MOST_NAMED])
    more = " and others" if len(asked) > MOST_NAMED else ""
    text = f"Not stated, and asked for by how many of the undecided: {named}{more}; {ALL_WORDS}"
    return ["", *textwrap.wrap(text, WIDTH, subsequent_indent="  ")] if named else []


def _brought(result: Result, duty: Duty) -> bool:
    """Facts bring the duty about, on either side; one without outcome needs a developer who is bound."""
    return True in duty.brought and (bool(duty.obligation.when) or result.binds_claimed is True)


def _step_lines(step: Step) -> Iterator[str]:
    reading = f" ({step.reading} reading)" if step.reading else ""
    judged = ""
    if step.judged and (isinstance(step.claimed, str) or step.rule != "status"):
        shown = [v if isinstance(v, str) else truth_text(v) for v in (step.claimed, step.verified)]
        judged = f" -> claimed {shown[0]}, verified {shown[1]}"
    text = f"{step.rule}{reading}: {step.text}{judged}"
    yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ")
    if step.reference:
        cite = f"[{'; '.join(step.reference)}]"
        yield from textwrap.wrap(cite, WIDTH, initial_indent="      ", subsequent_indent="      ")


def _duty_lines(duty: Duty) -> Iterator[str]:
    one = duty.obligation
    clock = clock_text(one.clock.as_json()) if one.clock else ""
    to = f" (to {', '.join(one.to)})" if one.to else ""
    text = f"{one.deontic.replace('_', ' ')}: {one.title}{to}{f'; {clock}' if clock else ''}"
    yield from textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")

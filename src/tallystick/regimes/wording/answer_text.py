"""An answer as text: a table of outcomes, what is breached or near, and duties; with ``trace`` every step."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from tallystick.regimes.judging.check import AUTHENTICITY, NOTICE, Answer
from tallystick.regimes.judging.result import Crossing, Duty, LineResult, OutcomeResult, Result
from tallystick.regimes.law.exact import Interval, Number, truth_text
from tallystick.regimes.law.vocabulary import ALL_WORDS
from tallystick.regimes.wording.duty_text import duty_text
from tallystick.regimes.wording.trace_text import trace_lines

WIDTH = 100
#: Facts shown that would settle the most regimes.
MOST_NAMED = 8
#: Facts shown of a regime that no single answer settles.
MOST_ASKED = 4
#: Columns before the status: those of regime, binds, claimed and verified.
INDENT = 53
COLUMNS = (
    "binds: whether you are among those whom it binds, by roles and ties to the region. claimed, "
    "verified: whether any of its outcomes holds, such as a line that is passed, not whether it binds "
    "you; where it has none, whether it runs and binds you."
)


def answer_text(answer: Answer, *, trace: bool) -> str:
    """The whole answer for people."""
    question = answer.question
    known = f", as known on {question.known_on}" if question.known_on else ""
    count = len(answer.results)
    lines = [f"{count} regime{'' if count == 1 else 's'} on {question.at}{known}", *_headline(answer.results)]
    lines += ["", f"{'regime':24} {'binds':10} {'claimed':7} {'verified':8} status: outcomes"]
    lines += [line for result in answer.results for line in _row(result)]
    lines += ["", *textwrap.wrap(COLUMNS, WIDTH)]
    marks = [line for result in answer.results for line in _lines(result)]
    lines += ["", *_marked(marks)] if marks else []
    warnings = [f"WARNING   {warning}" for warning in answer.warnings]
    lines += ["", *_marked(warnings)] if warnings else []
    for result in answer.results:
        lines += _page(result, trace=trace)
    lines += [] if trace else [*_may_follow(answer), *_not_stated(answer)]
    return "\n".join([*lines, "", NOTICE, AUTHENTICITY])


def _headline(results: Sequence[Result]) -> list[str]:
    """How many regimes bind, by the developer's own facts and by verified ones; of the rest, why not."""
    running = [one for one in results if one.binding and one.in_effect]
    on_word = [one.binds_claimed for one in running]
    shown = [one.regime for one in running if one.binds_verified]
    bind, not_told, free = (on_word.count(truth) for truth in (True, None, False))
    verified = f"{len(shown)} verified" + (f" ({', '.join(shown)})" if shown else "")
    text = f"{bind} {'binds' if bind == 1 else 'bind'} on your word, {verified}, {not_told} undecided"
    text += f"; {free} {'does' if free == 1 else 'do'} not bind" if free else ""
    without = len(results) - len(running)
    return textwrap.wrap(f"{text}; without duties on that day: {without}" if without else text, WIDTH)


def _row(result: Result) -> list[str]:
    suffix = "" if result.in_effect else ", no duty yet" if result.binding else ", no force"
    status = result.status.replace("_", " ") + suffix
    said = ", ".join(f"{_words(o.name)} {truth_text(o.claimed)}{_differ(o)}" for o in result.outcomes)
    marks = f"{_binds(result):10} {truth_text(result.claimed):7} {truth_text(result.verified):8}"
    head = f"{result.regime:24} {marks} "
    cell = f"{status}: {said}" if said else f"{status}; draws no line"
    return textwrap.wrap(cell, WIDTH, initial_indent=head, subsequent_indent=" " * INDENT)


def _binds(result: Result) -> str:
    """Whether it binds this developer on that day, by the developer's own facts or by verified ones."""
    if not result.binding:
        return "no"
    either = True if result.binds_verified else result.binds_claimed
    return {True: "yes" if result.in_effect else "not now", None: "not stated", False: "no"}[either]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _marked(lines: Iterable[str]) -> Iterator[str]:
    """Lines that begin with a mark of ten columns, wrapped beside it."""
    for line in lines:
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=" " * 10, break_on_hyphens=False)


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
    head = f"{result.title}  ({result.regime}{ties if duties else ''})"
    yield from ("", *textwrap.wrap(head, WIDTH, subsequent_indent="  ", break_on_hyphens=False))
    brought = [duty for duty in duties if _brought(result, duty)]
    if trace:
        yield from trace_lines(result, brought, [duty for duty in duties if not _brought(result, duty)])
        return
    for duty in brought:
        yield from textwrap.wrap(duty_text(duty), WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _open_duties(result: Result) -> list[Duty]:
    return [duty for duty in result.duties if duty.claimed is not False or duty.verified is True]


def _may_follow(answer: Answer) -> list[str]:
    """How many duties hang on what is not known."""
    found = {r.regime: sum(not _brought(r, duty) for duty in _open_duties(r)) for r in answer.results}
    named = ", ".join(f"{regime} {count}" for regime, count in found.items() if count)
    text = f"Duties that may follow, depending on what is not known (--trace lists them): {named}"
    return ["", *textwrap.wrap(text, WIDTH, subsequent_indent="  ")] if named else []


def _not_stated(answer: Answer) -> list[str]:
    """What was not stated, with the regimes that one answer would settle; the most first."""
    found = answer.asked.settling
    lines: list[str] = []
    for one in found[:MOST_NAMED]:
        text = f"{len(one.settles)}  {one.name}: {', '.join(one.settles)}"
        lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="     ")
    if found:
        rest = f"{len(found) - MOST_NAMED} others settle no more. " if len(found) > MOST_NAMED else ""
        lines.insert(0, "Not stated, and would settle by one answer how many of the regimes in effect:")
        tail = f"{rest}Write roles.ROLE, jurisdictions.REGION.TIE; {ALL_WORDS}"
        lines += textwrap.wrap(tail, WIDTH, initial_indent="  ", subsequent_indent="  ")
    lines += _left(answer)
    return ["", *lines] if lines else []


def _left(answer: Answer) -> Iterator[str]:
    """The regimes that several answers settle, or none."""
    differ = {r.regime for r in answer.results if any(_differ(outcome) for outcome in r.outcomes)}
    if answer.asked.left:
        yield "Not settled by one answer, and what they ask for:"
    for regime, names in answer.asked.left.items():
        more = f" and {len(names) - MOST_ASKED} more" if len(names) > MOST_ASKED else ""
        asks = [f"{', '.join(names[:MOST_ASKED])}{more}"] if names else []
        asks += ["a reading of its text, on which the outcome depends"] if regime in differ else []
        text = f"{regime}: {'; '.join(asks) or 'nothing that can be stated'}"
        yield from textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _brought(result: Result, duty: Duty) -> bool:
    """Facts bring the duty about, on either side; one without outcome needs a developer who is bound."""
    return True in duty.brought and (bool(duty.obligation.when) or result.binds_claimed is True)

"""An answer as text: whom it reaches, what is breached or near, and duties; with ``trace`` every step."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from tallystick.regimes.judging.check import AUTHENTICITY, NOTICE, Answer
from tallystick.regimes.judging.result import Duty, OutcomeResult, Result
from tallystick.regimes.law.exact import truth_text
from tallystick.regimes.law.vocabulary import ALL_WORDS
from tallystick.regimes.stated.places import is_note
from tallystick.regimes.wording.duty_text import duty_text
from tallystick.regimes.wording.line_text import line_marks
from tallystick.regimes.wording.standing import (
    due,
    duties_cell,
    duties_now,
    duties_open,
    is_open,
    is_over,
    reaches,
    sides_mark,
)
from tallystick.regimes.wording.trace_text import trace_lines

WIDTH = 100
#: Facts shown that would settle the most regimes.
MOST_NAMED = 8
#: Facts shown of a regime that no single answer settles.
MOST_ASKED = 4
#: Columns before the status: those of regime, reaches you and duties now.
INDENT = 52
COLUMNS = (
    "reaches you: whether you are among those whom it binds, by roles and ties to the region, on your word; "
    "whether it has force the status says. duties now: what you must or must not do on that day; open: it "
    "hangs on what is not known. Outcomes: claimed / verified, once where both are alike; they say whether a "
    "line is passed, not whether the regime reaches you."
)

BRACKETS = (
    "In brackets: what the developer's own figures give / what verified ones give. presumed: a formal act "
    "that nobody stated is taken as not there."
)


def answer_text(answer: Answer, *, trace: bool) -> str:
    """The whole answer for people."""
    question = answer.question
    known = f", as known on {question.known_on}" if question.known_on else ""
    count = len(answer.results)
    lines = [f"{count} regime{'' if count == 1 else 's'} on {question.at}{known}", *_headline(answer.results)]
    lines += ["", f"{'regime':24} {'reaches you':12} {'duties now':13} status: outcomes"]
    lines += [line for result in answer.results for line in _row(result)]
    lines += ["", *textwrap.wrap(f"{COLUMNS} {BRACKETS}" if trace else COLUMNS, WIDTH)]
    marks = [line for result in answer.results for line in line_marks(result)]
    lines += ["", *_marked(marks)] if marks else []
    warnings = [f"{'NOTE' if is_note(one) else 'WARNING':9} {one}" for one in answer.warnings]
    lines += ["", *_marked(warnings)] if warnings else []
    for result in answer.results:
        lines += _page(result, answer, trace=trace)
    lines += [] if trace else [*_may_follow(answer), *_not_stated(answer)]
    return "\n".join([*lines, "", NOTICE, AUTHENTICITY])


def _headline(results: Sequence[Result]) -> list[str]:
    """How many regimes bring duties, how many reach the developer without, and of how many it is open."""
    running = [one for one in results if one.binding and one.in_effect]
    bring = [one for one in running if duties_now(one)]
    rest = [one for one in running if not duties_now(one)]
    unknown = [one for one in rest if reaches(one) is None or (duties_open(one) and reaches(one))]
    without = sum(reaches(one) is True for one in rest if one not in unknown)
    free = len(rest) - len(unknown) - without
    proven = [one.regime for one in bring if any(duty.verified for duty in one.duties)]
    text = f"{len(bring)} {'brings' if len(bring) == 1 else 'bring'} duties"
    text += (
        f", {without}{' more' if bring else ''} {'reaches' if without == 1 else 'reach'} you without"
        if without
        else ""
    )
    text += f", {len(unknown)} undecided" if unknown else ""
    text += f", {free} {'does' if free == 1 else 'do'} not reach you" if free else ""
    text += f"; by verified facts alone {len(proven)} {'brings' if len(proven) == 1 else 'bring'} duties"
    text += f" ({', '.join(proven)})" if proven else ""
    idle = [one for one in results if one not in running]
    would = sum(bool(_would_follow(one)) for one in idle)
    text += f"; without force on that day: {len(idle)}" if idle else ""
    return textwrap.wrap(f"{text}, of which {would} would bring duties" if would else text, WIDTH)


def _row(result: Result) -> list[str]:
    outcomes = ", ".join(f"{_words(o.name)} {_sides(o)}{_differ(o)}" for o in result.outcomes)
    reach = {True: "yes", None: "not stated", False: "no"}[reaches(result)]
    head = f"{result.regime:24} {reach:12} {duties_cell(result):13} "
    status = _status(result)
    cell = f"{status}: {outcomes}" if outcomes else f"{status}; draws no line"
    return textwrap.wrap(cell, WIDTH, initial_indent=head, subsequent_indent=" " * INDENT)


def _status(result: Result) -> str:
    """The status in words, and what it means for duties where it has no force."""
    if result.status_since is None:
        return "did not exist on that day" if result.known else "not known of"
    return f"{_words(result.status)}{_force(result)}"


def _force(result: Result) -> str:
    if result.in_effect:
        return ""
    if result.binding:
        return ", no duty any more" if is_over(result) else ", no duty yet"
    return ", no force"


def _sides(outcome: OutcomeResult) -> str:
    claimed, verified = truth_text(outcome.claimed), truth_text(outcome.verified)
    return claimed if claimed == verified else f"{claimed} / {verified}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _marked(lines: Iterable[str]) -> Iterator[str]:
    """Lines that begin with a mark of ten columns, wrapped beside it."""
    for line in lines:
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=" " * 10, break_on_hyphens=False)


def _differ(outcome: OutcomeResult) -> str:
    """Says where an unknown comes from the text, not from the facts."""
    claimed = {truth for truth, _ in outcome.readings.values()}
    return " (readings differ)" if len(claimed) > 1 else ""


def _page(result: Result, answer: Answer, *, trace: bool) -> Iterator[str]:
    """The trace if wished, and the duties of what holds, or of what would if the text had force."""
    duties = [duty for duty in _open_duties(result) if trace or _brought(result, duty)]
    would = _would_follow(result)
    if not trace and not duties and not would:
        return
    ties = "" if result.binds_claimed else ", if it reaches you: roles and ties to the region are not stated"
    note = ties if duties else f"; these duties would follow {_once(result, answer)}" if would else ""
    head = f"{result.title}  ({result.regime}{note})"
    yield from ("", *textwrap.wrap(head, WIDTH, subsequent_indent="  ", break_on_hyphens=False))
    brought = [duty for duty in duties if _brought(result, duty)]
    if trace:
        rest = [duty for duty in duties if not _brought(result, duty)]
        yield from trace_lines(result, brought, rest, would)
        return
    for duty in (*brought, *would):
        text = f"{duty_text(duty)}{sides_mark(duty)}"
        yield from textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _would_follow(result: Result) -> list[Duty]:
    """Of a text without force, or without it yet: what the facts would bring about for this developer."""
    if result.in_effect or is_over(result) or reaches(result) is not True:
        return []
    return [duty for duty in result.duties if True in duty.brought]


def _once(result: Result, answer: Answer) -> str:
    """``if adopted``; ``from 2027-01-01`` where the day is known."""
    starts = next((duty.starts for duty in result.duties if duty.starts), None)
    if result.binding and starts is not None and starts > answer.question.at:
        return f"from {starts} on"
    return "once it has force" if result.binding else "if adopted"


def _open_duties(result: Result) -> list[Duty]:
    return [duty for duty in result.duties if due(result, duty) or is_open(result, duty)]


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

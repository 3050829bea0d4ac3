"""How near amounts are to the lines that an instrument draws, and when a series of them crosses.

A line that the figures of some day pass for certain was crossed by that day, and after the last day before it
on which they were below for certain. Else a crossing is a straight continuation: with amounts in [L1, U1] on
the first day and [L2, U2] on the last, t days later, the rate is in [(L2 - U1)/t, (U2 - L1)/t]. The line is
reached no sooner than by the highest rate from U2, and no later than by the lowest rate from L2.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from tallystick.regimes.judging.condition import Compiler, Figure, Line
from tallystick.regimes.judging.plan import Plan
from tallystick.regimes.judging.result import Crossing, LineResult
from tallystick.regimes.law.counting import UPDATE_COMPONENTS
from tallystick.regimes.law.exact import ANY, Interval, Number, compare, number_text, whole
from tallystick.regimes.law.expression import Exceeds, RatioExceeds, amounts_of, names_in, walk
from tallystick.regimes.law.instrument import UNVERIFIED
from tallystick.regimes.stated.fact_set import FactSet, View, series
from tallystick.regimes.stated.inspection_facts import ANY_RUN, RUN, RUNS, SITE_RUNS

RISING = (">", ">=")


def lines_of(plan: Plan, facts: FactSet, margin: Number) -> tuple[LineResult, ...]:
    """Every line that an amount rises to, where anything is known of the amount."""
    return tuple(_lines(plan, facts, margin))


def _lines(plan: Plan, facts: FactSet, margin: Number) -> Iterator[LineResult]:
    seen: set[object] = set()
    for condition in plan.instrument.conditions.values():
        for part in walk(condition.when):
            if isinstance(part, Exceeds | RatioExceeds) and (condition.gives, part) not in seen:
                seen.add((condition.gives, part))
                yield from _line(plan, facts, margin, condition.gives, part)


def _line(
    plan: Plan, facts: FactSet, margin: Number, outcome: str, part: Exceeds | RatioExceeds
) -> Iterator[LineResult]:
    compilers = [Compiler(plan.instrument, plan.at, plan.known_on, r, False) for r in plan.readings]
    parameter, line = plan.instrument.parameters[part.parameter], compilers[0].line(part.parameter)
    if line is None or not line.value.number or parameter.operator not in RISING:
        return
    figures = [amount_of(compiler, part) for compiler in compilers]
    now = facts.at(plan.at)
    claimed = _hull(figures, now.claimed)
    read = [Compiler(plan.instrument, plan.at, plan.known_on, r, True) for r in plan.readings]
    unread = line.value.confidence in UNVERIFIED
    verified = ANY if unread else _hull([amount_of(compiler, part) for compiler in read], now.verified)
    crossings = _crossings(plan, facts, (compilers, read), part, line)
    if claimed == ANY and verified == ANY and crossings == (None, None):
        return
    shares = [_share(amount, line) for amount in (claimed, verified)]
    yield LineResult(
        outcome=outcome,
        parameter=parameter.name,
        title=parameter.title,
        unit=parameter.unit,
        line=line.value.text if "/" in line.value.text else number_text(line.value.number),
        operator=parameter.operator,
        claimed=claimed,
        verified=verified,
        claimed_share=shares[0],
        verified_share=shares[1],
        approach=any(
            _near(a, s, parameter.operator, line, margin)
            for a, s in zip((claimed, verified), shares, strict=True)
        ),
        crossings=crossings,
    )


def amount_of(compiler: Compiler, part: Exceeds | RatioExceeds) -> Figure:
    """The amount; of a ratio, what it is over the bottom, as a bound from both."""
    if isinstance(part, Exceeds):
        return compiler.figure(part.amount)
    top, bottom = compiler.figure(part.top), compiler.figure(part.bottom)

    def ratio(view: View) -> Interval:
        over, under = top(view), bottom(view)
        lower = 0 if under.upper is None or not under.upper else whole(Fraction(over.lower) / under.upper)
        upper = None if over.upper is None or not under.lower else whole(Fraction(over.upper) / under.lower)
        return Interval(lower, upper)

    return ratio


def _hull(figures: list[Figure], view: View) -> Interval:
    """From the least to the greatest under any reading."""
    found = [figure(view) for figure in figures]
    uppers = [one.upper for one in found]
    greatest = None if None in uppers else max(u for u in uppers if u is not None)
    return Interval(min(one.lower for one in found), greatest)


def _share(amount: Interval, line: Line) -> Interval:
    number = Fraction(line.value.number)
    upper = None if amount.upper is None else whole(amount.upper / number)
    return Interval(whole(amount.lower / number), upper)


def _near(amount: Interval, share: Interval, operator: str, line: Line, margin: Number) -> bool:
    """The highest share that is known reaches the margin, and the line is not crossed for certain."""
    number = line.value.number
    if compare(operator, amount, Interval(number, number)) is True:
        return False
    return (share.lower if share.upper is None else share.upper) >= margin


def _reads(compilers: list[Compiler], part: Exceeds | RatioExceeds) -> frozenset[str]:
    """The facts that the amount is worked out from, under any reading."""
    found: set[str] = set()
    for name in (name for amount in amounts_of(part) for name in names_in(amount)):
        found.add(name)
        for compiler in compilers:
            found.add(dict(compiler.reading.reads).get(name, name))
            found |= set(compiler.components(name)) if name in compiler.instrument.counting else set()
    updates = {f"compute.{component}" for component in UPDATE_COMPONENTS} <= found
    return frozenset(found | (SITE_RUNS if updates or found & {ANY_RUN, RUN} else frozenset()))


def _crossings(
    plan: Plan,
    facts: FactSet,
    compilers: tuple[list[Compiler], list[Compiler]],
    part: Exceeds | RatioExceeds,
    line: Line,
) -> tuple[Crossing | None, Crossing | None]:
    """By claimed figures, and by verified ones alone: no claim so much as casts doubt on these."""
    reads, operator = _reads(compilers[0], part), plan.instrument.parameters[part.parameter].operator
    found: list[Crossing | None] = []
    for verified, side in enumerate(compilers):
        if verified and line.value.confidence in UNVERIFIED:
            found.append(None)
            continue
        figures = [amount_of(compiler, part) for compiler in side]
        held = facts.without_claims() if verified else facts
        amounts = _amounts(held, plan.at, figures, reads, verified=bool(verified))
        found.append(_crossing(amounts, plan.at, operator, line.value.number))
    return found[0], found[1]


def _amounts(
    facts: FactSet, at: date, figures: list[Figure], reads: frozenset[str], *, verified: bool
) -> list[tuple[date, Interval]]:
    """The amount on each day, not after ``at``, of a fact that the figure reads.

    Days on which no such fact is stated on that side say nothing of it.
    """
    read = [one for one in facts.facts if one.name in reads | RUNS and (one.on is None or one.on <= at)]
    found: dict[date, Interval] = {}
    for own, latest in series(read):
        states = [one for one in own if one.name in reads and (one.verified is not None or not verified)]
        if states and own[0].on is not None:
            past = [one for one in read if one.period <= own[0].period]
            now = replace(facts, facts=latest, earlier=facts.before(past))
            found[own[0].on] = _hull(figures, now.verified if verified else now.claimed)
    return [(day, amount) for day, amount in found.items() if amount != ANY]


def _crossing(
    amounts: list[tuple[date, Interval]], at: date, operator: str, number: Number
) -> Crossing | None:
    """What was seen, else what follows from the first and the last day; None where there are not two."""
    if len(amounts) < 2:
        return None
    held = Interval(number, number)
    truths = [(day, compare(operator, amount, held)) for day, amount in amounts]
    (start, first), (end, last) = amounts[0], amounts[-1]
    passed = next((day for day, truth in truths if truth is True), None)
    below = [day for day, truth in truths if truth is False and (passed is None or day < passed)]
    if passed is not None:
        return Crossing(below[-1] + timedelta(days=1) if below else None, passed, start, end, seen=True)
    if first == last:
        return None
    possible = [day for day, truth in truths if truth is None and (not below or day > below[-1])]
    span = (end - start).days
    slowest, fastest = _rate(last.lower, first.upper, span), _rate(last.upper, first.lower, span)
    open_ended = end if fastest is None else _reached(end, last.upper, fastest, number, up=False)
    latest = None if slowest is None else _reached(end, last.lower, slowest, number, up=True)
    earliest = possible[0] if possible else open_ended
    return Crossing(earliest, latest, start, end, past=latest is not None and latest < at)


def _rate(end: Number | None, start: Number | None, days: int) -> Fraction | None:
    """Amount per day, or None where one end has no bound."""
    return None if end is None or start is None else Fraction(end - start) / days


def _reached(day: date, amount: Number | None, rate: Fraction, line: Number, *, up: bool) -> date | None:
    """The day on which the line is reached, rounded to the outside; None for never."""
    if amount is None or amount >= line:
        return day
    if rate <= 0:
        return None
    needed = (line - amount) / rate
    whole_days = -(-needed // 1) if up else needed // 1
    left = (date.max - day).days
    return None if whole_days > left else day + timedelta(days=int(whole_days))

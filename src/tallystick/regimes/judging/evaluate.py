"""One instrument held against the facts on one date."""

from datetime import date
from fractions import Fraction

from tallystick.regimes.judging.breach import breach_of
from tallystick.regimes.judging.citations import citations
from tallystick.regimes.judging.condition import line_at, without_line
from tallystick.regimes.judging.lines import lines_of
from tallystick.regimes.judging.plan import Outcomes, Plan, plan_of
from tallystick.regimes.judging.result import NO_BREACH, Duty, OutcomeResult, Result
from tallystick.regimes.judging.trace import figures_of, trace_of
from tallystick.regimes.law.as_known import known_by, start_known
from tallystick.regimes.law.exact import Number, Truth, conjunction, disjunction
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument, Obligation
from tallystick.regimes.law.status import in_effect, known_at_all, status_at, status_read, takes_effect
from tallystick.regimes.stated.fact_set import FactSet

#: Share of a line from which on an amount is said to approach it.
MARGIN: Number = Fraction(8, 10)


def evaluate(
    instrument: Instrument,
    facts: FactSet,
    at: date,
    known_on: date | None = None,
    margin: Number = MARGIN,
) -> Result:
    """What the instrument says of the facts on the date ``at``, as known on ``known_on`` (default: now).

    ``claimed`` and ``verified`` are the truth of any outcome that brings duties, whether or not the
    instrument binds this developer or runs yet; ``in_effect``, ``binds`` and the duties say that.
    """
    duties = instrument.obligations
    plan = plan_of(instrument, at, known_on)
    instrument = plan.instrument
    now = facts.at(at)
    found = plan.outcomes(now)
    entry = status_at(instrument, at, known_on)
    running = in_effect(instrument, at, known_on)
    binds = plan.claimed.binds(now.claimed), plan.verified.binds(now.verified)
    outcomes = _outcomes(plan, facts, now, found)
    overall = _overall(plan, found, running, binds, 0), _overall(plan, found, running, binds, 1)
    return Result(
        regime=instrument.id,
        title=instrument.title,
        kind=instrument.kind,
        binding=instrument.binding,
        confidence=instrument.confidence,
        at=at,
        status=entry.value if entry else "none",
        status_since=entry.since if entry else None,
        in_effect=running,
        claimed=overall[0],
        verified=overall[1],
        binds_claimed=binds[0],
        binds_verified=binds[1],
        outcomes=outcomes,
        duties=tuple(_duty(plan, one, now, running, binds) for one in duties),
        lines=lines_of(plan, facts, margin),
        figures=figures_of(plan, now),
        trace=trace_of(plan, now, outcomes, binds, overall),
        known=known_at_all(instrument, known_on),
        without_line=tuple(
            one.title
            for one in instrument.parameters.values()
            if line_at(one, at, known_on) is None and without_line(one, at, known_on) is None
        ),
    )


def _outcomes(plan: Plan, facts: FactSet, now: FactSet, found: Outcomes) -> tuple[OutcomeResult, ...]:
    return tuple(
        OutcomeResult(
            name,
            outcome.title,
            *found[name],
            outcome.bound,
            outcome.breach,
            plan.by_reading(name, now),
            breach_of(plan, facts, name) if outcome.breach else NO_BREACH,
        )
        for name, outcome in plan.instrument.outcomes.items()
    )


def _overall(plan: Plan, found: Outcomes, running: bool, binds: tuple[Truth, Truth], side: int) -> Truth:
    """Any outcome that brings duties; without outcomes, whether the instrument runs and binds."""
    instrument, known = plan.instrument, known_at_all(plan.instrument, plan.known_on)
    if not instrument.outcomes:
        truth = conjunction((running, binds[side])) if known else None
        return None if side and not _read(plan) else truth
    bound = [name for name, outcome in instrument.outcomes.items() if outcome.bound]
    return disjunction(found[name][side] for name in bound or found)


def _read(plan: Plan) -> bool:
    """Whether the instrument and its status were read well enough for a verified answer."""
    instrument = plan.instrument
    return instrument.confidence not in UNVERIFIED and status_read(instrument, plan.at, plan.known_on)


def _duty(plan: Plan, written: Obligation, facts: FactSet, running: bool, binds: tuple[Truth, Truth]) -> Duty:
    """``written``: the duty as the file has it; the plan's own is as it was known."""
    instrument, at = plan.instrument, plan.at
    one = next(duty for duty in instrument.obligations if duty.id == written.id)
    begins = start_known(written, plan.known_on) and known_by(one.known_on, plan.known_on)
    starts = one.starts or takes_effect(instrument, plan.known_on) if begins else None
    running = running and (starts is None or starts <= at) and (one.ends is None or at < one.ends)
    brought = plan.brings(one, facts, verified=False), plan.brings(one, facts, verified=True)
    sides: list[Truth] = []
    for side in (0, 1):
        due = conjunction((running, binds[side], brought[side]))
        unread = side == 1 and (one.confidence in UNVERIFIED or not _read(plan))
        known = begins and known_at_all(instrument, plan.known_on)
        sides.append(due if known and not unread else None)
    references = tuple(citations(instrument, one.reference))
    return Duty(one, sides[0], sides[1], starts, references, brought)

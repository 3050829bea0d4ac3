"""The memo: what practitioners of verification ask of a treaty, answered from the analysis and nothing else.

The three questions, whether detection can outrun evasion, whether it is enough given record and stakes, and
whether there is a timely remedy, are those of "effective verification" as officials put it; the last two are
ours: what is not covered, and what would change the answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tallystick.records.profile import Axis, Quantity, Status, TechnologyProfile
from tallystick.strategy.assessment import NOTICE, Assessment
from tallystick.strategy.backtest.support import Support
from tallystick.strategy.inputs.distribution import Origin
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.memo.plain_words import (
    GATE_NAMES,
    GATE_WORDS,
    PLACEBO_LIMITS,
    SCENARIOS,
    input_name,
    level,
    listed,
    share,
)
from tallystick.strategy.memo.technology_words import (
    alone_words,
    beyond_technology,
    first_to_improve,
    gap_words,
    headline,
    target_words,
    together_words,
)
from tallystick.strategy.mend.search import MendSearch
from tallystick.strategy.require.requirement import AxisGap, Requirement
from tallystick.strategy.verdicts.breakpoints import Breakpoint
from tallystick.strategy.verdicts.placebo import VerdictPlacebo
from tallystick.strategy.verdicts.state_result import StateResult
from tallystick.strategy.verdicts.together import ALL
from tallystick.strategy.verdicts.verdict import verdict
from tallystick.units import PPM

#: Evasions that no figure of the profile speaks of.
NOT_COVERED = (
    "sites that nobody declared, beyond the axis for them, which nobody has measured",
    "states and companies that are no party",
    "work that a state keeps from inspection as national security",
)
NOT_COVERED_OF_COMPUTE = (
    "compute rented from those who are no party, or moved there",
    "many runs, each below the line, whose results are merged",
    "progress in algorithms, which makes the same compute worth more and which no control stops",
)
#: Shipped texts of the past have ids that begin so; none of them is about computation.
OF_THE_PAST = "hist."
#: What is said of axes by their origin, in this order; assumed is not measured, and simulated is neither.
BY_ORIGIN = {
    Origin.MEASURED: "Measured",
    Origin.SIMULATED: "Simulated, not measured",
    Origin.DOCUMENTED: "From documents, not measured",
    Origin.ELICITED: "Somebody's judgement, not measured",
    Origin.ASSUMED: "Assumed, not measured",
    Origin.NOT_MEASURED: "Not known at all",
}
#: What stands before the figures of a proposal that is like nothing that was ever tried.
ABSTAINS = "The model abstains: all past cases are unlike this proposal. What its shares would say: "
WEAKEST_SHOWN = 3
DRIVERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Section:
    """One question, its answer in a sentence or two, and what supports it."""

    question: str
    answer: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """Two pages. ``warnings`` must be printed with it."""

    title: str
    bottom_line: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the memo is written from. ``measured``, ``support`` and ``mends`` where there are any."""

    title: str
    terms: Terms
    assessment: Assessment
    placebo: VerdictPlacebo
    requirement: Requirement
    mends: MendSearch | None = None
    measured: TechnologyProfile | None = None
    support: Support | None = None
    warnings: tuple[str, ...] = ()


def memo_of(evidence: Evidence) -> Memo:
    """The memo."""
    return Memo(
        title=evidence.title,
        bottom_line=_bottom_line(evidence),
        sections=(
            _detection(evidence),
            _enough(evidence),
            _remedy(evidence),
            _uncovered(evidence),
            _change_of_mind(evidence),
        ),
        warnings=(f"Figures from 0 to 1: {NOTICE[0].lower()}{NOTICE[1:]}", SCENARIOS, *evidence.warnings),
    )


def _bottom_line(evidence: Evidence) -> str:
    found = evidence.assessment
    states = listed(f"{one.name} {share(one.share)} ({verdict(one.share)})" for one in found.states)
    worst = min(found.states, key=lambda one: one.share)
    everybody = "Both" if len(found.states) == 2 else f"All {len(found.states)}"
    outside = evidence.support is not None and evidence.support.abstains
    return (
        f"{ABSTAINS if outside else ''}"
        f"{everybody} states together: {share(found.joint)}, {verdict(found.joint)}. "
        f"By state: {states}. "
        f"What binds most is the {GATE_NAMES[worst.binding_gate]} gate of {worst.name}: "
        f"{GATE_WORDS[worst.binding_gate]}{_breaks(worst)}."
    )


def _breaks(state: StateResult) -> str:
    return f" (most often from the stage {state.breaks_at_stage} on)" if state.breaks_at_stage else ""


def _detection(evidence: Evidence) -> Section:
    gaps = {gap.axis.name: gap for gap in evidence.requirement.gaps}
    points = [gap_words(gaps[name]) for name in ("detection", "detection_hidden", "delay_years")]
    points += [_axis_words(axis) for axis in _weakest(evidence.measured)]
    known = [gaps[name] for name in ("detection", "delay_years") if gaps[name].origin != "not measured"]
    if evidence.requirement.target is None:
        answer = "It does not decide here: even perfect detection leaves a robust no."
    elif not known:
        answer = "Not known: neither detection nor delay has been measured."
    elif all(gap.met >= 0.9 for gap in known):
        answer = f"On what is known or assumed, yes ({_origins(known)}); on the rest, it is not known."
    else:
        answer = (
            "Not with confidence: part of what detection or delay may be falls short of what is needed "
            f"({_origins(known)})."
        )
    return Section("Can detection outrun evasion?", answer, tuple(points))


def _origins(known: list[AxisGap]) -> str:
    return ", ".join(f"{gap.axis.name.replace('_', ' ')} {gap.origin}" for gap in known)


def _weakest(measured: TechnologyProfile | None) -> list[Axis]:
    """The evasions that are found least often, by the median draw; only those with a sample."""
    axes = [
        axis
        for axis in (measured.axes if measured else ())
        if axis.quantity is Quantity.DETECTION and axis.status is not Status.NOT_MEASURED
    ]
    return sorted(axes, key=lambda axis: (axis.quantile(PPM // 2), axis.key))[:WEAKEST_SHOWN]


def _axis_words(axis: Axis) -> str:
    low, middle, high = (axis.quantile(q) / PPM for q in (50_000, 500_000, 950_000))
    evasion = "work that nobody disguises" if axis.evasion == "none" else f"the evasion {axis.evasion}"
    return (
        f"least often found, {evasion} ({_spaced(axis.setting)}, {_spaced(axis.rule)}): in {level(middle)} "
        f"({level(low)} to {level(high)}; {axis.source}, {axis.status})"
    )


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _enough(evidence: Evidence) -> Section:
    points = [
        f"{one.name}: share {share(one.share)}, {one.verdict}; would agree in {share(one.agrees)} and keep "
        f"its word in {share(one.keeps)}; binding: {GATE_NAMES[one.binding_gate]}, passed in "
        f"{share(one.gates[one.binding_gate])}, median margin {one.margin:+.2f}"
        for one in evidence.assessment.states
    ]
    points += [words for words in (beyond_technology(evidence.requirement), _first_out(evidence)) if words]
    if evidence.support:
        points.append(f"The record: {evidence.support.sentence}.")
    points.append(
        f"Random profiles give the same verdicts for all states in {share(evidence.placebo.all_same)} of "
        f"{evidence.placebo.boxes} boxes: the nearer to 1, the less these profiles decide. {PLACEBO_LIMITS}"
    )
    return Section("Is it enough, given record and stakes?", headline(evidence.requirement), tuple(points))


def _first_out(evidence: Evidence) -> str:
    first = evidence.assessment.leaves_first
    leaver = max(first, key=lambda name: first[name])
    if first[leaver] == 0:
        return ""
    left = [club for club in evidence.assessment.remaining if club.share > 0.1][:3]
    shown = listed(f"{'-'.join(club.members)} ({club.kind}, {share(club.share)})" for club in left)
    return (
        f"Leaves first: {leaver}, in {share(first[leaver])}. What remains without the regime: "
        f"{shown or 'nothing above 0.1'}."
    )


def _remedy(evidence: Evidence) -> Section:
    terms, states = evidence.terms, evidence.assessment.states
    credible = min(states, key=lambda one: one.gates["enforcement"])
    rule = "automatic" if terms.sanctions.automatic else _rule(terms.sanctions.rule)
    answer = (
        f"Punishment is {rule}; the enforcement gate is passed in {share(credible.gates['enforcement'])} by "
        f"the state it binds most ({credible.name})."
    )
    holders = listed(terms.sanctions.veto_holders)
    points = [
        f"veto over punishment: {holders or 'nobody'}; findings: {_rule(terms.findings.rule)}; leaving: "
        f"{terms.exit}",
        *_undoing(terms),
    ]
    return Section("Is there a timely remedy?", answer, tuple(points))


def _rule(rule: str) -> str:
    said = {"none": "nobody's task", "silent": "not dealt with in the text", "national": "left to each state"}
    return said.get(rule, f"decided by {rule}")


def _undoing(terms: Terms) -> Iterator[str]:
    lasting = [stage.id for stage in terms.stages if stage.kept == 0]
    if lasting:
        yield f"what is given up at {listed(lasting)} cannot be had back"
    else:
        yield (
            "what is given up can be had back at every stage, at least in part: self-help is a remedy, for "
            "which the model counts no time"
        )


def _uncovered(evidence: Evidence) -> Section:
    past = evidence.terms.name.startswith(OF_THE_PAST)
    points = NOT_COVERED if past else NOT_COVERED + NOT_COVERED_OF_COMPUTE
    return Section("What evasion is not covered?", " ".join(_by_origin(evidence.requirement)), points)


def _by_origin(found: Requirement) -> Iterator[str]:
    if all(gap.origin != Origin.MEASURED for gap in found.gaps):
        yield "Nothing is measured."
    for origin, words in BY_ORIGIN.items():
        axes = [gap.axis.title for gap in found.gaps if gap.origin == origin]
        if axes:
            yield f"{words}: {listed(axes)}."


def _change_of_mind(evidence: Evidence) -> Section:
    points = [*_turning_points(evidence.assessment), *_clauses(evidence.mends)]
    points += [
        words
        for words in (
            first_to_improve(evidence.requirement),
            alone_words(evidence.requirement),
            together_words(evidence.requirement),
        )
        if words
    ]
    found = evidence.assessment
    assumed = {ALL: found.together.assumed} | {state.name: state.assumed for state in found.states}
    shares = listed(f"{share(part)} for {name}" for name, part in assumed.items())
    answer = (
        f"{target_words(evidence.requirement)} Of what drives the verdict, this much rests on assumed or "
        f"unmeasured inputs: {shares}."
    )
    return Section("What would change our mind?", answer, tuple(points))


def _turning_points(found: Assessment) -> Iterator[str]:
    yield from _turns(ALL, found.together.breakpoints)
    for state in found.states:
        yield from _turns(state.name, state.breakpoints)


def _turns(name: str, found: tuple[Breakpoint, ...]) -> Iterator[str]:
    turns = [turn for turn in found if turn.crossings]
    if turns:
        shown = "; ".join(
            f"{turn.crosses} where {input_name(turn.name)} is {turn.at:.2g} "
            f"({share(turn.share_low)} at its lowest, {share(turn.share_high)} at its highest)"
            for turn in turns[:DRIVERS_SHOWN]
        )
        yield f"The share of {name} crosses {shown}"


def _clauses(mends: MendSearch | None) -> Iterator[str]:
    if mends is None:
        return
    if mends.smallest is None:
        best = max((one for found in mends.best.values() for one in found), key=lambda m: m.outcome.joint)
        yield (
            f"No change of up to {max(mends.tried)} clauses turns the verdict; the best lifts the joint "
            f"share from {share(mends.before.joint)} to {share(best.outcome.joint)}: "
            f"{' '.join(clause.words for clause in best.clauses)}"
        )
        return
    yield (
        f"The smallest change of the text that turns it to {mends.reached}: "
        f"{' '.join(clause.words for clause in mends.smallest.clauses)} (joint share "
        f"{share(mends.before.joint)} to {share(mends.smallest.outcome.joint)})"
    )

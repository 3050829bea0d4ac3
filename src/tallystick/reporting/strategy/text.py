"""An assessment in plain text: verdicts, what binds, what remains, and what it all rests on."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from tallystick.printable import printable
from tallystick.strategy.assessment import Assessment
from tallystick.strategy.backtest.support import Support
from tallystick.strategy.inputs.distribution import Origin
from tallystick.strategy.memo.memo import ABSTAINS
from tallystick.strategy.memo.plain_words import (
    GATE_NAMES,
    GATE_WORDS,
    SCENARIOS,
    SHARE_NOTICE,
    input_name,
    is_choice,
    share,
)
from tallystick.strategy.verdicts.placebo import VerdictPlacebo
from tallystick.strategy.verdicts.sensitivity import Breakpoint
from tallystick.strategy.verdicts.state_result import StateResult

WIDTH = 100
DRIVERS_SHOWN = 5
CLUBS_SHOWN = 8
LABEL = "share of an ensemble, not a probability"


def assessment_text(
    found: Assessment,
    placebo: VerdictPlacebo | None,
    *,
    title: str,
    technology: str,
    support: Support | None = None,
    warnings: Sequence[str] = (),
) -> str:
    """All of it, in the order in which an analyst asks."""
    parts = [
        _head(found, title, technology),
        [ABSTAINS] if support and support.abstains else [],
        _verdicts(found),
        _gates(found),
        _states(found),
        _afterwards(found),
        _proposers(found),
        _drivers(found),
        _basis(found, placebo, support),
        section("Warnings", [*warnings, found.notice]),
    ]
    return joined(parts)


def joined(parts: Iterable[list[str]]) -> str:
    """Parts with a line between them, without characters that steer a terminal; empty parts are left out."""
    return "\n\n".join("\n".join(map(printable, part)) for part in parts if part)


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A title and wrapped lines below it; nothing where there are no lines."""
    body = [
        line
        for text in lines
        for line in wrap(printable(text), WIDTH, initial_indent="  ", subsequent_indent="      ")
    ]
    return [title, *body] if body else []


def _head(found: Assessment, title: str, technology: str) -> list[str]:
    names = ", ".join(state.name for state in found.states)
    lines = [
        f"{found.regime}  {title}",
        f"States {names}; proposed by {found.proposer}; technology {technology}; {found.draws:,} draws, "
        f"seed {found.seed}",
        SCENARIOS,
        SHARE_NOTICE,
    ]
    return [line for text in lines for line in wrap(printable(text), WIDTH, subsequent_indent="  ")]


def _verdicts(found: Assessment) -> list[str]:
    rows = [f"  {'all together':<14}{share(found.joint):>6}  {found.verdict}"]
    for state in found.states:
        breaks = f", breaks at {state.breaks_at_stage}" if state.breaks_at_stage else ""
        rows.append(
            f"  {printable(state.name):<14}{share(state.share):>6}  {state.verdict:<11} binding: "
            f"{GATE_NAMES[state.binding_gate]} (median margin {state.margin:+.2f}){breaks}"
        )
    return [f"Would it hold?  ({LABEL})", *rows]


def _gates(found: Assessment) -> list[str]:
    heads = "".join(f"{name:>14}" for name in GATE_NAMES.values())
    rows = [f"  {'':<14}{heads}"]
    for state in found.states:
        rows.append(
            f"  {printable(state.name):<14}"
            + "".join(f"{share(state.gates[gate]):>14}" for gate in GATE_NAMES)
        )
    return [f"Gates passed at all stages  ({LABEL})", *rows]


def _states(found: Assessment) -> list[str]:
    return section("State by state", [line for state in found.states for line in state_lines(state)])


def state_lines(state: StateResult) -> Iterator[str]:
    """What there is to say of one state beside its share."""
    yield (
        f"{state.name}: would agree, its own word aside, in {share(state.agrees)}; would keep its word in "
        f"{share(state.keeps)}. Where it fails, most often {GATE_WORDS[state.binding_gate]}."
    )
    orders = ", ".join(f"{order} {share(value)}" for order, value in state.by_order.items())
    yield f"{state.name} by the game it thinks it is in: {orders}."
    yield (
        f"{state.name} before the body that decides: a proven violation by it is acted on with "
        f"{share(state.body['acted_on'])}, its own side (votes, friends, veto) decides that in "
        f"{share(state.body['pivotal'])}, and a hostile decision against it passes with "
        f"{share(state.body['hostile'])}."
    )
    if state.box:
        yield (
            f"{state.name} is contested; it passes in {share(state.box_density)} where "
            f"{'; '.join(state.box)} ({share(state.box_support)} of all draws, "
            f"{share(state.box_coverage)} of those that pass)."
        )
    turns = turning_points(state)
    if state.drivers and not turns:
        yield (
            f"{state.name} crosses none of 0.1, 0.5 and 0.9 as any one of the numbers that drive it most "
            "goes from its low to its high end."
        )
    for turn in turns[:3]:
        yield (
            f"{state.name} crosses {turn.crosses} where {input_name(turn.name)} is {turn.at:.3g} "
            f"({share(turn.share_low)} at its low end, {share(turn.share_high)} at its high end)."
        )


def turning_points(state: StateResult) -> list[Breakpoint]:
    """Where its share crosses a bound as one number changes; a choice has no such place."""
    return [turn for turn in state.breakpoints if turn.at is not None and not is_choice(turn.name)]


def _afterwards(found: Assessment) -> list[str]:
    first = ", ".join(f"{name} {share(value)}" for name, value in found.leaves_first.items())
    lines = [f"Leaves first: {first}."]
    lines += [
        f"{' + '.join(club.members)}: {share(club.share)}, {club.verdict}  ({club.kind})"
        for club in found.clubs[:CLUBS_SHOWN]
    ]
    return section(f"What remains without it: clubs and bilateral deals  ({LABEL})", lines)


def _proposers(found: Assessment) -> list[str]:
    lines = [
        f"by {proposer.replace('_', ' ')}: " + ", ".join(f"{name} {share(v)}" for name, v in shares.items())
        for proposer, shares in found.by_proposer.items()
    ]
    return section("The same text, proposed", lines)


def _drivers(found: Assessment) -> list[str]:
    lines = [
        f"{state.name}: "
        + ", ".join(f"{input_name(d.name)} {d.total:.2f} ({d.origin})" for d in state.drivers[:DRIVERS_SHOWN])
        + (f"; of {state.drivers[0].of}" if state.drivers[0].of != "passes" else "")
        for state in found.states
        if state.drivers
    ]
    return section("What drives it (total Sobol index)", lines)


def _basis(found: Assessment, placebo: VerdictPlacebo | None, support: Support | None) -> list[str]:
    assumed = ", ".join(f"{state.name} {state.assumed:.0%}" for state in found.states if state.drivers)
    counted = ", ".join(f"{count} {origin}" for origin, count in sorted(found.origins.items()))
    lines = [f"Inputs: {counted}."]
    if assumed:
        lines.append(f"Of what drives the answer, neither measured nor documented: {assumed}.")
    if Origin.MEASURED.value not in found.origins:
        lines.append("Nothing in it is measured.")
    if placebo:
        same = ", ".join(f"{name} {share(value)}" for name, value in placebo.same.items())
        lines.append(
            f"Placebo: random profiles give the same verdicts for all in {share(placebo.all_same)} of "
            f"{placebo.boxes} boxes ({same}). The nearer to 1, the less these profiles decide."
        )
    if support:
        lines.append(f"Past cases: {support.sentence}.")
    if found.unmatched:
        lines.append(
            f"Words of the text that mean none of these states: {', '.join(found.unmatched)}. Mend: "
            "--as WORD=STATE."
        )
    return section("What it rests on", lines)

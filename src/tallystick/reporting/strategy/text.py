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
    PLACEBO_LIMITS,
    SCENARIOS,
    SHARE_NOTICE,
    input_name,
    share,
)
from tallystick.strategy.verdicts.breakpoints import Breakpoint
from tallystick.strategy.verdicts.decisive_box import DecisiveBoxes
from tallystick.strategy.verdicts.placebo import VerdictPlacebo
from tallystick.strategy.verdicts.sensitivity import Driver
from tallystick.strategy.verdicts.state_result import StateResult
from tallystick.strategy.verdicts.together import ALL
from tallystick.strategy.verdicts.verdict import Verdict, verdict

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
        [ABSTAINS.strip()] if support and support.abstains else [],
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
    rows = [f"{ALL:<14}{share(found.joint):>6}  {said_verdict(found.verdict, found.joint)}"]
    for state in found.states:
        breaks = f", breaks at {state.breaks_at_stage}" if state.breaks_at_stage else ""
        said = said_verdict(state.verdict, state.share)
        rows.append(
            f"{printable(state.name):<14}{share(state.share):>6}  {said:<11} binding: "
            f"{GATE_NAMES[state.binding_gate]} (median margin {state.margin:+.2f}){breaks}"
        )
    lines = [
        line for row in rows for line in wrap(row, WIDTH, initial_indent="  ", subsequent_indent=" " * 24)
    ]
    return [f"Would it hold?  ({LABEL})", *lines]


def said_verdict(said: Verdict, of: float) -> str:
    """A verdict; where the model abstains, with what the share alone would be called."""
    return f"{said} (its share alone: {verdict(of)})" if said is Verdict.ABSTAINS else str(said)


def _gates(found: Assessment) -> list[str]:
    heads = "".join(f"{name:>14}" for name in GATE_NAMES.values())
    rows = [f"  {'':<14}{heads}"]
    for state in found.states:
        rows.append(
            f"  {printable(state.name):<14}" + "".join(f"{_passed(state, gate):>14}" for gate in GATE_NAMES)
        )
    if any(state.idle for state in found.states):
        rows.append("  n/a: of two members neither can ride free, since nothing is left without it")
    return [f"Gates passed at all stages  ({LABEL})", *rows]


def _passed(state: StateResult, gate: str) -> str:
    return "n/a" if gate in state.idle else share(state.gates[gate])


def _states(found: Assessment) -> list[str]:
    lines = [*together_lines(found), *(line for state in found.states for line in state_lines(state))]
    return section("State by state", lines)


def together_lines(found: Assessment) -> Iterator[str]:
    """What decides the share of all together."""
    yield from _boxes("The share of all together", found.joint, found.together.boxes)
    yield from _turns("All together", found.together.breakpoints, bool(found.together.drivers))


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
    yield from _boxes(state.name, state.share, state.boxes)
    yield from _turns(state.name, state.breakpoints, bool(state.drivers))


def _boxes(name: str, of: float, boxes: DecisiveBoxes) -> Iterator[str]:
    """The conditions that decide a contested share, or that none do."""
    if verdict(of) is not Verdict.CONTESTED:
        return
    for box, does, draws in ((boxes.passing, "passes", "pass"), (boxes.failing, "fails", "fail")):
        if box is not None:
            yield (
                f"{name} is contested; it {does} in {share(box.density)} where {'; '.join(box.conditions)} "
                f"({share(box.support)} of all draws, {share(box.coverage)} of those that {draws})."
            )
    if boxes.passing is None and boxes.failing is None:
        yield f"{name} is contested, and no box decides: no three conditions make it pass, or fail, in 0.9."
    elif boxes.passing is None:
        yield f"{name}: no three conditions make it pass in 0.9."


def _turns(name: str, found: Sequence[Breakpoint], asked: bool) -> Iterator[str]:
    turns = turning_points(found)
    if asked and not turns:
        yield (
            f"{name} crosses none of 0.1, 0.5 and 0.9 as any one of the numbers that drive it most "
            "goes from its low to its high end."
        )
    for turn in turns[:3]:
        places = ", ".join(
            f"{one.bound} where {input_name(turn.name)} is {one.at:.3g}" for one in turn.crossings
        )
        yield (
            f"{name} crosses {places} ({share(turn.share_low)} at its low end, "
            f"{share(turn.share_high)} at its high end)."
        )


def turning_points(found: Sequence[Breakpoint]) -> list[Breakpoint]:
    """Where a share crosses a bound as one number changes; a choice has no such place."""
    return [turn for turn in found if turn.crossings]


def _afterwards(found: Assessment) -> list[str]:
    first = ", ".join(f"{name} {share(value)}" for name, value in found.leaves_first.items())
    lines = [f"Leaves first: {first}."]
    lines += [
        f"{' + '.join(club.members)}: {share(club.share)}, {club.verdict}  ({club.kind})"
        for club in found.remaining[:CLUBS_SHOWN]
    ]
    return section(f"What remains without it: clubs and bilateral deals  ({LABEL})", lines)


def _proposers(found: Assessment) -> list[str]:
    lines = [
        f"by {proposer.replace('_', ' ')}: " + ", ".join(f"{name} {share(v)}" for name, v in shares.items())
        for proposer, shares in found.by_proposer.items()
    ]
    return section("The same text, proposed", lines)


def _drivers(found: Assessment) -> list[str]:
    owners = [(ALL, found.together.drivers), *((state.name, state.drivers) for state in found.states)]
    lines = [_driver_line(name, drivers) for name, drivers in owners if drivers]
    return section("What drives it (total Sobol index)", lines)


def _driver_line(name: str, drivers: Sequence[Driver]) -> str:
    shown = ", ".join(f"{input_name(d.name)} {d.total:.2f} ({d.origin})" for d in drivers[:DRIVERS_SHOWN])
    return f"{name}: {shown}" + (f"; of {drivers[0].of}" if drivers[0].of != "passes" else "")


def _basis(found: Assessment, placebo: VerdictPlacebo | None, support: Support | None) -> list[str]:
    parts = {ALL: found.together.assumed} | {state.name: state.assumed for state in found.states}
    assumed = ", ".join(f"{name} {part:.0%}" for name, part in parts.items() if found.together.drivers)
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
            f"{placebo.boxes} boxes ({same}). The nearer to 1, the less these profiles decide. "
            f"{PLACEBO_LIMITS}"
        )
    if support:
        lines.append(f"Past cases: {support.sentence}.")
    if found.unmatched:
        lines.append(
            f"Words of the text that mean none of these states: {', '.join(found.unmatched)}. Mend: "
            "--as WORD=STATE."
        )
    return section("What it rests on", lines)

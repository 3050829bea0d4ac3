"""A comparison of regimes in plain words, short, for a compliance lead."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from tallystick.regimes.fragmentation.clocks import EVERY, EventClocks, Running
from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.profile_warnings import TAKEN_AS_ABSENT
from tallystick.regimes.fragmentation.standing import LAW, HeldDuty, Standing
from tallystick.regimes.fragmentation.timeline import clock_text
from tallystick.regimes.judging.check import NOTICE
from tallystick.regimes.law.exact import interval_text, truth_text
from tallystick.reporting.regimes.findings_text import (
    conflict_lines,
    cost_lines,
    gap_lines,
    gate_lines,
    question_lines,
    seam_lines,
)
from tallystick.reporting.regimes.reach_text import reached_lines, unreached_lines
from tallystick.reporting.regimes.tallies import tallies
from tallystick.reporting.regimes.words import event_words, plural, short_title, words_of

#: No line is longer: it fits a terminal of 100 columns.
WIDTH = 100
#: Columns of a regime's name and title.
NAMES = 72
#: Events on which no time limit can be expected.
UNTIMED = frozenset({"always", "period", "employment"})
#: Regimes are listed one a line for these states, with these headings.
LISTED = {
    "binds": "Brings you duties",
    "begins": "Brings you duties from a later day",
    "unknown": "Undecided (see Open questions)",
    "voluntary": "Voluntary: would reach you if you joined",
    "if adopted": "No force: would bring duties if adopted as written, your state joining",
}
#: What the columns mean.
EXPLAINED = (
    "claimed: by what the profile says. verified: by what it marks as borne out, and only where the regime "
    "file rests on a reading of the text. +2: two more begin later.",
    "A deliverable is one kind of work for one audience (public, customers and downstream, in confidence, in "
    "the house), an act towards authorities one for each; what one must not do is none. Merged: one piece of "
    "work serves all regimes that ask for that kind. A filing is one piece of work sent to one recipient.",
)
DEADLINES = "Deadlines, strictest first: plan for the first of each line"
PLACES = "Which duties hang on which place (no advice to move)"
COSTS = "Cost a year: ASSUMED, to compare regimes; no law's cost was found"


def comparison_text(found: Comparison) -> str:
    """All of it, in the order in which a lead asks."""
    may = permission_lines(found)
    parts = [
        wrap(headline(found), WIDTH, break_on_hyphens=False),
        _marked(found.warnings),
        *_regimes(found),
        _deliverables(found),
        _listed("How to read the tables", EXPLAINED),
        _listed(DEADLINES, clock_lines(found.clocks)),
        _listed("What you may do (no duty; counted in no figure here)", may) if may else [],
        _listed(figures_title(found), figure_lines(found)),
        _listed("Duties that cannot both be met", conflict_lines(found)),
        _listed("Open questions, and what settles them", question_lines(found) or ["none"]),
        _listed("Gaps: where nothing binds", gap_lines(found)),
        _listed("What each regime looks at, beside roles and places", gate_lines(found)),
        _listed(PLACES, seam_lines(found)),
        _listed(COSTS, cost_lines(found)),
        wrap(NOTICE, WIDTH),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _listed(title: str, lines: Iterable[str]) -> list[str]:
    return [
        title,
        *(
            line
            for text in lines
            for line in wrap(
                text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
            )
        ),
    ]


def _marked(warnings: Iterable[str]) -> list[str]:
    return [
        line
        for text in warnings
        for line in wrap(f"WARNING   {text}", WIDTH, subsequent_indent=" " * 10, break_on_hyphens=False)
    ]


def headline(found: Comparison) -> str:
    """Who, when, and how many regimes bring duties."""
    law = [one.state for one in filter(_law, found.standings)]
    count = {state: law.count(state) for state in LISTED}
    words = [f"{plural(count['binds'], 'regime brings duties', 'regimes bring duties')}"]
    words += [f"{plural(count['begins'], 'does', 'do')} so later"] if count["begins"] else []
    words += [f"{plural(count['unknown'], 'is', 'are')} undecided"] if count["unknown"] else []
    loose = sum(one.state in ("voluntary", "if adopted") for one in found.standings)
    words += [f"{plural(loose, 'text', 'texts')} without force would reach you"] if loose else []
    return f"{found.profile.name} on {found.at}: {', '.join(words)}."


def _regimes(found: Comparison) -> Iterator[list[str]]:
    for state, title in LISTED.items():
        chosen = [one for one in found.standings if one.state == state and (state != "unknown" or _law(one))]
        if chosen:
            truths = f"{'claimed':>10}{'verified':>10}" if state == "binds" else ""
            yield [f"{title:<{NAMES}}{'duties':>8}{truths}", *map(standing_line, chosen)]
    loose = [one for one in found.standings if one.state == "unknown" and not _law(one)]
    if loose:
        title = "No force, and undecided whether it would bring you duties"
        yield [f"{title:<{NAMES}}{'duties':>8}", *map(standing_line, loose)]
    reached, rest = reached_lines(found), unreached_lines(found)
    yield _listed("Reaches you, brings no duty", reached) if reached else []
    yield _listed("Does not reach you, by what the profile lists", rest) if rest else []
    closed = f"{TAKEN_AS_ABSENT}: a regime above that asks for one may still reach you."
    yield [
        line
        for text in [*([closed] if rest else []), *member_lines(found)]
        for line in wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]


def _law(one: Standing) -> bool:
    return one.group in LAW


def member_lines(found: Comparison) -> list[str]:
    """That member states count as the EU."""
    states = ", ".join(found.profile.member_states)
    return [f"Counted as EU, being part of it: {states}"] if states else []


def standing_line(one: Standing) -> str:
    """A regime in one line: id, title, its first day where it begins later, duties, claimed and verified."""
    start = f"from {one.begins}: " if one.begins else ""
    room = NAMES - 2 - max(19, len(one.instrument.id)) - 1
    title = f"{start}{short_title(one.instrument, room - len(start))}"
    name = f"  {one.instrument.id:<19} {title}"
    said, shown = map(truth_text, one.rolled_up)
    truths = f"{said:>10}{shown:>10}" if one.state == "binds" else ""
    return f"{name:<{NAMES}}{duty_count(one):>8}{truths}"


def truth_cells(one: Standing) -> tuple[str, str]:
    """Claimed and verified for a table: words where no duty could be due on the day."""
    if one.begins:
        return "not yet", "not yet"
    if not _law(one):
        return "no force", "no force"
    said, shown = map(truth_text, one.rolled_up)
    return said, shown


def state_words(one: Standing) -> str:
    """The state of a regime for a table."""
    if one.state == "unknown":
        return "undecided"
    if one.state == "binds":
        return "brings duties"
    return f"brings duties from {one.begins}" if one.begins else one.state


def duty_count(one: Standing) -> str:
    """Duties due, and after a plus sign those that begin later or may be due."""
    due = sum(duty.due for duty in one.duties)
    if one.state == "binds":
        more = sum(duty.coming is not None for duty in one.duties)
        return f"{due}{f' +{more}' if more else ''}"
    if one.begins:
        return str(sum(duty.coming is not None for duty in one.duties))
    if one.state == "unknown":
        return str(sum(duty.would is not False or one.contradicted for duty in one.duties))
    return str(sum(duty.if_adopted for duty in one.duties))


def _deliverables(found: Comparison) -> list[str]:
    lines = [f"{'Deliverables':<50}{'duties':>8}{'regime by regime':>18}{'merged':>8}{'filings':>9}"]
    for label, tally in tallies(found):
        lines.append(f"  {label:<48}{tally.duties:>8}{tally.sum:>18}{tally.union:>8}{tally.filings:>9}")
    return lines


def clock_lines(events: Sequence[EventClocks]) -> list[str]:
    """The strictest clocks of all events."""
    return [clock_line(event, running) for event in events for running in event.strictest]


def clock_line(event: EventClocks, running: Running) -> str:
    """The strictest clock of one sort on an event, those that set it, and what others of the sort say."""
    same = [clock for clock in event.clocks if clock.sort == running.sort]
    name = event_words(event.event)
    if running.sort == EVERY:
        regimes = dict.fromkeys(clock.duty.regime for clock in same if clock.hours == running.hours)
        others = ", ".join(dict.fromkeys(clock.text for clock in same if clock.hours > running.hours))
        beside = f"; other duties {others}" if others else ""
        return f"{name}: {running.text} ({', '.join(regimes)}){beside}"
    by_text: dict[str, dict[str, None]] = {}
    for clock in same:
        by_text.setdefault(clock.text, {})[_regime_and_start(clock.duty)] = None
    texts = [f"{text} ({', '.join(regimes)})" for text, regimes in by_text.items()]
    if running is event.strictest[0] and event.event not in UNTIMED and event.untimed:
        texts.append(f"no time set ({', '.join(dict.fromkeys(map(_regime_and_start, event.untimed)))})")
    return f"{name}: {'; '.join(texts)}"


def _regime_and_start(duty: HeldDuty) -> str:
    return f"{duty.regime} from {duty.coming.since}" if duty.coming else duty.regime


def permission_lines(found: Comparison) -> list[str]:
    """What the developer may do, with its clock; what hangs on the force of a text or on a fact is said."""
    return [
        f"{one.key}{_standing_of(one)}: {one.obligation.title}{_clock_of(one)}" for one in found.permissions
    ]


def _clock_of(duty: HeldDuty) -> str:
    text = clock_text(duty)
    return f" ({text})" if text else ""


def _standing_of(duty: HeldDuty) -> str:
    if duty.group not in LAW:
        return " (voluntary)" if duty.group == "voluntary" else " (a text without force)"
    if duty.claimed is True:
        return ""
    return f" (from {duty.coming.since})" if duty.coming else " (undecided)"


def figures_title(found: Comparison) -> str:
    """How many figures of compute must be kept."""
    figures = found.figures
    return (
        f"Compute figures to keep: {plural(len(figures.counted), 'sum', 'different sums')} for each model, "
        f"{figures.different} of them different in your numbers"
    )


def figure_lines(found: Comparison) -> list[str]:
    """The figures with their amounts, what each counts, and the facts that several regimes ask for."""
    figures, shared = found.figures, found.facts
    base = shared_components(found)
    lines = [f"All count: {', '.join(map(words_of, base))}"] if base else []
    for figure in figures.counted:
        amounts = "; ".join(f"{name} {interval_text(amount)}" for name, amount in figure.claimed.items())
        more = [words_of(name) for name in figure.components if name not in base]
        what = f"plus {', '.join(more)}" if more else "only that" if base else "nothing"
        lines.append(f"{what}: {amounts} FLOP (by {', '.join(figure.rules)})")
    if figures.stated:
        lines.append(f"Compared as stated: {', '.join(figures.stated)}")
    lines.append(
        f"Facts to keep: {shared.distinct}, of which {len(shared.duplicated)} are asked for by more than one "
        f"regime ({shared.asked} requests in all)"
    )
    return lines


def shared_components(found: Comparison) -> tuple[str, ...]:
    """The components that every figure counts."""
    figures = found.figures
    everywhere = dict.fromkeys(name for figure in figures.counted for name in figure.components)
    return tuple(name for name in everywhere if name not in figures.differing)

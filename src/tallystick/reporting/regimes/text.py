"""A comparison of regimes in plain words, short, for a compliance lead."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten, wrap

from tallystick.regimes.check import NOTICE
from tallystick.regimes.exact import Number, interval_text, number_text, truth_text
from tallystick.regimes.fragmentation.clocks import EVERY, EventClocks, Running
from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.doubt import OpenResult
from tallystick.regimes.fragmentation.merging import Tally
from tallystick.regimes.fragmentation.seams import Exit
from tallystick.regimes.fragmentation.standing import LAW, HeldDuty, Standing
from tallystick.regimes.fragmentation.timeline import clock_text

#: No line is longer: it fits a terminal of 100 columns.
WIDTH = 100
#: Columns of a regime's name and title.
NAMES = 72
#: Events on which no time limit can be expected.
UNTIMED = frozenset({"always", "period", "employment"})
#: Regimes are listed one a line for these states, with these headings.
LISTED = {
    "binds": "Binds",
    "begins": "Begins later",
    "unknown": "Cannot be told",
    "voluntary": "Voluntary, would reach you if joined",
    "if adopted": "Would bind if adopted as written (your state taken as a party)",
}


def comparison_text(found: Comparison) -> str:
    """All of it, in the order in which a lead asks."""
    parts = [
        wrap(headline(found), WIDTH, break_on_hyphens=False),
        *_regimes(found),
        _deliverables(found),
        _listed("Strictest clocks (those that begin later included)", clock_lines(found.clocks)),
        _listed("What you may do (counted nowhere here)", permission_lines(found))
        if found.permissions
        else [],
        _listed(figures_title(found), figure_lines(found)),
        _listed("Cannot both be met", conflict_lines(found)),
        _listed("Open questions", question_lines(found) or ["none"]),
        _listed("Gaps", gap_lines(found)),
        _listed(
            "Seams: what each looks at, and what a move would drop", [*gate_lines(found), *seam_lines(found)]
        ),
        _listed("Cost a year: ASSUMED, to compare regimes; no law's cost was found", cost_lines(found)),
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


def headline(found: Comparison) -> str:
    """Who, when, and how many regimes bind."""
    law = [one.state for one in found.standings if one.group in LAW]
    count = {state: law.count(state) for state in LISTED}
    words = [f"{plural(count['binds'], 'regime binds', 'regimes bind')}"]
    words += [f"{plural(count['begins'], 'begins', 'begin')} later"] if count["begins"] else []
    words += [f"of {count['unknown']} it cannot be told"] if count["unknown"] else []
    loose = sum(one.state in ("voluntary", "if adopted") for one in found.standings)
    words += [f"{plural(loose, 'text', 'texts')} without force would reach you"] if loose else []
    return f"{found.profile.name} on {found.at}: {', '.join(words)}."


def plural(count: int, one: str, many: str) -> str:
    """``1 duty``, ``2 duties``."""
    return f"{count} {one if count == 1 else many}"


def _regimes(found: Comparison) -> Iterator[list[str]]:
    for state, title in LISTED.items():
        chosen = [one for one in found.standings if one.state == state]
        if chosen:
            truths = f"{'claimed':>10}{'verified':>10}" if state == "binds" else ""
            yield [f"{title:<{NAMES}}{'duties':>8}{truths}", *map(standing_line, chosen)]
    rest = [one.instrument.id for one in found.standings if one.state == "does not bind"]
    none = [one.instrument.id for one in found.standings if one.state == "no duties"]
    lines = [f"Reaches you, asks for nothing: {', '.join(none)}"] if none else []
    lines += [f"Does not bind: {', '.join(rest)}"] if rest else []
    yield [
        line for text in lines for line in wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]


def standing_line(one: Standing) -> str:
    """A regime in one line: id, title, its first day where it begins later, duties, claimed and verified."""
    start = f"from {one.begins}: " if one.begins else ""
    room = NAMES - 2 - max(19, len(one.instrument.id)) - 1
    title = shorten(f"{start}{one.instrument.title}", room, placeholder=" …", break_on_hyphens=False)
    name = f"  {one.instrument.id:<19} {title}"
    truths = f"{truth_text(one.claimed):>10}{truth_text(one.verified):>10}" if one.state == "binds" else ""
    return f"{name:<{NAMES}}{duty_count(one):>8}{truths}"


def duty_count(one: Standing) -> str:
    """Duties due, and after a plus sign those that begin later or may be due."""
    due = sum(duty.claimed is True for duty in one.duties)
    if one.state == "binds":
        more = sum(duty.coming is not None for duty in one.duties)
        return f"{due}{f' +{more}' if more else ''}"
    if one.begins:
        return str(sum(duty.coming is not None for duty in one.duties))
    if one.state == "unknown":
        return str(sum(duty.would is not False for duty in one.duties))
    return str(sum(duty.if_adopted for duty in one.duties))


def _deliverables(found: Comparison) -> list[str]:
    lines = [f"{'Deliverables':<50}{'duties':>8}{'regime by regime':>18}{'merged':>8}{'filings':>9}"]
    for label, tally in tallies(found):
        lines.append(f"  {label:<48}{tally.duties:>8}{tally.sum:>18}{tally.union:>8}{tally.filings:>9}")
    return lines


def tallies(found: Comparison) -> Iterator[tuple[str, Tally]]:
    """The tallies with their names."""
    yield "due on that day", found.today
    yield "the same, every open question going against you", found.open
    yield "with what begins on a known day", found.coming
    if found.adopted is not None:
        yield "and if all texts shown were adopted", found.adopted


def clock_lines(events: Sequence[EventClocks]) -> list[str]:
    """The strictest clocks of all events."""
    return [clock_line(event, running) for event in events for running in event.strictest]


def clock_line(event: EventClocks, running: Running) -> str:
    """The strictest clock of one sort on an event, those that set it, and what others of the sort say."""
    same = [clock for clock in event.clocks if clock.sort == running.sort]
    if running.sort == EVERY:
        regimes = dict.fromkeys(clock.duty.regime for clock in same if clock.hours == running.hours)
        others = ", ".join(dict.fromkeys(clock.text for clock in same if clock.hours > running.hours))
        beside = f"; else {others}" if others else ""
        return f"{spaced(event.event)}: {running.text}: {', '.join(regimes)}{beside}"
    by_text: dict[str, dict[str, None]] = {}
    for clock in same:
        by_text.setdefault(clock.text, {})[_regime_and_start(clock.duty)] = None
    texts = [f"{text}: {', '.join(regimes)}" for text, regimes in by_text.items()]
    if running is event.strictest[0] and event.event not in UNTIMED and event.untimed:
        texts.append(f"no time set: {', '.join(dict.fromkeys(map(_regime_and_start, event.untimed)))}")
    return f"{spaced(event.event)}: {'; '.join(texts)}"


def _regime_and_start(duty: HeldDuty) -> str:
    return f"{duty.regime} (from {duty.coming.since})" if duty.coming else duty.regime


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
    return f" (from {duty.coming.since})" if duty.coming else " (cannot be told)"


def figures_title(found: Comparison) -> str:
    """How many figures of compute must be kept."""
    figures = found.figures
    return (
        f"Compute figures to keep: {plural(len(figures.counted), 'sum', 'different sums')}, of which "
        f"{figures.different} differ in your numbers"
    )


def figure_lines(found: Comparison) -> list[str]:
    """The figures with their amounts, what they differ in, and the facts that several regimes ask for."""
    figures, shared = found.figures, found.facts
    lines = []
    for figure in figures.counted:
        amounts = "; ".join(f"{name} {interval_text(amount)}" for name, amount in figure.claimed.items())
        lines.append(f"{', '.join(figure.rules)}: {amounts}")
    if figures.differing:
        lines.append(f"They differ in: {', '.join(map(spaced, figures.differing))}")
    if figures.stated:
        lines.append(f"Compared as stated: {', '.join(figures.stated)}")
    lines.append(
        f"Facts: {shared.distinct} are asked for {shared.asked} times; "
        f"{len(shared.duplicated)} by more than one regime"
    )
    return lines


def conflict_lines(found: Comparison) -> list[str]:
    """Pairs that cannot both be met, or how many were looked at."""
    lines = [
        f"{one.first.key} and {one.second.key}: {one.reason} ({'declared' if one.declared else 'derived'})"
        for one in found.collisions
    ]
    count = found.adopted.duties if found.adopted else found.coming.duties
    return lines or [f"no pair among {plural(count, 'duty', 'duties')}"]


def question_lines(found: Comparison) -> list[str]:
    """What is open, what is not verified, and which regimes were not looked at in all pairs."""
    apart = [one.instrument.id for one in found.standings if one.apart]
    lines = [
        f"{', '.join(apart)}: too many models, clusters and exports for all pairs; each was looked at "
        "alone, so what hangs on two of them at once cannot be told"
    ]
    return [*open_lines(found.open_results), *unverified_lines(found), *(lines if apart else [])]


def open_lines(results: Iterable[OpenResult]) -> list[str]:
    """What is open and what decides it; regimes and models with the same question share a line."""
    regimes: dict[tuple[str, str], dict[str, None]] = {}
    for one in results:
        for cause in causes(one):
            regimes.setdefault((one.thing, cause), {})[one.regime] = None
    things: dict[tuple[str, str], list[str]] = {}
    for (thing, cause), found in regimes.items():
        things.setdefault((", ".join(found), cause), []).append(thing)
    return [
        f"{names}{f' for {chr(44).join(things)}'.replace(',', ', ') if any(things) else ''}: {cause}"
        for (names, cause), things in things.items()
    ]


def unverified_lines(found: Comparison) -> list[str]:
    """What an inspection would have to bear out for a claimed result to be verified."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for one in found.unverified:
        lines.setdefault(("its text was not read closely enough",) if one.text else one.facts, []).append(
            one.regime
        )
    return [
        f"{', '.join(regimes)}: claimed, not verified: {', '.join(facts)}" for facts, regimes in lines.items()
    ]


def causes(one: OpenResult) -> Iterator[str]:
    """In words: readings, missing facts, tests that nobody can compute."""
    for truths in dict.fromkeys(tuple(found.items()) for found in one.readings.values()):
        by_truth: dict[str, list[str]] = {}
        for reading, truth in truths:
            by_truth.setdefault(truth_text(truth), []).append(reading)
        parts = [f"{' and '.join(readings)} {truth}" for truth, readings in by_truth.items()]
        yield f"the reading decides: {'; '.join(parts)}"
    yield from (f"no figure decides: {why}" for why in one.nobody_can_tell)
    if one.missing:
        yield f"not stated: {', '.join(one.missing)}"
    if one.wide and not one.readings:
        yield f"the range is too wide: {'; '.join(one.wide)}"


def gap_lines(found: Comparison) -> list[str]:
    """Where nothing binds."""
    gaps = found.gaps
    levels = [
        f"{one.region} {f'below {number_text(one.line)} FLOP' if one.line else 'at any compute'}"
        for one in gaps.levels
    ]
    lines = ["No regime in force caps compute"] if gaps.no_cap else []
    lines += ["No regime in force has a duty on clusters"] if gaps.no_cluster_duty else []
    lines += (
        [f"Counted by no regime in force: {', '.join(map(spaced, gaps.uncounted))}"] if gaps.uncounted else []
    )
    lines += [f"Nothing in force hangs on compute in: {', '.join(levels)}"]
    lines += [f"Regions of yours without a duty that day: {', '.join(gaps.untied)}"] if gaps.untied else []
    lines += [f"No duty of yours on: {', '.join(map(spaced, gaps.events))}"] if gaps.events else []
    lines += [f"Asked by no regime in force: {', '.join(map(spaced, gaps.nowhere))}"] if gaps.nowhere else []
    return lines


def gate_lines(found: Comparison) -> list[str]:
    """What decides whether a regime binds; regimes that look at the same share a line."""
    regimes: dict[tuple[str, ...], list[str]] = {}
    for regime, kinds in found.gates.by_regime.items():
        regimes.setdefault(kinds, []).append(regime)
    return [f"{', '.join(names)}: {', '.join(kinds)}" for kinds, names in regimes.items()]


def seam_lines(found: Comparison) -> list[str]:
    """What each exit drops, which ties hold where it drops nothing, and what a move brings elsewhere."""
    single = [one for one in found.seams.exits if one.activity != "everything"]
    lines = [exit_line(one) for one in single if one.drops or one.held_by]
    count = {region: sum(one.region == region for one in single) for region in found.profile.regions}
    lines += [
        exit_line(one)
        for one in found.seams.exits
        if one.activity == "everything" and one.drops and count.get(one.region, 0) > 1
    ]
    for move in found.seams.moves:
        if move.gains or move.may_gain:
            maybe = f", perhaps {len(move.may_gain)} more" if move.may_gain else ""
            way = f"{move.activity} from {move.origin} to {move.destination}"
            lines.append(f"{way}: drops {len(move.drops)}, brings {len(move.gains)}{maybe}")
    free = [f"{one.activity} in {one.region}" for one in single if not one.drops and not one.held_by]
    return [*lines, *([f"No sure duty hangs on: {', '.join(free)}"] if free else [])]


def exit_line(one: Exit) -> str:
    """One exit in a line."""
    if one.drops:
        regimes = ", ".join(dict.fromkeys(duty.regime for duty in one.drops))
        count = plural(len(one.drops), "duty", "duties")
        return f"{one.activity} out of {one.region}: drops {count} ({regimes})"
    held = f"; still bound through {', '.join(map(spaced, one.held_by))}" if one.held_by else ""
    return f"{one.activity} out of {one.region}: drops nothing{held}"


def cost_lines(found: Comparison) -> list[str]:
    """Ranges, and what they hang on most."""
    lines = []
    for label, cost in (("on that day", found.cost), ("with what begins on a known day", found.cost_coming)):
        merged, alone = usd_range(cost.merged), usd_range(cost.separate)
        lines.append(f"{label}: merged {merged}; regime by regime {alone}")
    for swing in found.cost_coming.swings[:2]:
        ends = f"{usd(swing.low_usd)} to {usd(swing.high_usd)}"
        lines.append(f"hangs most on {spaced(swing.assumption)}: {ends}, the others at their middle")
    return lines


def usd_range(values: tuple[Number, Number, Number]) -> str:
    """A range with its middle."""
    return f"{usd(values[0])} to {usd(values[2])} (middle {usd(values[1])})"


def usd(value: Number) -> str:
    """Dollars with two significant figures: an assumption bears no more."""
    whole = round(value)
    digits = max(0, len(str(whole)) - 2)
    rounded = round(whole, -digits)
    if rounded >= 1_000_000:
        return f"${rounded / 1_000_000:g}M"
    return f"${rounded / 1000:g}k" if rounded >= 1000 else f"${rounded}"


def spaced(name: str) -> str:
    """A name of the vocabulary for people."""
    return name.replace("_", " ")

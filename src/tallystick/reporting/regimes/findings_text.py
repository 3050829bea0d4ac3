"""What a comparison of regimes finds open, missing, movable and dear, in plain lines."""

from collections.abc import Iterable, Iterator

from tallystick.regimes.fragmentation.comparison import NEAR, Comparison
from tallystick.regimes.fragmentation.doubt import OpenResult
from tallystick.regimes.fragmentation.gaps import Gaps
from tallystick.regimes.fragmentation.seams import Exit
from tallystick.regimes.fragmentation.standing import LAW
from tallystick.regimes.law.exact import Number, Truth, number_text
from tallystick.reporting.regimes.tallies import COMING, DUE
from tallystick.reporting.regimes.words import plural, words_of, work_words


def conflict_lines(found: Comparison) -> list[str]:
    """Pairs that cannot both be met, or among how many duties none was found."""
    lines = [
        f"{one.first.key} and {one.second.key}: {one.reason} ({'declared' if one.declared else 'derived'})"
        for one in found.collisions
    ]
    count = found.adopted.duties if found.adopted else found.coming.duties
    return lines or [f"none found among {plural(count, 'duty', 'duties')}"]


def question_lines(found: Comparison) -> list[str]:
    """What is open, what is not verified, and which regimes were not looked at in all pairs."""
    apart = [one.instrument.id for one in found.standings if one.apart]
    lines = [
        f"{', '.join(apart)}: too many models, clusters and exports for all pairs; each was looked at "
        "alone, so what hangs on two of them at once cannot be told"
    ]
    readings = reading_lines(found) if any(one.readings for one in found.open_results) else []
    return [
        *contradiction_lines(found),
        *open_lines(found.open_results),
        *readings,
        *unverified_lines(found),
        *(lines if apart else []),
    ]


def contradiction_lines(found: Comparison) -> list[str]:
    """Regimes of which a line is met by verified figures, and by no claim."""
    names = [one.instrument.id for one in found.standings if one.state == "unknown" and one.contradicted]
    said = "no line is met by what you claim, one is by what was verified; mend the claim (see the warnings)"
    return [f"{', '.join(names)}: {said}"] if names else []


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


def causes(one: OpenResult) -> Iterator[str]:
    """Who can settle it, and how: a reading to choose, a test that is somebody else's, facts to state."""
    for truths in dict.fromkeys(tuple(found.items()) for found in one.readings.values()):
        by_truth: dict[str, list[str]] = {}
        for reading, truth in truths:
            by_truth.setdefault(yes_no(truth), []).append(reading)
        parts = [f"{truth} if read as {' or '.join(readings)}" for truth, readings in by_truth.items()]
        yield f"the text is silent; counsel has to choose how to read it: {'; '.join(parts)}"
    yield from (f"no figure can settle it: {why}" for why in one.nobody_can_tell)
    if one.missing:
        yield f"state in the profile: {', '.join(one.missing)}"
    if one.wide and not one.readings:
        yield f"state more closely in the profile: {'; '.join(one.wide)}"


def yes_no(truth: Truth) -> str:
    """Whether the line is passed, as an answer."""
    return "still undecided" if truth is None else "line passed" if truth else "line not passed"


def reading_lines(found: Comparison) -> list[str]:
    """What the readings mean, of the regimes that bind or may."""
    titles = {
        reading.id: reading.title.rstrip(".")
        for one in reversed(found.standings)
        if one.state in NEAR and one.group in LAW
        for reading in one.instrument.readings
    }
    texts = [f"{name} = {title[:1].lower()}{title[1:]}" for name, title in titles.items()]
    return [f"Readings: {'; '.join(texts)}"] if texts else []


def unverified_lines(found: Comparison) -> list[str]:
    """What an inspection or a register would have to bear out for a claimed result to be verified."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for one in found.unverified:
        lines.setdefault(() if one.text else one.facts, []).append(one.regime)
    return [
        f"{', '.join(regimes)}: by your word only; for a verified answer have borne out: {', '.join(facts)}"
        if facts
        else f"{', '.join(regimes)}: by your word only; the file does not rest on a reading of the text"
        for facts, regimes in lines.items()
    ]


def gap_lines(found: Comparison) -> list[str]:
    """Where nothing binds."""
    gaps = found.gaps
    lines = ["No regime in force caps compute"] if gaps.no_cap else []
    lines += ["No regime in force has a duty on clusters"] if gaps.no_cluster_duty else []
    lines += [f"No regime in force counts: {_listed(gaps.uncounted)}"] if gaps.uncounted else []
    lines += _level_lines(gaps)
    lines += [f"No duty is certain on that day in: {', '.join(gaps.untied)}"] if gaps.untied else []
    lines += [f"You owe nothing on these events: {_listed(gaps.events)}"] if gaps.events else []
    nowhere = "; ".join(f"{work[:1].lower()}{work[1:]}" for work in map(work_words, gaps.nowhere))
    return [*lines, *([f"Asked of nobody by any regime in force: {nowhere}"] if nowhere else [])]


def _level_lines(gaps: Gaps) -> list[str]:
    """Below which compute nothing is owed for it, and where compute plays no part."""
    lowest = [f"{one.region} {number_text(one.line)} FLOP" for one in gaps.levels if one.line]
    never = [one.region for one in gaps.levels if not one.line]
    lines = (
        [f"Lowest line on compute in force, below which compute brings no duty: {', '.join(lowest)}"]
        if lowest
        else []
    )
    return [*lines, *([f"No line on compute is in force in: {', '.join(never)}"] if never else [])]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(words_of, names))


def gate_lines(found: Comparison) -> list[str]:
    """What decides whether a regime binds, places aside; regimes that look at the same share a line."""
    regimes: dict[tuple[str, ...], list[str]] = {}
    for regime, kinds in found.gates.by_regime.items():
        regimes.setdefault(kinds, []).append(regime)
    return [f"{', '.join(names)}: {', '.join(kinds)}" for kinds, names in regimes.items()]


def seam_lines(found: Comparison) -> list[str]:
    """What each exit drops, which ties hold where it drops nothing, and what a move brings elsewhere."""
    single = [one for one in found.seams.exits if one.activity != "everything"]
    lines = [exit_line(one) for one in single if one.drops or one.held_by]
    count = {one.region: sum(other.region == one.region for other in single) for one in single}
    lines += [
        exit_line(one)
        for one in found.seams.exits
        if one.activity == "everything" and one.drops and count.get(one.region, 0) > 1
    ]
    for move in found.seams.moves:
        if move.gains or move.may_gain:
            maybe = f", perhaps {len(move.may_gain)} more" if move.may_gain else ""
            way = f"{move.activity} in {move.destination} instead of {move.origin}"
            lines.append(f"{way}: {len(move.drops)} fewer, {len(move.gains)} new{maybe}")
    free = [f"{one.activity} in {one.region}" for one in single if not one.drops and not one.held_by]
    return [*lines, *([f"no duty that is certain hangs on: {', '.join(free)}"] if free else [])]


def exit_line(one: Exit) -> str:
    """One exit in a line."""
    way = "without any tie to" if one.activity == "everything" else f"without {one.activity} in"
    if one.drops:
        regimes = ", ".join(dict.fromkeys(duty.regime for duty in one.drops))
        count = plural(len(one.drops), "duty", "duties")
        return f"{way} {one.region}: {count} fewer ({regimes})"
    held = f"; these ties still bind: {_listed(one.held_by)}" if one.held_by else ""
    return f"{way} {one.region}: none fewer{held}"


def cost_lines(found: Comparison) -> list[str]:
    """Ranges, what they hang on most, and how to use one's own figures."""
    lines = []
    for label, cost in ((DUE, found.cost), (COMING, found.cost_coming)):
        merged, alone = usd_range(cost.merged), usd_range(cost.separate)
        lines.append(f"{label}: {merged} if merged; {alone} regime by regime")
    for swing in found.cost_coming.swings[:2]:
        ends = f"{usd(swing.low_usd)} to {usd(swing.high_usd)}"
        lines.append(f"most sensitive to {assumption_words(swing.assumption)}: alone it moves {ends}")
    return [*lines, "your own hours and rates in place of ours: --assumptions FILE"]


def assumption_words(name: str) -> str:
    """A name of the file of assumptions for people."""
    return words_of(name).replace("usd", "USD")


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

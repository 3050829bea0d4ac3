"""Lines of an answer that begin with a mark: breaches, caps that are kept, approaches and crossings."""

from collections.abc import Iterator
from datetime import date

from tallystick.regimes.judging.result import Breach, Crossing, LineResult, OutcomeResult, Result
from tallystick.regimes.law.exact import Interval, Number, compare
from tallystick.regimes.wording.standing import is_coming

VERIFIED, CLAIMED = "verified", "as claimed"
#: The whole of a line, as a share of it.
ALL = Interval(1, 1)


def line_marks(result: Result) -> Iterator[str]:
    """Breaches, caps of which nobody knows whether they are kept, approaches and crossings."""
    for outcome in result.outcomes:
        if outcome.breach:
            yield from _breach_lines(result, outcome)
    if not (result.in_effect or is_coming(result)):
        return
    for title in result.without_line if result.in_effect else ():
        yield f"NO LINE   {result.regime}: {title}: no line in force on {result.at}"
    for line in {(line.parameter, line.claimed): line for line in result.lines}.values():
        passed = _passed(line)
        if passed and (line.approach or passed == VERIFIED):
            yield f"PASSED    {result.regime}: {_line_text(line)}: passed ({passed})"
        elif line.approach:
            yield f"APPROACH  {result.regime}: {_line_text(line)}"
        for side, crossing in zip(("claimed", "verified"), line.crossings, strict=True):
            if crossing:
                yield f"CROSSING  {result.regime}: {line.title}, {side}: {_crossing_text(crossing)}"


def _breach_lines(result: Result, outcome: OutcomeResult) -> Iterator[str]:
    """What is breached, and what is claimed or proven not to be; nothing where nothing is known."""
    found = outcome.breached
    if found.stands:
        how = _breach_how(found) + _breach_days(result, found)
        yield f"BREACH    {result.regime}: {outcome.title} ({how})"
        return
    if found.covered:
        rest = "" if found.verified is False else "; nothing verified shows it of the other days in force"
        days = _spans(found.covered)
        yield f'KEPT      {result.regime}: on {days}, by verified facts ("{outcome.title}"){rest}'
    elif result.in_effect and found.claimed is False and found.verified is None:
        yield (
            f'UNPROVEN  {result.regime}: you claim no breach ("{outcome.title}"), and nothing verified '
            "shows it"
        )


def _spans(covered: tuple[tuple[date, date], ...]) -> str:
    """``2026-01-01 to 2026-03-31 and 2026-05-01``, the first ones where there are many."""
    texts = [f"{first}" if first == last else f"{first} to {last}" for first, last in covered]
    more = [f"{len(texts) - 3} more spans of days"] if len(texts) > 4 else texts[3:]
    return " and ".join([*texts[:3], *more])


def _breach_how(found: Breach) -> str:
    if found.verified:
        return "verified"
    if found.claimed:
        return "by the developer's own figures"
    return "by verified figures, of one who says that it is bound"


def _breach_days(result: Result, found: Breach) -> str:
    """The days of facts that show it; none where they are not dated."""
    if found.days in ((), (result.at,)):
        return ""
    more = f" and {len(found.days) - 1} more" if len(found.days) > 1 else ""
    return f", by the facts of {found.days[0]}{more}"


def _passed(line: LineResult) -> str:
    """On which side the line is passed for certain, where it is not on both; else empty."""
    sides = [compare(line.operator, share, ALL) for share in (line.claimed_share, line.verified_share)]
    if sides.count(True) != 1:
        return ""
    return VERIFIED if sides[1] else CLAIMED


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
    if crossing.seen:
        since = f"between {crossing.earliest} and" if crossing.earliest else "by"
        return f"crossed {since} {crossing.latest}, by the facts of {crossing.first} to {crossing.last}"
    earliest = f"not before {crossing.earliest}" if crossing.earliest else "not at this rate"
    latest = f", at the latest {crossing.latest}" if crossing.latest else ", perhaps never"
    past = "; those days have passed without later facts" if crossing.past else ""
    rate = f" (rate of {crossing.first} to {crossing.last}{past})"
    return earliest + (latest if crossing.earliest else "") + rate

"""Picture: when the duties of each regime start and end, and the shortest clock that then runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from tallystick.regimes.fragmentation.clocks import WITHIN, clocks_by_event
from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.timeline import Entry
from tallystick.reporting.chart import INK
from tallystick.reporting.regimes.palette import LOOKS
from tallystick.reporting.regimes.titled import titled
from tallystick.reporting.regimes.words import plural, wrapped_title
from tallystick.reporting.sheet import SOFT, Drawing, drawing

HEADING = "When duties start"
#: Width of the bars; how far a label may reach beyond them, in pixels.
WIDTH, BEYOND = 480, 100
#: Width of a character of a bar's label, in pixels; characters of a line of a regime's title.
CHARACTER, TITLE = 5.6, 36
#: Height of a line of text, of a bar, of the mark of the day asked; between rows, in pixels.
STEP, BAR, MARK, GAP = 14.0, 9.0, 17.0, 7.0
#: What is shown before the first start and after the last.
MARGIN = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Group:
    """Duties of one regime that start and end together."""

    regime: str
    since: date
    until: date | None
    unknown: bool
    entries: tuple[Entry, ...]


def groups(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Entries by regime, span and whether they are known to be due; by start."""
    found: dict[tuple[str, date, date | None, bool], list[Entry]] = {}
    for entry in entries:
        key = (entry.duty.regime, entry.since, entry.until, entry.claimed is None)
        found.setdefault(key, []).append(entry)
    order = sorted(found, key=lambda k: (k[1], k[0], k[2] or date.max, k[3]))
    return tuple(Group(*key, tuple(found[key])) for key in order)


def timeline_drawing(found: Comparison) -> Drawing:
    """One row for each start of duties, by regime: a bar from start to end, with the shortest clock."""
    spans = groups(found.timeline)
    regimes = list(dict.fromkeys(group.regime for group in spans))
    spans = tuple(sorted(spans, key=lambda g: (regimes.index(g.regime), g.since)))
    texts = [_text(group, found.at) for group in spans]
    domain = _domain(spans, texts, found.at)
    titles = {one.instrument.id: wrapped_title(one.instrument, TITLE) for one in found.standings}
    rows, names, height = _placed(spans, texts, titles, domain[1], found.at)
    ahead = [group for group in spans if group.since > found.at]
    words = (
        f"Duties of {len(regimes)} regimes over time. On {found.at}, {found.today.duties} duties are due. "
        + " ".join(f"{g.regime}: {len(g.entries)} from {g.since}." for g in ahead)
    )
    known = f"{found.today.duties} duties are due on that day; {_later(found)} begin on a known later day"
    title = titled(
        HEADING,
        f"{found.profile.name}, asked on {found.at}",
        f"{known}. One bar for all duties of a regime that start together.",
    )
    chart = _chart(rows, names, domain, found.at, height).properties(title=title)
    return drawing(chart, "timeline", HEADING, words)


def _later(found: Comparison) -> int:
    return found.coming.duties - found.today.duties


def _domain(spans: Sequence[Group], texts: Sequence[str], at: date) -> tuple[date, date]:
    """First and last day shown: the last so late that each label has room from the start of its bar."""
    first = min([at, *(group.since for group in spans)]) - MARGIN
    last = max([at, *(day for group in spans for day in (group.since, group.until) if day)]) + MARGIN
    for group, text in zip(spans, texts, strict=True):
        share = (WIDTH + BEYOND - CHARACTER * len(text)) / WIDTH
        last = max(last, first + (group.since - first) / share)
    return first, last


def _placed(
    spans: Sequence[Group],
    texts: Sequence[str],
    titles: Mapping[str, tuple[str, ...]],
    last: date,
    at: date,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Bars with their labels, names at the left, and the height of all, from the top, in pixels.

    A regime with several bars has its title at the first of them.
    """
    rows: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    top, named = GAP, ""
    for group, text in zip(spans, texts, strict=True):
        title = titles[group.regime] if group.regime != named else ()
        named = group.regime
        rows.append(_row(group, text, top, last, at))
        names.append({"y": top + STEP / 2, "t": group.regime, "w": "bold"})
        names += [
            {"y": top + STEP * (index + 1.5), "t": line, "w": "normal"} for index, line in enumerate(title)
        ]
        top += max(STEP * (1 + len(title)), STEP + MARK) + GAP
    return rows, names, top


def _row(group: Group, text: str, top: float, last: date, at: date) -> dict[str, Any]:
    """The label is a line over its bar, and both begin on the same day."""
    middle = top + STEP + MARK / 2
    return {
        "s": group.since.isoformat(),
        "e": (group.until or last).isoformat(),
        "a": at.isoformat(),
        "k": LOOKS[_state(group, at)].legend,
        "t": text,
        "y": top + STEP / 2,
        "b": middle - BAR / 2,
        "c": middle + BAR / 2,
        "m": middle - MARK / 2,
        "n": middle + MARK / 2,
    }


def _text(group: Group, at: date) -> str:
    count = len(group.entries)
    ends = f" to {group.until}" if group.until else ""
    mark = LOOKS[_state(group, at)].mark
    duties = plural(count, "duty", "duties")
    return f"{mark} from {group.since}{ends}: {duties}{_shortest(group)}"


def _state(group: Group, at: date) -> str:
    if group.unknown:
        return "unknown"
    if group.since > at:
        return "begins"
    return "ended" if group.until is not None and group.until <= at else "due"


def _shortest(group: Group) -> str:
    """The shortest time that a duty of the group gives after an event."""
    clocks = [event.clocks for event in clocks_by_event(entry.duty for entry in group.entries)]
    within = [clock for found in clocks for clock in found if clock.sort == WITHIN]
    return f", shortest {min(within, key=lambda c: c.hours).text.removeprefix('within ')}" if within else ""


def _chart(
    rows: list[dict[str, Any]],
    names: list[dict[str, Any]],
    span: tuple[date, date],
    at: date,
    height: float,
) -> Any:
    domain = [day.isoformat() for day in span]
    time = alt.Scale(type="utc", domain=domain, nice=False)
    x = alt.X("s:T", scale=time, axis=alt.Axis(title=None, format="%Y", tickCount="year"))
    used = [look for look in LOOKS.values() if any(row["k"] == look.legend for row in rows)]
    base = alt.Chart(alt.InlineData(values=rows))
    bars = base.mark_rect(cornerRadius=2, stroke=SOFT, strokeWidth=0.7).encode(
        x=x,
        x2="e:T",
        y=_down("b", height),
        y2="c",
        color=alt.Color(
            "k:N",
            scale=alt.Scale(domain=[k.legend for k in used], range=[k.fill for k in used]),
            legend=alt.Legend(title=None, orient="bottom", labelFontSize=12, labelColor=INK, labelLimit=400),
        ),
    )
    asked = base.mark_rule(color=INK, strokeWidth=2).encode(
        x=alt.X("a:T", scale=time), y=_down("m", height), y2="n"
    )
    today = alt.Chart(alt.InlineData(values=[{"s": at.isoformat(), "t": f"asked on {at}"}]))
    label = today.mark_text(align="center", baseline="bottom", fontSize=11, color=SOFT).encode(
        x=x, y=alt.value(-4), text="t:N"
    )
    layers = [bars, asked, *_labels(base, x, height), *_names(names, height), label]
    return alt.layer(*layers).properties(width=WIDTH, height=height)


def _down(field: str, height: float) -> alt.Y:
    """Pixels from the top."""
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None)


def _names(names: list[dict[str, Any]], height: float) -> Iterable[Any]:
    """The lines of text at the left of the bars."""
    for weight in ("bold", "normal"):
        own = alt.Chart(alt.InlineData(values=[name for name in names if name["w"] == weight]))
        yield own.mark_text(
            align="right", baseline="middle", fontSize=11.5, fontWeight=weight, color=INK
        ).encode(x=alt.value(-8), y=_down("y", height), text="t:N")


def _labels(base: Any, x: alt.X, height: float) -> tuple[Any, Any]:
    """The labels over the bars: a halo that covers the lines of the years, and the text."""
    style: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 1, "fontSize": 11}
    halo = base.mark_text(**style, stroke="#FFFFFF", strokeWidth=4, strokeJoin="round")
    text = base.mark_text(**style, color=INK)
    y = _down("y", height)
    return halo.encode(x=x, y=y, text="t:N"), text.encode(x=x, y=y, text="t:N")

"""Picture: when the duties of each regime start and end, and the shortest clock that then runs."""

from collections.abc import Iterable
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
from tallystick.reporting.regimes.words import plural, short_title
from tallystick.reporting.sheet import SOFT, Drawing, drawing

HEADING = "When duties start"
WIDTH, ROW = 520, 33
#: Width of a character of a bar's label, in pixels; characters of a regime's title.
CHARACTER, TITLE = 5.6, 40
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
    first = min([found.at, *(g.since for g in spans)]) - MARGIN
    last = max([found.at, *(g.since for g in spans), *(g.until for g in spans if g.until)]) + 3 * MARGIN
    titles = {one.instrument.id: short_title(one.instrument, TITLE) for one in found.standings}
    texts = [_text(group, found.at) for group in spans]
    room = [_room(group, (first, last)) for group in spans]
    rows = [
        _row(index, group, last, found.at, text, CHARACTER * len(text) > wide) | {"n": titles[group.regime]}
        for index, (group, text, wide) in enumerate(zip(spans, texts, room, strict=True))
    ]
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
    chart = _chart(rows, (first, last), found.at).properties(title=title)
    return drawing(chart, "timeline", HEADING, words)


def _later(found: Comparison) -> int:
    return found.coming.duties - found.today.duties


def _room(group: Group, span: tuple[date, date]) -> float:
    """Pixels from the start of the bar to the end of the picture."""
    return WIDTH * (span[1] - group.since) / (span[1] - span[0])


def _row(index: int, group: Group, last: date, at: date, text: str, turned: bool) -> dict[str, Any]:
    """``turned``: the label has no room after the start of the bar, so it ends where the picture ends."""
    look = LOOKS[_state(group, at)]
    return {
        "r": index,
        "id": group.regime,
        "s": group.since.isoformat(),
        "e": (group.until or last).isoformat(),
        "l": (last if turned else group.since).isoformat(),
        "a": "right" if turned else "left",
        "k": look.legend,
        "t": text,
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
    return (
        f", shortest time {min(within, key=lambda c: c.hours).text.removeprefix('within ')}" if within else ""
    )


def _chart(rows: list[dict[str, Any]], span: tuple[date, date], at: date) -> Any:
    domain = [day.isoformat() for day in span]
    order = [row["r"] for row in rows]
    x = alt.X(
        "s:T",
        scale=alt.Scale(type="utc", domain=domain, nice=False),
        axis=alt.Axis(title=None, format="%Y", tickCount="year"),
    )
    y = alt.Y("r:O", sort=order, axis=None)
    used = [look for look in LOOKS.values() if any(row["k"] == look.legend for row in rows)]
    base = alt.Chart(alt.InlineData(values=rows))
    bars = base.mark_bar(height=9, yOffset=7, cornerRadius=2, stroke=SOFT, strokeWidth=0.7).encode(
        x=x,
        x2="e:T",
        y=y,
        color=alt.Color(
            "k:N",
            scale=alt.Scale(domain=[k.legend for k in used], range=[k.fill for k in used]),
            legend=alt.Legend(title=None, orient="bottom", labelFontSize=12, labelColor=INK, labelLimit=400),
        ),
    )
    names = [_names(base, "id", -6, True, y), _names(base, "n", 7, False, y)]
    labels = [layer for side in ("left", "right") for layer in _labels(rows, side, y)]
    today = alt.Chart(alt.InlineData(values=[{"s": at.isoformat(), "t": f"asked on {at}"}]))
    rule = today.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x)
    label = today.mark_text(align="center", baseline="bottom", fontSize=11, color=SOFT).encode(
        x=x, y=alt.value(-4), text="t:N"
    )
    return alt.layer(bars, rule, *names, *labels, label).properties(
        width=WIDTH, height=max(80, ROW * len(rows))
    )


def _names(base: Any, field: str, dy: int, bold: bool, y: Any) -> Any:
    """A line of text at the left of every bar."""
    weight: Any = "bold" if bold else "normal"
    style: dict[str, Any] = {"align": "right", "baseline": "middle", "fontSize": 11.5, "dy": dy}
    text = base.mark_text(**style, fontWeight=weight, color=INK)
    return text.encode(x=alt.value(-8), y=y, text=alt.Text(f"{field}:N"))


def _labels(rows: list[dict[str, Any]], side: str, y: Any) -> tuple[Any, Any]:
    """The labels over the bars that begin, or end, at their day: a halo that covers lines, and the text."""
    base = alt.Chart(alt.InlineData(values=[row for row in rows if row["a"] == side]))
    style: dict[str, Any] = {"align": side, "baseline": "middle", "dy": -6, "dx": 1, "fontSize": 11}
    halo = base.mark_text(**style, stroke="#FFFFFF", strokeWidth=4, strokeJoin="round")
    text = base.mark_text(**style, color=INK)
    return halo.encode(x="l:T", y=y, text="t:N"), text.encode(x="l:T", y=y, text="t:N")

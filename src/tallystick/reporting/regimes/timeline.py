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
from tallystick.reporting.sheet import SOFT, Drawing, drawing

WIDTH, ROW = 640, 30
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
    rows = [_row(index, group, spans, last, found.at) for index, group in enumerate(spans)]
    ahead = [group for group in spans if group.since > found.at]
    words = (
        f"Duties of {len(regimes)} regimes over time. On {found.at}, {found.today.duties} duties are due. "
        + " ".join(f"{g.regime}: {len(g.entries)} from {g.since}." for g in ahead)
    )
    chart = _chart(rows, (first, last), found.at)
    return drawing(chart, "timeline", "When duties start", words)


def _row(index: int, group: Group, spans: tuple[Group, ...], last: date, at: date) -> dict[str, Any]:
    look = LOOKS[_state(group, at)]
    count = len(group.entries)
    repeated = index > 0 and spans[index - 1].regime == group.regime
    ends = f" to {group.until}" if group.until else ""
    return {
        # Labels of rows must differ; what follows the bar is cut off where they are drawn.
        "r": f"{'' if repeated else group.regime}|{index:03}",
        "s": group.since.isoformat(),
        "e": (group.until or last).isoformat(),
        "k": look.label,
        "t": f"{count} {'duty' if count == 1 else 'duties'} from {group.since}{ends}{_shortest(group)}",
    }


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
    return f"; shortest: {min(within, key=lambda c: c.hours).text}" if within else ""


def _chart(rows: list[dict[str, Any]], span: tuple[date, date], at: date) -> Any:
    domain = [day.isoformat() for day in span]
    order = [row["r"] for row in rows]
    x = alt.X(
        "s:T",
        scale=alt.Scale(type="utc", domain=domain, nice=False),
        axis=alt.Axis(title=None, format="%Y", tickCount="year"),
    )
    y = alt.Y(
        "r:N",
        sort=order,
        axis=alt.Axis(title=None, labelLimit=170, ticks=False, labelExpr="split(datum.label, '|')[0]"),
    )
    used = [look for look in LOOKS.values() if any(row["k"] == look.label for row in rows)]
    base = alt.Chart(alt.InlineData(values=rows))
    bars = base.mark_bar(height=9, yOffset=7, cornerRadius=2).encode(
        x=x,
        x2="e:T",
        y=y,
        color=alt.Color(
            "k:N",
            scale=alt.Scale(domain=[k.label for k in used], range=[k.fill for k in used]),
            legend=alt.Legend(title=None, orient="bottom", labelFontSize=12, labelColor=INK, labelLimit=400),
        ),
    )
    style: dict[str, Any] = {"align": "left", "baseline": "middle", "dy": -5, "dx": 1, "fontSize": 11}
    halo = base.mark_text(**style, stroke="#FFFFFF", strokeWidth=4, strokeJoin="round").encode(
        x=x, y=y, text="t:N"
    )
    texts = base.mark_text(**style, color=INK).encode(x=x, y=y, text="t:N")
    today = alt.Chart(alt.InlineData(values=[{"s": at.isoformat(), "t": f"asked on {at}"}]))
    rule = today.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x)
    label = today.mark_text(align="center", baseline="bottom", fontSize=11, color=SOFT).encode(
        x=x, y=alt.value(-4), text="t:N"
    )
    return (bars + rule + halo + texts + label).properties(width=WIDTH, height=max(80, ROW * len(rows)))

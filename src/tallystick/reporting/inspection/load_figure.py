"""Picture (a): what a site's accelerators did over time, as declared and as the telemetry shows it."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from tallystick.inspection.draw import DrawnSlot
from tallystick.reporting.chart import INK
from tallystick.reporting.drawing import PLOT_WIDTH, Picture, picture, time_axis
from tallystick.reporting.inspection.palette import SHADES
from tallystick.trials.mutual import Inspected
from tallystick.trials.timeline import Timeline
from tallystick.units import NS_PER_MS, SLOT_NS, WINDOW_NS

HEIGHT = 150
#: More windows than this are averaged, so that a month is no larger a picture than a day.
MOST_COLUMNS = 480


def load_picture(inspected: Inspected) -> Picture:
    """Two stacked areas over the same hours, and below them the quarter-hours that were drawn."""
    account = inspected.account
    name, total = account.party.name, account.declaration.accelerators
    period = account.declaration.period
    keys = tuple(k for k in SHADES if k in account.declared.accelerators or k in account.seen.accelerators)
    charts = [
        _area(account.declared, keys, total, "Declared by the operator"),
        _area(account.seen, keys, total, "Shown by the telemetry"),
        _drawn(inspected.drawn.slots, period.start_ns, period.end_ns),
    ]
    words = (
        f"{name}, accelerators by kind of work over time, of {total}. "
        f"Declared on average: {average_text(account.declared)}. "
        f"Telemetry shows on average: {average_text(account.seen)}. "
        f"The inspector drew {len(inspected.drawn.slots)} quarter-hours to look into."
    )
    chart = alt.vconcat(*charts, spacing=14).resolve_scale(x="independent", y="independent")
    return picture(chart, f"{name} over time", words, keys)


def average_text(timeline: Timeline) -> str:
    """Mean accelerators of each kind over the period."""
    count = max(1, len(timeline.start_ns))
    means = [(SHADES[k].label, sum(v) / count) for k, v in timeline.accelerators.items()]
    return ", ".join(f"{label} {mean:.0f}" for label, mean in means if mean >= 0.5)


def _area(timeline: Timeline, keys: Sequence[str], total: int, heading: str) -> Any:
    shades = [SHADES[k] for k in keys]
    end_ns = timeline.start_ns[-1] + WINDOW_NS
    return (
        alt.Chart(alt.InlineData(values=_rows(timeline, keys)), title=heading)
        .mark_area(interpolate="step-after")
        .encode(
            x=time_axis(timeline.start_ns[0], end_ns),
            y=alt.Y(
                "n:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, total], nice=False),
                axis=alt.Axis(title="accelerators", tickCount=4, minExtent=44),
            ),
            color=alt.Color(
                "k:N",
                scale=alt.Scale(domain=[s.label for s in shades], range=[s.fill for s in shades]),
                legend=None,
            ),
            order=alt.Order("r:Q"),
        )
        .properties(width=PLOT_WIDTH, height=HEIGHT)
    )


def _rows(timeline: Timeline, keys: Sequence[str]) -> list[dict[str, Any]]:
    """One row for each kind and column, with a last one that closes the period."""
    stride = -(-len(timeline.start_ns) // MOST_COLUMNS)
    starts = timeline.start_ns[::stride]
    times = [t // NS_PER_MS for t in (*starts, timeline.start_ns[-1] + WINDOW_NS)]
    rows = []
    for rank, key in enumerate(keys):
        counts = timeline.accelerators.get(key, (0,) * len(timeline.start_ns))
        spans = [counts[i : i + stride] for i in range(0, len(counts), stride)]
        means = [sum(span) / len(span) for span in spans]
        for t, n in zip(times, [*means, means[-1]], strict=True):
            rows.append({"t": t, "n": round(n, 1), "k": SHADES[key].label, "r": rank})
    return rows


def _drawn(slots: Sequence[DrawnSlot], start_ns: int, end_ns: int) -> Any:
    rows = [{"t": s.slot_ns // NS_PER_MS, "u": (s.slot_ns + SLOT_NS) // NS_PER_MS} for s in slots]
    return (
        alt.Chart(alt.InlineData(values=rows), title="Quarter-hours drawn by the inspector")
        .mark_rect(color=INK)
        .encode(
            x=time_axis(start_ns, end_ns, "time (UTC)"),
            x2="u:T",
            y=alt.value(0),
            y2=alt.value(12),
        )
        .properties(width=PLOT_WIDTH, height=12)
    )

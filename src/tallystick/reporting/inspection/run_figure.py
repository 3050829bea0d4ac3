"""Picture (b): the operator's declared jobs above, the runs that the telemetry shows below."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from tallystick.reporting.chart import INK
from tallystick.reporting.drawing import PLOT_WIDTH, Picture, picture, time_axis
from tallystick.reporting.inspection.palette import SHADES, shade_of
from tallystick.reporting.inspection.run_bars import MOST_BARS, Bar, job_bars, pack, run_bars
from tallystick.trials.mutual import Inspected
from tallystick.units import NS_PER_MS

HEIGHT = 190
#: Room that a character and a line of a label take, in pixels.
CHARACTER, LINE = 7.0, 15


def run_picture(inspected: Inspected) -> Picture:
    """A bar for each run: as wide as it lasted, as tall as it has accelerators."""
    account = inspected.account
    name, period = account.party.name, account.declaration.period
    declared = sorted(job_bars(account.jobs), key=lambda b: b.size, reverse=True)[:MOST_BARS]
    found = run_bars(account.runs, account.jobs)
    span = (period.start_ns, period.end_ns)
    top = max(
        [
            account.declaration.accelerators,
            *(y + b.accelerators for bs in (declared, found) for b, y in pack(bs)),
        ]
    )
    chart = alt.vconcat(
        _facet(declared, top, span, f"Jobs that the operator declares ({len(account.jobs)})", ""),
        _facet(found, top, span, _found_heading(len(account.runs), len(found)), "time (UTC)"),
        spacing=14,
    ).resolve_scale(x="independent", y="independent")
    keys = {shade_of(b.workload).key for b in (*declared, *found)}
    return picture(chart, f"{name}: runs", _words(declared, found), tuple(k for k in SHADES if k in keys))


def _found_heading(there: int, shown: int) -> str:
    rest = "" if there == shown else f", of which the {shown} largest are drawn"
    return f"Runs found in the telemetry, whatever the job labels say ({there:,}{rest})"


def _words(declared: Sequence[Bar], found: Sequence[Bar]) -> str:
    texts = []
    for bars, what in ((declared, "Largest declared job"), (found, "Largest run found")):
        if bars:
            bar = max(bars, key=lambda b: b.size)
            texts.append(f"{what}: {bar.accelerators} accelerators for {bar.hours:.1f} h, {_class(bar)}.")
    odd = [b for b in found if b.contradicts]
    if odd:
        texts.append(
            f"Runs that train and are declared as other work, with a heavy outline: {len(odd)}, the largest "
            f"{odd[0].accelerators} accelerators for {odd[0].hours:.1f} h, declared as {odd[0].declared}."
        )
    else:
        texts.append("No run drawn here trains and is declared as other work.")
    return " ".join(texts)


def _class(bar: Bar) -> str:
    return shade_of(bar.workload).label


def _facet(bars: Sequence[Bar], top: int, span: tuple[int, int], heading: str, title: str) -> Any:
    rows = [_row(bar, y, top, span) for bar, y in pack(bars)]
    base = alt.Chart(alt.InlineData(values=rows), title=heading)
    y_scale = alt.Scale(domain=[0, top], nice=False)
    rects = base.mark_rect(cornerRadius=1).encode(
        x=time_axis(*span, title),
        x2="u:T",
        y=alt.Y("y:Q", scale=y_scale, axis=alt.Axis(title="accelerators", tickCount=4, minExtent=44)),
        y2="z:Q",
        color=alt.Color("fill:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
    )
    labels = base.mark_text(fontSize=12, align="left", baseline="middle", dx=5).encode(
        x=time_axis(*span, title),
        y=alt.Y("m:Q", scale=y_scale),
        text="label:N",
        color=alt.Color("ink:N", scale=None),
    )
    return alt.layer(rects, labels).properties(width=PLOT_WIDTH, height=HEIGHT)


def _row(bar: Bar, floor: int, top: int, span: tuple[int, int]) -> dict[str, Any]:
    shade = shade_of(bar.workload)
    start, end = max(bar.start_ns, span[0]), min(bar.end_ns, span[1])
    width = PLOT_WIDTH * (end - start) / (span[1] - span[0])
    return {
        "t": start // NS_PER_MS,
        "u": end // NS_PER_MS,
        "y": floor,
        "z": floor + bar.accelerators,
        "m": floor + bar.accelerators / 2,
        "fill": shade.fill,
        "ink": shade.ink,
        "edge": INK if bar.contradicts else "#FFFFFF",
        "thick": 3 if bar.contradicts else 0.7,
        "label": _label(bar, width, HEIGHT * bar.accelerators / top),
    }


def _label(bar: Bar, width: float, height: float) -> str:
    """The longest text that fits into the bar."""
    size = f"{bar.accelerators} for {bar.hours:.0f} h"
    texts = [f"{bar.name}: {size}", size, bar.name]
    if bar.contradicts:
        texts.insert(0, f"{bar.accelerators} accelerators for {bar.hours:.0f} h, declared as {bar.declared}")
    fitting = (text for text in texts if height >= LINE and len(text) * CHARACTER + 10 <= width)
    return next(fitting, "")

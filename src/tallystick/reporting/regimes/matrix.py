"""Picture: the work that duties ask for, line by line, against the regimes that ask for it."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.instrument import Instrument
from tallystick.reporting.chart import INK
from tallystick.reporting.regimes.palette import LOOKS, Look, look_of, strongest
from tallystick.reporting.regimes.titled import titled
from tallystick.reporting.regimes.words import work_words
from tallystick.reporting.sheet import SOFT, Drawing, drawing

HEADING = "Which regime asks for which work"
#: Height of a line and width of a column, in pixels; columns are narrower where there are many.
LINE, COLUMN, NARROW, MANY = 21, 30, 24, 12
#: Where the key begins, left of the first column; height of a line of it, in pixels; characters of a line.
KEY_LEFT, KEY_LINE, KEY_TITLE = -300, 15, 112
#: What duties amount to that the file maps to no kind of work.
OTHER = "other"
#: What is counted here and what elsewhere.
COUNTED = (
    "A kind of work counts once here, for whomever it is done, and so does what must not be done and what is "
    "undecided. A deliverable is one kind of work for one audience, and only what must be done."
)


def matrix_drawing(found: Comparison) -> Drawing:
    """One line for each kind of work, one column for each regime with a duty that reaches the developer.

    Over a column stands the regime's id; the key below has the whole titles.
    """
    cells = _cells(found)
    near = [s.instrument for s in found.standings if any(key[0] == s.instrument.id for key in cells)]
    order = [one.id for one in near]
    counts: dict[str, int] = {}
    for _, capability in cells:
        counts[capability] = counts.get(capability, 0) + 1
    first = {name: min(order.index(r) for r, c in cells if c == name) for name in counts}
    capabilities = sorted(counts, key=lambda name: (-counts[name], first[name], name))
    rows = [_row(regime, capability, looks) for (regime, capability), looks in cells.items()]
    shared = sum(1 for count in counts.values() if count > 1)
    most = "; ".join(f"{_work(c)} ({counts[c]})" for c in capabilities[:3])
    words = (
        f"{len(order)} regimes against {len(capabilities)} kinds of work. {shared} kinds are asked for by "
        f"more than one regime. Most asked for: {most or 'none'}."
    )
    title = titled(
        HEADING,
        f"{found.profile.name} on {found.at}",
        f"{len(capabilities)} kinds of work, {shared} of them asked for by several regimes (those first)",
        COUNTED,
    )
    chart = alt.vconcat(
        _chart(rows, order, [_work(c) for c in capabilities]), _key(near), spacing=14
    ).resolve_scale(color="independent")
    return drawing(chart.properties(title=title), "matrix", HEADING, f"{words} {COUNTED}")


def _key(regimes: Sequence[Instrument]) -> Any:
    """The columns' ids with their whole titles."""
    lines: list[dict[str, Any]] = []
    for one in regimes:
        for index, text in enumerate(wrap(f"{one.id}: {one.title}", KEY_TITLE, break_on_hyphens=False)):
            lines.append({"y": KEY_LINE * (len(lines) + 1), "t": f"    {text}" if index else text})
    return (
        alt.Chart(alt.InlineData(values=lines))
        .mark_text(align="left", baseline="middle", fontSize=11.5, color=INK)
        .encode(x=alt.value(KEY_LEFT), y=alt.Y("y:Q", scale=None, axis=None), text="t:N")
        .properties(height=KEY_LINE * (len(lines) + 1))
    )


def _cells(found: Comparison) -> dict[tuple[str, str], list[Look]]:
    cells: dict[tuple[str, str], list[Look]] = {}
    for standing in found.standings:
        for duty in standing.duties:
            look = look_of(duty)
            if look is not None and duty.obligation.deontic != "may":
                for capability in _capabilities(duty):
                    cells.setdefault((duty.regime, capability), []).append(look)
    return cells


def _capabilities(duty: HeldDuty) -> tuple[str, ...]:
    return duty.obligation.satisfies or (OTHER,)


def _work(capability: str) -> str:
    return "Other work" if capability == OTHER else work_words(capability)


def _row(regime: str, capability: str, looks: list[Look]) -> dict[str, Any]:
    look = strongest(looks)
    return {"r": regime, "c": _work(capability), "k": look.legend, "m": look.mark, "i": look.ink}


def _chart(rows: list[dict[str, Any]], regimes: list[str], capabilities: list[str]) -> Any:
    axis: dict[str, Any] = {"title": None, "labelPadding": 6, "ticks": False, "domain": False}
    x = alt.X(
        "r:N",
        sort=regimes,
        axis=alt.Axis(orient="top", labelAngle=-50, labelLimit=200, **axis),
        scale=alt.Scale(domain=regimes, padding=0.08),
    )
    y = alt.Y(
        "c:N",
        sort=capabilities,
        axis=alt.Axis(labelLimit=340, **axis),
        scale=alt.Scale(domain=capabilities, padding=0.08),
    )
    used = [look for look in LOOKS.values() if any(row["k"] == look.legend for row in rows)]
    bands = alt.Chart(alt.InlineData(values=[{"c": capability} for capability in capabilities]))
    empty = bands.mark_rect(cornerRadius=3, color="#F1F3F5").encode(y=y)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    fill = base.mark_rect(cornerRadius=3, stroke=SOFT, strokeWidth=0.5).encode(
        color=alt.Color(
            "k:N",
            scale=alt.Scale(domain=[k.legend for k in used], range=[k.fill for k in used]),
            legend=alt.Legend(
                title=None, orient="bottom", labelFontSize=12, labelColor=INK, labelLimit=400, columns=3
            ),
        )
    )
    mark = base.mark_text(fontSize=12, baseline="middle").encode(
        text="m:N", color=alt.Color("i:N", scale=None, legend=None)
    )
    step = NARROW if len(regimes) > MANY else COLUMN
    return (empty + fill + mark).properties(
        width=max(240, step * len(regimes)), height=max(60, LINE * len(capabilities))
    )

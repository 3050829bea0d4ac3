"""Picture: regimes against the work that their duties ask for."""

from typing import Any

import altair as alt

from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.reporting.chart import INK
from tallystick.reporting.regimes.palette import LOOKS, Look, look_of, strongest
from tallystick.reporting.regimes.words import words_of
from tallystick.reporting.sheet import Drawing, drawing

CELL = 25


def matrix_drawing(found: Comparison) -> Drawing:
    """One row for each regime with a duty that reaches the developer, one column for each capability."""
    cells = _cells(found)
    regimes = [s.instrument.id for s in found.standings if any(key[0] == s.instrument.id for key in cells)]
    counts: dict[str, int] = {}
    for _, capability in cells:
        counts[capability] = counts.get(capability, 0) + 1
    first = {name: min(regimes.index(r) for r, c in cells if c == name) for name in counts}
    capabilities = sorted(counts, key=lambda name: (-counts[name], first[name], name))
    rows = [_row(regime, capability, looks) for (regime, capability), looks in cells.items()]
    shared = sum(1 for count in counts.values() if count > 1)
    most = ", ".join(f"{words_of(c)} ({counts[c]})" for c in capabilities[:3])
    words = (
        f"{len(regimes)} regimes against {len(capabilities)} kinds of work. {shared} kinds are asked for by "
        f"more than one regime. Most asked for: {most or 'none'}."
    )
    chart = _chart(rows, regimes, [words_of(c) for c in capabilities])
    return drawing(chart, "matrix", "Which regime asks for which work", words)


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
    return duty.obligation.satisfies or ("other",)


def _row(regime: str, capability: str, looks: list[Look]) -> dict[str, Any]:
    look = strongest(looks)
    return {"r": regime, "c": words_of(capability), "k": look.legend, "m": look.mark, "i": look.ink}


def _chart(rows: list[dict[str, Any]], regimes: list[str], capabilities: list[str]) -> Any:
    x = alt.X(
        "c:N",
        sort=capabilities,
        axis=alt.Axis(
            title=None,
            orient="top",
            labelAngle=-50,
            labelLimit=220,
            labelPadding=6,
            ticks=False,
            domain=False,
        ),
        scale=alt.Scale(domain=capabilities, padding=0.08),
    )
    y = alt.Y(
        "r:N",
        sort=regimes,
        axis=alt.Axis(title=None, labelLimit=170, labelPadding=6, ticks=False, domain=False),
        scale=alt.Scale(domain=regimes, padding=0.08),
    )
    used = [look for look in LOOKS.values() if any(row["k"] == look.legend for row in rows)]
    bands = alt.Chart(alt.InlineData(values=[{"r": regime} for regime in regimes]))
    empty = bands.mark_rect(cornerRadius=3, color="#F1F3F5").encode(y=y)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    fill = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            "k:N",
            scale=alt.Scale(domain=[k.legend for k in used], range=[k.fill for k in used]),
            legend=alt.Legend(
                title=None, orient="bottom", labelFontSize=12, labelColor=INK, labelLimit=400, columns=4
            ),
        )
    )
    mark = base.mark_text(fontSize=12, baseline="middle").encode(
        text="m:N", color=alt.Color("i:N", scale=None, legend=None)
    )
    return (empty + fill + mark).properties(
        width=max(300, CELL * len(capabilities)), height=max(60, CELL * len(regimes))
    )

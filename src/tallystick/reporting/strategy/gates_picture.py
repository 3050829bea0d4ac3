"""Picture: the share of draws in which each state passes each gate at each stage."""

from typing import Any

import altair as alt

from tallystick.reporting.chart import INK
from tallystick.reporting.sheet import Drawing, drawing
from tallystick.reporting.strategy.palette import BANDS, band_of
from tallystick.strategy.assessment import Assessment
from tallystick.strategy.memo.plain_words import GATE_NAMES, share
from tallystick.strategy.verdicts.state_result import StateResult

WIDTH, ROW = 560, 26
WHOLE = "all stages"


def gates_drawing(found: Assessment) -> Drawing:
    """One block of rows for each state; the last column is all stages together."""
    charts = [_block(state, last=state is found.states[-1]) for state in found.states]
    words = " ".join(
        f"{state.name} passes all gates in {share(state.share)} ({state.verdict}); the gate passed least "
        f"often is {GATE_NAMES[state.binding_gate]}, {share(state.gates[state.binding_gate])}."
        for state in found.states
    )
    idle = dict.fromkeys(GATE_NAMES[gate] for state in found.states for gate in state.idle)
    if idle:
        words = f"{words} Not applicable, and left out: {', '.join(idle)}."
    heading = "Gates per stage: share of the ensemble that passes"
    return drawing(
        alt.vconcat(*charts, spacing=18).resolve_scale(color="independent"), "gates", heading, words
    )


def _block(state: StateResult, *, last: bool) -> Any:
    stages = [*state.by_stage, WHOLE]
    rows: list[dict[str, Any]] = [
        {"s": stage.replace("_", " "), "g": GATE_NAMES[gate], "v": value}
        for stage, values in (*state.by_stage.items(), (WHOLE, state.gates))
        for gate, value in values.items()
        if gate not in state.idle
    ]
    for row in rows:
        band = band_of(row["v"])
        row |= {"t": share(row["v"]), "b": band.label, "i": band.ink}
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "s:N",
            sort=[stage.replace("_", " ") for stage in stages],
            axis=alt.Axis(title=None, labelAngle=0, ticks=False, labelExpr="split(datum.label, ' ')"),
        ),
        y=alt.Y("g:N", sort=list(GATE_NAMES.values()), axis=alt.Axis(title=None, ticks=False)),
    )
    legend = alt.Legend(title=None, orient="bottom", labelFontSize=12, labelLimit=300) if last else None
    cells = base.mark_rect(stroke="#FFFFFF", strokeWidth=2).encode(
        color=alt.Color(
            "b:N",
            scale=alt.Scale(domain=[b.label for b in BANDS], range=[b.fill for b in BANDS]),
            legend=legend,
        )
    )
    texts = base.mark_text(fontSize=12).encode(
        text="t:N", color=alt.Color("i:N", scale=None) if rows else alt.value(INK)
    )
    title = alt.TitleParams(f"{state.name}: {share(state.share)}, {state.verdict}", fontSize=13)
    return (
        alt.layer(cells, texts)
        .resolve_scale(color="independent")
        .properties(width=WIDTH, height=ROW * (len(GATE_NAMES) - len(state.idle)), title=title)
    )

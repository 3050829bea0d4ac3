"""Picture: what each state's share does as one input goes from its low to its high end, all else free."""

from typing import Any

import altair as alt

from tallystick.reporting.chart import INK
from tallystick.reporting.sheet import Drawing, drawing
from tallystick.reporting.strategy.palette import FALLS, RISES
from tallystick.strategy.assessment import Assessment
from tallystick.strategy.memo.plain_words import input_name, is_choice, share
from tallystick.strategy.verdicts.sensitivity import Breakpoint
from tallystick.strategy.verdicts.state_result import StateResult

WIDTH, ROW = 430, 24
LABELS = {True: "more of it raises the share", False: "more of it lowers the share"}


def tornado_drawing(found: Assessment) -> Drawing | None:
    """One block for each state, widest bar first; None where no input moves anything."""
    drawn = [state for state in found.states if any(_number(turn) for turn in state.breakpoints)]
    if not drawn:
        return None
    charts = [_block(state, last=state is drawn[-1]) for state in drawn]
    words = " ".join(_said(state) for state in drawn)
    heading = "What drives the shares, of the numbers: one at a time, from its low end to its high end"
    return drawing(
        alt.vconcat(*charts, spacing=18).resolve_scale(color="independent"), "tornado", heading, words
    )


def _number(turn: Breakpoint) -> bool:
    """A choice has no low and high end; its effect is in the table of orders."""
    return not is_choice(turn.name) and turn.share_low != turn.share_high


def _said(state: StateResult) -> str:
    turns = sorted(filter(_number, state.breakpoints), key=_width)
    top = turns[0]
    ends = f"from {share(top.share_low)} to {share(top.share_high)}"
    return f"{state.name}: of the numbers, most moved by {input_name(top.name)}, {ends}{_choice(state)}."


def _choice(state: StateResult) -> str:
    """The choice that drives it most; it has no bar, since it has no low and high end."""
    choices = [driver for driver in state.drivers if is_choice(driver.name) and driver.total > 0]
    if not choices:
        return ""
    top = choices[0]
    return (
        f"; of the choices, by {input_name(top.name)} (total Sobol index {top.total:.2f}), which has no bar"
    )


def _width(turn: Breakpoint) -> float:
    return -abs(turn.share_high - turn.share_low)


def _block(state: StateResult, *, last: bool) -> Any:
    origins = {driver.name: driver.origin for driver in state.drivers}
    turns = sorted(filter(_number, state.breakpoints), key=_width)
    rows: list[dict[str, Any]] = [
        {
            "n": f"{input_name(turn.name)} ({origins[turn.name]})",
            "a": min(turn.share_low, turn.share_high),
            "b": max(turn.share_low, turn.share_high),
            "k": LABELS[turn.share_high > turn.share_low],
            "t": f"{share(turn.share_low)} to {share(turn.share_high)}",
        }
        for turn in turns
    ]
    scale = alt.Scale(domain=[0, 1])
    x = alt.X(
        "a:Q", scale=scale, axis=alt.Axis(title="share" if last else None, values=[0, 0.1, 0.5, 0.9, 1])
    )
    y = alt.Y("n:N", sort=[row["n"] for row in rows], axis=alt.Axis(title=None, labelLimit=250, ticks=False))
    base = alt.Chart(alt.InlineData(values=rows))
    bars = base.mark_bar(height=13).encode(
        x=x,
        x2="b:Q",
        y=y,
        color=alt.Color(
            "k:N",
            scale=alt.Scale(domain=list(LABELS.values()), range=[RISES, FALLS]),
            legend=alt.Legend(title=None, orient="bottom", labelFontSize=12, labelLimit=300)
            if last
            else None,
        ),
    )
    texts = base.mark_text(align="left", dx=6, fontSize=11, color=INK).encode(
        x=alt.X("b:Q", scale=scale), y=y, text="t:N"
    )
    rule = (
        alt.Chart(alt.InlineData(values=[{"a": state.share}]))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x=alt.X("a:Q", scale=scale))
    )
    title = alt.TitleParams(f"{state.name}: {share(state.share)} with all free (dashed)", fontSize=13)
    return (bars + texts + rule).properties(width=WIDTH, height=max(60, ROW * len(rows)), title=title)

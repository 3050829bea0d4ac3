"""Picture: what a share does as one input goes from its low to its high end, or over its words, all else
free.
"""

from dataclasses import dataclass
from typing import Any

import altair as alt

from tallystick.reporting.chart import INK
from tallystick.reporting.sheet import Drawing, drawing
from tallystick.reporting.strategy.palette import CHOICE, FALLS, RISES
from tallystick.strategy.assessment import Assessment
from tallystick.strategy.memo.plain_words import input_name, share
from tallystick.strategy.verdicts.breakpoints import Breakpoint
from tallystick.strategy.verdicts.sensitivity import Driver
from tallystick.strategy.verdicts.together import ALL

WIDTH, ROW = 430, 24
#: Figures stand to the right of a bar that ends before the first, to the left of one that begins after the
#: second, and else on the bar.
ENDS, BEGINS = 0.62, 0.38
RISING, FALLING, CHOSEN = (
    "more of it raises the share",
    "more of it lowers the share",
    "a choice: from its worst word to its best",
)
COLOURS = {RISING: RISES, FALLING: FALLS, CHOSEN: CHOICE}


@dataclass(frozen=True, slots=True)
class _Answer:
    """A state's share, or that of all together, with what moves it."""

    name: str
    share: float
    drivers: tuple[Driver, ...]
    turns: tuple[Breakpoint, ...]


def tornado_drawing(found: Assessment) -> Drawing | None:
    """One block for all together and for each state, widest bar first; None where no input moves anything."""
    answers = [
        _Answer(ALL, found.joint, found.together.drivers, _moving(found.together.breakpoints)),
        *(_Answer(one.name, one.share, one.drivers, _moving(one.breakpoints)) for one in found.states),
    ]
    drawn = [answer for answer in answers if answer.turns]
    if not drawn:
        return None
    charts = [_block(answer, last=answer is drawn[-1]) for answer in drawn]
    words = " ".join(map(_said, drawn))
    heading = "What drives the shares: one input at a time, from its low to its high end or over its words"
    return drawing(
        alt.vconcat(*charts, spacing=18).resolve_scale(color="independent"), "tornado", heading, words
    )


def _moving(turns: tuple[Breakpoint, ...]) -> tuple[Breakpoint, ...]:
    """Those that move the share, the widest first."""
    moving = [turn for turn in turns if turn.least != turn.greatest]
    return tuple(sorted(moving, key=lambda turn: turn.least - turn.greatest))


def _said(answer: _Answer) -> str:
    top = answer.turns[0]
    return f"{answer.name}: most moved by {input_name(top.name)}, {_ends(top)}."


def _ends(turn: Breakpoint) -> str:
    """``0.02 to 0.74``; of a choice with its words."""
    if not turn.by_word:
        return f"{share(turn.share_low)} to {share(turn.share_high)}"
    worst, best = (end(turn.by_word, key=lambda word: turn.by_word[word]) for end in (min, max))
    return f"{share(turn.least)} {worst} to {share(turn.greatest)} {best}"


def _kind(turn: Breakpoint) -> str:
    if turn.by_word:
        return CHOSEN
    return RISING if turn.share_high > turn.share_low else FALLING


def _place(turn: Breakpoint) -> dict[str, Any]:
    """Where the figures of a bar stand: ``p`` on which side of ``x``."""
    if turn.greatest <= ENDS:
        return {"p": "right", "x": turn.greatest}
    return {"p": "left" if turn.least >= BEGINS else "on", "x": turn.least}


def _block(answer: _Answer, *, last: bool) -> Any:
    origins = {driver.name: driver.origin for driver in answer.drivers}
    rows: list[dict[str, Any]] = [
        {
            "n": f"{input_name(turn.name)} ({origins[turn.name]})",
            "a": turn.least,
            "b": turn.greatest,
            "k": _kind(turn),
            "t": _ends(turn),
            **_place(turn),
        }
        for turn in answer.turns
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
            scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
            legend=alt.Legend(title=None, orient="bottom", labelFontSize=12, labelLimit=300)
            if last
            else None,
        ),
    )
    figures = base.mark_text(align="left", dx=6, fontSize=11).encode(
        x=alt.X("x:Q", scale=scale),
        y=y,
        text="t:N",
        color=alt.condition(
            f"datum.p == 'on' && datum.k == '{RISING}'", alt.value("#FFFFFF"), alt.value(INK)
        ),
    )
    texts = [
        figures.transform_filter("datum.p != 'left'"),
        figures.transform_filter("datum.p == 'left'").mark_text(align="right", dx=-6, fontSize=11),
    ]
    rule = (
        alt.Chart(alt.InlineData(values=[{"a": answer.share}]))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x=alt.X("a:Q", scale=scale))
    )
    title = alt.TitleParams(f"{answer.name}: {share(answer.share)} with all free (dashed)", fontSize=13)
    return alt.layer(bars, *texts, rule).properties(width=WIDTH, height=max(60, ROW * len(rows)), title=title)

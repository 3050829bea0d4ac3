"""Picture: the fragmentation map: clubs that would keep the text among themselves, and pairs that could deal."""

from math import cos, pi, sin
from typing import Any

import altair as alt

from tallystick.reporting.regimes_drawing import INK, Drawing, drawing
from tallystick.reporting.strategy_palette import KINDS
from tallystick.strategy.assessment import Assessment
from tallystick.strategy.memo.plain_words import share
from tallystick.strategy.verdicts.clubs import Club

WIDTH, HEIGHT = 640, 340
#: How far apart the lines of one pair are, in the units of the map.
APART = 0.11


def coalition_drawing(found: Assessment) -> Drawing:
    """States around a circle; lines for each pair by kind, as thick as their share."""
    names = [state.name for state in found.states][:6]
    places = _places(names)
    pairs = [club for club in found.clubs if len(club.members) == 2]
    lines = [_line(club, places) for club in pairs if set(club.members) <= set(names)]
    states = [
        {"x": x, "y": y, "t": f"{name}", "u": f"first to leave in {share(found.leaves_first[name])}"}
        for name, (x, y) in places.items()
    ]
    larger = [club for club in found.clubs if len(club.members) > 2][:3]
    notes = [f"{' + '.join(club.members)}: {share(club.share)}, {club.verdict}" for club in larger]
    words = " ".join(
        f"{' and '.join(club.members)}, {club.kind}: {share(club.share)}, {club.verdict}."
        for club in found.clubs
    )
    return drawing(
        _chart(lines, states, notes), "coalitions", "What remains: clubs and bilateral deals", words
    )


def _places(names: list[str]) -> dict[str, tuple[float, float]]:
    count = len(names)
    start = pi if count == 2 else pi / 2
    angles = [start - 2 * pi * n / count for n in range(count)]
    return {name: (1.25 * cos(a), sin(a)) for name, a in zip(names, angles, strict=True)}


def _line(club: Club, places: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """A line beside the straight one between both, on the side of its kind; its label a little off its
    middle, each kind elsewhere.
    """
    (ax, ay), (bx, by) = (places[name] for name in club.members)
    away = list(KINDS).index(club.kind) - 1
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    dx, dy = -(by - ay) / length * APART * away, (bx - ax) / length * APART * away
    at = 0.5 + 0.16 * away
    return {
        "x": ax + dx,
        "y": ay + dy,
        "x2": bx + dx,
        "y2": by + dy,
        "mx": ax + dx + at * (bx - ax),
        "my": ay + dy + at * (by - ay),
        "k": club.kind,
        "w": club.share,
        "t": share(club.share),
    }


def _chart(lines: list[dict[str, Any]], states: list[dict[str, Any]], notes: list[str]) -> Any:
    across, up = alt.Scale(domain=[-1.9, 1.9]), alt.Scale(domain=[-1.5, 1.45])
    x, y = alt.X("x:Q", scale=across, axis=None), alt.Y("y:Q", scale=up, axis=None)
    base = alt.Chart(alt.InlineData(values=lines))
    kind = alt.Color(
        "k:N",
        scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values())),
        legend=alt.Legend(
            title=None, orient="bottom", labelFontSize=12, symbolType="stroke", symbolStrokeWidth=4
        ),
    )
    width = alt.StrokeWidth("w:Q", scale=alt.Scale(domain=[0, 1], range=[0.5, 14]), legend=None)
    rules = base.mark_rule().encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=kind, strokeWidth=width)
    middle = {"x": alt.X("mx:Q", scale=across, axis=None), "y": alt.Y("my:Q", scale=up, axis=None)}
    halo = base.mark_text(fontSize=12, stroke="#FFFFFF", strokeWidth=4).encode(text="t:N", **middle)
    labels = base.mark_text(fontSize=12, color=INK).encode(text="t:N", **middle)
    nodes = alt.Chart(alt.InlineData(values=states))
    dots = nodes.mark_circle(size=1500, color="#FFFFFF", stroke=INK, strokeWidth=1.5, opacity=1).encode(
        x=x, y=y
    )
    titles = nodes.mark_text(fontSize=13, fontWeight="bold", color=INK, dy=-32).encode(x=x, y=y, text="t:N")
    under = nodes.mark_text(fontSize=11, color=INK, dy=34).encode(x=x, y=y, text="u:N")
    said = alt.Chart(alt.InlineData(values=[{"x": -1.88, "y": 1.4, "t": notes or [""]}]))
    corner = said.mark_text(align="left", baseline="top", fontSize=12, color=INK).encode(x=x, y=y, text="t:N")
    return (rules + halo + labels + dots + titles + under + corner).properties(width=WIDTH, height=HEIGHT)

"""Picture: the fragmentation map: clubs that would keep the text to themselves, and pairs that could deal."""

from math import cos, pi, sin
from typing import Any

import altair as alt

from tallystick.reporting.chart import INK
from tallystick.reporting.sheet import Drawing, drawing
from tallystick.reporting.strategy.palette import KINDS
from tallystick.strategy.assessment import Assessment
from tallystick.strategy.memo.plain_words import share
from tallystick.strategy.verdicts.clubs import MOST_STATES, Club

WIDTH, PER_UNIT = 660, 125
#: How far apart the lines of one pair are, in the units of the map, and how far names stand from the middle.
APART, NAME = 0.15, 0.5
#: Size of a label's ground, in pixels, so that no line runs through its figures.
GROUND = (36, 15)
#: Area of a state's circle, in pixels: wide enough that the lines beside the straight one end in it too.
CIRCLE = 3400
#: A share below this is no line.
DRAWN = 0.005


def coalition_drawing(found: Assessment) -> Drawing:
    """States around a circle; lines for each pair by kind, as thick as their share."""
    names = [state.name for state in found.states][:MOST_STATES]
    places = _places(names)
    pairs = [club for club in found.remaining if len(club.members) == 2 and club.share >= DRAWN]
    lines = [_line(club, places) for club in pairs if set(club.members) <= set(names)]
    states = [_node(name, places[name], found.leaves_first[name]) for name in names]
    larger = [club for club in found.remaining if len(club.members) > 2][:3]
    notes = [f"{' + '.join(club.members)} together: {share(club.share)}" for club in larger]
    words = " ".join(
        f"{' and '.join(club.members)}, {club.kind}: {share(club.share)}, {club.verdict}."
        for club in found.remaining
    )
    chart = _chart(lines, states, notes)
    return drawing(
        chart,
        "coalitions",
        "What remains: clubs and bilateral deals, all put through the gates",
        words,
    )


def _places(names: list[str]) -> dict[str, tuple[float, float]]:
    count = len(names)
    start = pi if count == 2 else pi / 2
    angles = [start - 2 * pi * n / count for n in range(count)]
    return {name: (1.35 * cos(a), sin(a)) for name, a in zip(names, angles, strict=True)}


def _node(name: str, place: tuple[float, float], leaves: float) -> dict[str, Any]:
    """A state, with its words on the side away from the middle."""
    x, y = place
    side = -1 if y < -1e-9 else 1
    said = [name, f"first to leave in {share(leaves)}"]
    return {"x": x, "y": y, "ny": y + NAME * side, "t": said}


def _line(club: Club, places: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """A line beside the straight one, each kind at its own distance from the map's middle, with its label at
    its own part of the way.
    """
    (ax, ay), (bx, by) = (places[name] for name in club.members)
    away = list(KINDS).index(club.kind) - 1
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    nx, ny = -(by - ay) / length, (bx - ax) / length
    outward = 1 if nx * (ax + bx) + ny * (ay + by) >= 0 else -1
    dx, dy = nx * outward * APART * away, ny * outward * APART * away
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
    low = min(min(node["y"], node["ny"]) for node in states) - 0.3
    high = max(max(node["y"], node["ny"]) for node in states) + 0.3
    across, up = alt.Scale(domain=[-2.1, 2.1]), alt.Scale(domain=[low, high])
    x, y = alt.X("x:Q", scale=across, axis=None), alt.Y("y:Q", scale=up, axis=None)
    middle = {"x": alt.X("mx:Q", scale=across, axis=None), "y": alt.Y("my:Q", scale=up, axis=None)}
    base = alt.Chart(alt.InlineData(values=lines))
    shown = {kind: colour for kind, colour in KINDS.items() if any(line["k"] == kind for line in lines)}
    kind = alt.Color(
        "k:N",
        scale=alt.Scale(domain=list(shown), range=list(shown.values())),
        legend=alt.Legend(
            title=None, orient="bottom", labelFontSize=12, symbolType="stroke", symbolStrokeWidth=4
        ),
    )
    width = alt.StrokeWidth("w:Q", scale=alt.Scale(domain=[0, 1], range=[1, 14]), legend=None)
    rules = base.mark_rule().encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=kind, strokeWidth=width)
    ground = base.mark_rect(color="#FFFFFF", opacity=1, width=GROUND[0], height=GROUND[1]).encode(**middle)
    labels = base.mark_text(fontSize=12, color=INK).encode(text="t:N", **middle)
    nodes = alt.Chart(alt.InlineData(values=states))
    dots = nodes.mark_circle(size=CIRCLE, color="#FFFFFF", stroke=INK, strokeWidth=1.5, opacity=1).encode(
        x=x, y=y
    )
    names = nodes.mark_text(fontSize=12, color=INK, baseline="middle").encode(
        x=x, y=alt.Y("ny:Q", scale=up, axis=None), text="t:N"
    )
    said = alt.Chart(alt.InlineData(values=[{"x": -2.08, "y": high, "t": notes or [""]}]))
    corner = said.mark_text(align="left", baseline="top", fontSize=12, color=INK).encode(x=x, y=y, text="t:N")
    return (rules + ground + labels + dots + names + corner).properties(
        width=WIDTH, height=PER_UNIT * (high - low)
    )

"""Picture: deliverables regime by regime on the left, and the works that remain after merging."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.merging import Tally, Work
from tallystick.reporting.chart import INK
from tallystick.reporting.regimes.words import recipient_words, words_of
from tallystick.reporting.sheet import SOFT, Drawing, drawing

STEP, GAP = 13.0, 8.0
WIDTH, LEFT, RIGHT = 780, 0.16, 0.6
ROUNDS = 6
#: Parts of a curve; the renderer smooths it.
CURVE = 6
#: Work for one regime only, and work that serves several.
SINGLE, SHARED = "#B4BCC3", "#0072B2"


@dataclass(frozen=True, slots=True)
class Node:
    """A work on one side: where it stands, from the top, in pixels."""

    work: Work
    regime: str
    y: float


def merge_drawing(found: Comparison) -> Drawing:
    """Deliverables that are due, or begin on a known day, before and after merging."""
    tally = found.coming
    left, right = _placed(tally)
    height = max([STEP, *(n.y for n in (*left, *right.values()))]) + STEP
    words = (
        f"{tally.sum} deliverables if each of {len(tally.separate)} regimes is served alone, {tally.union} "
        f"after merging, with {tally.filings} filings. "
        + " ".join(
            f"{words_of(n.work.capability)} serves {', '.join(n.work.regimes)}."
            for n in right.values()
            if len(n.work.regimes) > 1
        )
    )
    chart = _chart(tally, left, right, height)
    return drawing(chart, "merge", "Deliverables before and after merging", words)


def _placed(tally: Tally) -> tuple[list[Node], dict[str, Node]]:
    """Both sides, each ordered by where its links lead, a few times over, so that few of them cross."""
    goal = {id(work): _target(work, tally) for works in tally.separate.values() for work in works}
    order = {work.key: float(index) for index, work in enumerate(tally.merged)}
    left: list[Node] = []
    for _ in range(ROUNDS):
        left = _left(tally, {work: order[key] for work, key in goal.items()})
        order = _heights(left, goal)
    return left, _right(tally, order)


def _left(tally: Tally, order: dict[int, float]) -> list[Node]:
    nodes, y = [], STEP
    for regime, works in tally.separate.items():
        for work in sorted(works, key=lambda w: (order[id(w)], w.key)):
            nodes.append(Node(work, regime, y))
            y += STEP
        y += GAP
    return nodes


def _heights(left: list[Node], goal: dict[int, str]) -> dict[str, float]:
    """For each merged work the mean height of its links."""
    found: dict[str, list[float]] = {}
    for node in left:
        found.setdefault(goal[id(node.work)], []).append(node.y)
    return {key: sum(heights) / len(heights) for key, heights in found.items()}


def _right(tally: Tally, order: dict[str, float]) -> dict[str, Node]:
    """Merged works in that order, spread over the height of the left side."""
    works = sorted(tally.merged, key=lambda w: (order.get(w.key, 0.0), w.key))
    total = STEP * tally.sum + GAP * (len(tally.separate) - 1)
    step = max(STEP, total / max(1, len(works)))
    return {work.key: Node(work, "", STEP + index * step) for index, work in enumerate(works)}


def _target(work: Work, tally: Tally) -> str:
    """Where a regime's own work went: the merged work of that capability with its audience, or its duties."""
    own = {duty.key for duty in work.duties}
    same = [other for other in tally.merged if other.capability == work.capability]
    exact = [other for other in same if other.audience == work.audience]
    return (exact or [other for other in same if own & {d.key for d in other.duties}])[0].key


def _chart(tally: Tally, left: list[Node], right: dict[str, Node], height: float) -> Any:
    links, dots, names = [], [], []
    for index, node in enumerate(left):
        target = right[_target(node.work, tally)]
        shade = SHARED if len(target.work.regimes) > 1 else SINGLE
        for order, (x, y) in enumerate(_curve(node.y, target.y)):
            links.append({"id": index, "o": order, "x": x, "y": y, "c": shade})
        dots.append({"x": LEFT, "y": node.y, "c": shade})
    for node in right.values():
        shade = SHARED if len(node.work.regimes) > 1 else SINGLE
        dots.append({"x": RIGHT, "y": node.y, "c": shade})
        names.append({"x": RIGHT + 0.012, "y": node.y, "t": _label(node.work), "a": "left"})
    for regime, works in tally.separate.items():
        own = [n.y for n in left if n.regime == regime]
        if own:
            text = f"{regime}  {len(works)}"
            names.append({"x": LEFT - 0.012, "y": sum(own) / len(own), "t": text, "a": "right"})
    return _layers(links, dots, names, tally, height)


def _label(work: Work) -> str:
    where = "" if work.audience == "in the house" else f", {recipient_words(work.audience)}"
    count = len(work.regimes)
    return f"{words_of(work.capability)}{where}{f'  ×{count}' if count > 1 else ''}"


def _curve(start: float, end: float) -> list[tuple[float, float]]:
    """Points of a smooth step from left to right."""
    points = []
    for index in range(CURVE + 1):
        share = index / CURVE
        eased = share * share * (3 - 2 * share)
        points.append((LEFT + (RIGHT - LEFT) * share, start + (end - start) * eased))
    return points


def _layers(
    links: list[dict[str, Any]],
    dots: list[dict[str, Any]],
    names: list[dict[str, Any]],
    tally: Tally,
    height: float,
) -> Any:
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, -STEP], nice=False), axis=None)
    colour = alt.Color("c:N", scale=None, legend=None)
    lines = (
        alt.Chart(alt.InlineData(values=links))
        .mark_line(strokeWidth=1.6, interpolate="monotone")
        .encode(x=x, y=y, detail="id:N", order="o:Q", color=colour)
    )
    marks = (
        alt.Chart(alt.InlineData(values=dots))
        .mark_point(filled=True, size=46, opacity=1)
        .encode(x=x, y=y, color=colour)
    )
    texts = [
        alt.Chart(alt.InlineData(values=[n for n in names if n["a"] == side]))
        .mark_text(align=side, baseline="middle", fontSize=12, color=INK)
        .encode(x=x, y=y, text="t:N")
        for side in ("left", "right")
    ]
    heads = [
        {"x": LEFT, "y": -STEP * 0.6, "t": f"regime by regime: {tally.sum}"},
        {"x": RIGHT, "y": -STEP * 0.6, "t": f"after merging: {tally.union} (blue: for several regimes)"},
    ]
    titles = [
        alt.Chart(alt.InlineData(values=[head]))
        .mark_text(align="right" if head["x"] == LEFT else "left", fontSize=12, fontWeight="bold", color=SOFT)
        .encode(x=x, y=y, text="t:N")
        for head in heads
    ]
    return alt.layer(lines, marks, *texts, *titles).properties(width=WIDTH, height=height + STEP)

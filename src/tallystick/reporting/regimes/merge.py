"""Picture: deliverables regime by regime on the left, and the works that remain after merging."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt

from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.merging import HOUSE, Tally, Work
from tallystick.regimes.fragmentation.standing import LAW
from tallystick.reporting.chart import INK
from tallystick.reporting.regimes.titled import titled
from tallystick.reporting.regimes.words import audience_words, title_words, wrapped_title
from tallystick.reporting.sheet import Drawing, drawing

HEADING = "Deliverables before and after merging"
#: Height of a line of text and of a dot; between regimes; between the names of two, in pixels.
STEP, GAP, AIR = 14.0, 9.0, 6.0
#: The picture, and where the dots of both sides stand in it, in pixels.
WIDTH, LEFT, RIGHT = 760, 236, 406
#: Characters of a line on the left and on the right.
NAME, LABEL = 38, 54
ROUNDS = 6
#: Parts of a curve; the renderer smooths it.
CURVE = 6
#: Work for one regime only, and work that serves several: also told apart by width and without colour.
SINGLE, SHARED = "#A9B2BA", "#0072B2"
THIN, THICK = 1.2, 2.2


@dataclass(frozen=True, slots=True)
class Node:
    """A work on one side: the middle of its lines, from the top, in pixels; on the right with its label."""

    work: Work
    regime: str
    y: float
    lines: tuple[str, ...] = ()


def merge_drawing(found: Comparison) -> Drawing:
    """Deliverables that are due, or begin on a known day, before and after merging."""
    tally = found.coming
    names = _names(found)
    left, right = _placed(tally, {regime: len(lines) for regime, lines in names.items()})
    height = max([STEP, *(n.y + STEP * len(n.lines) / 2 for n in (*left, *right.values()))]) + STEP
    words = (
        f"{tally.sum} deliverables if each of {len(tally.separate)} regimes is served alone, {tally.union} "
        f"after merging, with {tally.filings} filings. "
        + " ".join(
            f"{title_words(n.work)}: for {', '.join(n.work.regimes)}."
            for n in right.values()
            if len(n.work.regimes) > 1
        )
    )
    title = titled(
        HEADING,
        f"{found.profile.name}: duties due on {found.at}, with those that begin on a known later day"
        f"{_until(found)}",
        f"Thick blue lines: one piece of work serves several regimes (×3: three of them). Thin grey lines: "
        f"one regime only. {tally.filings} filings to single recipients stay, however much is merged.",
    )
    chart = _chart(tally, left, right, height, names)
    return drawing(chart.properties(title=title), "merge", HEADING, words)


def _until(found: Comparison) -> str:
    """The last day on which one of them begins."""
    days = [d.coming.since for one in found.standings for d in one.duties if d.group in LAW and d.coming]
    return f" (the last on {max(days)})" if days else ""


def _names(found: Comparison) -> dict[str, tuple[str, ...]]:
    """Regime -> its id with its first day, if that is to come; and the lines of its title."""
    return {
        one.instrument.id: (
            f"{one.instrument.id}{f' from {one.begins}' if one.begins else ''}",
            *wrapped_title(one.instrument, NAME),
        )
        for one in found.standings
    }


def _placed(tally: Tally, lines: Mapping[str, int]) -> tuple[list[Node], dict[str, Node]]:
    """Both sides, each ordered by where its links lead, a few times over, so that few of them cross."""
    goal = {id(work): _target(work, tally) for works in tally.separate.values() for work in works}
    order = {work.key: float(index) for index, work in enumerate(tally.merged)}
    left: list[Node] = []
    for _ in range(ROUNDS):
        left = _left(tally, {work: order[key] for work, key in goal.items()}, lines)
        order = _heights(left, goal)
    return left, _right(tally, order, max((node.y for node in left), default=0.0))


def _left(tally: Tally, order: dict[int, float], lines: Mapping[str, int]) -> list[Node]:
    """``lines``: regime -> lines of its name, for which there is room however few its works are."""
    nodes, y = [], STEP
    for regime, works in tally.separate.items():
        spare = max(0.0, STEP * lines[regime] + AIR - STEP * len(works)) / 2
        y += spare
        for work in sorted(works, key=lambda w: (order[id(w)], w.key)):
            nodes.append(Node(work, regime, y))
            y += STEP
        y += GAP + spare
    return nodes


def _heights(left: list[Node], goal: dict[int, str]) -> dict[str, float]:
    """For each merged work the mean height of its links."""
    found: dict[str, list[float]] = {}
    for node in left:
        found.setdefault(goal[id(node.work)], []).append(node.y)
    return {key: sum(heights) / len(heights) for key, heights in found.items()}


def _right(tally: Tally, order: dict[str, float], bottom: float) -> dict[str, Node]:
    """Merged works in that order, spread over the height of the left side, each with room for its label."""
    works = sorted(tally.merged, key=lambda w: (order.get(w.key, 0.0), w.key))
    labels = {work.key: tuple(wrap(_label(work), LABEL, break_on_hyphens=False)) for work in works}
    used = sum(STEP * len(lines) for lines in labels.values())
    spare = max(3.0, (bottom - used) / max(1, len(works)))
    nodes, top = {}, STEP / 2
    for work in works:
        lines = labels[work.key]
        nodes[work.key] = Node(work, "", top + STEP * len(lines) / 2, lines)
        top += STEP * len(lines) + spare
    return nodes


def _target(work: Work, tally: Tally) -> str:
    """Where a regime's own work went: the merged work of that capability with its audience, or its duties."""
    own = {duty.key for duty in work.duties}
    same = [other for other in tally.merged if other.capability == work.capability]
    exact = [other for other in same if other.audience == work.audience]
    return (exact or [other for other in same if own & {d.key for d in other.duties}])[0].key


def _chart(
    tally: Tally, left: list[Node], right: dict[str, Node], height: float, titles: dict[str, tuple[str, ...]]
) -> Any:
    links, dots, names = [], [], []
    for index, node in enumerate(left):
        target = right[_target(node.work, tally)]
        shared = len(target.work.regimes) > 1
        for order, (x, y) in enumerate(_curve(node.y, target.y)):
            links.append({"id": index, "o": order, "x": x, "y": y, **_stroke(shared)})
        dots.append({"x": LEFT, "y": node.y, **_stroke(shared)})
    for node in right.values():
        dots.append({"x": RIGHT, "y": node.y, **_stroke(len(node.work.regimes) > 1)})
        top = node.y - STEP * (len(node.lines) - 1) / 2
        names += [_name(RIGHT + 9, top + STEP * i, line, "left") for i, line in enumerate(node.lines)]
    for regime, works in tally.separate.items():
        own = [n.y for n in left if n.regime == regime]
        if own:
            name, *title = titles[regime]
            top = sum(own) / len(own) - STEP * len(title) / 2
            names.append(_name(LEFT - 9, top, f"{name}: {len(works)}", "right", "bold"))
            names += [
                _name(LEFT - 9, top + STEP * index, line, "right") for index, line in enumerate(title, 1)
            ]
    return _layers(links, dots, names, tally, height)


def _stroke(shared: bool) -> dict[str, Any]:
    return {"c": SHARED if shared else SINGLE, "w": THICK if shared else THIN}


def _name(x: float, y: float, text: str, side: str, weight: str = "normal") -> dict[str, Any]:
    return {"x": x, "y": y, "t": text, "a": side, "w": weight}


def _label(work: Work) -> str:
    where = "" if work.audience == HOUSE else f" ({audience_words(work.audience)})"
    count = len(work.regimes)
    return f"{f'×{count}  ' if count > 1 else ''}{title_words(work)}{where}"


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
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, WIDTH], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, -2 * STEP], nice=False), axis=None)
    colour = alt.Color("c:N", scale=None, legend=None)
    lines = (
        alt.Chart(alt.InlineData(values=links))
        .mark_line(interpolate="monotone")
        .encode(
            x=x,
            y=y,
            detail="id:N",
            order="o:Q",
            color=colour,
            strokeWidth=alt.StrokeWidth("w:Q", scale=None, legend=None),
        )
    )
    marks = (
        alt.Chart(alt.InlineData(values=dots))
        .mark_point(filled=True, size=40, opacity=1)
        .encode(x=x, y=y, color=colour)
    )
    heads = [
        _name(LEFT + 4, -STEP, f"Each regime alone: {tally.sum}", "right", "bold"),
        _name(RIGHT - 4, -STEP, f"After merging: {tally.union}", "left", "bold"),
    ]
    texts = [
        alt.Chart(alt.InlineData(values=[n for n in (*names, *heads) if (n["a"], n["w"]) == (side, weight)]))
        .mark_text(align=side, baseline="middle", fontSize=11.5, fontWeight=weight, color=INK)
        .encode(x=x, y=y, text="t:N")
        for side in ("left", "right")
        for weight in ("normal", "bold")
    ]
    return alt.layer(lines, marks, *texts).properties(width=WIDTH, height=height + 2 * STEP)

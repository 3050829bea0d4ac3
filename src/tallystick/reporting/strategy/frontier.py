"""Picture: the joint share over detection and false alarms, by delay and leakage, with the frontier and the
technology profile's band on it.
"""

from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np

from tallystick.reporting.chart import INK
from tallystick.reporting.sheet import Drawing, drawing
from tallystick.reporting.strategy.palette import FINE_BANDS, band_of
from tallystick.strategy.memo.plain_words import level, share
from tallystick.strategy.memo.technology_words import headline
from tallystick.strategy.require.requirement import AxisGap, Requirement
from tallystick.strategy.require.surface import Surface

SIZE, LEGEND = 138, 690


def frontier_drawing(found: Requirement) -> Drawing:
    """Small maps: columns are delays, rows leakages. Raises ValueError where there is no surface."""
    if found.surface is None:
        raise ValueError("no surface")
    surface = found.surface
    rows = [
        alt.hconcat(
            *(_map(found, surface, t, n) for t in range(len(surface.levels["delay_years"]))),
            spacing=14,
        )
        for n in range(len(surface.levels["leakage"]))
    ]
    chart = alt.vconcat(*rows, _legend(), spacing=14)
    return drawing(chart, "frontier", "How good inspection must be", _words(found))


def _words(found: Requirement) -> str:
    line = (
        ""
        if found.target is None
        else f" Black line: least detection for a share of {share(found.target)} for all together."
    )
    return (
        "Share of draws in which all states pass, by detection at declared places and false alarms a "
        f"year. {headline(found)}{line} Dashed box: what the technology profile has, 90 % of its draws or, "
        "where not measured, all it can be."
    )


def _map(found: Requirement, surface: Surface, t: int, n: int) -> Any:
    delay, leakage = surface.levels["delay_years"][t], surface.levels["leakage"][n]
    last = n == len(surface.levels["leakage"]) - 1
    cells = _cells(surface, t, n)
    base = alt.Chart(alt.InlineData(values=cells))
    x = alt.X(
        "x0:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(title="false alarms a year" if last else None, values=[0, 0.5, 1], labels=last),
    )
    y = alt.Y(
        "y0:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(title="detection" if t == 0 else None, values=[0, 0.5, 1]),
    )
    scale = alt.Scale(domain=[b.label for b in FINE_BANDS], range=[b.fill for b in FINE_BANDS])
    shades = base.mark_rect(strokeWidth=0.8).encode(
        x=x,
        x2="x1:Q",
        y=y,
        y2="y1:Q",
        color=alt.Color("b:N", scale=scale, legend=None),
        # A border in the same colour: else the page shines through between cells.
        stroke=alt.Stroke("b:N", scale=scale, legend=None),
    )
    layers = [shades, *_line(found, surface, t, n), _band(found)]
    title = alt.TitleParams(
        f"delay {level(delay)} y, leakage {level(leakage)}", fontSize=12, fontWeight="normal"
    )
    return alt.layer(*layers).properties(width=SIZE, height=SIZE, title=title)


def _cells(surface: Surface, t: int, n: int) -> list[dict[str, Any]]:
    """One rectangle around each point of the grid, out to the middle between neighbours."""
    alarms, detection = surface.levels["false_alarm"], surface.levels["detection"]
    joint = surface.joint
    across, up = _edges(alarms), _edges(detection)
    return [
        {
            "x0": across[a],
            "x1": across[a + 1],
            "y0": up[d],
            "y1": up[d + 1],
            "b": band_of(float(joint[d, a, t, n]), FINE_BANDS).label,
        }
        for d in range(len(detection))
        for a in range(len(alarms))
    ]


def _edges(values: tuple[float, ...]) -> list[float]:
    return [values[0], *((a + b) / 2 for a, b in pairwise(values)), values[-1]]


def _line(found: Requirement, surface: Surface, t: int, n: int) -> list[Any]:
    """The frontier, where any detection suffices."""
    if found.target is None:
        return []
    frontier = surface.frontier(found.target)[:, t, n]
    points = [
        {"x0": a, "y0": float(value)}
        for a, value in zip(surface.levels["false_alarm"], frontier, strict=True)
        if not np.isnan(value)
    ]
    if not points:
        return []
    chart = alt.Chart(alt.InlineData(values=points))
    return [chart.mark_line(color="#000000", strokeWidth=2.5).encode(x="x0:Q", y="y0:Q")]


def _legend() -> Any:
    """The shades in a row below all maps."""
    starts = [0.0]
    for band in FINE_BANDS[:-1]:
        starts.append(starts[-1] + 30 + 7 * len(band.label))
    rows = [
        {"x": start, "y": 0, "t": band.label, "f": band.fill}
        for start, band in zip(starts, FINE_BANDS, strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("x:Q", scale=alt.Scale(domain=[0, LEGEND], nice=False), axis=None), y=alt.Y("y:Q", axis=None)
    )
    squares = base.mark_square(size=120, opacity=1, xOffset=8).encode(color=alt.Color("f:N", scale=None))
    texts = base.mark_text(align="left", xOffset=20, fontSize=12, color=INK).encode(text="t:N")
    return (squares + texts).properties(width=LEGEND, height=16)


def _band(found: Requirement) -> Any:
    """What the profile has of both axes, as a dashed box."""
    gaps: dict[str, AxisGap] = {gap.axis.name: gap for gap in found.gaps}
    alarms, detection = gaps["false_alarm"].profile, gaps["detection"].profile
    row = {"x0": alarms[0], "x1": alarms[2], "y0": detection[0], "y1": detection[2]}
    return (
        alt.Chart(alt.InlineData(values=[row]))
        .mark_rect(fillOpacity=0, stroke=INK, strokeDash=[5, 3], strokeWidth=1.5)
        .encode(x="x0:Q", x2="x1:Q", y="y0:Q", y2="y1:Q")
    )

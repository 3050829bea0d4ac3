"""The pictures of a report on an inspection: inline, all of one width, speaking to screen readers."""

from dataclasses import dataclass
from typing import Any

import altair as alt
from markupsafe import Markup

from tallystick.reporting.chart import GRID, inline, svg_of
from tallystick.units import NS_PER_HOUR, NS_PER_MS

#: Width of the plotted area in pixels, the same in every picture so that they line up.
PLOT_WIDTH = 780


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline SVG, what it shows in words, and the keys of the shades that it uses."""

    svg: Markup
    words: str
    shades: tuple[str, ...] = ()


def picture(chart: Any, heading: str, words: str, shades: tuple[str, ...] = ()) -> Picture:
    """Render ``chart``; ``heading`` and ``words`` are its name and description for screen readers."""
    return Picture(inline(svg_of(chart, font_px=13, padding_px=6, frame=GRID), heading, words), words, shades)


def time_axis(start_ns: int, end_ns: int, title: str = "") -> alt.X:
    """A UTC axis over one period for the field ``t`` in milliseconds since the epoch."""
    hours = (end_ns - start_ns) / NS_PER_HOUR
    return alt.X(
        "t:T",
        scale=alt.Scale(type="utc", domain=[start_ns // NS_PER_MS, end_ns // NS_PER_MS], nice=False),
        axis=alt.Axis(format="%H:%M" if hours <= 48 else "%d %b", title=title or None, tickCount=8),
    )

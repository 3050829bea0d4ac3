"""From an Altair chart to one inline SVG that needs nothing from outside and speaks to screen readers."""

import re
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from tallystick.reporting.plain_words import printable
from tallystick.units import NS_PER_HOUR, NS_PER_MS

#: Width of the plotted area in pixels, the same in every picture so that they line up.
PLOT_WIDTH = 780
INK, GRID = "#1D2429", "#D5DADE"
#: Version of the language that the installed Altair writes.
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

_NAMESPACES = re.compile(r'\s(?:xmlns(?::xlink)?|version|class|aria-[a-z]+|role|pointer-events)="[^"]*"')
_SIZE = re.compile(r'<svg width="([0-9.]+)" height="([0-9.]+)"')
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline SVG, what it shows in words, and the keys of the shades that it uses."""

    svg: Markup
    words: str
    shades: tuple[str, ...] = ()


def picture(chart: Any, heading: str, words: str, shades: tuple[str, ...] = ()) -> Picture:
    """Render ``chart``; ``heading`` and ``words`` are its name and description for screen readers."""
    styled = (
        chart.configure(background="#FFFFFF", font=FONT, padding=6, aria=False)
        .configure_view(stroke=GRID)
        .configure_axis(
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=INK,
            gridColor=GRID,
            domainColor=GRID,
            tickColor=GRID,
        )
        .configure_title(fontSize=14, color=INK, anchor="start", frame="group", fontWeight="bold", offset=6)
    )
    svg = vl_convert.vegalite_to_svg(_cleaned(styled.to_dict()), vl_version=VEGA_LITE)
    return Picture(_inline(svg, heading, words), words, shades)


def _cleaned(spec: Any) -> Any:
    """``spec`` with printable text only: the renderer aborts the whole process on a control character."""
    if isinstance(spec, dict):
        return {key: _cleaned(value) for key, value in spec.items()}
    if isinstance(spec, list):
        return [_cleaned(value) for value in spec]
    return printable(spec) if isinstance(spec, str) else spec


def _inline(svg: str, heading: str, words: str) -> Markup:
    """Drop namespaces and the library's own roles; scale to the column; name and describe the picture."""
    bare = _DECIMALS.sub(r"\1", _NAMESPACES.sub("", svg))
    text = f"<title>{escape(printable(heading))}</title><desc>{escape(printable(words))}</desc>"
    body = _SIZE.sub(r'<svg role="img" width="100%"', bare, count=1)
    # Vega escapes all text that it draws; nothing else in the picture comes from the data.
    return Markup(body.replace(">", f">{text}", 1))


def time_axis(start_ns: int, end_ns: int, title: str = "") -> alt.X:
    """A UTC axis over one period for the field ``t`` in milliseconds since the epoch."""
    hours = (end_ns - start_ns) / NS_PER_HOUR
    return alt.X(
        "t:T",
        scale=alt.Scale(type="utc", domain=[start_ns // NS_PER_MS, end_ns // NS_PER_MS], nice=False),
        axis=alt.Axis(format="%H:%M" if hours <= 48 else "%d %b", title=title or None, tickCount=8),
    )

"""From an Altair chart to an SVG that needs nothing from outside, inline or as a file, and to a PNG.

The style is that of ``drawing.py``. This module stands apart because that one loads all that a report on an
inspection needs, and a comparison of regimes needs none of it.
"""

import re
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

INK, SOFT, GRID = "#1D2429", "#4F5B64", "#D5DADE"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
PNG_SCALE = 2

_NAMESPACES = re.compile(r'\s(?:xmlns(?::xlink)?|version|class|aria-[a-z]+|role|pointer-events)="[^"]*"')
_SIZE = re.compile(r'<svg width="([0-9.]+)" height="([0-9.]+)"')
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as a whole SVG file; ``heading`` and ``words`` name and describe it for screen readers."""

    name: str
    svg: str
    heading: str
    words: str

    @property
    def inline(self) -> Markup:
        """For an HTML page: scaled to the column, without what only a file needs."""
        bare = _DECIMALS.sub(r"\1", _NAMESPACES.sub("", self.svg))
        text = f"<title>{escape(self.heading)}</title><desc>{escape(self.words)}</desc>"
        body = _SIZE.sub(r'<svg role="img" width="100%"', bare, count=1)
        # Vega escapes all text that it draws; nothing else in the picture comes from the data.
        return Markup(body.replace(">", f">{text}", 1))

    def png(self) -> bytes:
        """The same as a PNG, twice the size."""
        data: bytes = vl_convert.svg_to_png(self.svg, scale=PNG_SCALE)
        return data


def drawing(chart: Any, name: str, heading: str, words: str) -> Drawing:
    """Render the chart on a white sheet, which is readable on a dark page too."""
    styled = (
        chart.configure(background="#FFFFFF", font=FONT, padding=8, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=INK,
            gridColor=GRID,
            domainColor=GRID,
            tickColor=GRID,
        )
        .configure_title(fontSize=14, color=INK, anchor="start", frame="group", fontWeight="bold", offset=8)
    )
    svg = vl_convert.vegalite_to_svg(_cleaned(styled.to_dict(validate=False)), vl_version=VEGA_LITE)
    return Drawing(name, svg, printable(heading), printable(words))


def printable(text: str) -> str:
    """``text`` without characters that steer a terminal or break a picture."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _cleaned(spec: Any) -> Any:
    """Printable text only: the renderer aborts the whole process on a control character."""
    if isinstance(spec, dict):
        return {key: _cleaned(value) for key, value in spec.items()}
    if isinstance(spec, list):
        return [_cleaned(value) for value in spec]
    return printable(spec) if isinstance(spec, str) else spec


def words_of(name: str) -> str:
    """A name of the vocabulary for people: ``safety_framework`` as ``safety framework``."""
    return name.replace("_", " ")


#: Parts of recipients' names that are abbreviations.
SHORT = frozenset(
    {"eu", "us", "ca", "ny", "il", "ct", "kr", "cn", "un", "ai", "oes", "ag", "dfs", "dhses", "iema", "ohs"}
    | {"msit", "cac", "bis", "doe", "dhs", "ivo"}
)


def recipient_words(name: str) -> str:
    """A recipient, short, a region after ``in`` as it is: ``ny_dfs`` as ``NY DFS``."""
    recipient, apart, region = name.partition(" in ")
    words = " ".join(part.upper() if part in SHORT else part for part in recipient.split("_"))
    return f"{words}{apart}{region}"

"""From an Altair chart to SVG that needs nothing from outside: the one style of every picture."""

import re
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from tallystick.printable import printable

INK, GRID = "#1D2429", "#D5DADE"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
#: Version of the language that the installed Altair writes.
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])

_NAMESPACES = re.compile(r'\s(?:xmlns(?::xlink)?|version|class|aria-[a-z]+|role|pointer-events)="[^"]*"')
_SIZE = re.compile(r'<svg width="([0-9.]+)" height="([0-9.]+)"')
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")


def svg_of(chart: Any, *, font_px: int, padding_px: int, frame: str | None) -> str:
    """The chart on a white sheet, readable on a dark page too; ``frame`` is the colour around the plot."""
    styled = (
        chart.configure(background="#FFFFFF", font=FONT, padding=padding_px, aria=False)
        .configure_view(stroke=frame)
        .configure_axis(
            labelFontSize=font_px,
            titleFontSize=font_px,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=INK,
            gridColor=GRID,
            domainColor=GRID,
            tickColor=GRID,
        )
        .configure_title(
            fontSize=14, color=INK, anchor="start", frame="group", fontWeight="bold", offset=padding_px
        )
    )
    svg: str = vl_convert.vegalite_to_svg(_cleaned(styled.to_dict(validate=False)), vl_version=VEGA_LITE)
    return svg


def inline(svg: str, heading: str, words: str) -> Markup:
    """For an HTML page: scaled to the column, named and described for screen readers, no namespaces."""
    bare = _DECIMALS.sub(r"\1", _NAMESPACES.sub("", svg))
    text = f"<title>{escape(printable(heading))}</title><desc>{escape(printable(words))}</desc>"
    body = _SIZE.sub(r'<svg role="img" width="100%"', bare, count=1)
    # Vega escapes all text that it draws; nothing else in the picture comes from the data.
    return Markup(body.replace(">", f">{text}", 1))


def _cleaned(spec: Any) -> Any:
    """``spec`` with printable text only: the renderer aborts the whole process on a control character."""
    if isinstance(spec, dict):
        return {key: _cleaned(value) for key, value in spec.items()}
    if isinstance(spec, list):
        return [_cleaned(value) for value in spec]
    return printable(spec) if isinstance(spec, str) else spec

"""A picture as a file of its own: SVG and PNG, and inline in a page."""

from dataclasses import dataclass
from typing import Any

import vl_convert
from markupsafe import Markup

from tallystick.printable import printable
from tallystick.reporting.chart import inline, svg_of

#: Colour of what stands back.
SOFT = "#4F5B64"
PNG_SCALE = 2


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
        return inline(self.svg, self.heading, self.words)

    def png(self) -> bytes:
        """The same as a PNG, twice the size."""
        data: bytes = vl_convert.svg_to_png(self.svg, scale=PNG_SCALE)
        return data


def drawing(chart: Any, name: str, heading: str, words: str) -> Drawing:
    """Render the chart."""
    svg = svg_of(chart, font_px=12, padding_px=8, frame=None)
    return Drawing(name, svg, printable(heading), printable(words))

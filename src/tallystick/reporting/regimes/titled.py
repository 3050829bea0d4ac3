"""What stands over every picture: what it shows, of whom, on which day."""

from textwrap import wrap

import altair as alt

from tallystick.reporting.sheet import SOFT

#: Characters of one line of a subtitle that a picture of the usual width holds.
LINE = 104


def titled(heading: str, *more: str) -> alt.TitleParams:
    """The title of a picture with lines of its own below, wrapped."""
    lines = [line for text in more for line in wrap(text, LINE, break_on_hyphens=False)]
    return alt.TitleParams(
        text=heading,
        subtitle=lines,
        subtitleFontSize=12,
        subtitleColor=SOFT,
        subtitlePadding=5,
        frame="bounds",
        offset=14,
    )

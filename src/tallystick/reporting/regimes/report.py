"""The comparison as one HTML file without scripts and without requests; its pictures and data as files."""

import json
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import tallystick
from tallystick.printable import printable
from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.profile_warnings import TAKEN_AS_ABSENT
from tallystick.regimes.judging.check import NOTICE
from tallystick.regimes.law.exact import interval_text, number_text, truth_text
from tallystick.reporting.regimes import findings_text, tallies
from tallystick.reporting.regimes import text as regimes_text
from tallystick.reporting.regimes.matrix import matrix_drawing
from tallystick.reporting.regimes.merge import merge_drawing
from tallystick.reporting.regimes.reach_text import reached_lines, unreached_lines
from tallystick.reporting.regimes.timeline import timeline_drawing
from tallystick.reporting.regimes.words import (
    audience_words,
    event_words,
    recipient_words,
    title_words,
    words_of,
)
from tallystick.reporting.sheet import Drawing
from tallystick.whole_file import write_whole

#: State of a regime -> how its cell looks.
STATE_CLASS = {"binds": "state-ok", "begins": "state-not", "unknown": "state-not"}


def write_report(found: Comparison, folder: Path) -> Path:
    """Write ``report.html``, three pictures as SVG and PNG, and ``comparison.json``; return the page's path.

    Raises InputError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawings = drawings_of(found)
    for one in drawings.values():
        write_whole(folder / f"{one.name}.svg", one.svg.encode())
        write_whole(folder / f"{one.name}.png", one.png())
    write_whole(folder / "comparison.json", json.dumps(found.as_json(), indent=2).encode())
    page = folder / "report.html"
    write_whole(page, render(found, drawings).encode())
    return page.resolve()


def drawings_of(found: Comparison) -> dict[str, Drawing]:
    """The pictures that have something to show, by name."""
    drawn: dict[str, Drawing] = {}
    if any(duty.would is not False for one in found.standings for duty in one.duties):
        drawn["matrix"] = matrix_drawing(found)
    if found.timeline:
        drawn["timeline"] = timeline_drawing(found)
    if found.coming.sum:
        drawn["merge"] = merge_drawing(found)
    return drawn


def render(found: Comparison, drawings: dict[str, Drawing]) -> str:
    """The page as text. Everything from the profile and the regime files is escaped."""
    loader = PackageLoader("tallystick.reporting")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "spaced": words_of,
        "assumption": findings_text.assumption_words,
        "usd": findings_text.usd,
        "truth": truth_text,
        "number": number_text,
        "interval": interval_text,
        "audience": audience_words,
        "recipient": recipient_words,
        "title": title_words,
        "event": event_words,
        "printable": printable,
    }
    style = loader.get_source(environment, "report.css")[0]
    return environment.get_template("regimes_compare.html.jinja").render(
        style=Markup(style),
        found=found,
        text=regimes_text,
        findings=findings_text,
        tallies=list(tallies.tallies(found)),
        drawings=drawings,
        state_class=STATE_CLASS,
        absent=TAKEN_AS_ABSENT,
        quiet=[
            ("Reaches the developer, brings no duty", reached_lines(found)),
            ("Does not reach the developer, by what the profile lists", unreached_lines(found)),
        ],
        clocks=list(_clock_rows(found)),
        doubts={
            one.instrument.id: one.instrument.doubts for one in found.standings if one.state in STATE_CLASS
        },
        notice=NOTICE,
        version=tallystick.__version__,
    )


def _clock_rows(found: Comparison) -> Iterator[tuple[str, str, str, str, str, str, bool]]:
    """Event, clock, regime, duty, recipients, first day, and whether it is the strictest of its sort."""
    for event in found.clocks:
        strictest = {(running.sort, running.hours) for running in event.strictest}
        for running in event.clocks:
            duty = running.duty
            yield (
                event.event,
                running.text,
                duty.regime,
                duty.obligation.title,
                "; ".join(map(recipient_words, duty.obligation.to)),
                str(duty.coming.since) if duty.coming else "due",
                (running.sort, running.hours) in strictest,
            )

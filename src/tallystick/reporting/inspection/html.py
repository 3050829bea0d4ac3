"""The report of a mutual inspection: one HTML file without scripts and without requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import tallystick
from tallystick.inspection.sampling import ALPHA
from tallystick.printable import printable
from tallystick.reporting.drawing import Picture
from tallystick.reporting.inspection import limits, plain_words
from tallystick.reporting.inspection.balance_figure import (
    BalanceRow,
    balance_rows,
    time_picture,
    training_picture,
)
from tallystick.reporting.inspection.exchange import ExchangedFile, exchanged
from tallystick.reporting.inspection.load_figure import load_picture
from tallystick.reporting.inspection.palette import SHADES, TRAINING_KEYS
from tallystick.reporting.inspection.run_figure import run_picture
from tallystick.simulation.scenario import SCENARIOS
from tallystick.trials.mutual import Inspected, Mutual
from tallystick.units import NS_PER_HOUR, kwh_text
from tallystick.whole_file import write_whole

#: Outcome of a check -> word and mark, so that colour is never the only sign.
OUTCOMES = {True: ("ok", "✓"), False: ("failed", "✗"), None: ("not checked", "–")}


@dataclass(frozen=True)
class SiteSection:
    """All that the page says about one site."""

    inspected: Inspected
    load: Picture
    runs: Picture
    time: Picture
    training: Picture
    balance: list[BalanceRow]
    gap: str
    files: list[ExchangedFile]


def write_report(mutual: Mutual, path: Path) -> Path:
    """Write the report to ``path`` as a whole; return its absolute path."""
    write_whole(path, render_report(mutual).encode())
    return path.resolve()


def render_report(mutual: Mutual) -> str:
    """The page as text. All names and findings in it are escaped."""
    environment = Environment(
        loader=PackageLoader("tallystick.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["printable"] = printable
    environment.globals |= {"words": plain_words, "shades": SHADES, "outcomes": OUTCOMES, "kwh": kwh_text}
    loader = environment.loader
    assert loader is not None
    style = loader.get_source(environment, "report.css")[0]
    first = mutual.inspections[0]
    period = first.account.declaration.period
    return environment.get_template("report.html.jinja").render(
        style=Markup(style),
        mutual=mutual,
        sections=[site_section(i, mutual.terms.cap_flop) for i in mutual.inspections],
        accelerators=first.account.declaration.accelerators,
        hours=(period.end_ns - period.start_ns) // NS_PER_HOUR,
        unproven=limits.UNPROVEN,
        statements=limits.STATEMENTS,
        request_models=_distinct(i.account.request_model for i in mutual.inspections),
        scenarios={name: s.summary for name, s in SCENARIOS.items()},
        version=tallystick.__version__,
        alpha=ALPHA,
    )


def site_section(inspected: Inspected, cap_flop: int) -> SiteSection:
    """Draw the pictures of one site."""
    rows = balance_rows(inspected.account)
    return SiteSection(
        inspected=inspected,
        load=load_picture(inspected),
        runs=run_picture(inspected),
        time=time_picture(inspected.account),
        training=training_picture(inspected, cap_flop),
        balance=rows,
        gap=_gap(rows),
        files=list(exchanged(inspected).values()),
    )


def _gap(rows: list[BalanceRow]) -> str:
    """How declared and seen training differ, in accelerator-hours."""
    training = [r for r in rows if r.key in TRAINING_KEYS]
    declared, seen = sum(r.declared for r in training), sum(r.seen for r in training)
    side = "more" if seen > declared else "less"
    return (
        f"Declared training: {declared:,.0f} accelerator-hours. Recognised as training in the telemetry: "
        f"{seen:,.0f}, that is {abs(seen - declared):,.0f} {side}."
    )


def _distinct(values: Iterable[str]) -> list[str]:
    return [plain_words.request_source(v) for v in dict.fromkeys(values)]

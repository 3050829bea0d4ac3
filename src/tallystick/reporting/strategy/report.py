"""The report and the memo on a regime before its states: files without scripts and without requests."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import tallystick
from tallystick.printable import printable
from tallystick.reporting.sheet import Drawing
from tallystick.reporting.strategy import text as strategy_text
from tallystick.reporting.strategy.coalitions import coalition_drawing
from tallystick.reporting.strategy.explain_text import term_lines
from tallystick.reporting.strategy.frontier import frontier_drawing
from tallystick.reporting.strategy.gates_picture import gates_drawing
from tallystick.reporting.strategy.memo import memo_markdown
from tallystick.reporting.strategy.mend_text import PLURALS, mend_json
from tallystick.reporting.strategy.require_text import require_json
from tallystick.reporting.strategy.tornado import tornado_drawing
from tallystick.strategy.memo import plain_words, technology_words
from tallystick.strategy.memo.memo import Evidence, Memo, memo_of
from tallystick.strategy.require.requirement import Requirement
from tallystick.strategy.verdicts.together import ALL
from tallystick.whole_file import write_whole

VERDICT_CLASS = {"robust yes": "good", "contested": "open", "robust no": "bad", "abstains": "open"}


def write_report(evidence: Evidence, technology: str, data: str, folder: Path) -> Path:
    """Write ``report.html``, ``memo.html``, ``memo.md``, pictures as SVG and PNG, and the data as JSON;
    return the report's path. ``data``: the assessment's own JSON. Raises InputError where the folder cannot
    be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawings = drawings_of(evidence)
    for one in drawings.values():
        _write_drawing(one, folder)
    memo = memo_of(evidence)
    files = {
        "assessment.json": data,
        "require.json": json.dumps(require_json(evidence.requirement), indent=2),
        "memo.md": memo_markdown(memo),
        "memo.html": render_memo(memo),
        "report.html": render_report(evidence, technology, drawings),
    }
    if evidence.mends is not None:
        files["mend.json"] = json.dumps(mend_json(evidence.mends), indent=2)
    for name, text in files.items():
        write_whole(folder / name, text.encode())
    return (folder / "report.html").resolve()


def write_frontier(found: Requirement, data: str, folder: Path) -> None:
    """Write the picture of the frontier as SVG and PNG, and the data as JSON; no picture where nothing is
    asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if found.surface is not None:
        _write_drawing(frontier_drawing(found), folder)
    write_whole(folder / "require.json", data.encode())


def drawings_of(evidence: Evidence) -> dict[str, Drawing]:
    """The pictures that have something to show, by name."""
    found = [gates_drawing(evidence.assessment), tornado_drawing(evidence.assessment)]
    if evidence.requirement.surface is not None:
        found.append(frontier_drawing(evidence.requirement))
    if evidence.assessment.remaining:
        found.append(coalition_drawing(evidence.assessment))
    return {one.name: one for one in found if one is not None}


def _write_drawing(one: Drawing, folder: Path) -> None:
    write_whole(folder / f"{one.name}.svg", one.svg.encode())
    write_whole(folder / f"{one.name}.png", one.png())


def render_memo(memo: Memo) -> str:
    """The memo as a page."""
    return _rendered("strategy_memo.html.jinja", memo=memo)


def render_report(evidence: Evidence, technology: str, drawings: dict[str, Drawing]) -> str:
    """The report as a page. Everything from regime and profile files is escaped."""
    found = evidence.assessment
    return _rendered(
        "strategy_report.html.jinja",
        evidence=evidence,
        found=found,
        needed=evidence.requirement,
        mends=evidence.mends,
        technology=technology,
        drawings=drawings,
        memo=memo_of(evidence),
        terms=list(term_lines(evidence.terms)),
        text=strategy_text,
        words=technology_words,
        plurals=PLURALS,
        gates=plain_words.GATE_NAMES,
        placebo_limits=plain_words.PLACEBO_LIMITS,
        owners=[(ALL, found.together.drivers), *((state.name, state.drivers) for state in found.states)],
        verdict_class=VERDICT_CLASS,
    )


def _rendered(template: str, **values: Any) -> str:
    loader = PackageLoader("tallystick.reporting")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "share": plain_words.share,
        "input_name": plain_words.input_name,
        "percent": lambda part: f"{100 * part:.0f} %",
        "printable": printable,
    }
    style = Markup(loader.get_source(environment, "report.css")[0])
    page = environment.get_template(template)
    return page.render(style=style, version=tallystick.__version__, **values)

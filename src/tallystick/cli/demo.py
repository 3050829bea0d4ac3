"""``tallystick demo``: two simulated sites inspect each other."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.errors import MissingExtraError


def demo(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="Where the report and all files go; an earlier demo is replaced."
        ),
    ] = Path("tally-demo"),
    seed: Annotated[int, typer.Option("--seed", min=0, help="What the simulated sites do.")] = 60,
    accelerators: Annotated[
        int, typer.Option("--accelerators", min=1, help="Accelerators of each site.")
    ] = 256,
    hours: Annotated[int, typer.Option("--hours", min=1, help="Length of the period.")] = 24,
    as_json: JsonFlag = False,
) -> None:
    """Let two simulated states inspect each other for one day, and write a report with pictures."""
    mutual = room("tallystick.trials.mutual", "site")
    page = room("tallystick.reporting.inspection.html", "console")
    text = room("tallystick.reporting.inspection.demo_text", "site")
    to_json = room("tallystick.reporting.inspection.demo_json", "site").demo_json
    stream = sys.stderr if as_json else sys.stdout

    def write(line: str) -> None:
        print(line, end="", file=stream, flush=True)

    terms = mutual.Terms()
    lines = text.StepLines(write, watched=stream.isatty())
    lines.start(text.title(accelerators, hours, terms.cap_flop, terms.significant_flop))
    result = mutual.mutual_inspection(
        out, seed=seed, accelerators=accelerators, hours=hours, terms=terms, announce=lines.ended
    )
    required = _required()
    started = time.monotonic()
    report = page.write_report(result, out / "report.html")
    lines.ended("report", f"{report.stat().st_size / 1e6:.1f} MB, self-contained", time.monotonic() - started)
    summary = text.closing_summary(result, out / "report.html", required)
    emit(to_json(result, report) | {"required": list(required)}, summary, as_json=as_json)


def _required() -> tuple[str, ...]:
    """How good inspection must be for two invented states to keep a mutual cap, or why that is not said."""
    try:
        demonstration = room("tallystick.strategy.require.demonstration", "strategy")
    except MissingExtraError as missing:
        return (f"not asked: {missing}",)
    words = room("tallystick.strategy.memo.technology_words", "strategy")
    lines: tuple[str, ...] = words.demo_lines(demonstration.demo_requirement())
    return lines

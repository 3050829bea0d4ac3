"""``tallystick strategy backtest``: the model held against past proposals whose outcome is known."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.cli.strategy_inputs import EXTRA, SeedOption


def backtest(
    draws: Annotated[int, typer.Option("--draws", help="Draws for each case: a power of two.")] = 2048,
    seed: SeedOption = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write text, JSON and pictures there."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Hold the model against past proposals, refusals among them: scores, rivals, misses by name."""
    result = room("tallystick.strategy.backtest.backtest", EXTRA).backtest(draws=draws, seed=seed)
    data = room("tallystick.strategy.backtest.as_json", EXTRA).backtest_json(result)
    text = room("tallystick.reporting.strategy.backtest_text", EXTRA).backtest_text(result)
    if out is not None:
        room("tallystick.reporting.strategy.backtest_figure", "console").write_pictures(result, out)
        (out / "backtest.txt").write_text(text + "\n")
        (out / "backtest.json").write_text(json.dumps(data, indent=2) + "\n")
        text = f"{text}\n\nWritten to {out}"
    emit(data, text, as_json=as_json)

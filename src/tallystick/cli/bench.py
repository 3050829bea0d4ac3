"""``tallystick bench``: the measurements behind every claim."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.output import JsonFlag, emit, room, stages
from tallystick.whole_file import write_whole

app = typer.Typer(help="Measure how good the verdicts are.", no_args_is_help=True)


@app.command("workloads")
def workloads(
    quick: Annotated[
        bool, typer.Option("--quick", help="About two minutes instead of twenty, with wider errors.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the results as JSON to this file too.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """The ladder of held-out groups, evasions and their cost, runs, grouping, FLOP."""
    bench = room("tallystick.trials.bench_workloads", "analysis")
    default = bench.default_data_folder()
    data_folder = Path(os.environ.get("TALLYSTICK_REFERENCE_DATA", default))
    with stages() as progress:
        result = bench.bench_workloads(bench.QUICK if quick else bench.FULL, data_folder, progress)
    data = result.as_json()
    if out is not None:
        write_whole(out, json.dumps(data, indent=2).encode() + b"\n")
    emit(data, room("tallystick.reporting.bench_text", "analysis").bench_text(data), as_json=as_json)

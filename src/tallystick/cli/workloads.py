"""``tallystick workloads``: what a file of telemetry says about the work behind it."""

from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.output import JsonFlag, counter, emit, room
from tallystick.cli.site import open_any

app = typer.Typer(help="Tell training from other work in telemetry.", no_args_is_help=True)

#: What a file is taken for where no scheme is written before it.
SCHEME_OF_ENDING = {".parquet": "parquet", ".csv": "smi", ".prom": "dcgm", ".txt": "dcgm"}


@app.command("classify")
def classify(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Telemetry: .parquet, or SCHEME:FILE as for site ingest."),
    ],
    model: Annotated[
        Path | None, typer.Option("--model", help="Another model file; default: the one installed.")
    ] = None,
    windows: Annotated[bool, typer.Option("--windows", help="Print every window.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Say for each window of five minutes what class of work it was, how surely, and why."""
    classifier = room("tallystick.workloads.classifier", "site").Classifier.load(model)
    verdicts_room = room("tallystick.workloads.file_verdicts", "site")
    text_room = room("tallystick.reporting.window_text", "site")
    found, notes = [], []
    with counter("classify", "windows") as progress:
        for file in files:
            source = open_any(spec_of(file))
            for window in verdicts_room.window_verdicts(source, classifier):
                found.append(window)
                progress(1)
            notes += [f"{file}: {note}" for note in source.notes]
    data = {**text_room.windows_json(found, classifier.hash), "notes": notes}
    text = text_room.windows_text(found, every_window=windows)
    emit(data, "\n".join([text, *(f"Note: {note}" for note in notes)]), as_json=as_json)


def spec_of(file: str) -> str:
    """The source that a file stands for: its scheme by its ending, where none is written before it."""
    scheme = SCHEME_OF_ENDING.get(Path(file).suffix.lower(), "parquet")
    return file if ":" in file.split("/")[0] else f"{scheme}:{file}"

"""``tallystick record``: sample this machine's GPUs while a command runs."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.output import room
from tallystick.errors import InputError
from tallystick.records.workload import WorkloadClass
from tallystick.units import NS_PER_S

#: Options after the command's first word are the command's own.
SETTINGS = {"allow_interspersed_args": False}


def record(
    command: Annotated[list[str], typer.Argument(metavar="COMMAND", help="What to run and record.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.parquet", help="Default: recording-TIME.parquet.")
    ] = None,
    interval: Annotated[float, typer.Option("--interval", help="Seconds between samples, 0.1 to 1.")] = 0.5,
    label: Annotated[str, typer.Option("--label", help="What the work is called.")] = "recording",
    workload: Annotated[
        WorkloadClass | None, typer.Option("--class", help="The class that the work belongs to.")
    ] = None,
    gpus: Annotated[
        str, typer.Option("--gpus", metavar="N,N…", help="GPUs to read, by number. Default: all.")
    ] = "",
    note: Annotated[
        list[str] | None, typer.Option("--note", metavar="KEY=VALUE", help="Kept in the file; repeatable.")
    ] = None,
) -> None:
    """Record power, use, memory and NVLink of NVIDIA GPUs while a command runs, as Parquet.

    The command's exit status is passed on. Ctrl-C keeps what was recorded.
    """
    session = room("tallystick.recording.session", "site")
    commands = room("tallystick.recording.command", "site")
    path = out or Path(time.strftime("recording-%Y%m%dT%H%M%SZ.parquet", time.gmtime()))
    request = session.Request(label, workload, round(interval * NS_PER_S), _numbers(gpus), _notes(note or []))
    nvml = room("tallystick.recording.nvml", "site").load_nvml()
    clock = commands.SteadyClock()
    with commands.HeldSignals(clock) as signals:
        written = session.record(
            nvml, request, path, lambda: commands.Command(command, clock, signals), clock
        )
    print(f"tallystick: {path}: {written.summary()}", file=sys.stderr)
    raise typer.Exit(written.provenance.status)


def _numbers(gpus: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in gpus.split(",") if gpus)
    except ValueError:
        raise InputError(f"--gpus {gpus[:80]!a} is not numbers", mend="give --gpus 0,1") from None


def _notes(notes: list[str]) -> dict[str, str]:
    pairs = [note.partition("=") for note in notes]
    bad = [key for key, equals, _ in pairs if not (key and equals)]
    if bad:
        raise InputError(f"--note {bad[0][:80]!a} has no value", mend="give --note KEY=VALUE")
    return {key: value for key, _, value in pairs}

"""``tallystick site``: what the operator of a data centre types."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from tallystick.cli.output import JsonFlag, counter, emit, room
from tallystick.cli.site_claim import claim, lineage
from tallystick.execution.local import processors

app = typer.Typer(help="For the operator: keep the account of one site.", no_args_is_help=True)

#: As many as one range proof of 32 amounts has room for.
DEFAULT_LINEAGES = 8

Dir = Annotated[Path, typer.Argument(metavar="DIR", help="The site's private directory.")]


@app.command("init")
def init(
    directory: Dir,
    name: Annotated[str, typer.Option("--name", help="The site's name, as it stands in the declaration.")],
    witness: Annotated[
        Path | None,
        typer.Option("--witness", help="The other side's site directory, whose witness cosigns this log."),
    ] = None,
    inspector: Annotated[
        list[str] | None,
        typer.Option("--inspector", metavar="KEY", help="Answer this inspector's challenges; once for each."),
    ] = None,
    lineages: Annotated[
        int,
        typer.Option(
            "--lineages",
            min=0,
            max=80,
            help="Columns for lineages; a row costs twice as much past 3 and past 8.",
        ),
    ] = DEFAULT_LINEAGES,
    operator: Annotated[
        str, typer.Option("--operator", help="Who claims; the site's name where it is not said.")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Make a new site: directory, keys, empty log."""
    from tallystick.cli.inspect import agreed_keys

    inspectors = sorted(agreed_keys(inspector or (), "--inspector"), key=str)
    create = room("tallystick.site.directory", "site").SiteDirectory.create
    made = create(directory, name, witness, inspectors, lineages, operator)
    data = {
        "site": str(made.path.resolve()),
        "name": name,
        "origin": made.config.origin,
        "key": str(made.key.verifier),
        "fingerprint": made.key.verifier.fingerprint,
        "witness_key": str(made.own_witness().verifier),
        "witness_fingerprint": made.own_witness().verifier.fingerprint,
        "inspectors": [str(key) for key in inspectors],
    }
    text = (
        f"Made the site {name} in {directory}.\nFingerprints of its keys, to agree with the other side "
        "beforehand (tallystick key list prints the keys):\n"
        f"  site     {made.key.verifier.fingerprint}\n  witness  {made.own_witness().verifier.fingerprint}\n"
    )
    emit(data, f"{text}Next: tallystick site ingest {directory} SOURCE", as_json=as_json)


@app.command("ingest")
def ingest(
    directory: Dir,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…",
            help="dcgm:PATH, dmon:PATH,start=…, mlperf:PATH, parquet:PATH, simulate:SCENARIO or smi:PATH",
        ),
    ],
    as_json: JsonFlag = False,
) -> None:
    """Take samples in, and seal each quarter of an hour in the log."""
    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    ingest_room = room("tallystick.site.ingest", "site")
    opened = [open_any(spec) for spec in sources]
    source = room("tallystick.telemetry.merge", "site").merged(opened)
    with site.locked(), counter("ingest", "samples") as progress:
        if replays(sources):
            site.use_simulated_clock()
        done = ingest_room.ingest(site, source, progress)
    notes = list(source.notes)
    data = {
        "slots_sealed": done.sealed,
        "slots_known": done.known,
        "samples": done.samples,
        "meter": str(done.meter.resolve()) if done.meter else None,
        "notes": notes,
    }
    lines = [f"Sealed {done.sealed} slots, {done.samples:,} samples ({done.known} slots were sealed before)."]
    lines += [f"Note: {note}" for note in notes]
    if done.meter:
        signed = "Sealed meter's file" if source.plays_meter else "Unsigned meter's file, the operator's word"
        lines.append(f"{signed}, for both sides: {done.meter}")
    if done.sealed and site.sealed_late():
        lines.append(
            "Note: these samples are sealed long after they were taken. An inspection with a witness will "
            "say so (check 4): only samples sealed as they come were fixed in time."
        )
    lines.append(f"Next: tallystick site close {directory} --period all (or a date, or a month)")
    emit(data, "\n".join(lines), as_json=as_json)


def replays(sources: list[str]) -> bool:
    """Whether the samples' own time stands for the present: all are simulated, or played from a recording."""
    return all(spec.startswith(("simulate:", "mlperf:")) for spec in sources)


def open_any(spec: str) -> Any:
    """Open a source by its scheme."""

    def at(module: str, function: str, rest_is: Callable[[str], Any] = str) -> Any:
        return lambda rest: getattr(room(module, "site"), function)(rest_is(rest))

    schemes = {
        "dcgm": at("tallystick.telemetry.dcgm_text", "open_dcgm"),
        "dmon": at("tallystick.telemetry.dcgmi_dmon", "open_dmon"),
        "mlperf": at("tallystick.telemetry.mlperf", "open_mlperf", Path),
        "parquet": at("tallystick.telemetry.parquet", "open_parquet", Path),
        "simulate": at("tallystick.simulation.source", "open_simulation"),
        "smi": at("tallystick.telemetry.nvidia_smi", "open_smi"),
    }
    return room("tallystick.telemetry.source", "site").open_source(spec, schemes)


@app.command("close")
def close(
    directory: Dir,
    period: Annotated[
        str, typer.Option("--period", help="A date, a month, an ISO interval with time zone, or all.")
    ],
    as_json: JsonFlag = False,
) -> None:
    """Close a period: classify, find runs, commit, declare, and write one *.tally file."""
    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    with site.locked(), counter("close", "samples") as progress, counter("prove", "rows") as proven:
        run = room("tallystick.site.close", "site").close
        closed = run(site, period, progress, processors(), proven)
    summary = room("tallystick.site.summary", "site")
    emit(summary.closed_json(site, closed), summary.closed_text(site, closed), as_json=as_json)


@app.command("commit")
def commit(
    directory: Dir,
    period: Annotated[str, typer.Option("--period", help="A date, a month, an interval, or all.")] = "all",
    as_json: JsonFlag = False,
) -> None:
    """Commit and prove days ahead of the period's close, each when it ends, so that closing takes seconds."""
    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    with site.locked(), counter("commit", "samples") as progress, counter("prove", "rows") as proven:
        run = room("tallystick.site.close", "site").commit_days
        new = run(site, period, progress, processors(), proven)
    emit({"days": new}, f"Committed {new} days. Next: tallystick site close {directory}", as_json=as_json)


app.command("claim")(claim)
app.command("lineage")(lineage)


@app.command("respond")
def respond(
    directory: Dir,
    challenge: Annotated[Path, typer.Argument(metavar="CHALLENGE", help="The inspector's challenge.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write the opening.")],
    at_most: Annotated[
        float,
        typer.Option(
            "--at-most", metavar="SHARE", min=0, max=1, help="Refuse to open more than this of the period."
        ),
    ] = 0.5,
    as_json: JsonFlag = False,
) -> None:
    """Answer a challenge: open exactly what it draws."""
    from tallystick.inspection.challenge import read_challenge
    from tallystick.whole_file import write_whole

    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    asked = read_challenge(challenge)
    answer = room("tallystick.site.respond", "site")
    with site.locked(), counter("open", "blocks") as progress:
        opening = answer.respond(site, asked, progress, at_most_share=at_most)
    data = opening.encode()
    write_whole(out, data)
    blocks = sum(map(len, opening.slots))
    emit(
        {
            "opening": str(out.resolve()),
            "entries": len(opening.entries),
            "slot_blocks": blocks,
            "bytes": len(data),
            "asked_by": str(asked.inspector) if asked.inspector else None,
            "asked_by_registered": asked.inspector in site.inspectors,
        },
        f"Opened {len(opening.entries)} entries and {blocks} further quarter-hours of one subject each "
        f"({len(data) / 1e6:.1f} MB) in {out}.\nNote: {answer.asked_by(site, asked)}.",
        as_json=as_json,
    )

"""``tallystick regimes compare``: all regimes held against one developer."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.errors import InputError


def compare(
    profile: Annotated[
        Path,
        typer.Argument(metavar="PROFILE", help="A YAML or JSON file; `developer` is the shipped example."),
    ],
    at: Annotated[
        str | None, typer.Option("--at", metavar="DATE", help="The day in question; today if not given.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KIND", help="Also texts without force of this kind: bill, proposal, treaty ..."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also all bills, proposals and soft law, apart from what binds.")
    ] = False,
    own: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FILE", help="A regime file of your own; may be repeated."),
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option("--assumptions", metavar="FILE", help="Cost assumptions of your own in place of ours."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="REPORT_DIR", help="Write report.html, pictures and comparison.json."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Hold all regimes against one developer: which bind, what they ask together and by when, and the cost.

    The profile's keys, of which the first four are needed:

    \b
    schema    developer/1
    name      who it is; a note may follow
    roles     what you are: [provider, frontier_developer]
    ties      place -> ties: {EU: [places_on_market], US-CA: [develops]}
    verified  [roles, ties] where a register or an inspection bears them out
    facts     about the developer, such as developer.revenue_usd_prior_year
    models    each with name, complete, compute, facts, and ties of its own
    clusters  each with name and facts; [] says that there are none
    exports   the same

    \b
    To begin: tallystick regimes show developer --source > mine.yaml
    All names: tallystick regimes show vocabulary --source
    """
    regimes = room("tallystick.regimes.library", "regimes").load_all(own or ())
    day = room("tallystick.regimes.law.dates", "regimes").parse_date(at, "--at") if at else date.today()
    kinds = known_kinds(kind or [])
    developer = room("tallystick.regimes.fragmentation.profile", "regimes").read_profile(
        profile, regimes.vocabulary
    )
    cost = room("tallystick.regimes.fragmentation.cost", "regimes")
    assumed = cost.read_assumptions(assumptions) if assumptions else cost.read_assumptions()
    found = room("tallystick.regimes.fragmentation.comparison", "regimes").compare(
        developer, regimes, day, kinds, everything, assumptions=assumed
    )
    text = room("tallystick.reporting.regimes.text", "regimes").comparison_text(found)
    data = found.as_json()
    if out is not None:
        report = room("tallystick.reporting.regimes.report", "console").write_report(found, out)
        data["report"] = str(report)
        text = f"{text}\n\nReport  {out / 'report.html'}"
    emit(data, text, as_json=as_json)


def known_kinds(kinds: list[str]) -> list[str]:
    """The kinds, if there are such. Raises InputError."""
    known = room("tallystick.regimes.files.file_shapes", "regimes").KINDS
    for kind in kinds:
        if kind not in known:
            raise InputError(f"--kind {kind[:40]!r} is not known", mend=f"one of {', '.join(known)}")
    return kinds

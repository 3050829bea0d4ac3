"""``tallystick regimes compare``: all regimes held against one developer."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.errors import InputError

if TYPE_CHECKING:
    from tallystick.regimes.fragmentation.comparison import Comparison


ProfileArgument = Annotated[
    Path, typer.Argument(metavar="PROFILE", help="A YAML or JSON file; `developer` is the shipped example.")
]
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="DATE", help="The day in question; today if not given.")
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", metavar="KIND", help="Also texts without force of this kind: bill, proposal, treaty ..."
    ),
]
AllFlag = Annotated[
    bool, typer.Option("--all", help="Also all bills, proposals and soft law, apart from what binds.")
]
WithOption = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="FILE", help="A regime file of your own; may be repeated."),
]
AssumptionsOption = Annotated[
    Path | None,
    typer.Option("--assumptions", metavar="FILE", help="Cost assumptions of your own in place of ours."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="REPORT_DIR", help="Write report.html, pictures and comparison.json."),
]


def compare(
    profile: ProfileArgument,
    at: AtOption = None,
    kind: KindOption = None,
    everything: AllFlag = False,
    own: WithOption = None,
    assumptions: AssumptionsOption = None,
    out: OutOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Hold all regimes against one developer: duties, what they ask together and by when, and the cost.

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
    Roles and ties that are not listed are taken as absent; in `check` they are
    not stated, and unknown. Every regime that brings no duty is listed with
    its reason: no tie, no role, or no line met.

    \b
    To begin: tallystick regimes show developer --source > mine.yaml
    All names: tallystick regimes show vocabulary --source
    """
    day = room("tallystick.regimes.law.dates", "regimes").parse_date(at, "--at") if at else date.today()
    found = _compared(profile, day, known_kinds(kind or ()), everything, own or (), assumptions)
    text = room("tallystick.reporting.regimes.text", "regimes").comparison_text(found)
    data = found.as_json()
    if out is not None:
        report = room("tallystick.reporting.regimes.report", "console").write_report(found, out)
        data["report"] = str(report)
        text = f"{text}\n\nReport  {out / 'report.html'}"
    emit(data, text, as_json=as_json)


def _compared(
    profile: Path,
    day: date,
    kinds: tuple[str, ...],
    everything: bool,
    own: Sequence[Path],
    assumptions: Path | None,
) -> "Comparison":
    """The comparison of the developer in the file ``profile``. Raises InputError."""
    regimes = room("tallystick.regimes.library", "regimes").load_all(own)
    reading = room("tallystick.regimes.fragmentation.profile", "regimes")
    developer = reading.read_profile(profile, regimes.vocabulary)
    cost = room("tallystick.regimes.fragmentation.cost", "regimes")
    assumed = cost.read_assumptions(assumptions) if assumptions else cost.read_assumptions()
    comparing = room("tallystick.regimes.fragmentation.comparison", "regimes")
    found: Comparison = comparing.compare(developer, regimes, day, kinds, everything, assumptions=assumed)
    return found


def known_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """The kinds, if there are such. Raises InputError."""
    known = room("tallystick.regimes.files.file_shapes", "regimes").KINDS
    for kind in kinds:
        if kind not in known:
            raise InputError(f"no kind {kind[:40]!r}", where="--kind", mend=f"one of {', '.join(known)}")
    return tuple(kinds)

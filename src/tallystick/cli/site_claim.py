"""``tallystick site claim`` and ``site lineage``: prove something of a period, and say what counts where."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.errors import InputError
from tallystick.units import PPM

if TYPE_CHECKING:
    from tallystick.claims.figure import Figure
    from tallystick.claims.statement import ClaimStatement

Dir = Annotated[Path, typer.Argument(metavar="DIR", help="The site's private directory.")]
_FIGURES = {"time": "TIME_BOUND", "energy": "ENERGY_BOUND", "estimate": "ESTIMATE"}


def claim(
    directory: Dir,
    period: Annotated[str, typer.Option("--period", help="A closed period, as it was called.")],
    cap: Annotated[
        str,
        typer.Option("--cap", metavar="FLOP", help="Nothing above it: no lineage, nor all other training."),
    ] = "",
    total: Annotated[
        str,
        typer.Option("--total", metavar="FLOP", help="Training at most so much; `exact` opens it."),
    ] = "",
    pause: Annotated[
        str, typer.Option("--pause", metavar="FLOP", help="Training within this allowance of a pause.")
    ] = "",
    energy: Annotated[
        float | None,
        typer.Option("--energy", metavar="PERCENT", min=0, max=100, help="This near to the sealed meter."),
    ] = None,
    capacity: Annotated[
        bool, typer.Option("--capacity", help="Accelerator-time closes; opens how much of it trained.")
    ] = False,
    training_share: Annotated[
        str, typer.Option("--training-share", metavar="MIN:MAX", help="Percent of accelerator-time, as 0:25.")
    ] = "",
    figure: Annotated[
        str,
        typer.Option(
            "--figure",
            help="What FLOP mean: `time` and `energy`, bounds that hold for any program, or `estimate`.",
        ),
    ] = "time",
    as_json: JsonFlag = False,
) -> None:
    """Prove claims about a closed period, and put them into its bundle. A false one is refused.

    Whoever reads a refusal learns what breaks the claim: it is for the operator alone.
    """
    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    asked = room("tallystick.site.claims", "site")
    with site.locked():
        claimant = asked.Claimant(site, period)
        named = _figure(figure)
        statements: list[ClaimStatement] = [
            *_limits(named, cap, total, pause, claimant),
            *_measures(claimant, energy, capacity, training_share),
        ]
        if not statements:
            raise InputError("nothing is claimed", mend="add --cap, --total, --pause, --energy or --capacity")
        made = claimant.claim(statements)
    bundle = asked.bundle_file(site, period)
    sentences = [f"{statement.sentence} ({statement.figure})" for statement in statements]
    data = {"bundle": str(bundle.resolve()), "claims": sentences, "new": len(made)}
    text = "\n".join(
        [*(f"Proven: {said}" for said in sentences), f"Next: tallystick inspect verify {bundle}"]
    )
    emit(data, text, as_json=as_json)


def lineage(
    directory: Dir,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Your own name of a model's lineage.")],
    job: Annotated[list[str], typer.Option("--job", help="A run that belongs to it; once for each.")],
    as_json: JsonFlag = False,
) -> None:
    """Count runs in a lineage of their own. Runs without one count together, as other training.

    It holds for days that are committed from now on. Which column a lineage has is private and never changes.
    """
    rooms = room("tallystick.site.lineages", "site")
    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    if site.plan is None:
        raise InputError(
            "the site keeps no matrix", where=str(directory), mend="tallystick site init --lineages"
        )
    with site.locked():
        kept = rooms.read_lineages(site.path, site.plan).with_jobs(name, job)
        rooms.write_lineages(site.path, kept)
    free = kept.columns - len(kept.names)
    data = {"lineage": name, "column": kept.column(job[0]), "jobs": job, "free_columns": free}
    emit(data, f"{', '.join(job)} count in {name}; {free} lineages are free.", as_json=as_json)


def _figure(name: str) -> "Figure":
    from tallystick.claims.figure import Figure

    if name not in _FIGURES:
        raise InputError(f"figure {name[:20]!r} is unknown", mend=f"use one of: {', '.join(_FIGURES)}")
    return Figure[_FIGURES[name]]


def _limits(named: "Figure", cap: str, total: str, pause: str, claimant: Any) -> "list[ClaimStatement]":
    from tallystick.claims.cap import Cap
    from tallystick.claims.pause import Pause
    from tallystick.claims.total import Total
    from tallystick.cli.inspect import parse_flop

    found: list[ClaimStatement] = []
    if cap:
        found.append(Cap(named, parse_flop(cap)))
    if total:
        exact = total == "exact"
        found.append(claimant.prover.exact_total(named) if exact else Total(named, parse_flop(total)))
    if pause:
        found.append(Pause(named, 0 if pause == "0" else parse_flop(pause)))
    return found


def _measures(
    claimant: Any, energy: float | None, capacity: bool, training_share: str
) -> "list[ClaimStatement]":
    from tallystick.claims.classes import Classes, Share, TimeClass
    from tallystick.claims.energy import Energy

    found: list[ClaimStatement] = []
    if energy is not None:
        if claimant.meter is None:
            raise InputError("no sealed meter signed this period", mend="leave --energy out")
        site = claimant.record.context.sites[0].site
        found.append(Energy(site, claimant.meter, round(energy * PPM / 100)))
    if capacity:
        found.append(claimant.prover.balance())
    if training_share:
        least, most = _percents(training_share)
        found.append(Classes((Share(TimeClass.TRAINING, least, most),)))
    return found


def _percents(text: str) -> tuple[int, int]:
    least, _, most = text.partition(":")
    try:
        return round(float(least) * PPM / 100), round(float(most) * PPM / 100)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text[:20]!r} is no share", mend="write percent from and to, as 0:25") from error

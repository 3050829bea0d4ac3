"""``tallystick profile``: what was measured of an inspection's power, for an analysis of a regime."""

from pathlib import Path
from typing import Annotated, Any

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.records.profile import Axis, Source, TechnologyProfile, Unit, encode_profile, read_profile
from tallystick.units import PPM
from tallystick.whole_file import read_file, write_whole

app = typer.Typer(help="Turn measured error rates into a technology profile.", no_args_is_help=True)

#: Quantiles that are printed, in ppm: they hold 90 % of the draws.
LEVELS = (50_000, 500_000, 950_000)
#: Characters of the bar from 0 to 1.
BAR = 24
FILLED, HOLLOW = "*", "o"
PLURALS = {Unit.RUN: "runs", Unit.FAMILY: "families", Unit.SEARCH: "searches"}


@app.command("build")
def build(
    benchmark: Annotated[
        Path, typer.Argument(metavar="BENCH.json", help="From tallystick bench workloads --out.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The profile to write.")] = Path("profile.json"),
    draws: Annotated[int, typer.Option("--draws", help="Draws of each axis, 1 to 4000.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Draw detection, false alarms and delay from a benchmark's figures, simulated ones widened."""
    trials = room("tallystick.trials.profile", "analysis")
    data = read_file(benchmark, trials.MAX_BENCHMARK_BYTES)
    profile = trials.build_profile(data, benchmark.name, draws, seed)
    write_whole(out, encode_profile(profile))
    emit({"file": str(out), **summary(profile)}, f"{out}\n{profile_text(profile)}", as_json=as_json)


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A profile.")],
    as_json: JsonFlag = False,
) -> None:
    """Check a profile whole, its hash included, and print it."""
    profile = read_profile(file)
    emit(summary(profile), profile_text(profile), as_json=as_json)


def summary(profile: TechnologyProfile) -> dict[str, Any]:
    """The stable shape that ``--json`` prints: everything but the draws, of which it gives quantiles."""
    return {
        "hash": profile.hash,
        "benchmark": {"sha256": profile.benchmark_sha256, "size": profile.benchmark_size},
        "tool_version": profile.tool_version,
        "seed": profile.seed,
        "draws": len(profile.axes[0].draws),
        "notices": list(profile.notices),
        "gaps": [{name: getattr(gap, name) for name in gap.__dataclass_fields__} for gap in profile.gaps],
        "axes": [_axis_json(axis) for axis in profile.axes],
    }


def _axis_json(axis: Axis) -> dict[str, Any]:
    fields = {name: getattr(axis, name) for name in axis.__dataclass_fields__ if name != "draws"}
    low, median, high = (axis.quantile(level) for level in LEVELS)
    return {**fields, "p05_ppm": low, "median_ppm": median, "p95_ppm": high}


def profile_text(profile: TechnologyProfile) -> str:
    """The profile for a terminal: filled marks for what was measured, hollow ones for all else."""
    size = ", ".join(f"{name} {count}" for name, count in profile.benchmark_size.items())
    lines = [
        f"Technology profile {profile.hash}",
        f"  benchmark {profile.benchmark_sha256}",
        f"  size {size}; tallystick {profile.tool_version}, seed {profile.seed}, "
        f"{len(profile.axes[0].draws)} draws an axis",
        f"  {FILLED} measured on real telemetry   {HOLLOW} simulated or not measured; the bar holds 90 %",
    ]
    for gap in profile.gaps:
        lines.append(
            f"  gap in {gap.measure}: real ({gap.real_held_out} held out) {gap.real_ppm / PPM:.3f} of "
            f"{gap.real_families} families, simulated ({gap.simulated_held_out}) "
            f"{gap.simulated_ppm / PPM:.3f} of {gap.simulated_families}: "
            f"at most {gap.logit_milli / 1000:.2f} logits at 95 %"
        )
    quantity = ""
    for axis in profile.axes:
        if axis.quantity != quantity:
            quantity = axis.quantity
            lines += ["", f"{quantity.replace('_', ' ')}"]
        lines.append(_line(axis))
    return "\n".join([*lines, "", *(f"  {notice}" for notice in profile.notices)])


def _line(axis: Axis) -> str:
    mark = FILLED if axis.source is Source.REAL else HOLLOW
    low, median, high = (axis.quantile(level) for level in LEVELS)
    bar = [" "] * BAR
    first, middle, last = (min(BAR - 1, BAR * value // PPM) for value in (low, median, high))
    bar[first : last + 1] = "-" * (last + 1 - first)
    bar[first] = bar[last] = mark
    bar[middle] = mark
    seen = ""
    if axis.observed_ppm is not None:
        counted = axis.unit if axis.units == 1 else PLURALS.get(axis.unit, axis.unit)
        seen = f"; benchmark {axis.observed_ppm / PPM:.3f} over {axis.units} {counted}"
    return (
        f"{mark} {axis.evasion:<26} {axis.setting:<20} {axis.rule:<16} |{''.join(bar)}| "
        f"{low / PPM:.3f} {median / PPM:.3f} {high / PPM:.3f}  {axis.source}, {axis.status}{seen}"
    )

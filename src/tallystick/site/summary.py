"""What ``site close`` tells the operator: private, never part of the bundle."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tallystick.accounting.run_evidence import power_of_ten
from tallystick.records.run import Run
from tallystick.site.close import Closed
from tallystick.site.directory import SiteDirectory
from tallystick.site.found_runs import compare, known_flop
from tallystick.units import NS_PER_S, PPM, flop_text, kwh_text

#: Runs shown as text; all are in the JSON.
MOST_LINES = 20


def closed_json(site: SiteDirectory, closed: Closed) -> dict[str, Any]:
    """The form that ``--json`` prints."""
    declaration = closed.declaration
    return {
        "bundle": str(closed.bundle),
        "period": declaration.period.label,
        "energy_kwh": float(kwh_text(declaration.energy_mj)),
        "training_flop": declaration.training_flop.as_json(),
        "largest_run_flop": declaration.largest_run_flop.as_json(),
        "time_ms": {key: str(value) for key, value in declaration.time_ms.items()},
        "runs": [_run_json(run) for run in closed.runs],
        "reference": _reference_json(site, closed),
        "notes": list(site.read_known()[1]),
    }


def _reference_json(site: SiteDirectory, closed: Closed) -> dict[str, Any] | None:
    truth = site.read_jobs("truth.json")
    comparison = compare(closed.runs, truth, closed.declaration.period)
    if comparison is None:
        return None
    return {
        "adjusted_rand": comparison.adjusted_rand,
        "adjusted_rand_all": comparison.adjusted_rand_all,
        "true_runs": comparison.true_runs,
        "found_runs": comparison.found_runs,
        "known_flop": [
            {
                "job": known.job,
                "run": known.run,
                "published": str(known.flop),
                **known.interval.as_json(),
                "contained": known.contained,
            }
            for known in known_flop(closed.runs, truth, site.read_known()[0])
        ],
    }


def closed_text(site: SiteDirectory, closed: Closed) -> str:
    """The form for people."""
    declaration = closed.declaration
    lines = [
        f"Closed {declaration.period.label} of {site.config.name}: {declaration.accelerators} accelerators, "
        f"{kwh_text(declaration.energy_mj)} kWh, training {flop_text(declaration.training_flop.lower)} to "
        f"{flop_text(declaration.training_flop.upper)} FLOP.",
        f"Runs found in the telemetry ({len(closed.runs)}), largest first:",
        "  run       accelerators  start (UTC)       hours  work          kWh       FLOP lower to upper",
    ]
    largest = sorted(closed.runs, key=lambda r: r.energy_mj, reverse=True)
    lines += [_run_line(run) for run in largest[:MOST_LINES]]
    if len(largest) > MOST_LINES:
        lines.append(f"  … and {len(largest) - MOST_LINES} more (--json prints all)")
    lines += [line for run in largest for line in _evidence_lines(run)]
    comparison = compare(closed.runs, site.read_jobs("truth.json"), declaration.period)
    if comparison:
        lines.append(
            "Against what the source says really ran: adjusted Rand index "
            f"{comparison.adjusted_rand:.3f} over training, {comparison.adjusted_rand_all:.3f} "
            f"over all {comparison.true_runs} jobs ({len(closed.runs)} runs found)."
        )
    for known in known_flop(closed.runs, site.read_jobs("truth.json"), site.read_known()[0]):
        interval = known.interval
        lines.append(
            f"  {known.job} ({known.run}): published {known.flop:.3e} FLOP, found {interval.lower:.2e} to "
            f"{interval.upper:.2e}, {'contained' if known.contained else 'NOT contained'}, upper / lower "
            f"{interval.upper / max(1, interval.lower):.1f}"
        )
    lines += [f"Note: {note}" for note in site.read_known()[1]]
    lines += [f"Bundle: {closed.bundle}", f"Next: tallystick inspect verify {closed.bundle}"]
    return "\n".join(lines)


def _run_line(run: Run) -> str:
    start = datetime.fromtimestamp(run.start_ns // NS_PER_S, UTC).strftime("%Y-%m-%d %H:%M")
    hours = (run.end_ns - run.start_ns) / NS_PER_S / 3600
    work = run.workload.value if run.workload else "(abstained)"
    amount = f"{flop_text(run.flop.lower)} to {flop_text(run.flop.upper)}" if run.flop.upper else "-"
    return (
        f"  {run.id:<9} {run.accelerators:>12}  {start}  {hours:5.2f}  {work:<12} "
        f"{kwh_text(run.energy_mj):>9}  {amount}"
    )


def _evidence_lines(run: Run) -> Iterator[str]:
    """A run declared as other work that an inspector would ask about."""
    evidence = run.evidence
    if evidence is None or evidence.delay_ns is None:
        return
    share = 100 * evidence.delay_ns / (evidence.end_ns - evidence.start_ns)
    yield (
        f"  {run.id} is declared as other work ({', '.join(run.declared) or 'no job'}) and looks like "
        f"training: e-value {power_of_ten(evidence.log2_most)}, past {power_of_ten(evidence.threshold)} "
        f"after {share:.0f} % of its length"
    )


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "accelerators": run.accelerators,
        "subjects": list(run.subjects),
        "start_ns": str(run.start_ns),
        "end_ns": str(run.end_ns),
        "workload": run.workload.value if run.workload else None,
        "declared": list(run.declared),
        "energy_kwh": float(kwh_text(run.energy_mj)),
        "flop": run.flop.as_json(),
        "coherence": run.coherence_ppm / PPM,
        "evidence": run.evidence.as_json() if run.evidence else None,
    }

"""The workload benchmark as text for a terminal: every figure as it is, with its bar where there is one."""

from collections.abc import Iterator
from typing import Any

#: Accuracy that the field has reached or that is aimed at, by what is held out (simulated rows only).
BARS = {"run": 0.982, "family": 0.85, "mechanism": 0.75}

#: Run trials in words, by key, from where the promise holds to where it is void twice over.
RUN_ROWS = (
    ("families inside the reference set", "runs_like_reference"),
    ("families outside the reference set", "runs"),
    ("families that no model or reference saw", "runs_unseen_families"),
)


def bench_text(data: dict[str, Any]) -> str:
    """All sections of ``WorkloadBench.as_json``."""
    sections = (_ladder, _serving, _evasions, _site_cheats, _game, _runs, _grouping, _flop)
    return "\n".join(line for section in sections for line in (*section(data), ""))


def _ladder(data: dict[str, Any]) -> Iterator[str]:
    yield "Training or not, by what was held out while fitting (95 % by resampling families)"
    yield "  held out   source     accuracy   95 %           families  told    of these right  calibration"
    for row in data["ladder"]:
        bar = BARS.get(row["held_out"]) if row["source"] == "simulated" else None
        note = "" if bar is None else f"  bar {bar:.3f} {'reached' if row['accuracy'] >= bar else 'MISSED'}"
        yield (
            f"  {row['held_out']:<10} {row['source']:<10} {row['accuracy']:.3f}      "
            f"{row['low']:.3f}-{row['high']:.3f}    {row['families']:>3}      {1 - row['abstained']:6.1%}  "
            f"{row['accuracy_told']:.3f}           {row['calibration_error']:.3f}{note}"
        )
    if any(row["source"] == "real" for row in data["ladder"]):
        yield f"  {data['notice']}"
        yield "  Real windows are of one node's wall power; training and inference had different meters."
        yield "  No system is on both sides of a split; that training systems shared machines is possible."
    yield "  Recall by class without abstaining, and how often the conformal set holds the true class"
    for row in data["ladder"]:
        recall = "  ".join(f"{name} {value:.2f}" for name, value in row["recall"].items())
        yield (
            f"    {row['held_out']:<10} {row['source']:<10} {recall}  |  sets {row['coverage']:.3f}, "
            f"worst class {row['coverage_worst']:.3f}"
        )


def _serving(data: dict[str, Any]) -> Iterator[str]:
    s = data["serving"]
    yield "Serving that was never seen (simulated; 0.93 called training in the published re-analysis)"
    yield (
        f"  called training {s['false_positive']:.3f}, abstained {s['abstained']:.3f}; "
        f"where a class is forced {s['forced_false_positive']:.3f}"
    )


def _evasions(data: dict[str, Any]) -> Iterator[str]:
    yield "Evasions, each left out while fitting, at 1 % false positives (simulated; costs modelled)"
    yield "  family                     windows found   95 %        runs found  training left  energy"
    rows = [row for row in data["evasions"] if row["level"] == "window"]
    for row in sorted(rows, key=lambda r: r["detection"]):
        cost = row["cost"]
        yield (
            f"  {row['family']:<26} {row['detection']:6.3f}          {row['low']:.2f}-{row['high']:.2f}    "
            f"{row['run_detection']:6.2f}      {cost['throughput_ppm'] / 10_000:5.0f} %        "
            f"{cost['energy_ppm'] / 10_000:5.0f} %"
        )


def _site_cheats(data: dict[str, Any]) -> Iterator[str]:
    rows = [row for row in data["evasions"] if row["level"] == "site"]
    yield "Cheats at the level of a site, were all of it inspected (simulated; costs modelled)"
    yield "  cheat              sites found  95 %       windows  training left  found by"
    for row in rows:
        by = ", ".join(f"{check} {share:.2f}" for check, share in row["by_check"].items() if share)
        yield (
            f"  {row['family']:<18} {row['detection']:6.2f}       {row['low']:.2f}-{row['high']:.2f}  "
            f"{row['windows_found']:6.3f}   {row['cost']['throughput_ppm'] / 10_000:5.0f} %         "
            f"{by or 'nothing'}"
        )
        yield f"    {row['does']}"
    if rows:
        alarms = ", ".join(
            f"{check} {share:.2f}" for check, share in rows[0]["false_by_check"].items() if share
        )
        yield (
            f"  false alarms on {rows[0]['honest_sites']} honest sites: {rows[0]['false_alarms']:.2f} "
            f"({alarms or 'no check'})"
        )
        yield "  No check looks for readings repeated over time."
        yield "  Windows: those of the hidden run that are judged training from what is reported."


def _game(data: dict[str, Any]) -> Iterator[str]:
    game, adaptive = data["game"], data["adaptive"]
    yield "The game of evasion against threshold (simulated)"
    mix = ", ".join(f"{family} {p:.2f}" for family, p in game["evader"].items())
    thresholds = ", ".join(f"{rate} {p:.2f}" for rate, p in game["inspector"].items())
    yield f"  value {game['value']:.3f} of a run's training unseen; evader {mix}"
    yield f"  inspector's false positives {thresholds}"
    yield (
        f"  adaptive evader, {adaptive['queries']} queries: {adaptive['detection']:.3f} of windows found, "
        f"{adaptive['detection_on_new_programs']:.3f} on new programs; keeps "
        f"{adaptive['cost']['throughput_ppm'] / 10_000:.0f} % of training ({adaptive['chain']})"
    )


def _runs(data: dict[str, Any]) -> Iterator[str]:
    yield "Runs of many hours, one e-value each (simulated)"
    for name, key in RUN_ROWS:
        r = data[key]
        hours = "never" if r["delay_h"] is None else f"{r['delay_h']:.1f} h"
        yield (
            f"  {name}: {r['detection']:.3f} of {r['training_runs']} training runs named, after "
            f"{r['delay']:.2f} of their length ({hours}); {r['false_alarms']} of "
            f"{r['permitted_runs']} permitted runs accused, {r['false_alarms_per_site_year']:.0f} a "
            f"site-year (at most {r['false_alarms_high']:.0f} at 95 %)"
        )
        yield f"    {_promise(r)}"
        if r["accused"]:
            yield "    accused: " + ", ".join(f"{name} {count}" for name, count in r["accused"].items())
    r = data["runs_like_reference"]
    yield (
        f"  Null, as shipped: {r['reference_share']:.2f} of a permitted run's accelerators judged training "
        f"in any hour; half of it is margin over the {r['reference_runs']} runs inside the reference set."
    )
    yield f"  Outside the reference set: {', '.join(data['runs']['families'])}"


def _promise(r: dict[str, Any]) -> str:
    """What is promised of false accusations, and whether the runs at hand show it."""
    promised, low, high = (r[k] for k in ("promised_per_site_year", "false_alarms_low", "false_alarms_high"))
    if promised is None:
        return "promised: nothing, these permitted runs are outside the reference set"
    if high <= promised:
        said = "demonstrated"
    elif low > promised:
        said = f"REFUTED, at least {low:.1f} at 95 %"
    else:
        said = f"not demonstrated by {r['permitted_runs']} runs"
    return f"promised: at most {promised:g} a site-year; {said}"


def _grouping(data: dict[str, Any]) -> Iterator[str]:
    g = data["grouping"]
    yield "Runs found in overlays of real runs, ten minutes of node power"
    if not g:
        yield "  not measured: no reference data"
        return
    yield f"  {data['notice']}"
    yield (
        f"  adjusted Rand index: mean {g['ari_10min_mean']:.3f}, median {g['ari_10min']:.3f}, "
        f"5th percentile {g['ari_10min_p5']:.3f}, worst {g['ari_10min_worst']:.3f}"
    )


def _flop(data: dict[str, Any]) -> Iterator[str]:
    yield "FLOP of runs that no calibration saw"
    if not data["flop"]:
        yield "  not measured: no reference data"
        return
    yield f"  {data['notice']}"
    yield "  channels                   method                              held out    within 30 % intervals"
    for row in data["flop"]:
        error = f"median error {_share(row['median_error'])}"
        yield (
            f"  {row['channels']:<26} {row['method']:<35} {row['held_out']:<11} "
            f"{_share(row['within_30pct']):<12} {_share(row['coverage']):<10} {error}  "
            f"{row['runs']} runs, {row['systems']} systems"
        )


def _share(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"

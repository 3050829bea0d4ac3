"""How far simulated readings are from real ones. The figures are printed; the bounds only catch breakage.

Nothing in the simulator was fitted to these figures. MLPerf figures are derived from MLPerf logs, not
verified by MLCommons Association.
"""

import csv
import gzip
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.chip import CHIPS
from tallystick.simulation.corpus import CorpusSource
from tallystick.simulation.work_kind import WorkKind

Floats = npt.NDArray[np.float64]

DATA = Path(
    os.environ.get("TALLYSTICK_REFERENCE_DATA", Path(__file__).resolve().parents[4] / "shared" / "data")
)
ACME, MLPERF = DATA / "acmetrace_cdf", DATA / "mlperf_power"
needs_acme = pytest.mark.skipif(not ACME.is_dir(), reason=f"no reference data in {ACME}")
needs_mlperf = pytest.mark.skipif(not MLPERF.is_dir(), reason=f"no reference data in {MLPERF}")

GRID = np.arange(0.5, 1000) / 1000
#: Series of the utilisation files. The file's tensor and memory series are one and the same numbers in both
#: clusters, so that one of the two must be the other's; it is compared with both.
SERIES = {"util": "0", "SM": "2", "tensor": "3", "DRAM": "3"}
#: Greatest gaps beyond which something broke: what was first seen, and a good deal more.
BREAKAGE = {"power": 0.55, "util": 0.5, "SM": 0.5, "tensor": 0.75, "DRAM": 0.95}
CHANNEL = {
    "util": "DCGM_FI_DEV_GPU_UTIL",
    "SM": "DCGM_FI_PROF_SM_ACTIVE",
    "tensor": "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
    "DRAM": "DCGM_FI_PROF_DRAM_ACTIVE",
}
#: Shares of job GPU time that went to pretraining: assumed after arXiv 2403.07648 (section 3), as the summary
#: of clusters does not tell kinds of jobs apart. The rest is dealt evenly to fine-tuning and inference.
PRETRAINING = {"seren": 0.70, "kalos": 0.94}
#: Seren's accelerators and the trace's seconds (March to August 2023), from the same paper.
SEREN_ACCELERATORS, TRACE_S = 2288, 184 * 86_400


@cache
def acme(file: str, series: str) -> Floats:
    """A real distribution as its values at evenly spaced quantiles."""
    with gzip.open(ACME / "cdf.csv.gz", "rt", newline="") as text:
        rows = [
            (float(r["x"]), float(r["cdf_pct"]))
            for r in csv.DictReader(text)
            if (r["file"], r["series"]) == (file, series)
        ]
    x, percent = np.array(rows).T
    return np.asarray(np.interp(GRID, percent / 100, x))


def seren_busy() -> float:
    """Job GPU time over what the cluster had."""
    with (ACME / "cluster_summary.csv").open(newline="") as text:
        row = next(r for r in csv.DictReader(text) if r["id"] == "Seren")
    used = sum(float(row[f"{end}_gpu_time"]) for end in ("complete", "cancel", "fail"))
    return used / (SEREN_ACCELERATORS * TRACE_S)


@cache
def simulated() -> dict[tuple[WorkloadClass, str], Floats]:
    """Readings of an A100 corpus every 15 s, by class and channel: shares in %, power in W."""
    source = CorpusSource(CATALOGUE, 70_001, interval_s=15, chip=CHIPS["a100-sxm4-80"])
    of = {a: job.workload for job in source.truth() for a in job.subjects}
    parts: dict[tuple[WorkloadClass, str], list[Floats]] = {}
    for table in source.slots():
        names = {**CHANNEL, "power": "DCGM_FI_DEV_POWER_USAGE"}
        bounds = table.bounds()
        for i, subject in enumerate(table.subjects):
            if subject.kind is SubjectKind.ACCELERATOR:
                for short, channel in names.items():
                    values = table.channels[channel][bounds[i] : bounds[i + 1]]
                    scale = 1000 if short == "power" else 10_000
                    parts.setdefault((of[subject.name], short), []).append(values[values != MISSING] / scale)
    return {key: np.concatenate(each) for key, each in parts.items()}


def mixed(channel: str, shares: dict[WorkloadClass, float]) -> tuple[Floats, Floats]:
    """Values and weights of a site whose time is divided by ``shares``."""
    each = {c: simulated()[c, channel] for c in shares}
    weights = [np.full(len(v), shares[c] / len(v)) for c, v in each.items()]
    return np.concatenate(list(each.values())), np.concatenate(weights)


def distances(values: Floats, weights: Floats, real: Floats) -> tuple[float, float]:
    """Kolmogorov-Smirnov: greatest gap of the two distributions; Wasserstein: mean gap of their quantiles."""
    order = np.argsort(values)
    values, reached = values[order], np.cumsum(weights[order]) / weights.sum()
    at = np.unique(np.concatenate([values, real]))
    ours = np.concatenate([[0], reached])[np.searchsorted(values, at, side="right")]
    theirs = np.searchsorted(np.sort(real), at, side="right") / len(real)
    quantiles = values[np.minimum(np.searchsorted(reached, GRID), len(values) - 1)]
    return float(np.abs(ours - theirs).max()), float(np.abs(quantiles - np.quantile(real, GRID)).mean())


def shares_of(cluster: str, busy: float) -> dict[WorkloadClass, float]:
    rest = (1 - PRETRAINING[cluster]) / 2
    return {
        WorkloadClass.PRETRAINING: busy * PRETRAINING[cluster],
        WorkloadClass.FINE_TUNING: busy * rest,
        WorkloadClass.INFERENCE: busy * rest,
        WorkloadClass.IDLE: 1 - busy,
    }


@needs_acme
@pytest.mark.parametrize("cluster", ["seren", "kalos"])
def test_distance_to_two_llm_clusters(cluster: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = {"seren": "util_gpu_seren", "kalos": "util_gpu_kalos_full"}[cluster]
    in_use = float((acme(file, "0") > 0).mean())
    # The summary's GPU time would leave Kalos busy for a seventh of the time, against its own utilisation.
    busy = seren_busy() if cluster == "seren" else in_use
    lines = [
        f"\nsimulated A100 site and {cluster} (AcmeTrace, CC BY 4.0), busy {busy:.2f}, in use {in_use:.2f}"
    ]
    found = [("power", *mixed("power", shares_of(cluster, busy)), acme(f"gpu_power_{cluster}", "0"))]
    for name, series in SERIES.items():
        values, weights = mixed(name, shares_of(cluster, 1.0))
        real = acme(file, series)
        at_work = values > 0.5
        found.append((name, values[at_work], weights[at_work], real[real > 0.5]))
    for name, values, weights, real in found:
        text = "power, W" if name == "power" else f"{name} at work, %"
        gap, mean_gap = distances(values, weights, real)
        middle = float(np.interp(0.5, np.cumsum(weights[o := np.argsort(values)]) / weights.sum(), values[o]))
        lines.append(
            f"  {text:20s} greatest gap {gap:.2f}, mean gap {mean_gap:6.1f},"
            f" medians {middle:6.1f} and {np.median(real):6.1f}"
        )
        assert gap < BREAKAGE[name], name
    with capsys.disabled():
        print("\n".join(lines))


def node_figures(watts: Floats) -> tuple[float, float, float]:
    """Mean in kW, deviation of 2 s differences in % of the mean, and their autocorrelation at one step."""
    steps = np.diff(watts)
    moved = steps.std()
    together = float(np.corrcoef(steps[1:], steps[:-1])[0, 1]) if moved > 0 else 0.0
    return float(watts.mean() / 1000), float(100 * moved / watts.mean()), together


def alike(nodes: Sequence[Floats]) -> float:
    """Median correlation of 2 s differences over pairs of nodes, copies of one another left out."""
    table = np.corrcoef(np.diff(np.stack(nodes), axis=1))
    pairs = table[np.triu_indices(len(nodes), 1)]
    return float(np.median(pairs[pairs < 0.9999]))


def real_runs() -> Iterator[tuple[str, list[Floats]]]:
    """One AC run of each benchmark and size: 2 s power of at most 16 nodes after the first two minutes."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with (MLPERF / "training_runs.csv").open(newline="") as text:
        rows = [r for r in csv.DictReader(text) if r["meter"] == "AC"]
    chosen = {(r["benchmark"], int(r["nodes"])): r for r in reversed(rows)}
    power = pq.read_table(
        MLPERF / "training_node_power.parquet",
        filters=pc.field("run").isin([int(r["run"]) for r in chosen.values()]),
    )
    run, node, t_s, watts = (power.column(c).to_numpy() for c in ("run", "node", "t_s", "watts"))
    for (benchmark, count), row in chosen.items():
        end_s = float(row["duration_s"])
        here = (run == int(row["run"])) & (node >= 0) & (t_s > min(120, end_s / 3)) & (t_s < end_s)
        nodes = [watts[here & (node == n)].astype(np.float64) for n in np.unique(node[here])[:16]]
        shortest = min(len(n) for n in nodes)
        if shortest >= 60:
            yield f"{benchmark} on {count}", [n[:shortest] for n in nodes]


def simulated_runs(kinds: Sequence[WorkKind], seed: int) -> Iterator[tuple[str, list[Floats]]]:
    """2 s power of the nodes of one job of each kind on H100s, start left out."""
    source = CorpusSource(kinds, seed, interval_s=2)
    tables = list(source.slots())
    place = {s.name: i for i, s in enumerate(source.inventory())}
    labels = source.labels()
    for job in source.truth():
        nodes = []
        for name in sorted({a.split("-")[0] for a in job.subjects}):
            parts = [t.channels["NODE_POWER_USAGE"][slice(*t.bounds()[place[name] :][:2])] for t in tables]
            nodes.append(np.concatenate(parts)[60:] / 1000)
        shortest = min(len(n) for n in nodes)
        yield labels[job.job].name, [n[:shortest] for n in nodes]


@needs_mlperf
def test_distance_to_metered_training_nodes(capsys: pytest.CaptureFixture[str]) -> None:
    real = {name: node_figures(nodes[0]) for name, nodes in real_runs()}
    kinds = [k for k in CATALOGUE if k.workload.is_training]
    ours = {name: node_figures(nodes[0]) for name, nodes in simulated_runs(kinds, 70_002)}
    lines = [
        "\nnode power of training every 2 s; derived from MLPerf logs, not verified by MLCommons Association"
    ]
    bounds = {"mean, kW": 2.5, "differences, % of mean": 20.0, "autocorrelation of differences": 0.4}
    for column, (what, breakage) in enumerate(bounds.items()):
        a = np.array([figures[column] for figures in ours.values()])
        b = np.array([figures[column] for figures in real.values()])
        gap, mean_gap = distances(a, np.ones(len(a)), b)
        lines.append(
            f"  {what:30s} greatest gap {gap:.2f}, mean gap {mean_gap:6.2f}; simulated {np.median(a):6.2f}"
            f" ({a.min():.2f} to {a.max():.2f}), real {np.median(b):6.2f} ({b.min():.2f} to {b.max():.2f})"
        )
        assert mean_gap < breakage, what
    with capsys.disabled():
        print("\n".join(lines))


@needs_mlperf
def test_nodes_of_one_run_move_together_as_real_ones_do(capsys: pytest.CaptureFixture[str]) -> None:
    real = {name: alike(nodes) for name, nodes in real_runs() if len(nodes) > 1}
    dense = [k for k in CATALOGUE if k.family == "dense transformer"]
    eight = [replace(k, least_nodes=8, most_nodes=8) for k in dense]
    found = [alike(nodes) for seed in (70_003, 70_004) for _, nodes in simulated_runs(eight, seed)]
    with capsys.disabled():
        print(
            "\ncorrelation of 2 s differences between nodes, median over pairs; derived from MLPerf logs, not"
        )
        print("verified by MLCommons Association. real:", {k: round(v, 2) for k, v in real.items()})
        print("  simulated pretraining on 8 nodes:", sorted(round(v, 2) for v in found))
    assert 0.1 < np.median(found) < 0.99

"""Fits the shipped classifier on simulated sites: ``python -m tallystick.trials.fit [MODEL]``.

Seeds 0 to 99 are never touched: demonstrations use them. Trees are fitted with LightGBM on seeds from 1000,
turned into integers, and then calibrated on seeds from 3000 that the trees never saw: confidence by margin,
and the margin below which the classifier abstains. Seeds from 5000 are for ``trials.evaluate`` alone. The
same versions of the libraries give the same bytes; the file, not this program, is what an inspection pins.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES
from tallystick.simulation.source import open_simulation
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64
from tallystick.trials.boosting import boosted_trees
from tallystick.trials.labels import LabelledWindows, labelled_windows
from tallystick.units import PPM
from tallystick.workloads.classifier import top_and_margin
from tallystick.workloads.features import FEATURES
from tallystick.workloads.model import FORMAT, encode_model, parse_model
from tallystick.workloads.trees import SCORE_ONE, Tree, forest

FIT_SEEDS = range(1000, 1800)
CALIBRATION_SEEDS = range(3000, 3080)
#: Windows of a run look alike, so a share of them, drawn with a fixed seed, is enough.
MOST_WINDOWS_PER_CLASS = 30_000
#: A verdict is given only where windows with its margin were right at least this often.
LEAST_CONFIDENCE_PPM = 900_000
MARGIN_STEPS = 24
#: A window with more than this part of its features outside the fitted range is unlike anything known.
STRANGE_PART = 8


@dataclass(frozen=True)
class Calibration:
    """Confidence by margin, the margin below which to abstain, and how many strange features are too many."""

    confidence: list[list[int]]
    abstain_below: int
    most_outside: int


def simulated_sites(seeds: range, accelerators: int = 64, hours: int = 4) -> Iterator[Source]:
    """Many small sites, since jobs differ more than hours do; scenario and cadence go by the seed."""
    for seed in seeds:
        scenario = "relabel" if seed % 2 else "honest"
        interval = (10, 10, 5, 2)[seed % 4]
        yield open_simulation(
            f"{scenario},seed={seed},accelerators={accelerators},hours={hours},interval={interval}"
        )


def fit_kind(fitting: LabelledWindows, calibration: LabelledWindows) -> dict[str, object]:
    """One kind's part of the model file."""
    fitting = balanced(fitting.chosen(np.flatnonzero(fitting.pure)))
    present = sorted(set(fitting.label.tolist()))
    trees = boosted_trees(fitting.values, np.searchsorted(present, fitting.label), len(present))
    low, high = _range(fitting.values)
    calibrated = calibrate(trees, present, calibration, len(low))
    return {
        "classes": [CLASSES[k].value for k in present],
        "features": [f.name for f in FEATURES[fitting.kind]],
        "trees": [
            {"class": t.of_class, "nodes": [list(n) for n in t.nodes], "leaves": list(t.leaves)}
            for t in trees
        ],
        "confidence": calibrated.confidence,
        "abstain_below": calibrated.abstain_below,
        "low": low.tolist(),
        "high": high.tolist(),
        "most_outside": calibrated.most_outside,
    }


def balanced(windows: LabelledWindows) -> LabelledWindows:
    """At most MOST_WINDOWS_PER_CLASS of each class, drawn with a fixed seed."""
    rng = np.random.default_rng(0)
    rows = []
    for label in np.unique(windows.label):
        of_label = np.flatnonzero(windows.label == label)
        rows.append(rng.permutation(of_label)[:MOST_WINDOWS_PER_CLASS])
    return windows.chosen(np.sort(np.concatenate(rows)))


def calibrate(trees: list[Tree], present: list[int], held_out: LabelledWindows, features: int) -> Calibration:
    """Confidence on held-out windows: shares right by margin, made to rise with it."""
    best, margin = top_and_margin(forest(trees, len(present)).scores(held_out.values))
    right = np.array(present, np.int64)[best] == held_out.label
    order = np.argsort(margin, kind="stable")
    parts = [p for p in np.array_split(order, MARGIN_STEPS) if len(p)]
    starts = [0, *(int(margin[p[0]]) for p in parts[1:])]
    shares = _rising([int(right[p].sum()) for p in parts], [len(p) for p in parts])
    table: dict[int, int] = {}
    for start, share in zip(starts, shares, strict=True):
        table[start] = share
    confident = [start for start, share in table.items() if share >= LEAST_CONFIDENCE_PPM]
    never = int(margin.max()) + SCORE_ONE
    confidence = [[m, c] for m, c in sorted(table.items())]
    return Calibration(confidence, min(confident, default=never), features // STRANGE_PART)


def _rising(right: list[int], total: list[int]) -> list[int]:
    """Shares in ppm made non-decreasing by pooling neighbours (pool adjacent violators)."""
    pools: list[tuple[int, int, int]] = []
    for r, n in zip(right, total, strict=True):
        pools.append((r, n, 1))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            (r1, n1, k1), (r2, n2, k2) = pools[-2:]
            pools[-2:] = [(r1 + r2, n1 + n2, k1 + k2)]
    return [r * PPM // n for r, n, k in pools for _ in range(k)]


def _range(values: Int64) -> tuple[Int64, Int64]:
    """Least and greatest of each feature, MISSING being the least of all; widened by a tenth."""
    known = values != MISSING
    least = np.where(known, values, np.iinfo(np.int64).max).min(axis=0)
    high = values.max(axis=0)
    margin = np.where(known.any(axis=0), (high - least) // 10, 0)
    low = np.where(known.all(axis=0), least - margin, MISSING)
    return low, np.where(known.any(axis=0), high + margin, MISSING)


def fit() -> bytes:
    """The bytes of a new model file."""
    models = {}
    for kind in (SubjectKind.ACCELERATOR, SubjectKind.NODE):
        fitting = labelled_windows(simulated_sites(FIT_SEEDS), kind)
        calibration = labelled_windows(simulated_sites(CALIBRATION_SEEDS), kind)
        models[kind.value] = fit_kind(fitting, calibration)
    data = encode_model({"format": FORMAT, "models": models})
    parse_model(data, "the new model")
    return data


def main() -> None:
    """Writes the model to the path given, or over the shipped one."""
    shipped = Path(__file__).parents[1] / "workloads" / "model.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped
    data = fit()
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(data)
    temporary.replace(path)
    print(f"{path}: {len(data)} bytes")


if __name__ == "__main__":
    main()

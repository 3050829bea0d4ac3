"""Where the run finder's constants come from: ``python -m tallystick.trials.overlay_tuning FOLDER``.

Every constant is tried at its neighbours, all others as they are, on composite sites of runs that
``trials.overlay`` does not measure (its HELD_OUT rows): stretches of ten minutes of one gpt3 run at random,
two of twenty minutes as if they were copies begun within three seconds, runs of fine-tuning on 64 nodes
strung together to ten minutes, each as if it restarted every two, and runs of eight nodes, beside single
nodes with even numbers. The score is the mean adjusted Rand index over all sites
of both meters; a constant is kept where no neighbour is better by more than TOLERANCE, which is about one
standard error of the difference.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np

from tallystick.telemetry.mlperf import NOTICE
from tallystick.telemetry.mlperf_files import PairedRun, Readings
from tallystick.trials.overlay import LATER_MINUTES, TUNED_RUN, Part, grouped, real_runs
from tallystick.trials.overlay_reasons import evaluations
from tallystick.units import NS_PER_MINUTE, NS_PER_S
from tallystick.workloads import lockstep_ahead, lockstep_clusters, lockstep_copies, lockstep_series

DRAWS, SEED, TOLERANCE = 12, 300, 0.005
STRETCHES, STRETCH_MINUTES = 3, 10
STRUNG, STRUNG_S, STRUNG_MINUTES = 5, 114, 9
SMALL, SMALL_RUNS, SMALL_MINUTES, SINGLES = ("llama2_70b_lora", "ssd"), 5, 4, 4
LARGE_NODES, SMALL_NODES = 64, 8
#: Copies begin this many seconds apart, at least and at most: closer ones are one run on power alone.
COPIES_APART_S = (0.4, 3.0)

#: Module, name, and the values tried, the shipped one among them.
TRIED: tuple[tuple[ModuleType, str, tuple[float, ...]], ...] = (
    (lockstep_clusters, "ERRORS", (2.0, 2.5, 3.0)),
    (lockstep_clusters, "SHARED", (0.3, 0.4, 0.5)),
    (lockstep_clusters, "ALIGNED", (0.8, 0.9, 0.95)),
    (lockstep_clusters, "ALIGNED_MANY", (0.9, 0.95, 0.98)),
    (lockstep_ahead, "ALIGNED_MANY", (0.9, 0.95, 0.98)),
    (lockstep_copies, "ALIKE", (0.5, 0.6, 0.7)),
    (lockstep_copies, "CHANCE", (1.2, 1.7, 2.3)),
    (lockstep_copies, "AGREED_PPM", (700_000, 800_000, 900_000)),
    (lockstep_copies, "EXPLAINED", (0.8, 0.85, 0.9)),
    (lockstep_series, "QUICK_NS", (10 * NS_PER_S, 15 * NS_PER_S, 20 * NS_PER_S)),
    (lockstep_series, "STEADY_NS", (20 * NS_PER_S, 30 * NS_PER_S, 45 * NS_PER_S)),
    (lockstep_series, "MEDIAN_NS", (6 * NS_PER_S, 8 * NS_PER_S, 12 * NS_PER_S)),
    (lockstep_series, "CLIP", (192, 320, 640)),
)

Site = tuple[list[Part], int]


def sites(folder: Path, draws: int, seed: int) -> list[Site]:
    """(parts, minutes) of ``draws`` sites of each sort and meter."""
    rng = np.random.default_rng(seed)
    runs = real_runs(folder)
    found: list[Site] = []
    for meter in ("ac", "dc"):
        for _ in range(draws):
            singles = list(_singles(runs, meter, rng))
            found.append((_stretches(runs, meter, rng) + singles, STRETCH_MINUTES))
            found.append((_near_copies(folder, runs, meter, rng) + singles, LATER_MINUTES))
            found.append((_strung(runs, meter, rng) + singles, STRUNG_MINUTES))
            found.append((_small(runs, meter, rng) + singles, SMALL_MINUTES))
    return found


def score(over: Sequence[Site]) -> float:
    """Mean adjusted Rand index."""
    return float(np.mean([grouped(parts, minutes)[0] for parts, minutes in over]))


@contextmanager
def constant(module: ModuleType, name: str, value: float) -> Iterator[None]:
    """The constant has this value meanwhile."""
    shipped = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, shipped)


def tuning_text(folder: Path, draws: int = DRAWS, seed: int = SEED) -> Iterator[str]:
    """One line for each constant: the score at each value tried."""
    over = sites(folder, draws, seed)
    shipped_score = score(over)
    yield f"{len(over)} sites; as shipped: {shipped_score:.4f}"
    for module, name, values in TRIED:
        shipped, cells, best = getattr(module, name), [], shipped_score
        for value in values:
            with constant(module, name, value):
                found = shipped_score if value == shipped else score(over)
            best = max(best, found)
            cells.append(f"{value:g}: {found:.4f}{' (shipped)' if value == shipped else ''}")
        kept = "kept" if best <= shipped_score + TOLERANCE else "NOT the best"
        yield f"  {module.__name__.rsplit('.', 1)[-1]}.{name}: {', '.join(cells)}; {kept}"


def _meter(run: PairedRun, meter: str) -> dict[int, Readings]:
    return run.ac if meter == "ac" else run.dc


def _part(run: PairedRun, meter: str, offset_s: float) -> Part:
    nodes = tuple(r for _, r in sorted(_meter(run, meter).items()))
    return Part(f"{run.benchmark} run {run.number}", nodes, int(offset_s) * NS_PER_S, run.number)


def _stretches(runs: Sequence[PairedRun], meter: str, rng: np.random.Generator) -> list[Part]:
    """Stretches of the tuned run that do not overlap, in random order: as if they were runs of their own."""
    (run,) = (r for r in runs if r.number == TUNED_RUN)
    length_s = STRETCH_MINUTES * 60
    spare = run.duration_ns // NS_PER_S - STRETCHES * length_s - 1
    begins = np.sort(rng.uniform(0, spare, STRETCHES)) + np.arange(STRETCHES) * length_s
    return [_part(run, meter, s) for s in rng.permutation(begins)]


def _near_copies(folder: Path, runs: Sequence[PairedRun], meter: str, rng: np.random.Generator) -> list[Part]:
    """Two stretches of the tuned run that do not overlap, their evaluations COPIES_APART_S apart."""
    (run,) = (r for r in runs if r.number == TUNED_RUN)
    starts, length_s = evaluations(folder, TUNED_RUN), LATER_MINUTES * 60
    spare_s = run.duration_ns / NS_PER_S - length_s - COPIES_APART_S[1]
    pairs = [(a, b) for a in starts for b in starts if length_s < b - a and b - starts[0] < spare_s]
    first, second = pairs[int(rng.integers(len(pairs)))]
    lead_s = rng.uniform(0, starts[0])
    begins = (first - lead_s, second - lead_s + rng.uniform(*COPIES_APART_S))
    return [_part(run, meter, s) for s in rng.permutation(begins)]


def _strung(runs: Sequence[PairedRun], meter: str, rng: np.random.Generator) -> list[Part]:
    """Two strings of fine-tuning runs, the second begun up to half a run later."""
    pool = [r for r in runs if r.benchmark == SMALL[0] and r.nodes == LARGE_NODES]
    order = rng.permutation(len(pool))[: 2 * STRUNG]
    offsets = (0, int(rng.uniform(0, STRUNG_S / 4) * NS_PER_S))
    strings = [[pool[i] for i in order[:STRUNG]], [pool[i] for i in order[STRUNG:]]]
    return [
        Part(f"string {i}", _string(s, meter), offset, -2 - i)
        for i, (s, offset) in enumerate(zip(strings, offsets, strict=True))
    ]


def _string(runs: Sequence[PairedRun], meter: str) -> tuple[Readings, ...]:
    """The first STRUNG_S of the runs one after the other, for each node that they have in common."""
    nodes = set.intersection(*(set(_meter(r, meter)) for r in runs))
    found = []
    for node in sorted(nodes):
        times, power = [], []
        for number, run in enumerate(runs):
            readings = _meter(run, meter)[node]
            inside = (readings.time_ns >= 0) & (readings.time_ns < STRUNG_S * NS_PER_S)
            times.append(readings.time_ns[inside] + number * STRUNG_S * NS_PER_S)
            power.append(readings.power_mw[inside])
        found.append(Readings(np.concatenate(times), np.concatenate(power)))
    return tuple(found)


def _small(runs: Sequence[PairedRun], meter: str, rng: np.random.Generator) -> list[Part]:
    pool = [r for r in runs if r.benchmark in SMALL and r.nodes == SMALL_NODES]
    chosen = [pool[i] for i in rng.choice(len(pool), SMALL_RUNS, replace=False)]
    return [_part(r, meter, rng.uniform(0, r.duration_ns / NS_PER_S - SMALL_MINUTES * 60)) for r in chosen]


def _singles(runs: Sequence[PairedRun], meter: str, rng: np.random.Generator) -> Iterator[Part]:
    longest = LATER_MINUTES * NS_PER_MINUTE
    pool = [r for r in runs if r.nodes == 1 and r.number % 2 == 0 and r.duration_ns > longest]
    for i in rng.choice(len(pool), min(SINGLES, len(pool)), replace=False):
        yield _part(pool[i], meter, rng.uniform(0, (pool[i].duration_ns - longest) / NS_PER_S))


def main() -> None:
    """Prints the lines of ``tuning_text``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder mlperf_power of the reference data")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    print(f"Figures are {NOTICE}.")
    for line in tuning_text(given.folder, given.draws, given.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()

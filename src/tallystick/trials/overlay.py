"""Ten minutes of several real runs laid over each other at random: how well one slot alone is grouped."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.mlperf_files import PairedRun, Readings, read_runs
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_MINUTE, NS_PER_S, SLOT_NS
from tallystick.workloads.agreement import adjusted_rand_index
from tallystick.workloads.lockstep import group_slot

SPAN_NS = 10 * NS_PER_MINUTE
SINGLES = 8
BENCHMARK = "gpt3"
#: Where the overlay lies: the start of some slot.
START_NS = 2_000_000 * SLOT_NS


def overlay_scores(folder: Path, meter: str, draws: int, seed: int) -> list[float]:
    """Adjusted Rand index of each draw over ``meter`` (``ac`` or ``dc``): three GPT-3 runs, eight singles.

    Nodes that the finder puts into no group are groups of their own.
    """
    runs, _ = read_runs(folder)
    large = [r for r in runs if r.benchmark == BENCHMARK]
    small = [r for r in runs if r.nodes == 1 and r.duration_ns > SPAN_NS]
    generator = np.random.default_rng(seed)
    scores = []
    for _ in range(draws):
        singles = [small[i] for i in generator.choice(len(small), SINGLES, replace=False)]
        table, truth = _overlay([*large, *singles], meter, generator)
        place = {name: number for number, g in enumerate(group_slot(table)) for name in g.subjects}
        found = [place.get(s.name, len(place) + i) for i, s in enumerate(table.subjects)]
        scores.append(adjusted_rand_index(truth, np.array(found, np.int64)))
    return scores


def _overlay(runs: list[PairedRun], meter: str, generator: np.random.Generator) -> tuple[SampleTable, Int64]:
    names: list[str] = []
    truth: list[int] = []
    parts: list[Readings] = []
    for number, run in enumerate(runs):
        offset = int(generator.integers(0, run.duration_ns - SPAN_NS) // NS_PER_S * NS_PER_S)
        for node, part in _cut(run, meter, offset):
            names.append(f"r{number:02d}-n{node:03d}")
            truth.append(number)
            parts.append(part)
    subjects = tuple(_subject(name) for name in names)
    counts = [len(p.time_ns) for p in parts]
    times = np.concatenate([p.time_ns for p in parts])
    table = SampleTable(
        subjects,
        np.repeat(np.arange(len(parts), dtype=np.int64), counts),
        times,
        np.zeros(len(times), np.int64),
        {"NODE_POWER_USAGE": np.concatenate([p.power_mw for p in parts])},
    )
    return table, np.array(truth, np.int64)


def _cut(run: PairedRun, meter: str, offset_ns: int) -> Iterator[tuple[int, Readings]]:
    for node, readings in sorted((run.ac if meter == "ac" else run.dc).items()):
        inside = (readings.time_ns >= offset_ns) & (readings.time_ns < offset_ns + SPAN_NS)
        yield node, Readings(readings.time_ns[inside] - offset_ns + START_NS, readings.power_mw[inside])


def _subject(name: str) -> Subject:
    covers = tuple(f"{name}-a{i}" for i in range(8))
    trust = Trust.OPERATOR
    return Subject(name, SubjectKind.NODE, "hgx-h100-8", covers, "overlay", trust, 2 * NS_PER_S, 0)


def overlay_text(folder: Path, draws: int = 200, seed: int = 7000) -> str:
    """Mean, median, 5th percentile and worst for each meter."""
    lines = [f"real, ten minutes of three gpt3 runs and {SINGLES} single nodes overlaid, {draws} draws"]
    for meter in ("ac", "dc"):
        scores = np.array(overlay_scores(folder, meter, draws, seed))
        lines.append(
            f"  {meter} meter: adjusted Rand index mean {scores.mean():.3f}, median {np.median(scores):.3f}, "
            f"5th percentile {np.percentile(scores, 5):.3f}, worst {scores.min():.3f}"
        )
    return "\n".join(lines)

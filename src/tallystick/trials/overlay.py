"""Several real runs laid over each other at random: how well a few minutes of node power alone are grouped.

A composite site holds multi-node runs, single-node runs and inference systems, each from a random moment of
its own. ``python -m tallystick.trials.overlay FOLDER`` prints all rows. The finder's constants are set by
``overlay_tuning``, on one of the three gpt3 runs (TUNED_RUN), on shorter runs of several nodes and on every
other single node. The rows HELD_OUT are of the two other gpt3 runs and of single nodes that tuning never
draws; the rows ALL add the tuned run, as three runs are harder to tell apart than two. All three runs are of
one program on one machine.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.mlperf import NOTICE
from tallystick.telemetry.mlperf_files import PairedRun, Readings, read_runs
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.trials.overlay_low_communication import low_communication_text
from tallystick.trials.overlay_reasons import reasons
from tallystick.units import NS_PER_MINUTE, NS_PER_S, SLOT_NS
from tallystick.workloads.agreement import adjusted_rand_index
from tallystick.workloads.lockstep import group_span

SINGLES, INFERENCE = 8, 4
METERS = ("ac", "dc", "mixed")
MEASURED = "gpt3"
#: The gpt3 run that constants are set on; single nodes with even numbers are tuned on too.
TUNED_RUN = 80
HELD_OUT, ALL = "gpt3 held out", "gpt3 all three"
MINUTES, LATER_MINUTES = 10, 20
SEED = 7000
#: Where the overlay lies: the start of some slot.
START_NS = 2_000_000 * SLOT_NS
INTERVAL_NS = 2 * NS_PER_S
MW_PER_W = 1000


@dataclass(frozen=True)
class OverlayScore:
    """Adjusted Rand indexes of one kind of composite site. ``meter`` "mixed": each run has one at random."""

    meter: str
    minutes: int
    runs: str
    scores: tuple[float, ...]
    merged: int
    resolved: int
    worst_why: tuple[str, ...]

    @property
    def mean(self) -> float:
        """Mean over the draws."""
        return float(np.mean(self.scores))

    @property
    def median(self) -> float:
        """Median over the draws."""
        return float(np.median(self.scores))

    @property
    def p5(self) -> float:
        """5th percentile over the draws."""
        return float(np.percentile(self.scores, 5))

    @property
    def worst(self) -> float:
        """The worst draw."""
        return min(self.scores)

    def as_json(self) -> dict[str, object]:
        """Figures under the names that the benchmark uses."""
        return {
            "meter": self.meter,
            "minutes": self.minutes,
            "runs": self.runs,
            "draws": len(self.scores),
            "mean": self.mean,
            "median": self.median,
            "p5": self.p5,
            "worst": self.worst,
            "merged": self.merged,
            "resolved_later": self.resolved,
        }


@dataclass(frozen=True)
class Part:
    """One run of a composite site: the readings of its nodes, from ``offset_ns`` of the run on."""

    name: str
    nodes: tuple[Readings, ...]
    offset_ns: int
    run: int


@dataclass(frozen=True)
class _Pool:
    """What a composite site is drawn from."""

    large: tuple[PairedRun, ...]
    small: tuple[PairedRun, ...]
    inference: tuple[Readings, ...]


def overlay_score(
    folder: Path, meter: str, draws: int, seed: int = SEED, minutes: int = MINUTES, runs: str = HELD_OUT
) -> OverlayScore:
    """Scores of ``draws`` composite sites; ``runs`` is HELD_OUT or ALL.

    Nodes that the finder puts into no group are groups of their own. A draw counts as ``merged`` where
    nodes of two runs of several nodes share a group, and as ``resolved`` where LATER_MINUTES of the same
    runs do not.
    """
    pool = _pool(folder, minutes, runs)
    generator = np.random.default_rng([seed, minutes])
    scores, why = [], []
    merged = resolved = 0
    for _ in range(draws):
        parts = list(_draw(pool, meter, minutes, generator))
        score, found = grouped(parts, minutes)
        scores.append(score)
        if merges(parts, found):
            merged += 1
            large = [p for p in parts if len(p.nodes) > 1]
            resolved += not merges(large, grouped(large, LATER_MINUTES)[1])
        if score < 0.95:
            sizes = [len(p.nodes) for p in parts]
            why.append((score, reasons(folder, [(p.name, p.run, p.offset_ns) for p in parts], sizes, found)))
    worst = tuple(f"{score:.3f}: {text}" for score, text in sorted(why)[:5])
    return OverlayScore(meter, minutes, runs, tuple(scores), merged, resolved, worst)


@cache
def real_runs(folder: Path) -> tuple[PairedRun, ...]:
    """Every run with both meters."""
    return read_runs(folder)[0]


@cache
def _pool(folder: Path, minutes: int, which: str) -> _Pool:
    runs, span = real_runs(folder), minutes * NS_PER_MINUTE
    return _Pool(
        tuple(
            r
            for r in runs
            if r.benchmark == MEASURED and r.nodes > 1 and (which == ALL or r.number != TUNED_RUN)
        ),
        tuple(r for r in runs if r.nodes == 1 and r.duration_ns > span and r.number % 2),
        tuple(r for r in _inference(folder) if int(r.time_ns[-1]) > span),
    )


def held_runs(folder: Path, which: str = HELD_OUT) -> set[int]:
    """Numbers of the runs that rows of this kind draw from."""
    pool = _pool(folder, MINUTES, which)
    return {r.number for r in (*pool.large, *pool.small)}


@cache
def _inference(folder: Path) -> tuple[Readings, ...]:
    """Power of the inference systems, every 2 s, from the first reading on."""
    table = parquet.read_table(folder / "inference_system_power.parquet")
    run, time_s, watts = (table.column(name).to_numpy() for name in ("run", "t_s", "watts"))
    found = []
    for number in np.unique(run).tolist():
        mine = run == number
        second = np.rint(time_s[mine].astype(np.float64)).astype(np.int64)
        second, first = np.unique(second - second.min(), return_index=True)
        power = np.rint(watts[mine].astype(np.float64) * MW_PER_W).astype(np.int64)[first]
        even = second * NS_PER_S % INTERVAL_NS == 0
        found.append(Readings(second[even] * NS_PER_S, power[even]))
    return tuple(found)


def _draw(pool: _Pool, meter: str, minutes: int, generator: np.random.Generator) -> Iterator[Part]:
    span = minutes * NS_PER_MINUTE
    few = min(SINGLES, len(pool.small))
    small = [pool.small[i] for i in generator.choice(len(pool.small), few, replace=False)]
    for run in (*pool.large, *small):
        longest = span if run.nodes == 1 else max(span, LATER_MINUTES * NS_PER_MINUTE)
        offset = int(generator.integers(0, run.duration_ns - longest)) // NS_PER_S * NS_PER_S
        chosen = ("ac", "dc")[int(generator.integers(2))] if meter == "mixed" else meter
        nodes = tuple(r for _, r in sorted((run.ac if chosen == "ac" else run.dc).items()))
        yield Part(f"{run.benchmark} run {run.number}", nodes, offset, run.number)
    if pool.inference:
        for i in generator.choice(len(pool.inference), INFERENCE, replace=False).tolist():
            readings = pool.inference[i]
            offset = int(generator.integers(0, int(readings.time_ns[-1]) - span)) // NS_PER_S * NS_PER_S
            yield Part(f"inference run {i}", (readings,), offset, -1)


def grouped(parts: Sequence[Part], minutes: int) -> tuple[float, Int64]:
    """Adjusted Rand index, and the group (nodes,) of each node."""
    span = minutes * NS_PER_MINUTE
    table, truth = _overlay(parts, span)
    groups = group_span(table, START_NS, span)
    place = {name: number for number, g in enumerate(groups) for name in g.subjects}
    found = np.array([place.get(s.name, len(place) + i) for i, s in enumerate(table.subjects)], np.int64)
    return adjusted_rand_index(truth, found), found


def merges(parts: Sequence[Part], found: Int64) -> bool:
    """Whether nodes of two runs of several nodes share a group."""
    owner: dict[int, int] = {}
    row = 0
    for number, part in enumerate(parts):
        for group in set(found[row : row + len(part.nodes)].tolist()):
            if len(part.nodes) > 1 and owner.setdefault(group, number) != number:
                return True
        row += len(part.nodes)
    return False


def _overlay(parts: Sequence[Part], span_ns: int) -> tuple[SampleTable, Int64]:
    """The composite site as one table, and the number of its run for each node."""
    names: list[str] = []
    cut: list[Readings] = []
    for number, part in enumerate(parts):
        for node, r in enumerate(part.nodes):
            inside = (r.time_ns >= part.offset_ns) & (r.time_ns < part.offset_ns + span_ns)
            names.append(f"r{number:02d}-n{node:03d}")
            cut.append(Readings(r.time_ns[inside] - part.offset_ns + START_NS, r.power_mw[inside]))
    times = np.concatenate([c.time_ns for c in cut])
    index = np.arange(len(cut), dtype=np.int64)
    table = SampleTable(
        tuple(_subject(name) for name in names),
        np.repeat(index, [len(c.time_ns) for c in cut]),
        times,
        np.zeros(len(times), np.int64),
        {"NODE_POWER_USAGE": np.concatenate([c.power_mw for c in cut])},
    )
    return table, np.repeat(np.arange(len(parts), dtype=np.int64), [len(p.nodes) for p in parts])


def _subject(name: str) -> Subject:
    covers = tuple(f"{name}-a{i}" for i in range(8))
    return Subject(name, SubjectKind.NODE, "hgx-h100-8", covers, "overlay", Trust.OPERATOR, INTERVAL_NS, 0)


def grouping_json(scores: Sequence[OverlayScore]) -> dict[str, object]:
    """The benchmark's ``grouping``: held-out runs, AC meter, 10 minutes under its own keys, and all rows."""
    (main,) = (s for s in scores if (s.meter, s.minutes, s.runs) == (METERS[0], MINUTES, HELD_OUT))
    return {
        "ari_10min": main.median,
        "ari_10min_mean": main.mean,
        "ari_10min_p5": main.p5,
        "ari_10min_worst": main.worst,
        "rows": [s.as_json() for s in scores],
    }


def overlay_scores(folder: Path, draws: int, seed: int = SEED) -> list[OverlayScore]:
    """All rows: each meter at 10 minutes on the held-out runs and on all, and at 20 minutes on all."""
    kinds = [(MINUTES, HELD_OUT), (MINUTES, ALL), (LATER_MINUTES, ALL)]
    return [overlay_score(folder, m, draws, seed, minutes, runs) for minutes, runs in kinds for m in METERS]


def overlay_text(folder: Path, draws: int = 200, seed: int = SEED) -> str:
    """Every row of ``overlay_scores``, the reasons for the worst draws, and low-communication training."""
    lines = [f"real, runs overlaid at random with {SINGLES} single nodes and {INFERENCE} inference systems"]
    lines += _lines(overlay_scores(folder, draws, seed))
    return "\n".join([*lines, low_communication_text()])


def _lines(scores: Sequence[OverlayScore]) -> Iterator[str]:
    for s in scores:
        yield (
            f"  {s.runs}, {s.meter} meter, {s.minutes} min, {len(s.scores)} draws: adjusted Rand index mean "
            f"{s.mean:.3f}, median {s.median:.3f}, 5th percentile {s.p5:.3f}, worst {s.worst:.3f}; "
            f"{s.merged} draws with a false merge{_later(s)}"
        )
        yield from (f"    {text}" for text in s.worst_why)


def _later(score: OverlayScore) -> str:
    measured = score.minutes == MINUTES
    return f", {score.resolved} of them gone after {LATER_MINUTES} min of the same runs" if measured else ""


def main() -> None:
    """Prints the rows; ``--json`` the record of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder mlperf_power of the reference data")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.json:
        print(json.dumps(grouping_json(overlay_scores(given.folder, given.draws, given.seed)), indent=1))
    else:
        print(f"Figures are {NOTICE}.")
        print(overlay_text(given.folder, given.draws, given.seed))


if __name__ == "__main__":
    main()

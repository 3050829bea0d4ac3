"""From Parquet samples to labelled windows: a profile by stage, a bare scan beside it, and workers.

Wall times on a busy machine say little; the ratios within one run hold.
"""

import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow.parquet as pq

from tallystick.site.label_hours import label_hours
from tallystick.telemetry.columns import REQUIRED, STRINGS
from tallystick.telemetry.parquet_file import inspect_file
from tallystick.telemetry.slot_file import read_slot
from tallystick.units import NS_PER_HOUR, SLOT_NS
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.features import features
from tallystick.workloads.windows import windows

STAGES = ("read", "window cut", "features", "trees", "sets")
REPEATS = 5
#: Files are read over and over until a run with workers has this many: starting them is told apart.
SLOTS = 160
SLOTS_PER_HOUR = NS_PER_HOUR // SLOT_NS
Result = TypeVar("Result")


def hours_of(files: Sequence[Path]) -> list[Sequence[Path]]:
    """Files of whole hours, in order, hour by hour."""
    return [files[at : at + SLOTS_PER_HOUR] for at in range(0, len(files), SLOTS_PER_HOUR)]


class Stopwatch:
    """Seconds of processor by stage, those of this process's threads together."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)

    def timed(self, stage: str, work: Callable[..., Result], *given: object) -> Result:
        """The result of ``work``, its time added to a stage."""
        started = time.process_time()
        result = work(*given)
        self.seconds[stage] += time.process_time() - started
        return result


def profile(files: Sequence[Path], classifier: Classifier) -> dict[str, float]:
    """Seconds of each stage of ``label_hour`` over the files; stages within others are run by themselves."""
    spent = Stopwatch()
    for file in files:
        table = spent.timed("read", read_slot, file)
        for kind, judge in classifier.kinds.items():
            spent.timed("window cut", windows, table, kind)
            found = spent.timed("features", features, table, kind)
            spent.timed("trees", judge.scores, found.values)
            spent.timed("sets", judge.judge_hour, [found], [np.arange(len(found.subjects))])
    seconds = spent.seconds
    return seconds | {
        "features": seconds["features"] - seconds["window cut"],
        "sets": seconds["sets"] - seconds["trees"],
    }


def bare_scan(files: Sequence[Path]) -> float:
    """Seconds of processor to decode the same columns with pyarrow, and to do nothing with them."""
    wanted = [(file, [*REQUIRED, *inspect_file(file).channels]) for file in files]
    started = time.process_time()
    for file, columns in wanted:
        pq.read_table(file, columns=columns, read_dictionary=list(STRINGS), use_threads=False)
    return time.process_time() - started


@dataclass(frozen=True)
class Run:
    """A run with workers: seconds to start, samples/s once under way, and per second of processors."""

    start: float
    rate: float
    rate_of_processor: float


def with_workers(files: Sequence[Path], workers: int) -> Run:
    """Labels ``SLOTS`` slots."""
    repeated = hours_of(files) * (SLOTS // len(files))
    used, started = processor_seconds(), time.perf_counter()
    labelled = label_hours(repeated, workers)
    # the first hours of each worker bring its start with them
    begun = sum(next(labelled).samples for _ in range(2 * workers * SLOTS_PER_HOUR))
    under_way = time.perf_counter()
    done = sum(slot.samples for slot in labelled)
    seconds = time.perf_counter() - under_way
    return Run(under_way - started, done / seconds, (begun + done) / (processor_seconds() - used))


def processor_seconds() -> float:
    """Of this process and of those it has ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def report(files: Sequence[Path], samples: int) -> None:
    """Prints the profile, the scan and the workers."""
    classifier = Classifier.load()
    spells = [profile(files, classifier) for _ in range(REPEATS)]
    spent = {stage: max(0.0, min(spell[stage] for spell in spells)) for stage in STAGES}
    scan = min(bare_scan(files) for _ in range(REPEATS))
    total = sum(spent.values())
    print(f"Parquet to labelled windows: {samples / total:,.0f} samples for a second of one processor")
    for stage, seconds in spent.items():
        print(f"  {stage:<20} {seconds / samples * 1e9:8.0f} ns a sample {seconds / total:8.1%}")
    print(f"  {'bare scan (pyarrow)':<20} {scan / samples * 1e9:8.0f} ns a sample; ", end="")
    print(f"labelling takes {total / scan:.1f} times as much, reading alone {spent['read'] / scan:.1f} times")
    runs = {workers: with_workers(files, workers) for workers in (1, 2)}
    print(f"  {SLOTS} slots:")
    for workers, run in runs.items():
        print(f"  {workers} worker(s) {run.rate:14,.0f} samples/s once under way, ", end="")
        print(
            f"{run.start:.2f} s to start; {run.rate_of_processor:,.0f} a second of processor, start and all"
        )
    print(f"  two workers are {runs[2].rate / runs[1].rate:.2f} times as fast as one; ", end="")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")

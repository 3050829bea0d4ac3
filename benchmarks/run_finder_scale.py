"""How long the run finder takes with more and more accelerators: ``python benchmarks/run_finder_scale.py``.

A synthetic site at 1 Hz for one hour: a third of the accelerators in large training runs, a third in runs of
one node, a third each for itself. Prints seconds for each stage and the exponent of the growth.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np

from tallystick.records.sample import POWER_CHANNEL
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import ABSTAINED
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.amounts import amounts
from tallystick.workloads.classifier import Verdicts
from tallystick.workloads.lockstep import group_slot
from tallystick.workloads.lockstep_links import RECEIVED, SENT
from tallystick.workloads.runs import RunFinder
from tallystick.workloads.stitching import BIN_NS

SLOTS = 4
WINDOWS_PER_SLOT = 3
STAGES = ("amounts", "groups", "stitching", "all", "processor")
ORIGIN_NS = 2_000_000 * SLOT_NS
KIND = SubjectKind.ACCELERATOR


def jobs_of(count: int) -> Int64:
    """The job (count,) of each accelerator: thirds in jobs of up to 1024, of 8, and of 1."""
    index = np.arange(count)
    third = count // 3 // 8 * 8
    large, node = index // 1024, 10_000 + index // 8
    return np.where(index < third, large, np.where(index < 2 * third, node, 100_000 + index))


def slots(count: int, seed: int, links: bool) -> Iterator[SampleTable]:
    """The slots of the hour; each job has a step of its own, and each accelerator some noise."""
    rng = np.random.default_rng(seed)
    subjects = tuple(
        Subject(f"a{i:05d}", KIND, "h100-sxm", (f"a{i:05d}",), "synthetic", Trust.OPERATOR, NS_PER_S, 0)
        for i in range(count)
    )
    numbers, job = np.unique(jobs_of(count), return_inverse=True)
    period = rng.uniform(3, 30, len(numbers))[:, None]
    seconds = SLOT_NS // NS_PER_S
    index = np.repeat(np.arange(count, dtype=np.int64), seconds)
    for slot in range(SLOTS):
        at = slot * seconds + np.arange(seconds)
        waits = (at % period) < 0.2 * period
        pace = 0.03 * rng.standard_normal((len(numbers), seconds // 10)).repeat(10, axis=1)
        shared = 600_000 * (1 - 0.4 * waits + pace)
        power = shared[job] + 15_000 * rng.standard_normal((count, seconds))
        time_ns = np.tile(ORIGIN_NS + at * NS_PER_S, count)
        channels = {POWER_CHANNEL[KIND]: np.rint(power).astype(np.int64).ravel()}
        if links:
            counted = np.cumsum(np.rint(power * 100_000).astype(np.int64), axis=1).ravel()
            channels |= {SENT: counted, RECEIVED: counted}
        yield SampleTable(
            subjects,
            index,
            time_ns,
            np.zeros(len(index), np.int64),
            channels,
        )


def measure(count: int, links: bool) -> dict[str, float]:
    """Seconds of each stage for ``count`` accelerators over one hour, with link counters or without."""
    spent = dict.fromkeys(("amounts", "groups", "finder"), 0.0)
    finder, processor = RunFinder(), 0.0
    for table in slots(count, count, links):
        shape = (count, WINDOWS_PER_SLOT)
        verdicts = Verdicts(table.subjects, int(table.time_ns[0]), np.full(shape, ABSTAINED))
        for stage, work in (
            ("amounts", lambda table=table: amounts(table, BIN_NS)),
            ("groups", lambda table=table: group_slot(table)),
            ("finder", lambda table=table, verdicts=verdicts: finder.add(table, verdicts)),
        ):
            start, used = time.perf_counter(), time.process_time()
            work()
            spent[stage] += time.perf_counter() - start
            processor += time.process_time() - used if stage == "finder" else 0.0
    start, used = time.perf_counter(), time.process_time()
    runs = finder.finish()
    spent["stitching"] = time.perf_counter() - start
    spent["processor"] = processor + time.process_time() - used
    spent["all"] = spent["finder"] + spent["stitching"]
    spent["runs"] = len(runs)
    return spent


def main() -> None:
    """Prints one line a size, and the exponent over all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accelerators", type=int, nargs="+", default=[1000, 2500, 5000, 10000])
    parser.add_argument("--links", action="store_true", help="with NVLink counters beside power")
    given = parser.parse_args()
    sizes = given.accelerators
    print("one hour at 1 Hz; seconds; `all` is what a site pays: adding the slots and stitching them;")
    print("`processor` is the same in time of processors, whatever else the machine does")
    print(f"{'accelerators':>12} {' '.join(f'{stage:>9}' for stage in STAGES)} {'runs':>7}")
    total = []
    for count in sizes:
        spent = measure(count, given.links)
        total.append(spent["processor"])
        columns = " ".join(f"{spent[stage]:9.1f}" for stage in STAGES)
        print(f"{count:12d} {columns} {int(spent['runs']):7d}", flush=True)
    if len(sizes) > 1:
        exponent = np.polyfit(np.log(sizes), np.log(total), 1)[0]
        print(f"processor time grows as accelerators to the power of {exponent:.2f}")


if __name__ == "__main__":
    main()

"""How long the run finder takes with more and more accelerators: ``python -m benchmarks.run_finder_scale``.

A synthetic site at 1 Hz for one hour: a third of the accelerators in large training runs, a third in runs of
one node, a third each for itself; with ``--links``, all report NVLink counters and their nodes, every 2 s,
InfiniBand counters. The slots lie in Parquet files, as those of a site do. Prints seconds, memory and the
exponent of the growth, for one worker and for two, and a digest of the runs, which must be the same.
"""

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tallystick.execution.local import mapped
from tallystick.records.sample import MISSING, POWER_CHANNEL
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import ABSTAINED
from tallystick.telemetry.slot_file import read_slot, write_parquet
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.classifier import Verdicts
from tallystick.workloads.runs import RunFinder, SlotFindings, slot_findings
from tallystick.workloads.traffic import LINKS, PORTS

SLOTS = 4
WINDOWS_PER_SLOT = 3
PER_NODE = 8
SECONDS = SLOT_NS // NS_PER_S
ORIGIN_NS = 2_000_000 * SLOT_NS
INTERVAL_NS = {SubjectKind.ACCELERATOR: NS_PER_S, SubjectKind.NODE: 2 * NS_PER_S}
MIB = 1024


def jobs_of(count: int) -> Int64:
    """The job (count,) of each accelerator: thirds in jobs of up to 1024, of 8, and of 1."""
    index = np.arange(count)
    third = count // 3 // PER_NODE * PER_NODE
    large, node = index // 1024, 10_000 + index // PER_NODE
    return np.where(index < third, large, np.where(index < 2 * third, node, 100_000 + index))


def subjects_of(count: int, links: bool) -> tuple[Subject, ...]:
    """The accelerators and, where they report links, their nodes, by name."""
    names = [f"a{i:05d}" for i in range(count)]
    found: list[tuple[str, SubjectKind, str, tuple[str, ...]]] = [
        (name, SubjectKind.ACCELERATOR, "h100-sxm", (name,)) for name in names
    ]
    if links:
        found += [
            (f"n{i:05d}", SubjectKind.NODE, "hgx-h100-8", tuple(names[i : i + PER_NODE]))
            for i in range(0, count // PER_NODE * PER_NODE, PER_NODE)
        ]
    return tuple(
        Subject(name, kind, key, covers, "synthetic", Trust.OPERATOR, INTERVAL_NS[kind], ORIGIN_NS)
        for name, kind, key, covers in found
    )


def slots(count: int, seed: int, links: bool) -> Iterator[SampleTable]:
    """The slots of the hour; each job has a step of its own, and each accelerator some noise."""
    rng = np.random.default_rng(seed)
    subjects = subjects_of(count, links)
    numbers, job = np.unique(jobs_of(count), return_inverse=True)
    period = rng.uniform(3, 30, len(numbers))[:, None]
    index = np.repeat(np.arange(len(subjects), dtype=np.int64), SECONDS)
    for slot in range(SLOTS):
        at = slot * SECONDS + np.arange(SECONDS)
        waits = (at % period) < 0.2 * period
        pace = 0.03 * rng.standard_normal((len(numbers), SECONDS // 10)).repeat(10, axis=1)
        shared = 600_000 * (1 - 0.4 * waits + pace)
        power = np.rint(shared[job] + 15_000 * rng.standard_normal((count, SECONDS))).astype(np.int64)
        time_ns = np.tile(ORIGIN_NS + at * NS_PER_S, len(subjects))
        taken = time_ns % np.array([INTERVAL_NS[s.kind] for s in subjects])[index] == 0
        channels = {name: values[taken] for name, values in _channels(power, links).items()}
        rows = index[taken]
        yield SampleTable(subjects, rows, time_ns[taken], np.zeros_like(rows), channels)


def _channels(power: Int64, links: bool) -> dict[str, Int64]:
    """Readings of accelerators (n, seconds), and then of their nodes; traffic goes with power."""
    accelerators = {POWER_CHANNEL[SubjectKind.ACCELERATOR]: power}
    if not links:
        return {name: values.ravel() for name, values in accelerators.items()}
    counted = np.cumsum(power * 100_000, axis=1)
    whole = len(counted) // PER_NODE * PER_NODE
    nodes = counted[:whole].reshape(-1, PER_NODE, SECONDS).sum(axis=1)
    none, nothing = np.full(counted.shape, MISSING), np.full(nodes.shape, MISSING)
    accelerators |= dict.fromkeys(LINKS, counted)
    return {
        **{name: np.concatenate((values, nothing)).ravel() for name, values in accelerators.items()},
        **{name: np.concatenate((none, nodes)).ravel() for name in PORTS},
    }


def findings_in(path: Path) -> SlotFindings:
    """What the slot in a file says about runs."""
    return slot_findings(read_slot(path))


def find(folder: Path, workers: int) -> None:
    """Finds the runs in a folder of slots and prints seconds, memory, their number and a digest."""
    start, used = time.perf_counter(), _processor()
    finder = RunFinder()
    for findings in mapped(findings_in, sorted(folder.glob("*.parquet")), workers):
        shape = (len(findings.subjects), WINDOWS_PER_SLOT)
        verdicts = Verdicts(findings.subjects, findings.start_ns, np.full(shape, ABSTAINED))
        finder.take(findings, verdicts)
    added = time.perf_counter() - start
    runs = finder.finish()
    spent = time.perf_counter() - start
    digest = hashlib.sha256(repr(runs).encode()).hexdigest()[:12]
    memory = sum(resource.getrusage(who).ru_maxrss for who in _WHO) // MIB
    print(f"{spent:.1f} {spent - added:.1f} {_processor() - used:.1f} {memory} {len(runs)} {digest}")


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _processor() -> float:
    """Seconds of processors that this process used, and its workers that have ended."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, _WHO))


def measure(folder: Path, workers: int) -> list[str]:
    """What ``find`` prints, of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.run_finder_scale", "--find", str(folder), str(workers)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def report(sizes: list[int], links: bool) -> None:
    """Prints one line for each size and number of workers, and the exponent over all sizes."""
    print("one hour at 1 Hz, from Parquet; seconds; `processor` counts all processors, whatever else runs;")
    print("`MiB` is the greatest of this process and of a worker, added up")
    print(f"{'accelerators':>12} workers      all stitching processor   MiB   runs digest")
    total = []
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for number, table in enumerate(slots(count, count, links)):
                write_parquet(folder / f"{number}.parquet", table)
            rows = {workers: measure(folder, workers) for workers in (1, 2)}
        for workers, (spent, stitching, processor, memory, runs, digest) in rows.items():
            row = f"{spent:>8} {stitching:>9} {processor:>9} {memory:>5} {runs:>6} {digest}"
            print(f"{count:12d} {workers:7d} {row}", flush=True)
        total.append(float(rows[1][2]))
    if len(sizes) > 1:
        exponent = np.polyfit(np.log(sizes), np.log(total), 1)[0]
        print(f"processor time grows as accelerators to the power of {exponent:.2f}")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accelerators", type=int, nargs="+", default=[1000, 2500, 5000, 10000])
    parser.add_argument("--links", action="store_true", help="with traffic counters beside power")
    parser.add_argument("--find", nargs=2, metavar=("FOLDER", "WORKERS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.find:
        find(Path(given.find[0]), int(given.find[1]))
    else:
        report(given.accelerators, given.links)


if __name__ == "__main__":
    main()

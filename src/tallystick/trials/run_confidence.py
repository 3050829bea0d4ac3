"""Where the confidence of found runs comes from, and whether it holds.

``python -m tallystick.trials.run_confidence``, with ``--fit`` for the table's own seeds.

A found run is right when it shares nine tenths of all subject-time with one true job. Shares of right runs
are counted on simulated sites by size, coherence and length; other seeds show what the shares are worth.
"""

import argparse
from collections.abc import Iterable

import numpy as np

from tallystick.records.subject import JobRecord
from tallystick.records.workload import ABSTAINED
from tallystick.simulation.source import open_simulation
from tallystick.units import PPM
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.classifier import Verdicts
from tallystick.workloads.run_confidence import confidence_ppm, kind_of
from tallystick.workloads.runs import FoundRun, RunFinder

FIT_SEEDS, CHECK_SEEDS = range(6200, 6208), range(6220, 6228)
SCENARIOS = ("honest", "relabel")
INTERVALS_S = (2, 10)
WINDOWS_PER_SLOT = 3
RIGHT = 0.9

Kind = tuple[int, int, int]


def counted(seeds: Iterable[int]) -> dict[Kind, tuple[int, int]]:
    """(right, all) found runs of each kind over simulated sites."""
    counts: dict[Kind, tuple[int, int]] = {}
    for number, seed in enumerate(seeds):
        scenario = SCENARIOS[number % len(SCENARIOS)]
        interval = INTERVALS_S[number // len(SCENARIOS) % len(INTERVALS_S)]
        source = open_simulation(f"{scenario},seed={seed},accelerators=256,hours=8,interval={interval}")
        finder = RunFinder()
        for table in source.slots():
            abstained = np.full((len(table.subjects), WINDOWS_PER_SLOT), ABSTAINED, np.int64)
            finder.add(table, Verdicts(table.subjects, slot_start(table), abstained))
        truth = source.truth()
        for run in finder.finish():
            kind = kind_of(len(run.subjects), run.coherence_ppm, run.end_ns - run.start_ns)
            right, total = counts.get(kind, (0, 0))
            counts[kind] = (right + is_right(run, truth), total + 1)
    return counts


def is_right(run: FoundRun, truth: Iterable[JobRecord]) -> bool:
    """Whether one true job shares RIGHT of all subject-time with the run."""
    length = len(run.subjects) * (run.end_ns - run.start_ns)
    for job in truth:
        both = max(0, min(run.end_ns, job.end_ns) - max(run.start_ns, job.start_ns))
        common = len(set(run.subjects) & set(job.subjects)) * both
        if common >= RIGHT * (length + len(job.subjects) * (job.end_ns - job.start_ns) - common):
            return True
    return False


def main() -> None:
    """Prints a line for each kind; ``--fit`` on the seeds that the table was counted on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    seeds = FIT_SEEDS if parser.parse_args().fit else CHECK_SEEDS
    print(f"simulated sites, seeds {seeds.start} to {seeds.stop - 1}")
    for kind, (right, total) in sorted(counted(seeds).items()):
        stated = confidence_ppm(kind) / PPM
        share = f"right {right} of {total}, {right / total:.3f}"
        print(f"  size, coherence, length {kind}: {share}; stated {stated:.3f}")


if __name__ == "__main__":
    main()

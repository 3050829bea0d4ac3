"""How good the shipped classifier and the run finder are: ``python -m tallystick.trials.evaluate``.

Simulated sites (seeds from 5000, used for nothing else) and real MLPerf power are never put into one figure.
Figures are printed as they are. Real data are read from TALLYSTICK_REFERENCE_DATA, by default ../shared/data.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tallystick.records.subject import JobRecord, SubjectKind
from tallystick.records.workload import (
    ABSTAINED,
    CLASSES,
    TRAINING_UNCLEAR,
    TRAINING_VERDICTS,
)
from tallystick.simulation.source import open_simulation
from tallystick.telemetry.mlperf import NOTICE, open_mlperf
from tallystick.telemetry.source import Source
from tallystick.trials.fit import simulated_sites
from tallystick.trials.labels import LabelledWindows, labelled_windows
from tallystick.trials.overlay import overlay_text
from tallystick.trials.real_windows import inference_windows, training_windows
from tallystick.workloads.agreement import run_agreement
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.runs import FoundRun, RunFinder

EVALUATION_SEEDS = range(5000, 5080)
RUN_SEEDS = range(5300, 5310)


@dataclass(frozen=True)
class Score:
    """Verdicts on labelled windows. ``table[i][j]``: of class i, said to be class j.

    The last columns are training of unclear kind, no training of unclear kind, and abstained.
    """

    table: tuple[tuple[int, ...], ...]

    @property
    def windows(self) -> int:
        """All windows."""
        return sum(map(sum, self.table))

    @property
    def decided(self) -> int:
        """Windows that got a class."""
        return sum(sum(row[:TRAINING_UNCLEAR]) for row in self.table)

    @property
    def told_apart(self) -> int:
        """Windows for which it is said whether they are training."""
        return self.windows - sum(row[ABSTAINED] for row in self.table)

    @property
    def right(self) -> int:
        """Windows that got the true class."""
        return sum(row[i] for i, row in enumerate(self.table))

    @property
    def right_on_training(self) -> int:
        """Windows for which it is said, and rightly, whether they are training."""
        return sum(
            count
            for i, row in enumerate(self.table)
            for j, count in enumerate(row[:-1])
            if CLASSES[i].is_training == (j in TRAINING_VERDICTS)
        )


def score(classifier: Classifier, windows: LabelledWindows) -> Score:
    """The classifier's verdicts beside the labels."""
    said = classifier.kinds[windows.kind].judge(windows.as_features()).classes
    table = np.zeros((len(CLASSES), ABSTAINED + 1), np.int64)
    np.add.at(table, (windows.label, said), 1)
    return Score(tuple(tuple(int(c) for c in row) for row in table))


def find_runs(source: Source, classifier: Classifier) -> tuple[FoundRun, ...]:
    """All runs of a source."""
    finder = RunFinder()
    for table in source.slots():
        finder.add(table, classifier.verdicts(table))
    return finder.finish()


def best_match(job: JobRecord, runs: Iterable[FoundRun]) -> tuple[FoundRun | None, float]:
    """The run that overlaps most of the job, and their common subject-time over all of both."""
    best: tuple[FoundRun | None, float] = (None, 0.0)
    for run in runs:
        shared = max(0, min(run.end_ns, job.end_ns) - max(run.start_ns, job.start_ns))
        common = len(set(run.subjects) & set(job.subjects)) * shared
        every = len(run.subjects) * (run.end_ns - run.start_ns) + len(job.subjects) * (
            job.end_ns - job.start_ns
        )
        if common / (every - common) > best[1]:
            best = (run, common / (every - common))
    return best


def print_score(title: str, result: Score) -> None:
    """One paragraph: accuracy, abstention and the confusion of classes."""
    windows, decided = result.windows, result.decided
    print(f"\n{title}: {windows} windows")
    if not windows:
        return
    print(f"  no class           {1 - decided / windows:8.2%}")
    print(f"  abstained          {1 - result.told_apart / windows:8.2%} (not even whether it is training)")
    if decided:
        print(f"  right, of decided  {result.right / decided:8.2%}")
    if result.told_apart:
        print(f"  training or not    {result.right_on_training / result.told_apart:8.2%}")
    print(f"  right, of all      {result.right / windows:8.2%}")
    print(
        "  truth \\ said "
        + "".join(f"{c.value:>13}" for c in CLASSES)
        + f"{'training?':>13}{'no training?':>13}{'abstained':>13}"
    )
    for name, row in zip(CLASSES, result.table, strict=True):
        if sum(row):
            print(f"  {name.value:<13}" + "".join(f"{count:13d}" for count in row))


def print_runs(title: str, source: Source, classifier: Classifier) -> None:
    """Agreement of the runs found with the true ones, and how well the largest was found."""
    runs, truth = find_runs(source, classifier), source.truth()
    training = tuple(j for j in truth if j.workload.is_training)
    largest = max(training, key=lambda j: len(j.subjects) * (j.end_ns - j.start_ns), default=None)
    line = f"  {title}: adjusted Rand index {run_agreement(runs, training):.3f} on training runs, "
    line += f"{run_agreement(runs, truth):.3f} on all; {len(runs)} runs for {len(truth)}"
    if largest:
        match, overlap = best_match(largest, runs)
        kind = match.workload.value if match and match.workload else "none"
        line += f"; largest ({len(largest.subjects)} subjects) found as {len(match.subjects) if match else 0}"
        line += f", overlap {overlap:.3f}, class {kind}"
    print(line)


def reference_data() -> Path:
    """Where the real data are."""
    default = Path(__file__).parents[4] / "shared" / "data"
    return Path(os.environ.get("TALLYSTICK_REFERENCE_DATA", default))


def simulated_runs() -> Iterator[tuple[str, Source]]:
    """Sites for the run finder."""
    for seed in RUN_SEEDS:
        spec = f"relabel,seed={seed},accelerators=256,hours=24"
        yield spec, open_simulation(spec)


def main() -> None:
    """Prints everything."""
    classifier = Classifier.load()
    print(f"model {classifier.hash}")
    for kind in (SubjectKind.ACCELERATOR, SubjectKind.NODE):
        windows = labelled_windows(simulated_sites(EVALUATION_SEEDS), kind)
        print_score(f"simulated, held-out seeds, {kind.value}s, all windows", score(classifier, windows))
        pure = windows.chosen(windows.pure)
        print_score(f"simulated, held-out seeds, {kind.value}s, one class only", score(classifier, pure))
    print("\nsimulated, runs found on power alone")
    for spec, source in simulated_runs():
        print_runs(spec, source, classifier)
    folder = reference_data() / "mlperf_power"
    if not folder.is_dir():
        print(f"\nreal: not run, no data at {folder}; set TALLYSTICK_REFERENCE_DATA")
        return
    print(f"\nReal figures are {NOTICE}.")
    real = open_mlperf(folder)
    training = training_windows(folder, most_nodes=None)
    print_score("real, training nodes", score(classifier, training))
    inference = inference_windows(folder)
    print_score(
        "real, inference systems (power-tuned, bench meter, other chassis)", score(classifier, inference)
    )
    print("\nreal, runs found on node power alone")
    print_runs("mlperf training v4.0", real, classifier)
    print("\n" + overlay_text(folder))


if __name__ == "__main__":
    main()

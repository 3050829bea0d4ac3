"""Is honest work told to be what it is declared as? ``python -m tallystick.trials.declared_class``.

Check 19 accuses where work in lock-step over nodes is not told to be the class declared for it. Here
corpora of all kinds of work, on seeds that nothing was fitted on, are declared as they are. Printed by class
and family of work over two nodes or more: the share of told windows that are told to be another class, and
how many jobs the check would name if every slot of theirs was drawn. Everything here is simulated.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.accounting.run_evidence import WindowCount, evidence_of, threshold_log2
from tallystick.accounting.run_reference import run_reference
from tallystick.inspection.declared_class import UNTOLD
from tallystick.inspection.run_check import FALSE_PPM
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES, NOT_OBSERVED, WorkloadClass
from tallystick.simulation.signals import ACCELERATORS_PER_NODE
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.judged_runs import slot_verdicts
from tallystick.trials.labels import TruthOfSite
from tallystick.trials.run_reference import RUNS_IN_PERIOD
from tallystick.units import PPM, SLOT_NS
from tallystick.workloads.classifier import Classifier

SEEDS = range(18_400, 18_412)
#: Long enough for the evidence of one run to reach the alarm: 15 slots without a window as declared do.
HOURS = 6


@dataclass(frozen=True, slots=True)
class ToldJob:
    """An honest job over nodes: by start of its whole slots, windows told otherwise of windows told."""

    workload: WorkloadClass
    family: str
    slots: dict[int, WindowCount]

    @property
    def otherwise(self) -> float:
        """Share of the told windows that are told to be another class."""
        told = sum(count.observed for count in self.slots.values())
        return sum(count.training for count in self.slots.values()) / told if told else 0.0


def told_jobs(sources: Iterator[Source], classifier: Classifier) -> Iterator[ToldJob]:
    """Jobs without training on the accelerators of two nodes or more."""
    for number, source in enumerate(sources):
        place = {s.name: i for i, s in enumerate(source.inventory()) if s.kind is SubjectKind.ACCELERATOR}
        verdicts = slot_verdicts(source, classifier)
        for label, job in zip(TruthOfSite(source, number, 0).labels, source.truth(), strict=False):
            rows = [place[name] for name in job.subjects if name in place]
            if len(rows) > ACCELERATORS_PER_NODE and not job.workload.is_training:
                slots = {
                    start: count
                    for start, of_slot in sorted(verdicts.items())
                    if job.start_ns <= start
                    and start + SLOT_NS <= job.end_ns
                    and (count := _count(of_slot[rows], job.workload)) is not None
                }
                yield ToldJob(job.workload, label.family, slots)


def _count(verdicts: Int64, workload: WorkloadClass) -> WindowCount | None:
    votes = np.bincount(verdicts.ravel(), minlength=NOT_OBSERVED + 1)
    votes[sorted(UNTOLD)] = 0
    told = int(votes.sum())
    return WindowCount(told - int(votes[CLASSES.index(workload)]), told) if told else None


def named(job: ToldJob) -> bool:
    """Whether check 19 would name the job, as one of ``RUNS_IN_PERIOD``, with every slot drawn."""
    share = run_reference().null_share_ppm[SubjectKind.ACCELERATOR.value]
    return evidence_of(job.slots, share, threshold_log2(RUNS_IN_PERIOD, FALSE_PPM)).passed_ns is not None


def lines(jobs: Sequence[ToldJob]) -> Iterator[str]:
    """A line for each class and family, then one for each class."""
    by_family, by_class = defaultdict(list), defaultdict(list)
    for job in jobs:
        by_family[job.workload, job.family].append(job)
        by_class[job.workload].append(job)
    for (workload, family), group in sorted(by_family.items()):
        shares = [job.otherwise for job in group]
        yield (
            f"{workload:<10} {family:<28} {len(group):4} jobs, told otherwise: mean {np.mean(shares):.3f}, "
            f"most {max(shares):.3f}; named {sum(map(named, group))}"
        )
    for workload, group in sorted(by_class.items()):
        yield f"{workload}: {sum(map(named, group))} of {len(group)} jobs over nodes named; simulated"


def main() -> None:
    """Print the table."""
    jobs = list(told_jobs(corpus_sites(SEEDS, hours=HOURS), Classifier.load()))
    print("\n".join(lines(jobs)))
    print(f"alarm for one of {RUNS_IN_PERIOD} runs, all together wrong in at most {FALSE_PPM / PPM:g}")


if __name__ == "__main__":
    main()

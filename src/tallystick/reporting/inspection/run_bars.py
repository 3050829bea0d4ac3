"""Which runs are drawn, as what they were declared, and where their bars go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallystick.records.run import Run
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.units import NS_PER_HOUR

LARGE_RUN_ACCELERATORS = 16
OTHERS_SHOWN = 40
MOST_BARS = 90


@dataclass(frozen=True, slots=True)
class Bar:
    """A run or job as a rectangle: time wide, accelerators tall.

    ``declared`` is the class that the operator declared for most of a found run, None for a job.
    """

    name: str
    accelerators: int
    start_ns: int
    end_ns: int
    workload: WorkloadClass | None
    declared: WorkloadClass | None = None

    @property
    def size(self) -> int:
        """Accelerator-nanoseconds."""
        return self.accelerators * (self.end_ns - self.start_ns)

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end_ns - self.start_ns) / NS_PER_HOUR

    @property
    def contradicts(self) -> bool:
        """Whether a run that trains was declared as something else."""
        trains = self.workload is not None and self.workload.is_training
        return trains and self.declared is not None and not self.declared.is_training


def job_bars(jobs: Iterable[JobRecord]) -> list[Bar]:
    """The operator's own jobs, one accelerator for each subject."""
    return [Bar(j.job, len(j.subjects), j.start_ns, j.end_ns, j.workload) for j in jobs]


def run_bars(runs: Sequence[Run], jobs: Sequence[JobRecord]) -> list[Bar]:
    """Found runs of many accelerators, and the largest of the others."""
    bars = [
        Bar(r.id, r.accelerators, r.start_ns, r.end_ns, r.workload, declared_as(r, jobs))
        for r in _shown(runs)
    ]
    return sorted(bars, key=lambda b: b.size, reverse=True)[:MOST_BARS]


def _shown(runs: Sequence[Run]) -> list[Run]:
    def size(run: Run) -> int:
        return run.accelerators * (run.end_ns - run.start_ns)

    large = [r for r in runs if r.accelerators >= LARGE_RUN_ACCELERATORS]
    others = [r for r in runs if r.accelerators < LARGE_RUN_ACCELERATORS]
    return large + sorted(others, key=size, reverse=True)[:OTHERS_SHOWN]


def declared_as(run: Run, jobs: Sequence[JobRecord]) -> WorkloadClass:
    """The class that the operator's jobs give to most of the run's time; idle where none covers it."""
    subjects, time = set(run.subjects), dict.fromkeys(WorkloadClass, 0)
    for job in jobs:
        overlap = min(job.end_ns, run.end_ns) - max(job.start_ns, run.start_ns)
        if overlap > 0:
            time[job.workload] += overlap * len(subjects.intersection(job.subjects))
    covered = sum(time.values())
    whole = len(subjects) * (run.end_ns - run.start_ns)
    time[WorkloadClass.IDLE] += max(0, whole - covered)
    return max(time, key=lambda c: time[c])


def pack(bars: Sequence[Bar]) -> list[tuple[Bar, int]]:
    """Each bar with its bottom edge: the largest lowest, no two overlap, heights are accelerators."""
    placed: list[tuple[Bar, int]] = []
    for bar in sorted(bars, key=lambda b: (-b.size, b.start_ns, b.name)):
        beside = [(b, y) for b, y in placed if b.start_ns < bar.end_ns and bar.start_ns < b.end_ns]
        floors = sorted({0, *(y + b.accelerators for b, y in beside)})
        free = next(f for f in floors if all(_clear(f, bar, b, y) for b, y in beside))
        placed.append((bar, free))
    return placed


def _clear(floor: int, bar: Bar, other: Bar, other_floor: int) -> bool:
    return floor + bar.accelerators <= other_floor or other_floor + other.accelerators <= floor

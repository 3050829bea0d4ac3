"""Plans of sites, and the job records in them: what runs, what is said to run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.schedule import PlannedJob, Work


@dataclass(frozen=True)
class SitePlan:
    """Everything that is decided before the first sample.

    ``jobs`` run; ``declared`` is the operator's word; ``truth`` is what ran, bare idle time left out.
    Honest jobs bear the same id in both.
    """

    jobs: tuple[PlannedJob, ...]
    declared: tuple[JobRecord, ...]
    truth: tuple[JobRecord, ...]


def record(layout: SiteLayout, job: PlannedJob, workload: WorkloadClass | None = None) -> JobRecord:
    """The record of a job, without an id, as what it is or as ``workload``; it names accelerators."""
    subjects = tuple(name for node in job.nodes for name in layout.accelerator_names(node))
    return JobRecord("", subjects, job.start_ns, job.end_ns, workload or job.work.value)


def scheduled(layout: SiteLayout, jobs: Iterable[PlannedJob]) -> list[JobRecord]:
    """Records of the jobs that a scheduler knows: a loaded but unused model is not one."""
    return [record(layout, job) for job in jobs if job.work is not Work.LOADED]


def numbered(records: Iterable[JobRecord]) -> tuple[JobRecord, ...]:
    """Pseudonyms ``job-01``… in order of start, then of subjects, whatever the jobs are."""
    ordered = sorted(records, key=lambda r: (r.start_ns, r.subjects))
    width = max(2, len(str(len(ordered))))
    return tuple(replace(r, job=f"job-{i:0{width}d}") for i, r in enumerate(ordered, start=1))


def truthful(declared: Iterable[JobRecord], lies: Iterable[JobRecord]) -> tuple[JobRecord, ...]:
    """The declared records that are no lies."""
    stories = {(r.start_ns, r.subjects) for r in lies}
    return tuple(r for r in declared if (r.start_ns, r.subjects) not in stories)

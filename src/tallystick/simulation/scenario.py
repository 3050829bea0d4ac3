"""Scenarios: what really runs on a site, and what its operator says about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.evasions.hide import plan_hide
from tallystick.simulation.evasions.split import plan_split
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.schedule import PlannedJob, Work, honest_jobs
from tallystick.simulation.site_records import SitePlan, numbered, record, scheduled
from tallystick.simulation.spec import SimulationSpec
from tallystick.units import NS_PER_S

#: Part of the site that the hidden run of ``relabel`` takes, and its length on a site of a day or more.
HIDDEN_SHARE = 0.37
HIDDEN_LEAST_H, HIDDEN_MOST_H = 18.0, 21.0


@dataclass(frozen=True)
class Scenario:
    """A kind of site. ``plan`` draws one from a generator; the same generator state, the same plan."""

    name: str
    summary: str
    plan: Callable[[np.random.Generator, SimulationSpec], SitePlan]


def plan_honest(rng: np.random.Generator, spec: SimulationSpec) -> SitePlan:
    """Serving, fine-tuning, small pretraining and idle nodes, all declared as they are."""
    layout = SiteLayout(spec.nodes)
    jobs = honest_jobs(rng, tuple(range(spec.nodes)), spec.start_ns, spec.end_ns)
    records = numbered(scheduled(layout, jobs))
    return SitePlan(tuple(jobs), records, records)


def plan_relabel(rng: np.random.Generator, spec: SimulationSpec) -> SitePlan:
    """One large pretraining run, declared as two inference jobs; everything else honest."""
    layout = SiteLayout(spec.nodes)
    shuffled = [int(node) for node in rng.permutation(spec.nodes)]
    count = max(1, round(HIDDEN_SHARE * spec.nodes))
    hidden = _hidden_run(rng, tuple(sorted(shuffled[:count])), spec)
    others = honest_jobs(rng, tuple(sorted(shuffled[count:])), spec.start_ns, spec.end_ns)
    covers = _cover_stories(rng, layout, hidden)
    declared = numbered(scheduled(layout, others) + covers)
    stories = {(record.start_ns, record.subjects) for record in covers}
    honest = tuple(record for record in declared if (record.start_ns, record.subjects) not in stories)
    truth = replace(record(layout, hidden), job="hidden-01")
    return SitePlan((hidden, *others), declared, (*honest, truth))


def _hidden_run(rng: np.random.Generator, nodes: tuple[int, ...], spec: SimulationSpec) -> PlannedJob:
    """The run, shortened in proportion on a site of less than a day."""
    hours = float(rng.uniform(HIDDEN_LEAST_H, HIDDEN_MOST_H)) * min(1.0, spec.hours / 24)
    start_s = int(rng.uniform(0, (spec.hours - hours) * 3600))
    start_ns = spec.start_ns + start_s * NS_PER_S
    return PlannedJob(Work.PRETRAINING, nodes, start_ns, start_ns + int(hours * 3600) * NS_PER_S)


def _cover_stories(rng: np.random.Generator, layout: SiteLayout, hidden: PlannedJob) -> list[JobRecord]:
    """Two inference jobs over the run's time; its accelerators are dealt out between them at random."""
    names = record(layout, hidden).subjects
    dealt = [names[int(i)] for i in rng.permutation(len(names))]
    halves = (dealt[: len(dealt) // 2], dealt[len(dealt) // 2 :])
    return [
        JobRecord("", tuple(sorted(half)), hidden.start_ns, hidden.end_ns, WorkloadClass.INFERENCE)
        for half in halves
    ]


SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario("honest", "all work declared as it is, no run above 1e21 FLOP", plan_honest),
        Scenario("relabel", "a large pretraining run declared as two inference jobs", plan_relabel),
        Scenario("split", "a large pretraining run declared as many small ones with pauses", plan_split),
        Scenario("hide", "a pretraining run on accelerators declared as idle", plan_hide),
    )
}

"""The cheat ``split``: one large run declared as many small ones, over jobs, time and sites.

Every piece keeps the lock-step of the whole but stays below the cap, even at its accelerators' peak rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tallystick.records.subject import JobRecord
from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.schedule import PlannedJob, Work, honest_jobs
from tallystick.simulation.site_records import SitePlan, numbered, record, scheduled, truthful
from tallystick.simulation.spec import SimulationSpec
from tallystick.simulation.step_time import pause_share
from tallystick.units import NS_PER_HOUR, NS_PER_S


@dataclass(frozen=True, slots=True)
class SplitParameters:
    """How a run is cut.

    It takes ``share`` of the site's nodes. It pauses for ``pause_s`` after at most ``longest_h`` hours,
    and each stretch is declared as jobs of at most ``widest`` nodes each. 16 accelerators for 6 h stay
    below 1e21 FLOP at the peak rate of 1978.9e12 FLOP/s.
    """

    share: float = 0.37
    widest: int = 2
    longest_h: float = 5.5
    pause_s: int = 600

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """The price: the pauses, in which checkpoints are written and read, are lost."""
        return budget.giving_up(pause_share(self.pause_s, self.longest_h * 3600))


def plan_split(
    rng: np.random.Generator, spec: SimulationSpec, parameters: SplitParameters | None = None
) -> SitePlan:
    """One run over most of the period, declared as small pretraining jobs; everything else honest."""
    return plan_split_sites(rng, [spec], parameters)[0]


def plan_split_sites(
    rng: np.random.Generator, specs: Sequence[SimulationSpec], parameters: SplitParameters | None = None
) -> list[SitePlan]:
    """The same run spread over several sites, each with its part of the nodes and the same pauses.

    The sites' periods begin together; the run ends with the shortest.
    """
    p = parameters or SplitParameters()
    hours = min(spec.hours for spec in specs)
    lead_s = int(rng.uniform(0.02, 0.12) * hours * 3600)
    end_s = int(rng.uniform(0.9, 0.98) * hours * 3600)
    stretches = _stretches(lead_s, end_s, p)
    return [_site(rng, spec, stretches, replace(p, share=p.share / len(specs))) for spec in specs]


def _stretches(from_s: int, to_s: int, p: SplitParameters) -> list[tuple[int, int]]:
    """Start and end in seconds of the stretches between pauses, equally long."""
    longest_s = p.longest_h * 3600
    count = max(1, int(np.ceil((to_s - from_s + p.pause_s) / (longest_s + p.pause_s))))
    length_s = int((to_s - from_s - (count - 1) * p.pause_s) / count)
    starts = [from_s + i * (length_s + p.pause_s) for i in range(count)]
    return [(start, start + length_s) for start in starts]


def _site(
    rng: np.random.Generator, spec: SimulationSpec, stretches: list[tuple[int, int]], p: SplitParameters
) -> SitePlan:
    layout = SiteLayout(spec.nodes)
    shuffled = [int(node) for node in rng.permutation(spec.nodes)]
    count = max(1, round(p.share * spec.nodes))
    nodes = tuple(sorted(shuffled[:count]))
    others = honest_jobs(rng, tuple(sorted(shuffled[count:])), spec.start_ns, spec.end_ns)
    run = [
        PlannedJob(Work.PRETRAINING, nodes, spec.start_ns + a * NS_PER_S, spec.start_ns + b * NS_PER_S)
        for a, b in stretches
    ]
    pieces = _pieces(rng, layout, run, p.widest)
    declared = numbered([*scheduled(layout, others), *pieces])
    truth = [replace(record(layout, job), job=f"hidden-01-{i}") for i, job in enumerate(run, start=1)]
    return SitePlan((*run, *others), declared, (*truthful(declared, pieces), *truth))


def _pieces(
    rng: np.random.Generator, layout: SiteLayout, run: list[PlannedJob], widest: int
) -> list[JobRecord]:
    """Declared jobs: each stretch dealt out anew to groups of at most ``widest`` nodes."""
    pieces: list[JobRecord] = []
    for stretch in run:
        dealt = [stretch.nodes[int(i)] for i in rng.permutation(len(stretch.nodes))]
        for first in range(0, len(dealt), widest):
            group = tuple(sorted(dealt[first : first + widest]))
            pieces.append(record(layout, replace(stretch, nodes=group)))
    return pieces


def accelerator_hours(job: JobRecord) -> float:
    """Size of a declared job, to be held against a cap."""
    return len(job.subjects) * (job.end_ns - job.start_ns) / NS_PER_HOUR

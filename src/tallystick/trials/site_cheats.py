"""Cheats at the level of a site, each on sites of its own: split, hide, replay, in several forms.

Windows do not show them: a split run is declared as training, a hidden one is not declared at all, and a
replayed one is not what was measured. So each is a whole site with an operator's word and a sealed meter, and
``site_checks`` says what an inspection of all of it notices.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tallystick.records.subject import JobRecord, SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.hide import HIDDEN_SHARE, UnlistedSource, plan_hide, undeclared
from tallystick.simulation.evasions.replay import ReplayedSource, whole_nodes
from tallystick.simulation.evasions.split import SplitParameters, plan_split
from tallystick.simulation.requests import request_model
from tallystick.simulation.scenario import SCENARIOS, Scenario, plan_honest
from tallystick.simulation.site_records import SitePlan, numbered
from tallystick.simulation.source import SimulatedSource
from tallystick.simulation.spec import SimulationSpec, parse_spec
from tallystick.telemetry.source import Source

#: Records of the truth that begin so are of the run that the operator does not declare as what it is.
HIDDEN = "hidden"
#: Readings replayed with noise are off by up to this much.
NOISE_PPM = 10_000
#: Slots by which a replay of the past lags. The truth is told until then: it is shorter than the run's lead.
LAG_SLOTS = 1

Plan = Callable[[np.random.Generator, SimulationSpec], SitePlan]


@dataclass(frozen=True, slots=True)
class SiteSize:
    """Accelerators (a multiple of 8) and hours of each site."""

    accelerators: int
    hours: int


@dataclass(frozen=True)
class SiteCheat:
    """A cheat by name, what the operator does in words, its sites by seed, and its price."""

    family: str
    does: str
    opened: Callable[[int, SiteSize], Source]
    charge: Callable[[TrainingBudget], TrainingBudget]


def honest_site(seed: int, size: SiteSize) -> Source:
    """A site without a cheat."""
    return _site(plan_honest, seed, size)


def hidden_runs(source: Source) -> tuple[JobRecord, ...]:
    """What really ran and is not declared as what it is; a run's stretches each by itself."""
    return tuple(job for job in source.truth() if job.job.startswith(HIDDEN))


def _site(plan: Plan, seed: int, size: SiteSize) -> SimulatedSource:
    text = f"honest,seed={seed},accelerators={size.accelerators},hours={size.hours},traces=drawn"
    spec = parse_spec(text, tuple(SCENARIOS))
    return SimulatedSource(spec, Scenario("", "", plan), request_model(spec.traces, seed))


def _split(seed: int, size: SiteSize) -> Source:
    return _site(plan_split, seed, size)


def _hide(seed: int, size: SiteSize, share: float) -> Source:
    return _site(partial(plan_hide, share=share), seed, size)


def _unlisted(seed: int, size: SiteSize, share: float) -> Source:
    source = _hide(seed, size, share)
    gone = undeclared(SitePlan((), source.jobs(), source.truth()))
    return UnlistedSource(source, gone)


def plan_cover(rng: np.random.Generator, spec: SimulationSpec, share: float) -> SitePlan:
    """A hidden run on ``share`` of the nodes, declared as one inference job."""
    plan = plan_hide(rng, spec, share)
    (hidden,) = (job for job in plan.truth if job.job.startswith(HIDDEN))
    cover = replace(hidden, workload=WorkloadClass.INFERENCE)
    return SitePlan(plan.jobs, numbered((*plan.declared, cover)), plan.truth)


def _replayed(seed: int, size: SiteSize, share: float, lag_slots: int, noise_ppm: int) -> Source:
    """The nodes of the hidden run report what nodes that serve report, now or ``lag_slots`` ago."""
    source = _site(partial(plan_cover, share=share), seed, size)
    nodes = [s for s in source.inventory() if s.kind is SubjectKind.NODE]
    (hidden,) = hidden_runs(source)
    victims = [n.name for n in nodes if set(n.covers) <= set(hidden.subjects)]
    serves = {a for j in source.truth() if j.workload is WorkloadClass.INFERENCE for a in j.subjects}
    donors = [n.name for n in nodes if n.name not in victims and set(n.covers) <= serves]
    donors = donors or [n.name for n in nodes if n.name not in victims]
    pairs = {victim: donors[k % len(donors)] for k, victim in enumerate(victims)}
    return ReplayedSource(
        source, whole_nodes(source.inventory(), pairs), lag_slots=lag_slots, noise_ppm=noise_ppm, seed=seed
    )


def _free(budget: TrainingBudget) -> TrainingBudget:
    """Not declaring, and replaying, cost nothing in throughput, energy or time."""
    return budget


#: A share so small that it is one node.
ONE_NODE = 1e-6

SITE_CHEATS: tuple[SiteCheat, ...] = (
    SiteCheat("split", "one run declared as many small ones", _split, SplitParameters().charge),
    SiteCheat("hide_idle", "a fifth of the nodes declared idle", partial(_hide, share=HIDDEN_SHARE), _free),
    SiteCheat("hide_idle_node", "one node declared idle", partial(_hide, share=ONE_NODE), _free),
    SiteCheat(
        "hide_unlisted",
        "a fifth of the nodes off the inventory",
        partial(_unlisted, share=HIDDEN_SHARE),
        _free,
    ),
    SiteCheat("hide_unlisted_node", "one node off the inventory", partial(_unlisted, share=ONE_NODE), _free),
    SiteCheat(
        "replay_copy",
        "a fifth of the nodes report serving nodes' readings",
        partial(_replayed, share=HIDDEN_SHARE, lag_slots=0, noise_ppm=0),
        _free,
    ),
    SiteCheat(
        "replay_past",
        "the same readings a quarter of an hour late",
        partial(_replayed, share=HIDDEN_SHARE, lag_slots=LAG_SLOTS, noise_ppm=0),
        _free,
    ),
    SiteCheat(
        "replay_past_node",
        "one node reports a serving node's readings a quarter of an hour late",
        partial(_replayed, share=ONE_NODE, lag_slots=LAG_SLOTS, noise_ppm=0),
        _free,
    ),
    SiteCheat(
        "replay_noise_node",
        "one node reports them so late with noise of 1 %",
        partial(_replayed, share=ONE_NODE, lag_slots=LAG_SLOTS, noise_ppm=NOISE_PPM),
        _free,
    ),
)

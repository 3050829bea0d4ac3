"""The cheat ``hide``: a run that no declared job covers, on accelerators called idle or left off the list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tallystick.records.subject import JobRecord, Subject, SubjectKind
from tallystick.simulation.evasions.wrapped_source import WrappedSource
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.schedule import PlannedJob, Work, honest_jobs
from tallystick.simulation.site_records import SitePlan, numbered, record, scheduled
from tallystick.simulation.spec import SimulationSpec
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S

#: Part of the site's nodes that run in secret, and for which part of the period.
HIDDEN_SHARE = 0.2
HIDDEN_FROM, HIDDEN_TO = 0.08, 0.95


def plan_hide(rng: np.random.Generator, spec: SimulationSpec, share: float = HIDDEN_SHARE) -> SitePlan:
    """Pretraining on ``share`` of the nodes that the declaration calls idle; everything else honest."""
    layout = SiteLayout(spec.nodes)
    shuffled = [int(node) for node in rng.permutation(spec.nodes)]
    count = max(1, round(share * spec.nodes))
    others = honest_jobs(rng, tuple(sorted(shuffled[count:])), spec.start_ns, spec.end_ns)
    start_ns, end_ns = (
        spec.start_ns + int(part * spec.hours * 3600) * NS_PER_S for part in (HIDDEN_FROM, HIDDEN_TO)
    )
    hidden = PlannedJob(Work.PRETRAINING, tuple(sorted(shuffled[:count])), start_ns, end_ns)
    declared = numbered(scheduled(layout, others))
    truth = replace(record(layout, hidden), job="hidden-01")
    return SitePlan((hidden, *others), declared, (*declared, truth))


def undeclared(plan: SitePlan) -> frozenset[str]:
    """Names of accelerators that work in truth while no declared job covers them."""
    spoken = {(name, r.start_ns) for r in plan.declared for name in r.subjects}
    return frozenset(n for r in plan.truth for n in r.subjects if (n, r.start_ns) not in spoken)


@dataclass(frozen=True)
class UnlistedSource(WrappedSource):
    """A source whose operator leaves accelerators off the inventory; the sealed meter still feels them.

    ``unlisted`` names accelerators; nodes all of whose accelerators are unlisted go too.
    """

    unlisted: frozenset[str]

    def inventory(self) -> tuple[Subject, ...]:
        """The subjects that are left, a meter or node without the accelerators that are not."""
        return tuple(_without(s, self._gone()) for s in self.source.inventory() if s.name not in self._gone())

    def _gone(self) -> frozenset[str]:
        nodes = (s for s in self.source.inventory() if s.kind is SubjectKind.NODE)
        empty = {s.name for s in nodes if set(s.covers) <= self.unlisted}
        return self.unlisted | empty

    def slots(self) -> Iterator[SampleTable]:
        """The tables without the rows of what is unlisted."""
        gone, subjects = self._gone(), self.inventory()
        listed = np.array([s.name not in gone for s in self.source.inventory()])
        renumbered = np.cumsum(listed) - 1
        for table in self.source.slots():
            kept = listed[table.subject]
            channels = {name: column[kept] for name, column in table.channels.items()}
            yield SampleTable(
                subjects,
                renumbered[table.subject[kept]].astype(np.int64),
                table.time_ns[kept],
                table.quality[kept],
                channels,
            )

    def jobs(self) -> tuple[JobRecord, ...]:
        """The operator's word, without jobs of unlisted accelerators."""
        return tuple(r for r in self.source.jobs() if not self.unlisted.intersection(r.subjects))

    @property
    def notes(self) -> tuple[str, ...]:
        """The source's notes, and how many accelerators are unlisted."""
        return (*self.source.notes, f"{len(self.unlisted)} accelerators left off the inventory")


def _without(subject: Subject, gone: frozenset[str]) -> Subject:
    """The subject without the names that are gone among those it covers."""
    return replace(subject, covers=tuple(name for name in subject.covers if name not in gone))

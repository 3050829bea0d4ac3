"""Check 19: is work that moves in lock-step over several nodes the work that is declared for it?

One window tells little, and a strange training run may look like other work in every window. But a group
that drawn slots show on two or more nodes again and again, that opened entries declare as inference or idle,
and whose windows are told to be something else, is not what was declared, whatever it is. The windows of one
such run are put together, slot by slot, as in ``accounting.run_evidence``. Windows that were not told count
for neither side. Work declared as other is left out: matrix codes look like training too often.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.accounting.run_evidence import WindowCount, evidence_of, threshold_log2
from tallystick.accounting.run_reference import RunReference
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.run_check import FALSE_PPM
from tallystick.inspection.sightings import Sighting, chains
from tallystick.records.run import SequentialEvidence
from tallystick.records.workload import (
    ABSTAINED,
    CLASSES,
    NO_TRAINING_UNCLEAR,
    NOT_OBSERVED,
    WorkloadClass,
)
from tallystick.units import NS_PER_HOUR, SLOT_NS, WINDOW_NS

#: Honest work of these classes is told to be what it is (``python -m tallystick.trials.declared_class``).
TESTED = frozenset({WorkloadClass.INFERENCE, WorkloadClass.IDLE})
LEAST_NODES = 2
#: So many windows of a run must be declared in opened entries for their class to be the run's.
LEAST_DECLARED = 15
#: Verdicts that do not say which work it is.
UNTOLD = frozenset({NO_TRAINING_UNCLEAR, ABSTAINED, NOT_OBSERVED})


@dataclass(frozen=True, slots=True)
class LockStepRun:
    """A run over nodes, declared as ``declared``. ``slots`` show it, at most ``accelerators`` in one.

    ``told`` counts windows by verdict, in the order of ``VERDICT_NAMES``; ``jobs`` are the declared runs that
    opened entries name for it.
    """

    jobs: tuple[str, ...]
    declared: tuple[WorkloadClass, ...]
    subjects: frozenset[str]
    nodes: int
    accelerators: int
    slots: int
    told: tuple[int, ...]
    evidence: SequentialEvidence

    @property
    def named(self) -> bool:
        """Whether the evidence that it is other work than declared reached the threshold."""
        return self.evidence.passed_ns is not None

    @property
    def as_declared(self) -> int:
        """Windows told to be of a class that is declared for it."""
        return sum(self.told[CLASSES.index(workload)] for workload in self.declared)

    @property
    def otherwise(self) -> dict[int, int]:
        """Windows told to be of another class, by verdict."""
        declared = {CLASSES.index(workload) for workload in self.declared}
        return {v: n for v, n in enumerate(self.told) if n and v not in UNTOLD | declared}


def lock_step_runs(
    seen: Sequence[Sighting], hours: Sequence[OpenedHour], reference: RunReference
) -> tuple[LockStepRun, ...]:
    """Runs over nodes that are declared as inference or idle, strongest evidence first."""
    entries = {(hour.entry.subject, hour.entry.hour_ns): hour for hour in hours}
    over_nodes = [s for s in seen if s.group.nodes >= LEAST_NODES and s.group.votes]
    tested = []
    for chain in chains(over_nodes):
        known = _entries_of(chain, entries)
        declared = _declared(known)
        share_ppm = reference.share_ppm([subject for s in chain for subject, _ in s.members])
        if share_ppm is not None and len(declared) >= LEAST_DECLARED and TESTED.issuperset(declared):
            tested.append((chain, known, tuple(sorted({w for w in declared if w})), share_ppm))
    threshold = threshold_log2(len(tested), FALSE_PPM)
    found = [_run(*arguments, threshold) for arguments in tested]
    return tuple(sorted(found, key=lambda r: (-r.evidence.log2_most, r.jobs)))


def _entries_of(
    chain: Sequence[Sighting], entries: Mapping[tuple[str, int], OpenedHour]
) -> list[tuple[int, OpenedHour]]:
    """Opened entries of members in the hours of the slots that show them, each with the slot's start."""
    found = []
    for s in chain:
        for subject, _ in s.members:
            hour = entries.get((subject.name, s.slot_ns // NS_PER_HOUR * NS_PER_HOUR))
            if hour is not None:
                found.append((s.slot_ns, hour))
    return found


def _declared(known: Sequence[tuple[int, OpenedHour]]) -> list[WorkloadClass | None]:
    """The class declared for each window of the slots."""
    found: list[WorkloadClass | None] = []
    for slot_ns, hour in known:
        first = (slot_ns - hour.entry.hour_ns) // WINDOW_NS
        found += hour.entry.workloads[first : first + SLOT_NS // WINDOW_NS]
    return found


def _run(
    chain: Sequence[Sighting],
    known: Sequence[tuple[int, OpenedHour]],
    declared: tuple[WorkloadClass, ...],
    share_ppm: int,
    threshold: int,
) -> LockStepRun:
    by_slot: dict[int, Counter[int]] = {}
    for s in chain:
        by_slot.setdefault(s.slot_ns, Counter()).update(dict(enumerate(s.group.votes)))
    agreeing = {CLASSES.index(workload) for workload in declared}
    counts = {}
    for slot_ns, votes in by_slot.items():
        told = sum(count for verdict, count in votes.items() if verdict not in UNTOLD)
        if told:
            counts[slot_ns] = WindowCount(told - sum(votes[verdict] for verdict in agreeing), told)
    total = sum(by_slot.values(), Counter())
    return LockStepRun(
        jobs=tuple(sorted({hour.entry.run for _, hour in known if hour.entry.run})),
        declared=declared,
        subjects=frozenset(name for s in chain for name in s.group.subjects),
        nodes=max(s.group.nodes for s in chain),
        accelerators=max(s.accelerators for s in chain),
        slots=len(by_slot),
        told=tuple(total[verdict] for verdict in range(NOT_OBSERVED + 1)),
        evidence=evidence_of(counts, share_ppm, threshold),
    )

"""Finds runs: subjects that work as one job over time, from power and link traffic, whatever the labels say.

Feed it slot by slot; it keeps energies in bins of 10 s, groups and verdicts, and no samples. What a run is
is found in ``lockstep`` (per slot) and ``stitching`` (over slots); each bin of each subject then goes to one
run at most, the largest first.
"""

from dataclasses import dataclass

import numpy as np

from tallystick.accounting.hardware import hardware
from tallystick.errors import SampleError
from tallystick.records.subject import Subject, SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_HOUR, NS_PER_S, PPM, SLOT_NS, WINDOW_NS
from tallystick.workloads.amounts import SpanAmounts, amounts, slot_start
from tallystick.workloads.classifier import Verdicts
from tallystick.workloads.lockstep import ACTIVE_PPM, group_slot, observed_subjects
from tallystick.workloads.run_class import VOTE_KINDS, class_of_run, nodes_of
from tallystick.workloads.run_confidence import confidence_ppm, kind_of
from tallystick.workloads.stitching import (
    BIN_NS,
    BINS_PER_SLOT,
    PAUSE_BINS,
    Bools,
    Life,
    Piece,
    bridge,
    lives,
    pieces,
    spans,
)
from tallystick.workloads.traffic import LINKS, PORTS, imbalance_ppm, traffic_totals

BINS_PER_WINDOW = WINDOW_NS // BIN_NS
US_PER_S = 1_000_000
#: What ports carry in a slot without any job, at most: 10 MB/s both ways together, assumed.
QUIET_BYTES = 10_000_000 * SLOT_NS // NS_PER_S
#: An accelerator up to this part of the way from idle to rated power holds no job.
BARE_PPM = 35_000


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A run found in the telemetry: ``subjects`` worked as one job from ``start_ns`` to ``end_ns``.

    Times are multiples of 10 s, the end is exclusive. ``coherence_ppm`` is the mean correlation of power
    changes over pairs and slots, 0 for one subject. ``votes`` counts its windows in the order
    of ``VERDICT_NAMES``. ``workload`` is None where they do not decide. ``confidence_ppm`` is the share of
    runs like it that were right on simulated sites (``run_confidence``). ``link_imbalance_ppm`` is the median
    over its accelerators of how much the bytes sent and received over NVLink differ, as a part of their sum,
    over the slots it touches: near 0 where collectives give back what they take, as in training, higher where
    requests flow one way. None where no accelerator has both counters, or all are silent or stuck.
    ``port_imbalance_ppm`` is the same over InfiniBand, of the nodes it works on, whatever else works there;
    None too where ports are as quiet as without a job.
    """

    id: str
    subjects: tuple[str, ...]
    start_ns: int
    end_ns: int
    coherence_ppm: int
    workload: WorkloadClass | None
    energy_mj: int
    observed_us: int
    votes: tuple[int, ...]
    confidence_ppm: int = 0
    link_imbalance_ppm: int | None = None
    port_imbalance_ppm: int | None = None


@dataclass(frozen=True)
class SlotFindings:
    """All that the run finder keeps of one slot, whatever the number of its samples.

    ``active`` and ``bare`` are (subjects, bins); ``links`` and ``ports`` (2, subjects) are bytes sent and
    received; ``groups`` are numbers of subjects in lock-step, each with its mean correlation in ppm.
    """

    subjects: tuple[Subject, ...]
    start_ns: int
    bins: SpanAmounts
    active: Bools
    bare: Bools
    links: Int64
    ports: Int64
    groups: tuple[tuple[Int64, int], ...]


def slot_findings(table: SampleTable) -> SlotFindings:
    """What one slot says about runs. It depends on no other slot, so slots can be worked on side by side.

    Raises SampleError where the rows lie in several slots, InputError for unknown hardware.
    """
    bins = amounts(table, BIN_NS)
    active, bare = _at_work(table, bins)
    links, ports = traffic_totals(table, LINKS), traffic_totals(table, PORTS)
    index = {subject.name: i for i, subject in enumerate(table.subjects)}
    groups = tuple(
        (np.array([index[name] for name in group.subjects], np.int64), group.coherence_ppm)
        for group in group_slot(table)
    )
    return SlotFindings(table.subjects, slot_start(table), bins, active, bare, links, ports, groups)


class RunFinder:
    """Collects slots in time order with ``add``, then gives all runs with ``finish``."""

    def __init__(self) -> None:
        self._subjects: tuple[Subject, ...] = ()
        self._origin_ns = 0
        self._nodes: dict[str, list[int]] = {}
        self._slots: dict[int, tuple[SlotFindings, Int64]] = {}

    def add(self, table: SampleTable, verdicts: Verdicts) -> None:
        """Takes in one slot. Raises SampleError where slots are out of order or the inventory changes."""
        if len(table):
            self.take(slot_findings(table), verdicts)

    def take(self, findings: SlotFindings, verdicts: Verdicts) -> None:
        """Takes in what a slot says, found here or elsewhere. Raises SampleError as ``add``."""
        start = findings.start_ns
        if not self._slots:
            self._subjects, self._origin_ns = findings.subjects, start
            for i, subject in enumerate(findings.subjects):
                if subject.kind is SubjectKind.NODE:
                    for name in {subject.name, *subject.covers}:
                        self._nodes.setdefault(name, []).append(i)
        number = (start - self._origin_ns) // SLOT_NS
        if findings.subjects != self._subjects or number <= max(self._slots, default=-1):
            raise SampleError(
                "slots are out of order, or of different inventories",
                where=f"slot that starts at {start} ns",
                mend="feed the slots of one inventory in time order, each once",
            )
        self._slots[number] = findings, verdicts.classes

    def finish(self) -> tuple[FoundRun, ...]:
        """All runs, by start and then first subject, numbered in that order."""
        if not self._slots:
            return ()
        shape = (len(self._subjects), (max(self._slots) + 1) * BINS_PER_SLOT)
        active, bare, seen = (np.zeros(shape, np.bool_) for _ in range(3))
        for number, (slot, _) in self._slots.items():
            bins = slice(number * BINS_PER_SLOT, (number + 1) * BINS_PER_SLOT)
            active[:, bins], bare[:, bins] = slot.active, slot.bare
            seen[:, bins] = slot.bins.observed_us > 0
        bridge(active, bare, seen)
        parts: list[Piece] = []
        for number, (slot, _) in self._slots.items():
            bins = slice(number * BINS_PER_SLOT, (number + 1) * BINS_PER_SLOT)
            for members, coherence in slot.groups:
                parts += pieces(number, members, coherence, active[:, bins])
        found = _claimed(lives(parts, active), active)
        found.sort(key=lambda life: (life.first, self._subjects[life.members[0]].name, life.members))
        return tuple(self._run(i + 1, life) for i, life in enumerate(found))

    def _nodes_with(self, subjects: tuple[Subject, ...]) -> list[int]:
        """Numbers of the nodes that are among the subjects, or cover one of them."""
        return sorted({i for s in subjects for i in self._nodes.get(s.name, ())})

    def _run(self, number: int, life: Life) -> FoundRun:
        members = np.array(life.members, np.int64)
        energy = observed = 0
        votes = np.zeros(VOTE_KINDS, np.int64)
        subjects = tuple(self._subjects[m] for m in life.members)
        nodes = self._nodes_with(subjects)
        links, ports = np.zeros((2, len(members)), np.int64), np.zeros((2, len(nodes)), np.int64)
        slots = 0
        for slot_number in range(life.first // BINS_PER_SLOT, (life.last - 1) // BINS_PER_SLOT + 1):
            if slot_number not in self._slots:
                continue
            slot, verdicts = self._slots[slot_number]
            first = max(0, life.first - slot_number * BINS_PER_SLOT)
            last = min(BINS_PER_SLOT, life.last - slot_number * BINS_PER_SLOT)
            energy += int(slot.bins.energy_mj[members, first:last].sum())
            observed += int(slot.bins.observed_us[members, first:last].sum())
            links += slot.links[:, members]
            ports += slot.ports[:, nodes]
            slots += 1
            middle = (np.arange(verdicts.shape[1]) * 2 + 1) * BINS_PER_WINDOW // 2
            cast = verdicts[members][:, (first <= middle) & (middle < last)]
            votes += np.bincount(cast.ravel(), minlength=VOTE_KINDS)
        counted = tuple(int(v) for v in votes)
        return FoundRun(
            id=f"run-{number:04d}",
            subjects=tuple(sorted(s.name for s in subjects)),
            start_ns=self._origin_ns + life.first * BIN_NS,
            end_ns=self._origin_ns + life.last * BIN_NS,
            coherence_ppm=life.coherence_ppm,
            workload=class_of_run(subjects, counted, nodes_of([self._subjects[i] for i in nodes], subjects)),
            energy_mj=energy,
            observed_us=observed,
            votes=counted,
            confidence_ppm=confidence_ppm(
                kind_of(len(subjects), life.coherence_ppm, (life.last - life.first) * BIN_NS)
            ),
            link_imbalance_ppm=imbalance_ppm(links),
            port_imbalance_ppm=imbalance_ppm(ports[:, ports.sum(axis=0) > slots * QUIET_BYTES]),
        )


def covering_runs(runs: tuple[FoundRun, ...]) -> dict[tuple[str, int], FoundRun]:
    """For each (subject, start of an hour in ns) the run that covers most of that hour; first of equals."""
    best: dict[tuple[str, int], tuple[int, FoundRun]] = {}
    for run in runs:
        first = run.start_ns // NS_PER_HOUR * NS_PER_HOUR
        for hour in range(first, run.end_ns, NS_PER_HOUR):
            covered = min(run.end_ns, hour + NS_PER_HOUR) - max(run.start_ns, hour)
            for subject in run.subjects:
                if covered > best.get((subject, hour), (0, run))[0]:
                    best[subject, hour] = (covered, run)
    return {key: run for key, (_, run) in best.items()}


def _at_work(table: SampleTable, bins: SpanAmounts) -> tuple[Bools, Bools]:
    """Where each subject worked, and where it was seen at bare idle: both (subjects, bins); never meters.

    An accelerator at rest with a model loaded draws a little more than a bare one, and is neither. A node's
    power is too coarse for that: it is at work or bare.
    """
    chosen = observed_subjects(table.subjects)
    limits = np.full((2, len(table.subjects), 1), np.iinfo(np.int64).max, np.int64)
    for i, subject in enumerate(table.subjects):
        if subject.name in chosen and subject.kind is not SubjectKind.METER:
            kind = hardware(subject.hardware)
            bare = BARE_PPM if subject.kind is SubjectKind.ACCELERATOR else ACTIVE_PPM
            for which, limit in enumerate((ACTIVE_PPM, bare)):
                limits[which, i] = kind.idle_mw + (kind.rated_mw - kind.idle_mw) * limit // PPM
    power = bins.energy_mj * US_PER_S // np.maximum(bins.observed_us, 1)
    return power > limits[0], (power <= limits[1]) & (bins.observed_us > 0)


def _claimed(found: list[Life], active: Bools) -> list[Life]:
    """Lives that own their bins: each (subject, bin) belongs to the first life that claims it."""
    free = active.copy()
    kept: list[Life] = []
    for life in found:
        members = np.array(life.members, np.int64)
        work = active[members, life.first : life.last].sum(axis=1)
        left = free[members, life.first : life.last].sum(axis=1)
        owners = members[(left > 0) & (2 * left >= work)]
        if len(owners):
            free[owners, life.first : life.last] = False
            kept.append(Life(tuple(owners.tolist()), life.first, life.last, life.coherence_ppm))
    return kept + _leftovers(free)


def _leftovers(free: Bools) -> list[Life]:
    """Work that no life claimed, of PAUSE_BINS or more: runs of one subject."""
    return [
        Life((subject,), first, last, 0)
        for subject in np.flatnonzero(free.any(axis=1)).tolist()
        for first, last in spans(free[subject])
        if last - first >= PAUSE_BINS
    ]

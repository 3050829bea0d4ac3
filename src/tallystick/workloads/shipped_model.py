"""The workload code as the inspection calls it: verdicts and lock-step groups of opened sample blocks."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from tallystick.evidence.block import SampleBlock
from tallystick.inspection.recomputation import LockStepGroup, SubjectHour
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import Subject
from tallystick.records.workload import NOT_OBSERVED
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import SLOT_NS, WINDOW_NS, WINDOWS_PER_HOUR
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.lockstep import group_slot
from tallystick.workloads.run_class import VOTE_KINDS, class_of_run, nodes_of

_WINDOWS_PER_SLOT = SLOT_NS // WINDOW_NS


class ShippedModel:
    """A ``Recomputation`` with the classifier and run finder of this installation."""

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier.load()

    @property
    def model(self) -> str:
        """Hash of the classifier's model."""
        return self._classifier.hash

    def verdicts(self, hours: Sequence[SubjectHour], progress: Callable[[int], None]) -> list[list[int]]:
        """Verdicts of each hour's windows; blocks of one slot are judged together."""
        found = [[NOT_OBSERVED] * WINDOWS_PER_HOUR for _ in hours]
        by_slot: dict[int, list[tuple[int, SampleBlock]]] = {}
        for number, hour in enumerate(hours):
            for block in hour.blocks:
                by_slot.setdefault(block.header.slot_ns, []).append((number, block))
        for slot_ns, opened in by_slot.items():
            table = table_of(tuple(hours[number].subject for number, _ in opened), [b for _, b in opened])
            if len(table):
                classes = self._classifier.verdicts(table).classes.tolist()
                for (number, _), verdicts in zip(opened, classes, strict=True):
                    first = (slot_ns - hours[number].hour_ns) // WINDOW_NS
                    found[number][first : first + _WINDOWS_PER_SLOT] = verdicts
            progress(len(opened))
        return found

    def groups(
        self, site: Sequence[Subject], subjects: Sequence[Subject], blocks: Sequence[SampleBlock]
    ) -> list[LockStepGroup]:
        """Lock-step groups among ``subjects`` in one slot, each with the class that its windows vote for."""
        table = table_of(tuple(subjects), blocks)
        if not len(table):
            return []
        classes = self._classifier.verdicts(table).classes
        place = {s.name: i for i, s in enumerate(subjects)}
        found = []
        for group in group_slot(table, [s.name for s in subjects]):
            members = [place[name] for name in group.subjects]
            votes = np.bincount(classes[members].ravel(), minlength=VOTE_KINDS).tolist()
            chosen = tuple(subjects[m] for m in members)
            workload = class_of_run(chosen, tuple(votes), nodes_of(site, chosen))
            found.append(LockStepGroup(group.subjects, workload, group.coherence_ppm))
        return found


def table_of(subjects: tuple[Subject, ...], blocks: Sequence[SampleBlock]) -> SampleTable:
    """One table over ``subjects`` from one decoded block each."""
    names = [n for n in CHANNELS if any(n in b.channels for b in blocks)]
    counts = [len(b.time_ns) for b in blocks]
    return SampleTable(
        subjects=subjects,
        subject=np.repeat(np.arange(len(subjects), dtype=np.int64), counts),
        time_ns=_column([b.time_ns for b in blocks]),
        quality=_column([b.quality for b in blocks]),
        channels={n: _column([b.channels.get(n, [MISSING] * len(b.time_ns)) for b in blocks]) for n in names},
    )


def _column(parts: Sequence[Sequence[int]]) -> Int64:
    return np.concatenate([np.asarray(p, np.int64) for p in parts]) if parts else np.zeros(0, np.int64)

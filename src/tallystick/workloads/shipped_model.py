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
from tallystick.workloads.classifier import Classifier, SlotWindows
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
        """Verdicts of each subject's hour; blocks of one slot are judged together, slots of one hour too."""
        found = [[NOT_OBSERVED] * WINDOWS_PER_HOUR for _ in hours]
        by_hour: dict[int, list[int]] = {}
        for number, hour in enumerate(hours):
            by_hour.setdefault(hour.hour_ns, []).append(number)
        for hour_ns, numbers in by_hour.items():
            opened = _by_slot(hours, numbers)
            slots = [self._windows(hours, of_slot) for of_slot in opened.values()]
            judged = self._classifier.hour_verdicts(slots)
            for of_slot, slot in zip(opened.values(), judged, strict=True):
                first = (slot.start_ns - hour_ns) // WINDOW_NS
                for (number, _), verdicts in zip(of_slot, slot.classes.tolist(), strict=True):
                    found[number][first : first + _WINDOWS_PER_SLOT] = verdicts
            progress(sum(map(len, opened.values())))
        return found

    def _windows(
        self, hours: Sequence[SubjectHour], opened: Sequence[tuple[int, SampleBlock]]
    ) -> SlotWindows:
        subjects = tuple(hours[number].subject for number, _ in opened)
        return self._classifier.windows(table_of(subjects, [block for _, block in opened]))

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
            nodes = nodes_of(site, chosen)
            workload = class_of_run(chosen, tuple(votes), nodes)
            found.append(LockStepGroup(group.subjects, workload, group.coherence_ppm, nodes, tuple(votes)))
        return found


def _by_slot(
    hours: Sequence[SubjectHour], numbers: Sequence[int]
) -> dict[int, list[tuple[int, SampleBlock]]]:
    """Blocks with samples of the hours at ``numbers``, slot by slot, each with its hour's number."""
    opened: dict[int, list[tuple[int, SampleBlock]]] = {}
    for number in numbers:
        for block in hours[number].blocks:
            if len(block.time_ns):
                opened.setdefault(block.header.slot_ns, []).append((number, block))
    return opened


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

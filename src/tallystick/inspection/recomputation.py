"""What the inspection needs from the workload code, which lives below the audit line.

The base install has none: then the checks that need it read *not checked*.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tallystick.evidence.block import SampleBlock
from tallystick.records.subject import Subject
from tallystick.records.workload import WorkloadClass


@dataclass(frozen=True, slots=True)
class LockStepGroup:
    """Subjects whose power moves together in one slot, and the class of the group (None: abstained).

    They belong to ``nodes`` nodes of the site. ``votes`` counts their windows by verdict, in the order of
    ``VERDICT_NAMES``.
    """

    subjects: tuple[str, ...]
    workload: WorkloadClass | None
    coherence_ppm: int
    nodes: int = 1
    votes: tuple[int, ...] = ()


@dataclass(frozen=True)
class SubjectHour:
    """One subject in one hour, with its blocks in the hour's sealed slots."""

    subject: Subject
    hour_ns: int
    blocks: tuple[SampleBlock, ...]


class Recomputation(Protocol):
    """The pinned classifier and run finder."""

    @property
    def model(self) -> str:
        """Hash of the classifier's model."""

    def verdicts(self, hours: Sequence[SubjectHour], progress: Callable[[int], None]) -> list[list[int]]:
        """For each hour the verdicts of its windows, in order. ``progress`` is told of blocks done."""

    def groups(
        self, site: Sequence[Subject], subjects: Sequence[Subject], blocks: Sequence[SampleBlock]
    ) -> list[LockStepGroup]:
        """Lock-step groups among ``subjects``, some of those of ``site``, in one slot.

        ``blocks`` are theirs, in order. A lone active subject is a group of one.
        """

"""Who is in the account: one row per operator's subject, and where accelerators are counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tallystick.errors import FormatError
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.units import NS_PER_MS


@dataclass(frozen=True)
class Roster:
    """All subjects in the order in which the log names them."""

    subjects: tuple[Subject, ...]

    @staticmethod
    def of(batches: Iterable[tuple[Subject, ...]]) -> "Roster":
        """The roster after these inventory leaves. Raises FormatError where a name occurs twice."""
        subjects = tuple(s for batch in batches for s in batch)
        if len({s.name for s in subjects}) != len(subjects):
            raise FormatError("a subject is in the inventory twice")
        roster = Roster(subjects)
        accounted = [n for s, here in zip(roster.rows, roster.counted, strict=True) if here for n in s.covers]
        if len(set(accounted)) != len(accounted):
            raise FormatError("an accelerator is counted at two subjects")
        return roster

    @cached_property
    def rows(self) -> tuple[Subject, ...]:
        """Subjects on the operator's word, in order: a slot has one leaf for each."""
        return tuple(s for s in self.subjects if s.trust is not Trust.SEALED)

    @cached_property
    def meters(self) -> tuple[Subject, ...]:
        """Sealed meters."""
        return tuple(s for s in self.subjects if s.trust is Trust.SEALED)

    @cached_property
    def counted(self) -> tuple[bool, ...]:
        """For each row, whether its accelerators are accounted there.

        A node whose accelerators report themselves is not: its entry carries wall energy only.
        """
        reporting = {s.name for s in self.rows if s.kind is SubjectKind.ACCELERATOR}
        return tuple(
            s.kind is SubjectKind.ACCELERATOR
            or (s.kind is SubjectKind.NODE and not reporting.intersection(s.covers))
            for s in self.rows
        )

    @cached_property
    def accelerators(self) -> int:
        """How many accelerators the account covers."""
        return sum(len(s.covers) for s, here in zip(self.rows, self.counted, strict=True) if here)

    @cached_property
    def wall_rows(self) -> tuple[int, ...]:
        """Rows whose energy is the site's energy: nodes where there are any, else accelerators."""
        nodes = [i for i, s in enumerate(self.rows) if s.kind is SubjectKind.NODE]
        return tuple(nodes or range(len(self.rows)))

    def inventory_ms(self, row: int, start_ns: int, end_ns: int) -> int:
        """Accelerator-milliseconds of ``row`` in the inventory between two instants."""
        if not self.counted[row]:
            return 0
        subject = self.rows[row]
        left = min(end_ns, subject.left_ns) if subject.left_ns else end_ns
        return max(0, left - max(start_ns, subject.joined_ns)) // NS_PER_MS * len(subject.covers)

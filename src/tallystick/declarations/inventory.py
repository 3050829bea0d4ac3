"""Who is in the account: one row per operator's subject, and where accelerators are counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tallystick.errors import FormatError
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.units import NS_PER_MS


@dataclass(frozen=True)
class Roster:
    """All subjects in the order in which the log first names them.

    ``stays`` holds, for each name, its spans in the inventory (joined, left; 0 where it is still there).
    """

    subjects: tuple[Subject, ...]
    stays: Mapping[str, tuple[tuple[int, int], ...]]

    @staticmethod
    def of(batches: Iterable[tuple[Subject, ...]]) -> "Roster":
        """The roster after these inventory leaves.

        A subject that left may join again, as the same thing. Raises FormatError where a name stands for
        two things or is in the inventory twice at once, or where an accelerator would be in the inventory
        and counted nowhere or twice.
        """
        first: dict[str, Subject] = {}
        stays: dict[str, tuple[tuple[int, int], ...]] = {}
        for subject in (s for batch in batches for s in batch):
            _check_covers(subject)
            _check_stay(subject, first.setdefault(subject.name, subject), stays.get(subject.name, ()))
            stay = (subject.joined_ns, subject.left_ns)
            stays[subject.name] = (*stays.get(subject.name, ()), stay)
        roster = Roster(tuple(first.values()), stays)
        reporting = {s.name for s in roster.rows if s.kind is SubjectKind.ACCELERATOR}
        for node in (s for s in roster.rows if s.kind is SubjectKind.NODE):
            if reporting.intersection(node.covers) and not reporting.issuperset(node.covers):
                raise FormatError(f"only some accelerators of {node.name} report themselves")
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
    def groups(self) -> dict[int, tuple[int, ...]]:
        """The rows of the matrix: a leading row, and the rows at which its accelerators are accounted.

        A node leads its accelerators that report themselves; whatever else is accounted leads itself. In the
        order of the roster.
        """
        place = {s.name: row for row, s in enumerate(self.rows)}
        led: set[int] = set()
        found: dict[int, tuple[int, ...]] = {}
        for row, subject in enumerate(self.rows):
            if subject.kind is SubjectKind.NODE and not self.counted[row]:
                found[row] = tuple(place[name] for name in subject.covers if place[name] not in led)
                led.update(found[row])
        found.update({row: (row,) for row, here in enumerate(self.counted) if here and row not in led})
        return dict(sorted(found.items()))

    @cached_property
    def wall_rows(self) -> tuple[int, ...]:
        """Rows whose energy is the site's energy: nodes where there are any, else accelerators."""
        kinds = [s.kind for s in self.rows]
        wall = SubjectKind.NODE if SubjectKind.NODE in kinds else SubjectKind.ACCELERATOR
        return tuple(i for i, kind in enumerate(kinds) if kind is wall)

    def inventory_ms(self, row: int, start_ns: int, end_ns: int) -> int:
        """Accelerator-milliseconds of ``row`` in the inventory between two instants."""
        if not self.counted[row]:
            return 0
        subject = self.rows[row]
        time_ns = 0
        for joined, left in self.stays[subject.name]:
            time_ns += max(0, min(end_ns, left or end_ns) - max(start_ns, joined))
        return time_ns // NS_PER_MS * len(subject.covers)

    def somebody_there(self, start_ns: int, end_ns: int) -> bool:
        """Whether any row was in the inventory between two instants."""
        return any(self.is_there(subject, start_ns, end_ns) for subject in self.rows)

    def is_there(self, subject: Subject, start_ns: int, end_ns: int) -> bool:
        """Whether ``subject`` was in the inventory for a part of the time between two instants."""
        stays = self.stays[subject.name]
        return any(joined < end_ns and (left == 0 or start_ns < left) for joined, left in stays)


def _check_stay(subject: Subject, first: Subject, stays: tuple[tuple[int, int], ...]) -> None:
    if subject.left_ns and subject.left_ns <= subject.joined_ns:
        raise FormatError(f"{subject.name} leaves before it joins")
    if not stays:
        return
    if replace(subject, joined_ns=0, left_ns=0) != replace(first, joined_ns=0, left_ns=0):
        raise FormatError(f"{subject.name} stands for two things")
    if not 0 < stays[-1][1] <= subject.joined_ns:
        raise FormatError(f"{subject.name} is in the inventory twice")


def _check_covers(subject: Subject) -> None:
    if subject.trust is Trust.SEALED and subject.kind is not SubjectKind.METER:
        raise FormatError(f"{subject.name} is sealed and not a meter: nobody would count it")
    if subject.kind is SubjectKind.ACCELERATOR and subject.covers != (subject.name,):
        raise FormatError(f"the accelerator {subject.name} must cover itself and nothing else")
    if not subject.covers or len(set(subject.covers)) != len(subject.covers):
        raise FormatError(f"{subject.name} covers nothing, or something twice")

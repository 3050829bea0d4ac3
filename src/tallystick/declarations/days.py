"""A log's days: which leaf holds which entry, and which rows of the matrix are due where."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tallystick.declarations.inventory import Roster
from tallystick.declarations.leaf import DayStart, EntryCommitment, Inventory, Leaf, Registration
from tallystick.declarations.statement import Period
from tallystick.errors import FormatError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.matrix.columns import ColumnPlan, check_extends
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.row import CommittedRow
from tallystick.units import NS_PER_DAY, NS_PER_HOUR

_ROSTER = "tallystick-roster/1"


@dataclass(frozen=True)
class Day:
    """A day's account in the log, from the leaf ``at`` on.

    ``roster`` and ``plan`` are what the log said by then; ``plan`` is None where it keeps no matrix.
    """

    site: str
    origin: str
    at: int
    start: DayStart
    roster: Roster
    plan: ColumnPlan | None

    @property
    def first_entry(self) -> int:
        """Leaf of the first hour's entry of row 0."""
        return self.at + 1

    def entry_leaf(self, hour_ns: int, row: int) -> int:
        """Leaf of one entry."""
        return self.first_entry + (hour_ns - self.start.start_ns) // NS_PER_HOUR * self.start.rows + row

    @property
    def first_row(self) -> int:
        """Leaf of the first row of the matrix, where there is one."""
        return self.first_entry + self.start.hours * self.start.rows

    @property
    def after(self) -> int:
        """The leaf after the day's last."""
        return self.first_row + len(self.due)

    @cached_property
    def due(self) -> tuple[DueRow, ...]:
        """The rows of the matrix that are due, in the order in which they stand."""
        return due_rows(self.roster, self.plan, self.site, self.origin, self.start) if self.plan else ()


def due_rows(roster: Roster, plan: ColumnPlan, site: str, origin: str, start: DayStart) -> tuple[DueRow, ...]:
    """One row for each node, or accelerator without one, that was in the inventory for a part of the time."""
    digest = roster_digest(roster)
    day, first_ns = divmod(start.start_ns, NS_PER_DAY)
    first = first_ns // NS_PER_HOUR
    hours = (first, first + start.hours)
    found = []
    for lead, members in roster.groups.items():
        if any(roster.is_there(roster.rows[row], start.start_ns, start.end_ns) for row in (lead, *members)):
            place = RowPlace(plan.operator, site, origin, day, lead, digest, plan.digest, hours)
            times = (roster.inventory_ms(row, start.start_ns, start.end_ns) for row in members)
            found.append(DueRow(place, sum(times)))
    return tuple(found)


def roster_digest(roster: Roster) -> bytes:
    """What rows are bound to: SHA-256 over the names of all rows, in order."""
    return hashlib.sha256(canonical.encode([_ROSTER, *(subject.name for subject in roster.rows)])).digest()


def days_of(leaves: Sequence[Leaf]) -> tuple[Day, ...]:
    """All days of a log. Raises FormatError or VerificationError where their leaves are not as announced."""
    reader = _Reader()
    at = 0
    while at < len(leaves):
        leaf = leaves[at]
        if isinstance(leaf, DayStart):
            day = reader.day(at, leaf)
            _check_leaves(day, leaves)
            at = day.after
            continue
        reader.take(leaf, at)
        at += 1
    return tuple(reader.found)


def parts_of(period: Period) -> Iterable[tuple[int, int]]:
    """The period cut at midnight (UTC): start and end of each part, in order."""
    start_ns = period.start_ns
    while start_ns < period.end_ns:
        end_ns = min(period.end_ns, (start_ns // NS_PER_DAY + 1) * NS_PER_DAY)
        yield start_ns, end_ns
        start_ns = end_ns


def days_in(days: Sequence[Day], period: Period) -> tuple[Day, ...]:
    """The days that make up ``period``. Raises VerificationError where one is missing or only overlaps."""
    inside = [d for d in days if d.start.start_ns < period.end_ns and period.start_ns < d.start.end_ns]
    at_ns = period.start_ns
    for day in inside:
        if day.start.start_ns != at_ns or day.start.end_ns > period.end_ns:
            break
        at_ns = day.start.end_ns
    if at_ns != period.end_ns:
        raise VerificationError(f"entries are missing from {at_ns} ns on, or go beyond the period")
    return tuple(inside)


class _Reader:
    """What a log has said so far."""

    def __init__(self) -> None:
        self.found: list[Day] = []
        self._registration: Registration | None = None
        self._inventories: list[Inventory] = []
        self._roster: Roster | None = None
        self._plan: ColumnPlan | None = None

    def take(self, leaf: Leaf, at: int) -> None:
        if isinstance(leaf, EntryCommitment | CommittedRow):
            raise FormatError("an entry or row that no day announces", where=f"leaf {at}")
        if isinstance(leaf, Registration):
            self._registration = leaf
        elif isinstance(leaf, Inventory):
            self._inventories.append(leaf)
            self._roster = None
        elif isinstance(leaf, ColumnPlan):
            if self._plan is not None:
                check_extends(self._plan, leaf, f"leaf {at}")
            self._plan = leaf

    def day(self, at: int, start: DayStart) -> Day:
        where = f"leaf {at}"
        if self._registration is None:
            raise FormatError("the log does not begin with its registration", where=where)
        if self._roster is None:
            self._roster = Roster.of(leaf.subjects for leaf in self._inventories)
        width = len(self._roster.rows)
        if start.rows != width:
            said = f"a day of {start.rows} subjects where the inventory has {width}"
            raise VerificationError(said, where=where)
        others = (day.start for day in self.found)
        if any(start.start_ns < other.end_ns and other.start_ns < start.end_ns for other in others):
            raise VerificationError("a day is in the log twice", where=where)
        registration = self._registration
        origin = registration.key.name
        day = Day(registration.site, origin, at, start, self._roster, self._plan)
        self.found.append(day)
        return day


def _check_leaves(day: Day, leaves: Sequence[Leaf]) -> None:
    where = f"the day at leaf {day.at}"
    entries = leaves[day.first_entry : day.first_row]
    expected = day.start.hours * day.start.rows
    if len(entries) != expected or not all(isinstance(leaf, EntryCommitment) for leaf in entries):
        raise VerificationError(f"{expected} entries are due and others stand there", where=where)
    rows = leaves[day.first_row : day.after]
    if len(rows) != len(day.due) or not all(isinstance(leaf, CommittedRow) for leaf in rows):
        raise VerificationError(
            f"{len(day.due)} rows of the matrix are due and others stand there", where=where
        )

"""Check 20: the hours of a drawn entry's day add up, column by column, to the row that was committed.

The operator opens one field of each hour of that node and day, the amounts by column, and the blindings of
the row; of a node that leads accelerators, in a drawn hour, also theirs. Without this a row could say
something else than its hours, and an hour something else than its entries.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tallystick.accounting.columns import check_columns, column_amounts, node_amounts
from tallystick.declarations.bundle import Bundle
from tallystick.declarations.days import Day
from tallystick.declarations.entry import amounts_json, check_amounts_field, check_energy_field
from tallystick.declarations.statement import Declaration
from tallystick.errors import InputError, VerificationError
from tallystick.evidence.matrix.amounts import Amount, RowAmounts, add_hours
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.matrix.row import CommittedRow
from tallystick.evidence.proofs.pedersen import Opening, verify_opening
from tallystick.inspection.opened import OpenedHour, windows_of
from tallystick.inspection.opened_day import OpenedDay, OpenedParts
from tallystick.records.entry import ColumnAmount
from tallystick.units import NS_PER_HOUR, WINDOW_NS


@dataclass(frozen=True)
class DueDay:
    """A row of the matrix that must be opened: its day, its leading row, and the drawn entries in it.

    ``drawn`` holds hour (from the day's first) and row of each drawn entry.
    """

    day: Day
    plan: ColumnPlan
    lead: int
    drawn: tuple[tuple[int, int], ...]

    @property
    def members(self) -> tuple[int, ...]:
        """The rows that the leading row leads; empty where it stands for itself."""
        members = self.day.roster.groups[self.lead]
        return () if members == (self.lead,) else members

    def entry(self, bundle: Bundle, hour: int, row: int) -> bytes:
        """The commitment of one entry of the day."""
        return bundle.entry(self.day.entry_leaf(self.day.start.start_ns + hour * NS_PER_HOUR, row))

    def __str__(self) -> str:
        return f"{self.day.roster.rows[self.lead].name}, day at leaf {self.day.at}"


def due_days(bundle: Bundle, declaration: Declaration, leaves: Sequence[int]) -> list[DueDay]:
    """The rows in which the drawn entries at ``leaves`` lie, in the order of the log.

    None where a day has no matrix.
    """
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    days = {day.at: day for day in bundle.days_of(declaration)}
    leads = {at: _lead_of(day) for at, day in days.items()}
    for leaf in leaves:
        day = next(day for day in days.values() if day.first_entry <= leaf < day.first_row)
        hour, row = divmod(leaf - day.first_entry, day.start.rows)
        found.setdefault((day.at, leads[day.at][row]), []).append((hour, row))
    return [
        DueDay(days[at], plan, lead, tuple(sorted(found[at, lead])))
        for at, lead in sorted(found)
        if (plan := days[at].plan) is not None
    ]


def check_days(
    bundle: Bundle, due: Sequence[DueDay], opened: Sequence[OpenedDay], hours: Sequence[OpenedHour]
) -> str:
    """Check 20. Raises VerificationError naming the subject and what differs.

    ``hours`` are the opened entries, whose amounts by column are made again from their samples.
    """
    if [(d.day.at, d.lead) for d in due] != [(o.day, o.row) for o in opened]:
        raise VerificationError("the days of the drawn entries are not those opened")
    shown: dict[tuple[int, int], tuple[ColumnPlan, Sequence[ColumnAmount]]] = {}
    for wanted, given in zip(due, opened, strict=True):
        _check_row(bundle, wanted, given)
        _check_parts(bundle, wanted, given)
        start_ns = wanted.day.start.start_ns
        for hour, row, amounts in _shown(wanted, given):
            shown[start_ns + hour * NS_PER_HOUR, row] = wanted.plan, amounts
    for opened_hour in hours:
        plan, amounts = shown[opened_hour.entry.hour_ns, opened_hour.row]
        _check_hour(bundle, plan, opened_hour, amounts)
    return f"{len(opened)} rows of a day each"


def _lead_of(day: Day) -> dict[int, int]:
    return {row: lead for lead, members in day.roster.groups.items() for row in members}


def _check_row(bundle: Bundle, due: DueDay, given: OpenedDay) -> None:
    hours = due.day.start.hours
    if not len(given.hours) == len(given.fields) == hours:
        raise VerificationError(f"{len(given.hours)} hours are opened of {hours}", where=str(due))
    for hour, (amounts, field) in enumerate(zip(given.hours, given.fields, strict=True)):
        with _at(due, hour):
            check_amounts_field(amounts, field, due.entry(bundle, hour, due.lead))
    total = _added(due, given)
    committed = _committed(bundle, due)
    if len(given.blindings) != len(total.flat):
        raise VerificationError("the row is not opened in full", where=str(due))
    for at, (value, blinding) in enumerate(zip(total.flat, given.blindings, strict=True)):
        try:
            verify_opening(committed.commitments[at], Opening(value, blinding))
        except VerificationError as error:
            column, amount = divmod(at, len(Amount))
            name = Amount(amount).name.lower()
            raise VerificationError(
                f"hours add up to {name} {value} in column {column}, and the row holds another amount",
                where=str(due),
            ) from error


def _check_parts(bundle: Bundle, due: DueDay, given: OpenedDay) -> None:
    drawn = sorted({hour for hour, _ in due.drawn}) if due.members else []
    if [part.hour for part in given.parts] != drawn:
        raise VerificationError("the drawn hours are not opened by accelerator", where=str(due))
    for part in given.parts:
        with _at(due, part.hour):
            _check_part(bundle, due, part, given.hours[part.hour])


def _check_part(bundle: Bundle, due: DueDay, part: OpenedParts, told: Sequence[ColumnAmount]) -> None:
    if not len(part.members) == len(part.fields) == len(due.members):
        raise VerificationError(f"{len(part.members)} accelerators are opened of {len(due.members)}")
    check_energy_field(part.energy_mj, part.energy_field, due.entry(bundle, part.hour, due.lead))
    for row, amounts, field in zip(due.members, part.members, part.fields, strict=True):
        check_amounts_field(amounts, field, due.entry(bundle, part.hour, row))
    if node_amounts(part.members, part.energy_mj) != tuple(told):
        raise VerificationError("its accelerators add up to other amounts")


def _shown(due: DueDay, given: OpenedDay) -> Iterator[tuple[int, int, Sequence[ColumnAmount]]]:
    """Hour, row and amounts of each entry that was shown."""
    if not due.members:
        yield from ((hour, due.lead, amounts) for hour, amounts in enumerate(given.hours))
    for part in given.parts:
        yield from ((part.hour, row, a) for row, a in zip(due.members, part.members, strict=True))


def _added(due: DueDay, given: OpenedDay) -> RowAmounts:
    try:
        return add_hours(given.hours, len(due.plan.roles))
    except InputError as error:
        raise VerificationError(error.problem, where=str(due)) from error


def _committed(bundle: Bundle, due: DueDay) -> CommittedRow:
    for leaf, row in enumerate(due.day.due, due.day.first_row):
        committed = bundle.leaves[leaf]
        if row.place.row == due.lead and isinstance(committed, CommittedRow):
            return committed
    raise VerificationError("no row of the matrix was due", where=str(due))


@contextmanager
def _at(due: DueDay, hour: int) -> Iterator[None]:
    """Says at which hour a problem lies."""
    try:
        yield
    except VerificationError as error:
        raise VerificationError(error.problem, where=f"{due}, hour {hour}") from error


def _check_hour(bundle: Bundle, plan: ColumnPlan, hour: OpenedHour, amounts: Sequence[ColumnAmount]) -> None:
    entry, roster = hour.entry, bundle.roster
    where = f"entry of {entry.subject} at {entry.hour_ns} ns"
    if tuple(amounts) != entry.amounts:
        raise VerificationError("the day shows other amounts than the entry", where=where)
    check_columns(plan, entry.workloads, entry.columns)
    if hour.verdicts is None:
        return
    spans = range(entry.hour_ns, entry.hour_ns + NS_PER_HOUR, WINDOW_NS)
    there_ms = [roster.inventory_ms(hour.row, start, start + WINDOW_NS) for start in spans]
    computed = column_amounts(
        hour.subject, windows_of(hour), there_ms, hour.verdicts, entry.workloads, entry.columns
    )
    if computed != entry.amounts:
        raise VerificationError(
            f"declared amounts by column {amounts_json(entry.amounts)}, recomputed {amounts_json(computed)}",
            where=where,
        )

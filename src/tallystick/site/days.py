"""Commit a day's account: its entries, and its rows of the matrix, once and for good.

The opened entries are kept first, then all leaves of the day in one file, then the log grows by them. A
process may be killed at any point: whoever changes the log next finishes what that file holds, so that a day
is never committed twice with other amounts, and no proof is made twice.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tallystick.declarations.days import Day, days_of
from tallystick.declarations.entry import entry_commitment, entry_json, parse_entry
from tallystick.declarations.leaf import DayStart, EntryCommitment, Leaf, parse_leaf
from tallystick.errors import FormatError, SiteError
from tallystick.evidence import canonical
from tallystick.evidence.salted import salt_for
from tallystick.records.entry import LedgerEntry
from tallystick.site.directory import SiteDirectory
from tallystick.site.matrix_rows import prove_rows
from tallystick.units import NS_PER_S
from tallystick.whole_file import read_file, write_whole

MAX_ENTRIES_BYTES = 4 << 30
_PENDING = "log/pending-day.jsonl"
_RESTORE = "restore the entries from a backup"


def commit_day(
    site: SiteDirectory,
    start_ns: int,
    end_ns: int,
    entries: Sequence[LedgerEntry],
    workers: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Commit the entries of whole hours of one day, hour by hour in the order of the roster."""
    finish_pending_day(site)
    start = DayStart(start_ns, end_ns, len(site.roster.rows))
    write_whole(entries_file(site, start), (_line(entry_json(entry)) for entry in entries))
    leaves: list[Leaf] = [start]
    leaves += (EntryCommitment(entry_commitment(entry_salt(site, entry), entry)) for entry in entries)
    if site.plan is not None:
        names = site.config.name, site.config.origin
        leaves += prove_rows(site.secret, site.plan, *names, site.roster, start, entries, workers, progress)
    write_whole(site.path / _PENDING, (_line(leaf.as_json()) for leaf in leaves))
    finish_pending_day(site)


def finish_pending_day(site: SiteDirectory) -> None:
    """Put the rest of a day into the log, if a killed process left one unfinished.

    Raises SiteError where something else stands in its place.
    """
    path = site.path / _PENDING
    if not path.exists():
        return
    lines = read_file(path, MAX_ENTRIES_BYTES).splitlines()
    due = [parse_leaf(canonical.decode(line, str(path)), str(path)) for line in lines]
    leaves = site.log.leaves
    at = next((i for i in range(len(leaves) - 1, -1, -1) if leaves[i] == due[0]), len(leaves))
    there = leaves[at : at + len(due)]
    if there != due[: len(there)] or (len(there) < len(due) and at + len(there) < len(leaves)):
        raise SiteError(
            "a day is kept but not the next thing in the log",
            where=str(path),
            mend="restore the site from a backup",
        )
    site.log.append(due[len(there) :])
    path.unlink()


def days_in_log(site: SiteDirectory) -> tuple[Day, ...]:
    """All days that are committed."""
    return days_of(site.log.leaves)


def read_entries(site: SiteDirectory, day: Day) -> list[LedgerEntry]:
    """The opened entries of a committed day. Raises FormatError where they are not those committed."""
    path = entries_file(site, day.start)
    lines = read_file(path, MAX_ENTRIES_BYTES).splitlines()
    if len(lines) != day.start.hours * day.start.rows:
        raise FormatError("entries are missing", where=str(path), mend=_RESTORE)
    return [parse_kept_entry(line, f"{path}, line {number}") for number, line in enumerate(lines, 1)]


def parse_kept_entry(line: bytes, where: str) -> LedgerEntry:
    """Read one kept entry. Raises FormatError."""
    try:
        return parse_entry(canonical.decode(line, where), where)
    except FormatError as error:
        raise FormatError(error.problem, where=where, mend=_RESTORE) from error


def entry_salt(site: SiteDirectory, entry: LedgerEntry) -> bytes:
    """The salt of an entry at its place."""
    place = f"{site.config.origin}/entry/{entry.hour_ns}/{entry.subject}"
    return salt_for(site.secret, place, canonical.encode(entry_json(entry)))


def entries_file(site: SiteDirectory, start: DayStart) -> Path:
    """Where a day's opened entries are kept: by its first hour, and how many follow."""
    return site.path / "entries" / f"{start.start_ns // NS_PER_S}+{start.hours}h.jsonl"


def _line(value: canonical.Json) -> bytes:
    return canonical.encode(value) + b"\n"

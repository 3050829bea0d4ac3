"""Answer a challenge: open exactly what it draws, once for each closed period."""

from collections.abc import Callable
from pathlib import Path

from tallystick.declarations.bundle import Bundle, read_bundle
from tallystick.declarations.entry import entry_commitment, parse_entry
from tallystick.declarations.statement import Declaration
from tallystick.errors import FormatError, InputError, SiteError
from tallystick.evidence import canonical
from tallystick.evidence.log.tree import MerkleTree
from tallystick.inspection.challenge import Challenge
from tallystick.inspection.draw import Draw, DrawnSlot, counted_rows, draw
from tallystick.inspection.opening import OpenedBlock, OpenedEntry, Opening
from tallystick.records.entry import LedgerEntry
from tallystick.site.close import entry_salt, site_nonce
from tallystick.site.declared import kept_envelopes, read_declaration
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import slot_path
from tallystick.site.period import period_file_name
from tallystick.site.slots import block_salt, blocks_of, slot_tree
from tallystick.telemetry.merge import join_tables
from tallystick.telemetry.slot_file import read_slot
from tallystick.units import NS_PER_HOUR, SLOT_NS
from tallystick.whole_file import read_file, write_whole

MAX_ENTRIES_BYTES = 4 << 30
_RESTORE = "restore the entries from a backup"


def respond(
    site: SiteDirectory,
    challenge: Challenge,
    progress: Callable[[int], None] = lambda _: None,
    at_most_share: float = 1.0,
) -> Opening:
    """The opening that answers ``challenge``. The same challenge again gets the same answer.

    ``progress`` is told of each sample block opened. ``at_most_share`` is how much of the period the
    operator opens at most, 0 to 1, of its entries and of its quarter-hours of one subject each.

    Raises SiteError where the challenge asks for more, is for no bundle of this site, or is a second one
    for the same bundle: the operator's half of the randomness is then known, and the inspector could
    choose.
    """
    bundle, declaration = _bundle_for(site, challenge)
    _refuse_excess(bundle, declaration, challenge, at_most_share)
    _answer_once(site, declaration, challenge)
    nonce = site_nonce(site, declaration.log_size)
    drawn = draw(bundle, declaration, challenge, nonce)
    opener = _Opener(site, bundle, progress)
    return Opening(
        challenge=challenge.digest,
        nonce=nonce,
        entries=_open_entries(drawn, _entries_file(site, declaration), declaration, opener),
        slots=tuple(opener.slot(slot) for slot in drawn.slots),
    )


def _bundle_for(site: SiteDirectory, challenge: Challenge) -> tuple[Bundle, Declaration]:
    for path in kept_envelopes(site):
        declaration, _ = read_declaration(site, path)
        name = period_file_name(declaration.period.label)
        bundle_path = site.path / "bundles" / f"{site.config.name.lower()}-{name}.tally"
        if bundle_path.exists() and site.log.root(declaration.log_size + 1) == challenge.root:
            return read_bundle(bundle_path), declaration
    raise SiteError(
        "the challenge is for no bundle of this site",
        where=str(site.path),
        mend="ask for a challenge drawn on a bundle that this site closed",
    )


def _refuse_excess(
    bundle: Bundle, declaration: Declaration, challenge: Challenge, at_most_share: float
) -> None:
    if not 0 <= at_most_share <= 1:
        raise InputError(f"{at_most_share} is not a share", mend="write a number from 0 to 1")
    period, rows = declaration.period, len(counted_rows(bundle))
    sealed = sum(period.start_ns <= slot < period.end_ns for slot in bundle.slots)
    entries = (period.end_ns - period.start_ns) // NS_PER_HOUR * rows
    blocks = min(challenge.slots, sealed) * min(challenge.subjects, rows)
    for asked, there, what in (
        (min(challenge.entries, entries), entries, "entries"),
        (blocks, sealed * rows, "quarter-hours of one subject each"),
    ):
        if asked > at_most_share * there:
            raise SiteError(
                f"the challenge opens {asked} of {there} {what}, more than the share of {at_most_share:g}",
                mend="agree on fewer with the inspector, or raise --at-most",
            )


def _answer_once(site: SiteDirectory, declaration: Declaration, challenge: Challenge) -> None:
    path = site.path / "declarations" / f"{period_file_name(declaration.period.label)}.challenge"
    if not path.exists():
        write_whole(path, challenge.encode())
    elif path.read_bytes() != challenge.encode():
        raise SiteError(
            f"the period {declaration.period.label} was challenged before, with another challenge",
            where=str(path),
            mend="answer the first challenge again; a new one needs a new closed period",
        )


def _entries_file(site: SiteDirectory, declaration: Declaration) -> Path:
    return site.path / "entries" / f"{period_file_name(declaration.period.label)}.jsonl"


def _open_entries(
    drawn: Draw, path: Path, declaration: Declaration, opener: "_Opener"
) -> tuple[OpenedEntry, ...]:
    kept = read_file(path, MAX_ENTRIES_BYTES).splitlines()
    opened = []
    for item in drawn.entries:
        number = item.leaf - declaration.entries_start
        line = kept[number] if number < len(kept) else b""
        where = f"{path}, line {number + 1}"
        opened.append(opener.entry(item.leaf, item.row, _parse_kept(line, where), where))
    return tuple(opened)


def _parse_kept(line: bytes, where: str) -> LedgerEntry:
    try:
        return parse_entry(canonical.decode(line, where), where)
    except FormatError as error:
        raise FormatError(error.problem, where=where, mend=_RESTORE) from error


class _Opener:
    """Opens blocks slot by slot; keeps the last slot's tree, since draws come in the order of time."""

    def __init__(self, site: SiteDirectory, bundle: Bundle, progress: Callable[[int], None]) -> None:
        self._site = site
        self._progress = progress
        self._bundle = bundle
        self._slots: dict[int, tuple[list[bytes], MerkleTree]] = {}

    def entry(self, leaf: int, row: int, entry: LedgerEntry, where: str) -> OpenedEntry:
        """An entry with the row's blocks in the hour's sealed slots.

        Raises FormatError where the entry kept at ``where`` is not the one committed.
        """
        salt = entry_salt(self._site, entry)
        if entry_commitment(salt, entry) != self._bundle.entry(leaf):
            raise FormatError("not the entry that was committed", where=where, mend=_RESTORE)
        hour = range(entry.hour_ns, entry.hour_ns + NS_PER_HOUR, SLOT_NS)
        sealed = [s for s in hour if s in self._bundle.slots and row < self._bundle.rows_in_slot(s)]
        blocks = tuple(self.block(slot_ns, row) for slot_ns in sealed)
        return OpenedEntry(leaf, salt, entry, blocks)

    def slot(self, drawn: DrawnSlot) -> tuple[OpenedBlock, ...]:
        """The drawn rows' blocks of one slot."""
        return tuple(self.block(drawn.slot_ns, row) for row in drawn.rows)

    def block(self, slot_ns: int, row: int) -> OpenedBlock:
        """One row's block in one slot, with salt and path."""
        if slot_ns not in self._slots:
            for stale in [s for s in self._slots if s < slot_ns - NS_PER_HOUR]:
                del self._slots[stale]
            self._slots[slot_ns] = self._load(slot_ns)
        blocks, tree = self._slots[slot_ns]
        self._progress(1)
        subject = self._bundle.roster.rows[row].name
        salt = block_salt(self._site.secret, self._site.config.origin, slot_ns, subject, blocks[row])
        return OpenedBlock(slot_ns, salt, tuple(tree.inclusion_proof(row)), blocks[row])

    def _load(self, slot_ns: int) -> tuple[list[bytes], MerkleTree]:
        roster = self._bundle.roster
        width = self._bundle.rows_in_slot(slot_ns)
        table = join_tables([read_slot(slot_path(self._site, slot_ns))], roster.rows)
        blocks = blocks_of(table, roster.rows[:width], slot_ns)
        return blocks, slot_tree(self._site.secret, self._site.config.origin, slot_ns, roster, blocks)

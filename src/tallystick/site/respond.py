"""Answer a challenge: open exactly what it draws, once for each closed period."""

from collections.abc import Callable, Mapping, Sequence

from tallystick.declarations.bundle import Bundle, read_bundle
from tallystick.declarations.days import Day
from tallystick.declarations.entry import AMOUNTS, ENERGY, entry_commitment, open_entry_field
from tallystick.declarations.statement import Declaration
from tallystick.errors import FormatError, InputError, SiteError, VerificationError
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.matrix.amounts import add_hours
from tallystick.evidence.matrix.row import open_row
from tallystick.evidence.salted_fields import OpenedField
from tallystick.inspection.challenge import Challenge, read_challenge
from tallystick.inspection.day_sums import DueDay, due_days
from tallystick.inspection.draw import Draw, DrawnSlot, counted_rows, draw
from tallystick.inspection.opened_day import OpenedDay, OpenedParts
from tallystick.inspection.opening import OpenedBlock, OpenedEntry, Opening
from tallystick.inspection.population import Population
from tallystick.records.entry import LedgerEntry
from tallystick.site.claim_file import bundle_file
from tallystick.site.close import site_nonce
from tallystick.site.days import entry_salt, read_entries
from tallystick.site.declared import kept_envelopes, read_declaration
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import slot_path
from tallystick.site.period import period_file_name
from tallystick.site.slots import block_salt, blocks_of, slot_tree
from tallystick.telemetry.merge import join_tables
from tallystick.telemetry.slot_file import read_slot
from tallystick.units import NS_PER_HOUR, SLOT_NS
from tallystick.whole_file import write_whole

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

    Raises SiteError where the challenge asks for more, is for no bundle of this site, is not from an
    inspector that the site registered, or is a second one for the same bundle: the operator's half of the
    randomness is then known, and the inspector could choose. What is refused is not recorded: another
    challenge may follow.
    """
    bundle, declaration = _bundle_for(site, challenge)
    asked_by(site, challenge)
    _refuse_excess(bundle, declaration, challenge, at_most_share)
    _answer_once(site, declaration, challenge)
    nonce = site_nonce(site, declaration.log_size)
    drawn = draw(bundle, declaration, challenge, nonce)
    opener = _Opener(site, bundle, progress)
    days = bundle.days_of(declaration)
    touched = {d.at for d in days for e in drawn.entries if d.first_entry <= e.leaf < d.first_row}
    kept = {day.at: read_entries(site, day) for day in days if day.at in touched}
    return Opening(
        challenge=challenge.digest,
        nonce=nonce,
        entries=_open_entries(drawn, kept, days, opener),
        slots=tuple(opener.slot(slot) for slot in drawn.slots),
        days=tuple(
            _open_day(site, due, kept[due.day.at])
            for due in due_days(bundle, declaration, [e.leaf for e in drawn.entries])
        ),
    )


def _bundle_for(site: SiteDirectory, challenge: Challenge) -> tuple[Bundle, Declaration]:
    for path in kept_envelopes(site):
        declaration, _ = read_declaration(site, path)
        bundle_path = bundle_file(site, declaration.period.label)
        head = (site.config.origin, declaration.log_size + 1, site.log.root(declaration.log_size + 1))
        if bundle_path.exists() and head == (challenge.origin, challenge.size, challenge.root):
            return read_bundle(bundle_path), declaration
    raise SiteError(
        "the challenge is for no bundle of this site",
        where=str(site.path),
        mend="ask for a challenge drawn on a bundle that this site closed",
    )


def asked_by(site: SiteDirectory, challenge: Challenge) -> str:
    """Who asks, in words that say how far that is known.

    Raises SiteError where the site registered inspectors and this is none of them, or the signature fails.
    """
    try:
        challenge.check_signature()
    except VerificationError as error:
        raise SiteError(
            f"the challenge is not from whom it names: {error.problem}",
            mend="ask the inspector for the challenge again",
        ) from error
    who, registered = challenge.inspector, site.inspectors
    shown = f"{who.name}, fingerprint {who.fingerprint}" if who else ""
    if registered and who not in registered:
        named = f"signed by {shown}" if who else "not signed"
        raise SiteError(
            f"the challenge is {named}, and this site answers its registered inspectors alone",
            where=str(site.path / "site.json"),
            mend="ask the inspector to sign with the key that was registered at site init --inspector",
        )
    if registered:
        return f"asked by {shown}, as registered"
    if who:
        return f"asked by {shown}; this site registered no inspector, so it answers any: compare the key"
    return "nobody signed this challenge, and this site registered no inspector: anybody may have drawn it"


def _refuse_excess(
    bundle: Bundle, declaration: Declaration, challenge: Challenge, at_most_share: float
) -> None:
    if not 0 <= at_most_share <= 1:
        raise InputError(f"{at_most_share} is not a share", mend="write a number from 0 to 1")
    period, rows = declaration.period, len(counted_rows(bundle))
    sealed = sum(period.start_ns <= slot < period.end_ns for slot in bundle.slots)
    entries = len(Population(bundle, declaration))
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
    elif read_challenge(path).digest != challenge.digest:
        raise SiteError(
            f"the period {declaration.period.label} was challenged before, with another challenge",
            where=str(path),
            mend="answer the first challenge again; a new one needs a new closed period",
        )


def _open_entries(
    drawn: Draw, kept: Mapping[int, Sequence[LedgerEntry]], days: Sequence[Day], opener: "_Opener"
) -> tuple[OpenedEntry, ...]:
    opened = []
    for item in drawn.entries:
        day = next(d for d in days if d.first_entry <= item.leaf < d.first_row)
        opened.append(opener.entry(item.leaf, item.row, kept[day.at][item.leaf - day.first_entry]))
    return tuple(opened)


def _open_day(site: SiteDirectory, due: DueDay, kept: Sequence[LedgerEntry]) -> OpenedDay:
    """The amounts by column of a row's hours, what opens the row, and what drawn hours are made of."""
    width = due.day.start.rows
    hours = kept[due.lead :: width]
    place = next(row for row in due.day.due if row.place.row == due.lead)
    amounts = add_hours((entry.amounts for entry in hours), len(due.plan.roles))
    drawn = sorted({hour for hour, _ in due.drawn}) if due.members else []
    return OpenedDay(
        day=due.day.at,
        row=due.lead,
        hours=tuple(entry.amounts for entry in hours),
        fields=tuple(_field(site, entry, AMOUNTS) for entry in hours),
        blindings=open_row(site.secret, due.plan, place, amounts).blindings,
        parts=tuple(
            _open_parts(site, hour, hours[hour], [kept[hour * width + row] for row in due.members])
            for hour in drawn
        ),
    )


def _open_parts(
    site: SiteDirectory, hour: int, lead: LedgerEntry, members: Sequence[LedgerEntry]
) -> OpenedParts:
    return OpenedParts(
        hour=hour,
        energy_mj=lead.energy_mj,
        energy_field=_field(site, lead, ENERGY),
        members=tuple(entry.amounts for entry in members),
        fields=tuple(_field(site, entry, AMOUNTS) for entry in members),
    )


def _field(site: SiteDirectory, entry: LedgerEntry, name: str) -> OpenedField:
    return open_entry_field(entry_salt(site, entry), entry, name)


class _Opener:
    """Opens blocks slot by slot; keeps the last slot's tree, since draws come in the order of time."""

    def __init__(self, site: SiteDirectory, bundle: Bundle, progress: Callable[[int], None]) -> None:
        self._site = site
        self._progress = progress
        self._bundle = bundle
        self._slots: dict[int, tuple[list[bytes], MerkleTree]] = {}

    def entry(self, leaf: int, row: int, entry: LedgerEntry) -> OpenedEntry:
        """An entry with the row's blocks in the hour's sealed slots.

        Raises FormatError where the entry that was kept is not the one committed.
        """
        salt = entry_salt(self._site, entry)
        if entry_commitment(salt, entry) != self._bundle.entry(leaf):
            where = f"entry of {entry.subject} at {entry.hour_ns} ns"
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

"""Checks 10 to 14: the answer is to this challenge, opens what was drawn, and recomputes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tallystick.accounting.amounts import entry_amounts
from tallystick.accounting.block import block_amounts
from tallystick.accounting.energy import SpanAmount
from tallystick.declarations.bundle import Bundle
from tallystick.declarations.entry import entry_commitment
from tallystick.declarations.statement import Declaration
from tallystick.errors import VerificationError
from tallystick.evidence.block import SampleBlock, decode_block
from tallystick.evidence.log.tree import leaf_hash, verify_inclusion
from tallystick.inspection.challenge import Challenge
from tallystick.inspection.draw import Draw, draw, nonce_commitment
from tallystick.inspection.opening import OpenedBlock, OpenedEntry, Opening
from tallystick.inspection.recomputation import Recomputation, SubjectHour
from tallystick.records.entry import LedgerEntry
from tallystick.records.subject import Subject
from tallystick.records.workload import NOT_OBSERVED
from tallystick.units import NS_PER_HOUR, SLOT_NS, WINDOW_NS, WINDOWS_PER_HOUR

_WINDOWS_PER_SLOT = SLOT_NS // WINDOW_NS


@dataclass(frozen=True)
class OpenedHour:
    """An opened entry with its decoded samples. ``verdicts`` is None without the workload code."""

    row: int
    subject: Subject
    entry: LedgerEntry
    blocks: tuple[SampleBlock, ...]
    verdicts: list[int] | None = None


@dataclass(frozen=True)
class OpenedSlot:
    """A drawn slot with the decoded samples of its drawn rows."""

    slot_ns: int
    subjects: tuple[Subject, ...]
    blocks: tuple[SampleBlock, ...]


def draw_again(bundle: Bundle, declaration: Declaration, challenge: Challenge, opening: Opening) -> Draw:
    """Check 10. The draw, from the operator's nonce that the declaration committed to."""
    challenge.check_for(bundle)
    if opening.challenge != challenge.digest:
        raise VerificationError("the opening answers another challenge")
    if nonce_commitment(opening.nonce) != declaration.nonce_commitment:
        raise VerificationError("the revealed nonce is not the one committed to in the declaration")
    return draw(bundle, declaration, challenge, opening.nonce)


def check_drawn(bundle: Bundle, drawn: Draw, opening: Opening) -> str:
    """Check 11: entries, hours, subjects and slots are those drawn, and none is missing or redrawn."""
    rows = bundle.roster.rows
    wanted = [(e.leaf, rows[e.row].name, e.hour_ns) for e in drawn.entries]
    given = [(o.leaf, o.entry.subject, o.entry.hour_ns) for o in opening.entries]
    if wanted != given:
        missing = len(set(wanted) - set(given))
        raise VerificationError(f"{missing} drawn entries are not opened: they count as not detected")
    if [len(s.rows) for s in drawn.slots] != [len(blocks) for blocks in opening.slots]:
        raise VerificationError("drawn slots are not opened in full")
    width = max(map(len, opening.slots), default=0)
    return f"{len(wanted)} entries, {len(drawn.slots)} slots of {width} subjects"


def open_all(bundle: Bundle, drawn: Draw, opening: Opening) -> tuple[list[OpenedHour], list[OpenedSlot]]:
    """Check 12: every entry and block opens its commitment at its own place in the log."""
    hours = [_open_hour(bundle, e.row, o) for e, o in zip(drawn.entries, opening.entries, strict=True)]
    slots = []
    for drawn_slot, blocks in zip(drawn.slots, opening.slots, strict=True):
        decoded = tuple(
            _open_block(bundle, drawn_slot.slot_ns, row, block)[1]
            for row, block in zip(drawn_slot.rows, blocks, strict=True)
        )
        subjects = tuple(bundle.roster.rows[row] for row in drawn_slot.rows)
        slots.append(OpenedSlot(drawn_slot.slot_ns, subjects, decoded))
    return hours, slots


def _open_hour(bundle: Bundle, row: int, opened: OpenedEntry) -> OpenedHour:
    entry = opened.entry
    where = f"entry of {entry.subject} at {entry.hour_ns} ns"
    if entry_commitment(opened.salt, entry) != bundle.entry(opened.leaf):
        raise VerificationError("does not open its commitment", where=where)
    hour = range(entry.hour_ns, entry.hour_ns + NS_PER_HOUR, SLOT_NS)
    sealed = [s for s in hour if s in bundle.slots and row < bundle.rows_in_slot(s)]
    if [b.slot_ns for b in opened.blocks] != sealed or len(entry.slots) != len(sealed):
        raise VerificationError("does not open the hour's sealed slots", where=where)
    decoded = []
    for block, named in zip(opened.blocks, entry.slots, strict=True):
        digest, samples = _open_block(bundle, block.slot_ns, row, block)
        if digest.hex() != named:
            raise VerificationError("names other samples than those sealed", where=where)
        decoded.append(samples)
    return OpenedHour(row, bundle.roster.rows[row], entry, tuple(decoded))


def _open_block(bundle: Bundle, slot_ns: int, row: int, opened: OpenedBlock) -> tuple[bytes, SampleBlock]:
    subject = bundle.roster.rows[row]
    where = f"samples of {subject.name} in the slot at {slot_ns} ns"
    digest = leaf_hash(opened.salt + opened.data)
    seal = bundle.slots[slot_ns][1]
    try:
        verify_inclusion(digest, row, bundle.rows_in_slot(slot_ns), opened.path, seal.root)
    except VerificationError as error:
        raise VerificationError(f"do not open their commitment ({error.problem})", where=where) from error
    block = decode_block(opened.data, where)
    header = block.header
    expected = (subject.name, subject.kind, subject.source, subject.trust, subject.interval_ns, slot_ns)
    actual = (header.subject, header.kind, header.source, header.trust, header.interval_ns, header.slot_ns)
    if opened.slot_ns != slot_ns or actual != expected:
        raise VerificationError("are of another subject or slot", where=where)
    return digest, block


def windows_of(hour: OpenedHour) -> list[SpanAmount]:
    """Observed time and energy of each window of the hour, from the opened samples alone."""
    windows = [SpanAmount(0, 0)] * WINDOWS_PER_HOUR
    for block in hour.blocks:
        first = (block.header.slot_ns - hour.entry.hour_ns) // WINDOW_NS
        windows[first : first + _WINDOWS_PER_SLOT] = block_amounts(block, WINDOW_NS)
    return windows


def recompute_verdicts(
    hours: Sequence[OpenedHour], recomputation: Recomputation, progress: Callable[[int], None]
) -> list[OpenedHour]:
    """The same hours with the verdicts that the workload code gives their samples."""
    asked = [SubjectHour(h.subject, h.entry.hour_ns, h.blocks) for h in hours]
    found = recomputation.verdicts(asked, progress)
    return [replace(hour, verdicts=verdicts) for hour, verdicts in zip(hours, found, strict=True)]


def check_verdicts(hours: Sequence[OpenedHour], model: str) -> str:
    """Check 14. Raises VerificationError naming the first entry that differs."""
    for hour in hours:
        entry, verdicts = hour.entry, hour.verdicts or []
        counts = tuple(verdicts.count(index) for index in range(NOT_OBSERVED + 1))
        if entry.model != model or entry.verdicts != counts:
            raise VerificationError(
                f"declared verdicts {entry.verdicts}, recomputed {counts}",
                where=f"entry of {entry.subject} at {entry.hour_ns} ns",
            )
    return f"{len(hours)} entries with model {model[:12]}"


def check_amounts(hours: Sequence[OpenedHour], bundle: Bundle) -> str:
    """Check 13: time and energy exactly; FLOP too where verdicts were recomputed."""
    for hour in hours:
        entry = hour.entry
        windows = windows_of(hour)
        verdicts = hour.verdicts or [NOT_OBSERVED] * WINDOWS_PER_HOUR
        amounts = entry_amounts(
            hour.subject, bundle.roster.counted[hour.row], windows, verdicts, entry.workloads
        )
        inventory = bundle.roster.inventory_ms(hour.row, entry.hour_ns, entry.hour_ns + NS_PER_HOUR)
        declared = (entry.inventory_ms, entry.time_ms, entry.energy_mj)
        computed = (inventory, amounts.time_ms, amounts.energy_mj)
        if declared != computed or (hour.verdicts is not None and entry.flop != amounts.flop):
            raise VerificationError(
                f"declared (inventory ms, observed ms, mJ) {declared}, recomputed {computed}; "
                f"FLOP {entry.flop.as_json()} against {amounts.flop.as_json()}",
                where=f"entry of {entry.subject} at {entry.hour_ns} ns",
            )
    without = (
        "" if all(h.verdicts is not None for h in hours) else "; FLOP not recomputed: needs tallystick[site]"
    )
    return f"{len(hours)} entries{without}"

"""The opening: the operator's answer to a challenge, checked against the log and against nothing else.

Nothing in it needs a signature: every entry and every sample block must open a commitment that stands
in the log, and the nonce the commitment in the signed declaration.
"""

from dataclasses import dataclass
from pathlib import Path

from tallystick.declarations.entry import entry_json, parse_entry
from tallystick.errors import FormatError, InputError
from tallystick.evidence import canonical
from tallystick.evidence.block import block_from_text, block_text
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields, hash_from
from tallystick.inspection.challenge import Challenge
from tallystick.inspection.opened_day import OpenedDay, parse_opened_day
from tallystick.records.entry import LedgerEntry
from tallystick.units import SLOTS_PER_HOUR
from tallystick.whole_file import read_file

FORMAT = "tallystick-opening/2"
MAX_OPENING_BYTES = 2 << 30
MAX_OPENED = 1_000_000
MAX_PATH = 64


@dataclass(frozen=True, slots=True)
class OpenedBlock:
    """A sample block with the salt and the path that lead to its slot's root."""

    slot_ns: int
    salt: bytes
    path: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """A ledger entry, its salt, and its subject's blocks in the hour's sealed slots, in order."""

    leaf: int
    salt: bytes
    entry: LedgerEntry
    blocks: tuple[OpenedBlock, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """The whole answer. ``slots`` holds, for each drawn slot in order, its drawn rows' blocks; ``days``
    the days of the drawn entries, where the site keeps a matrix.
    """

    challenge: bytes
    nonce: bytes
    entries: tuple[OpenedEntry, ...]
    slots: tuple[tuple[OpenedBlock, ...], ...]
    days: tuple[OpenedDay, ...] = ()

    def check_for(self, challenge: Challenge) -> None:
        """Raise InputError unless this opening answers ``challenge``."""
        if self.challenge != challenge.digest:
            raise InputError(
                "the opening answers another challenge",
                mend="give the challenge that it answers, or ask the operator to answer yours",
            )

    def encode(self) -> bytes:
        """The file's bytes."""
        return canonical.encode(
            {
                "challenge": self.challenge.hex(),
                "days": [day.as_json() for day in self.days],
                "entries": [_entry_json(e) for e in self.entries],
                "format": FORMAT,
                "nonce": self.nonce.hex(),
                "slots": [[_block_json(b) for b in slot] for slot in self.slots],
            }
        )


def read_opening(path: Path) -> Opening:
    """Read an opening. Raises InputError or FormatError."""
    where = str(path)
    data = canonical.decode(read_file(path, MAX_OPENING_BYTES), where)
    fields = Fields(data, ("challenge", "days", "entries", "format", "nonce", "slots"), where)
    if fields.text("format") != FORMAT:
        raise FormatError(f"not a {FORMAT}", where=where)
    slots = []
    for slot in fields.items("slots", MAX_OPENED):
        if not isinstance(slot, list) or len(slot) > MAX_OPENED:
            raise FormatError("a slot must be an array of blocks", where=where)
        slots.append(tuple(_block(b, where) for b in slot))
    return Opening(
        challenge=fields.hash("challenge"),
        nonce=fields.hash("nonce"),
        entries=tuple(_entry(e, where) for e in fields.items("entries", MAX_OPENED)),
        slots=tuple(slots),
        days=tuple(parse_opened_day(d, where) for d in fields.items("days", MAX_OPENED)),
    )


def _entry_json(opened: OpenedEntry) -> Json:
    return {
        "blocks": [_block_json(b) for b in opened.blocks],
        "entry": entry_json(opened.entry),
        "leaf": opened.leaf,
        "salt": opened.salt.hex(),
    }


def _entry(value: Json, where: str) -> OpenedEntry:
    fields = Fields(value, ("blocks", "entry", "leaf", "salt"), where)
    leaf = fields.number("leaf")
    where = f"{where}, entry {leaf}"
    return OpenedEntry(
        leaf=leaf,
        salt=fields.hash("salt"),
        entry=parse_entry(fields.raw("entry"), where),
        blocks=tuple(_block(b, where) for b in fields.items("blocks", SLOTS_PER_HOUR)),
    )


def _block_json(opened: OpenedBlock) -> Json:
    return {
        "block": block_text(opened.data),
        "path": [node.hex() for node in opened.path],
        "salt": opened.salt.hex(),
        "slot_ns": str(opened.slot_ns),
    }


def _block(value: Json, where: str) -> OpenedBlock:
    fields = Fields(value, ("block", "path", "salt", "slot_ns"), where)
    return OpenedBlock(
        slot_ns=fields.integer("slot_ns"),
        salt=fields.hash("salt"),
        path=tuple(hash_from(node, where) for node in fields.items("path", MAX_PATH)),
        data=block_from_text(fields.raw("block"), where),
    )

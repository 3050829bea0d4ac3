"""The bundle: one self-contained file that the operator gives to the inspector (``spec/bundle.md``)."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tallystick.declarations.inventory import Roster
from tallystick.declarations.leaf import (
    Close,
    EntryCommitment,
    Inventory,
    Leaf,
    Registration,
    SlotSeal,
    parse_leaf,
)
from tallystick.declarations.statement import PAYLOAD_TYPE, Declaration, parse_declaration
from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.dsse import open_envelope
from tallystick.evidence.fields import Fields
from tallystick.evidence.log.checkpoint import SignedCheckpoint, parse_checkpoint
from tallystick.evidence.log.tree import MerkleTree
from tallystick.records.subject import Trust
from tallystick.whole_file import read_file

FORMAT = "tallystick-bundle/1"
MAX_BUNDLE_BYTES = 512 << 20
MAX_LEAVES = 8_000_000
MAX_HEADS = 200_000


@dataclass(frozen=True)
class Bundle:
    """Everything public about a site's log up to one declaration.

    ``heads`` are signed checkpoints in order of size: one after each slot, and the last one over all
    leaves. ``envelope`` is the signed declaration.
    """

    leaves: tuple[Leaf, ...]
    heads: tuple[SignedCheckpoint, ...]
    envelope: Json

    def encode(self) -> bytes:
        """The file's bytes."""
        return canonical.encode(
            {
                "declaration": self.envelope,
                "format": FORMAT,
                "heads": [head.text for head in self.heads],
                "leaves": [leaf.as_json() for leaf in self.leaves],
            }
        )

    @cached_property
    def tree(self) -> MerkleTree:
        """The log's tree over all leaves."""
        return MerkleTree(canonical.encode(leaf.as_json()) for leaf in self.leaves)

    @cached_property
    def registration(self) -> Registration:
        """The first leaf. Raises FormatError where it is not a registration, or not the only one."""
        first = self.leaves[0]
        if not isinstance(first, Registration):
            raise FormatError("the log does not begin with its registration")
        if any(isinstance(leaf, Registration) for leaf in self.leaves[1:]):
            raise FormatError("the log registers its site twice")
        return first

    @cached_property
    def inventories(self) -> tuple[Inventory, ...]:
        """All inventory leaves in order."""
        return tuple(leaf for leaf in self.leaves if isinstance(leaf, Inventory))

    @cached_property
    def roster(self) -> Roster:
        """All subjects that the log names."""
        return Roster.of(leaf.subjects for leaf in self.inventories)

    @cached_property
    def slots(self) -> dict[int, tuple[int, SlotSeal]]:
        """Slot start -> (leaf index, seal). Raises FormatError where a slot is sealed twice."""
        found: dict[int, tuple[int, SlotSeal]] = {}
        for index, leaf in enumerate(self.leaves):
            if isinstance(leaf, SlotSeal):
                if found and leaf.slot_ns <= next(reversed(found)):
                    raise FormatError("slots are sealed twice or out of order", where=f"leaf {index}")
                found[leaf.slot_ns] = (index, leaf)
        return found

    def rows_in_slot(self, slot_ns: int) -> int:
        """How many rows the roster had when the slot was sealed: the width of the slot's tree."""
        return self._rows_when_sealed[slot_ns]

    @cached_property
    def _rows_when_sealed(self) -> dict[int, int]:
        names: set[str] = set()
        found: dict[int, int] = {}
        for leaf in self.leaves:
            if isinstance(leaf, Inventory):
                names.update(s.name for s in leaf.subjects if s.trust is not Trust.SEALED)
            elif isinstance(leaf, SlotSeal):
                found[leaf.slot_ns] = len(names)
        return found

    def entry(self, index: int) -> bytes:
        """The commitment that stands at leaf ``index``. Raises FormatError where there is none."""
        leaf = self.leaves[index] if 0 <= index < len(self.leaves) else None
        if not isinstance(leaf, EntryCommitment):
            raise FormatError(f"leaf {index} is not an entry")
        return leaf.digest

    @property
    def close(self) -> Close:
        """The last leaf. Raises FormatError where it does not close a period."""
        last = self.leaves[-1]
        if not isinstance(last, Close):
            raise FormatError("the log does not end with the close of a period")
        return last


def declaration_of(bundle: Bundle) -> Declaration:
    """The declaration, with its signature checked. Raises FormatError or VerificationError."""
    payload = open_envelope(bundle.envelope, PAYLOAD_TYPE, bundle.registration.key, "declaration")
    return parse_declaration(payload, "declaration")


def read_bundle(path: Path) -> Bundle:
    """Read a bundle. Raises InputError or FormatError, never anything else."""
    return parse_bundle(read_file(path, MAX_BUNDLE_BYTES), str(path))


def parse_bundle(data: bytes, where: str) -> Bundle:
    """Read a bundle from bytes. Raises FormatError unless they are its one encoding."""
    fields = Fields(canonical.decode(data, where), ("declaration", "format", "heads", "leaves"), where)
    if fields.text("format") != FORMAT:
        raise FormatError(
            f"format {fields.text('format', 64)!r} is not {FORMAT}",
            where=where,
            mend="use the version of Tallystick that wrote the file",
        )
    leaves = fields.items("leaves", MAX_LEAVES)
    heads = fields.items("heads", MAX_HEADS)
    if not leaves or not heads:
        raise FormatError("a bundle needs leaves and heads", where=where)
    return Bundle(
        leaves=tuple(parse_leaf(leaf, f"{where}, leaf {i}") for i, leaf in enumerate(leaves)),
        heads=tuple(parse_checkpoint(_text(h, where), f"{where}, head {i}") for i, h in enumerate(heads)),
        envelope=fields.raw("declaration"),
    )


def _text(value: Json, where: str) -> str:
    if not isinstance(value, str):
        raise FormatError("a head must be text", where=where)
    return value

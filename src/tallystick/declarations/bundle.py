"""The bundle: one self-contained file that the operator gives to the inspector (``spec/bundle.md``).

One canonical JSON value a line: the format; the log's leaves in order, each followed by the signed head that
covers it, where there is one; claims; the signed declaration. A line is read, checked and forgotten, so that
the raw file never stands in memory.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tallystick.declarations.days import Day, days_in, days_of
from tallystick.declarations.inventory import Roster
from tallystick.declarations.key_history import KeyHistory, keys_over_log
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
from tallystick.evidence.log.checkpoint import SignedCheckpoint, parse_checkpoint
from tallystick.evidence.log.tiles import MAX_ENTRY_BYTES
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.records.subject import Trust
from tallystick.whole_file import open_file

FORMAT = "tallystick-bundle/2"
MAX_BUNDLE_BYTES = 4 << 30
#: A claim of coverage is the longest line.
MAX_LINE_BYTES = 32 << 20
MAX_LEAVES = 8_000_000
MAX_HEADS = 200_000
MAX_CLAIMS = 1024
_AGAIN = "ask for the file again, unchanged since it was written"


@dataclass(frozen=True)
class Bundle:
    """Everything public about a site's log up to one declaration.

    ``heads`` are signed checkpoints in order of size: one after each slot, and the last one over all
    leaves. ``envelope`` is the signed declaration, ``claims`` are the signed claims in the order in which
    they were made.
    """

    leaves: tuple[Leaf, ...]
    heads: tuple[SignedCheckpoint, ...]
    envelope: Json
    claims: tuple[Json, ...] = ()

    def lines(self) -> Iterator[bytes]:
        """The file's lines, each with its end."""
        values = self._values()
        return (canonical.encode(value) + b"\n" for value in values)

    def encode(self) -> bytes:
        """The file's bytes."""
        return b"".join(self.lines())

    def _values(self) -> Iterator[Json]:
        yield {"format": FORMAT}
        heads = {head.checkpoint.size: head for head in self.heads}
        for size, leaf in enumerate(self.leaves, 1):
            yield leaf.as_json()
            if size in heads:
                yield {"head": heads[size].text}
        for claim in self.claims:
            yield {"claim": claim}
        yield {"declaration": self.envelope}

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
    def keys(self) -> KeyHistory:
        """Which key signs from which leaf on. Raises FormatError or VerificationError."""
        return keys_over_log(self.leaves)

    @cached_property
    def inventories(self) -> tuple[Inventory, ...]:
        """All inventory leaves in order."""
        return tuple(leaf for leaf in self.leaves if isinstance(leaf, Inventory))

    @cached_property
    def roster(self) -> Roster:
        """All subjects that the log names."""
        return Roster.of(leaf.subjects for leaf in self.inventories)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """All days of the log. Raises FormatError or VerificationError where leaves are not as announced."""
        return days_of(self.leaves)

    def days_of(self, declaration: Declaration) -> tuple[Day, ...]:
        """The days that make up the declared period. Raises VerificationError where they do not tile it."""
        return days_in(self.days, declaration.period)

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

    @cached_property
    def plan(self) -> ColumnPlan | None:
        """The last plan of columns; None where the log keeps no matrix."""
        plans = [leaf for leaf in self.leaves if isinstance(leaf, ColumnPlan)]
        return plans[-1] if plans else None

    @property
    def close(self) -> Close:
        """The last leaf. Raises FormatError where it does not close a period."""
        last = self.leaves[-1]
        if not isinstance(last, Close):
            raise FormatError("the log does not end with the close of a period")
        return last


def declaration_of(bundle: Bundle) -> Declaration:
    """The declaration, with its signature checked. Raises FormatError or VerificationError."""
    key = bundle.keys.site_key(len(bundle.leaves))
    payload = open_envelope(bundle.envelope, PAYLOAD_TYPE, key, "declaration")
    return parse_declaration(payload, "declaration")


def read_bundle(path: Path) -> Bundle:
    """Read a bundle. Raises InputError or FormatError, never anything else."""
    with open_file(path, MAX_BUNDLE_BYTES) as file:
        return _read(_lines(file, str(path)), str(path))


def parse_bundle(data: bytes, where: str) -> Bundle:
    """Read a bundle from bytes. Raises FormatError unless they are its one encoding."""
    return _read(_lines(io.BytesIO(data), where), where)


def _lines(file: io.BufferedIOBase, where: str) -> Iterator[tuple[Json, int]]:
    """Each line's value and length."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        here = f"{where}, line {number}"
        if not line.endswith(b"\n"):
            said = "the last line is cut short" if len(line) <= MAX_LINE_BYTES else "a line is too long"
            raise FormatError(said, where=here, mend=_AGAIN)
        yield canonical.decode(line[:-1], here), len(line) - 1


def _read(lines: Iterable[tuple[Json, int]], where: str) -> Bundle:
    reader = _Reader(where)
    for value, size in lines:
        reader.take(value, size)
    return reader.bundle()


class _Reader:
    """Takes a bundle's values in order; a value of a kind that may not follow is refused."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._began = False
        self._leaves: list[Leaf] = []
        self._heads: list[SignedCheckpoint] = []
        self._claims: list[Json] = []
        self._declaration: list[Json] = []

    def take(self, value: Json, size: int) -> None:
        """The next value, written in ``size`` bytes."""
        if not self._began:
            self._begin(value)
        elif self._declaration:
            raise self._wrong("something follows the declaration")
        elif isinstance(value, dict) and len(value) == 1:
            self._take_signed(*value.items())
        elif self._claims:
            raise self._wrong("a leaf follows a claim")
        elif len(self._leaves) == MAX_LEAVES or size > MAX_ENTRY_BYTES:
            said = f"more than {MAX_LEAVES} leaves, or a leaf of more than {MAX_ENTRY_BYTES} bytes"
            raise self._wrong(said)
        else:
            self._leaves.append(parse_leaf(value, f"{self._where}, leaf {len(self._leaves)}"))

    def bundle(self) -> Bundle:
        """What was read. Raises FormatError where the end is missing."""
        if not self._declaration:
            raise self._wrong("the declaration is missing: the file is cut short" if self._began else _EMPTY)
        if not self._leaves or not self._heads:
            raise self._wrong("a bundle needs leaves and heads")
        return Bundle(tuple(self._leaves), tuple(self._heads), self._declaration[0], tuple(self._claims))

    def _begin(self, value: Json) -> None:
        said = value.get("format") if isinstance(value, dict) else None
        if value != {"format": FORMAT}:
            raise FormatError(
                f"format {str(said)[:64]!a} is not {FORMAT}",
                where=self._where,
                mend="use the version of Tallystick that wrote the file",
            )
        self._began = True

    def _take_signed(self, item: tuple[str, Json]) -> None:
        kind, value = item
        if kind == "head" and not self._claims:
            self._heads.append(self._head(value))
        elif kind == "claim" and len(self._claims) < MAX_CLAIMS:
            self._claims.append(value)
        elif kind == "declaration":
            self._declaration.append(value)
        else:
            raise self._wrong(f"no place for {kind[:32]!a}")

    def _head(self, value: Json) -> SignedCheckpoint:
        where = f"{self._where}, head {len(self._heads)}"
        if not isinstance(value, str):
            raise FormatError("a head must be text", where=where)
        head = parse_checkpoint(value, where)
        twice = bool(self._heads) and self._heads[-1].checkpoint.size == head.checkpoint.size
        if head.checkpoint.size != len(self._leaves) or twice or len(self._heads) == MAX_HEADS:
            raise FormatError(
                f"a head of {head.checkpoint.size} leaves after {len(self._leaves)}", where=where
            )
        return head

    def _wrong(self, problem: str) -> FormatError:
        return FormatError(problem, where=self._where, mend=_AGAIN)


_EMPTY = "the file is empty"

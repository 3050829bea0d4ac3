"""Sealing: one salted leaf per operator's subject, and the root over them, for each slot."""

from collections.abc import Sequence

from tallystick.declarations.inventory import Roster
from tallystick.evidence.block import BlockHeader, encode_block
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.salted import salt_for
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import Subject
from tallystick.telemetry.table import Int64, SampleTable


def blocks_of(table: SampleTable | None, subjects: Sequence[Subject], slot_ns: int) -> list[bytes]:
    """The sample block of each of ``subjects`` in order; an empty block where it has no samples."""
    if table is None:
        return [_block(subject, slot_ns, None, 0, 0) for subject in subjects]
    bounds = table.bounds()
    place = {subject.name: i for i, subject in enumerate(table.subjects)}
    blocks = []
    for subject in subjects:
        i = place.get(subject.name)
        start, end = (int(bounds[i]), int(bounds[i + 1])) if i is not None else (0, 0)
        blocks.append(_block(subject, slot_ns, table, start, end))
    return blocks


def _block(subject: Subject, slot_ns: int, table: SampleTable | None, start: int, end: int) -> bytes:
    header = BlockHeader(
        subject.name, subject.kind, subject.source, subject.trust, subject.interval_ns, slot_ns
    )
    if table is None or start == end:
        return encode_block(header, 0, b"", b"", {})
    columns = {name: table.channels[name][start:end] for name in CHANNELS if name in table.channels}
    return encode_block(
        header,
        end - start,
        _little_endian(table.time_ns[start:end]),
        _little_endian(table.quality[start:end]),
        {name: _little_endian(c) for name, c in columns.items() if (c != MISSING).any()},
    )


def _little_endian(column: Int64) -> bytes:
    return column.astype("<i8").tobytes()


def block_salt(secret: bytes, origin: str, slot_ns: int, subject: str, block: bytes) -> bytes:
    """The salt of a block at its place."""
    return salt_for(secret, f"{origin}/slot/{slot_ns}/{subject}", block)


def slot_tree(
    secret: bytes, origin: str, slot_ns: int, roster: Roster, blocks: Sequence[bytes]
) -> MerkleTree:
    """The tree whose root the log holds: leaf ``r`` is salt and block of row ``r``."""
    rows = roster.rows[: len(blocks)]
    return MerkleTree(
        block_salt(secret, origin, slot_ns, subject.name, block) + block
        for subject, block in zip(rows, blocks, strict=True)
    )

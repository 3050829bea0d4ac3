"""The sample block: canonical bytes of one subject's samples in one slot (``spec/samples.md``)."""

import base64
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.fields import Fields
from tallystick.records.sample import CHANNELS, MISSING, Quality
from tallystick.records.subject import SubjectKind, Trust
from tallystick.units import SLOT_NS

MAGIC = b"tallystick-samples/1\n"
#: One reading a millisecond for a whole slot: more than any sensor gives.
MAX_ROWS = 900_000

_KEYS = ("channels", "count", "interval_ns", "kind", "slot_ns", "source", "subject", "trust")


@dataclass(frozen=True, slots=True)
class BlockHeader:
    """Whose samples, in which slot, from which source, on whose word."""

    subject: str
    kind: SubjectKind
    source: str
    trust: Trust
    interval_ns: int
    slot_ns: int


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """A decoded block. Columns have one integer per row, ``MISSING`` where there is no reading."""

    header: BlockHeader
    time_ns: Sequence[int]
    quality: Sequence[int]
    channels: Mapping[str, Sequence[int]]


def column_bytes(values: Sequence[int]) -> bytes:
    """Integers as little-endian signed 64-bit."""
    column = array("q", values)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def encode_block(
    header: BlockHeader, count: int, time_ns: bytes, quality: bytes, channels: Mapping[str, bytes]
) -> bytes:
    """The block's bytes from columns that are already little-endian signed 64-bit."""
    names = [name for name in CHANNELS if name in channels]
    head = {
        "channels": names,
        "count": count,
        "interval_ns": str(header.interval_ns),
        "kind": header.kind.value,
        "slot_ns": str(header.slot_ns),
        "source": header.source,
        "subject": header.subject,
        "trust": header.trust.value,
    }
    return b"".join((MAGIC, canonical.encode(head), b"\n", time_ns, quality, *(channels[n] for n in names)))


def decode_block(data: bytes, where: str) -> SampleBlock:
    """Read a block. Raises FormatError unless ``data`` is the one encoding of a valid block."""
    if not data.startswith(MAGIC):
        raise FormatError("not a sample block", where=where)
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + 8192)
    if end < 0:
        raise FormatError("the block's header does not end", where=where)
    fields = Fields(canonical.decode(data[len(MAGIC) : end], where), _KEYS, where)
    header, names, count = _header(fields, where)
    body = data[end + 1 :]
    if len(body) != 8 * count * (2 + len(names)):
        raise FormatError(f"{len(body)} bytes of columns do not hold {count} rows", where=where)
    columns = [_column(body[8 * count * i : 8 * count * (i + 1)]) for i in range(2 + len(names))]
    block = SampleBlock(header, columns[0], columns[1], dict(zip(names, columns[2:], strict=True)))
    _check_rows(block, where)
    return block


def block_text(data: bytes) -> str:
    """A block as text for JSON files."""
    return base64.b64encode(data).decode()


def block_from_text(text: object, where: str) -> bytes:
    """The inverse of ``block_text``. Raises FormatError."""
    try:
        data = base64.b64decode(str(text), validate=True)
    except ValueError as error:
        raise FormatError("not base64", where=where) from error
    if base64.b64encode(data).decode() != text:
        raise FormatError("not canonical base64", where=where)
    return data


def _header(fields: Fields, where: str) -> tuple[BlockHeader, list[str], int]:
    names = fields.items("channels", len(CHANNELS))
    if any(not isinstance(name, str) for name in names) or names != [n for n in CHANNELS if n in names]:
        raise FormatError("channels are unknown, repeated or out of order", where=where)
    try:
        header = BlockHeader(
            subject=fields.text("subject", 128),
            kind=SubjectKind(fields.text("kind")),
            source=fields.text("source", 128),
            trust=Trust(fields.text("trust")),
            interval_ns=fields.integer("interval_ns"),
            slot_ns=fields.integer("slot_ns"),
        )
    except ValueError as error:
        raise FormatError(str(error), where=where) from error
    if any(CHANNELS[name].subject is not header.kind for name in names):
        raise FormatError("a channel belongs to another kind of subject", where=where)
    count = fields.number("count")
    if count > MAX_ROWS or not 0 < header.interval_ns <= SLOT_NS:
        raise FormatError("count or interval is out of range", where=where)
    if header.slot_ns < 0 or header.slot_ns % SLOT_NS:
        raise FormatError("slot is out of range", where=where)
    return header, names, count


def _column(data: bytes) -> Sequence[int]:
    column = array("q")
    column.frombytes(data)
    if sys.byteorder == "big":
        column.byteswap()
    return column


def _check_rows(block: SampleBlock, where: str) -> None:
    times = block.time_ns
    start = block.header.slot_ns
    if any(a >= b for a, b in pairwise(times)):
        raise FormatError("times do not increase", where=where)
    if len(times) and (times[0] < start or times[-1] >= start + SLOT_NS):
        raise FormatError("a time lies outside the slot", where=where)
    if len(times) and not 0 <= min(block.quality) <= max(block.quality) <= int(~Quality.GOOD):
        raise FormatError("unknown quality flag", where=where)
    for name, values in block.channels.items():
        if all(v == MISSING for v in values):
            raise FormatError(f"{name} has no reading and must be left out", where=where)
        if any(v != MISSING and not 0 <= v <= CHANNELS[name].maximum for v in values):
            raise FormatError(f"{name} is out of range", where=where)

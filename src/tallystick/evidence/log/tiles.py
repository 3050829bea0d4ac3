"""The files of a log after C2SP tlog-tiles: their names and their contents.

checkpoint                 the signed head
tile/<L>/<N>[.p/<W>]       256 hashes, or <W> of them; level 0 holds leaf hashes, level L roots of 256**L
tile/entries/<N>[.p/<W>]   the same leaves' data, each after its length in two bytes, big-endian
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError
from tallystick.evidence.log.tree import node_hash

TILE_WIDTH = 256
#: A tile spans this many levels of the tree.
TILE_HEIGHT = 8
HASH_BYTES = 32
#: What a length in two bytes can say: no leaf of a log may be longer.
MAX_ENTRY_BYTES = 65_535
MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
#: Levels that a size below 2**63 can have.
MAX_LEVELS = 8
CHECKPOINT = "checkpoint"
ENTRIES = "entries"
_NAME = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class TileName:
    """One tile (``level`` 0 to 63) or entry bundle (``level`` None); ``width`` is 256 for a full one."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __str__(self) -> str:
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{ENTRIES if self.level is None else self.level}/{name}{partial}"

    @staticmethod
    def parse(text: str) -> "TileName | None":
        """The tile of that name, with '/' between its parts; None where there is no such tile."""
        found = _NAME.fullmatch(text)
        if not found:
            return None
        kind, index, width = found.groups()
        name = TileName(
            None if kind == ENTRIES else int(kind),
            int(index.replace("/", "").replace("x", "")),
            int(width or TILE_WIDTH),
        )
        return name if str(name) == text else None


def tiles_of(level: int | None, size: int, known: int = 0) -> Iterable[TileName]:
    """The tiles of one level for ``size`` leaves which a log of ``known`` leaves does not have yet."""
    shift = TILE_HEIGHT * (level or 0)
    hashes, there = size >> shift, known >> shift
    for index in range(there // TILE_WIDTH, -(-hashes // TILE_WIDTH)):
        width = min(TILE_WIDTH, hashes - index * TILE_WIDTH)
        if index * TILE_WIDTH + width > there:
            yield TileName(level, index, width)


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle. Raises FormatError where an entry is too long for one."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise FormatError(f"a leaf of {len(entry)} bytes, and a log carries {MAX_ENTRY_BYTES}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def decode_bundle(data: bytes, width: int, where: str) -> list[bytes]:
    """The ``width`` entries of a bundle. Raises FormatError where it holds more or less."""
    entries: list[bytes] = []
    at = 0
    while at + 2 <= len(data) and len(entries) < width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != width or at != len(data):
        raise FormatError(f"not a bundle of {width} entries", where=where)
    return entries


def decode_tile(data: bytes, width: int, where: str) -> list[bytes]:
    """The ``width`` hashes of a tile. Raises FormatError where it holds more or less."""
    if len(data) != width * HASH_BYTES:
        raise FormatError(
            f"{len(data)} bytes, and a tile of {width} hashes has {width * HASH_BYTES}", where=where
        )
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Root over neighbouring subtrees of one size; their number is a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]

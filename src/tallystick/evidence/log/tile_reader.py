"""A log read from its tiles: roots and proofs from the few that they need."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from tallystick.errors import FormatError
from tallystick.evidence.log.checkpoint import MAX_NOTE_BYTES, SignedCheckpoint, parse_checkpoint
from tallystick.evidence.log.tiles import (
    CHECKPOINT,
    HASH_BYTES,
    MAX_BUNDLE_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    TileName,
    complete_root,
    decode_bundle,
    decode_tile,
)
from tallystick.evidence.log.tree import ProvingTree
from tallystick.whole_file import read_file

#: Tiles that are kept in memory, 8 kB each.
CACHED_TILES = 512


def read_checkpoint(folder: Path) -> SignedCheckpoint:
    """The published head, unverified. Raises InputError or FormatError."""
    path = folder / CHECKPOINT
    try:
        text = read_file(path, MAX_NOTE_BYTES).decode()
    except UnicodeDecodeError as error:
        raise FormatError("not a signed checkpoint", where=str(path)) from error
    return parse_checkpoint(text, str(path))


class TileTree(ProvingTree):
    """The tree of ``size`` leaves whose tiles lie in ``folder``; its hashes are read, not recomputed.

    Whoever uses it compares its root with a verified head: a proof from false tiles leads nowhere.
    Methods raise InputError where a tile is missing and FormatError where one is malformed.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._size_of_log = size
        self._tile: Callable[[int, int], list[bytes]] = lru_cache(CACHED_TILES)(self._read)

    def __len__(self) -> int:
        return self._size_of_log

    def subtree(self, level: int, index: int) -> bytes:
        """See ``ProvingTree``."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        start = first % TILE_WIDTH
        return complete_root(self._tile(tile_level, first // TILE_WIDTH)[start : start + (1 << height)])

    def entry(self, index: int) -> bytes:
        """The data of leaf ``index``."""
        if not 0 <= index < len(self):
            raise ValueError(f"leaf {index} is not in a log of {len(self)}")
        path, width = self._find(TileName(None, index // TILE_WIDTH, self._width(0, index // TILE_WIDTH)))
        bundle = decode_bundle(read_file(path, MAX_BUNDLE_BYTES), width, str(path))
        return bundle[index % TILE_WIDTH]

    def _read(self, level: int, index: int) -> list[bytes]:
        path, width = self._find(TileName(level, index, self._width(level, index)))
        return decode_tile(read_file(path, TILE_WIDTH * HASH_BYTES), width, str(path))

    def _width(self, level: int, index: int) -> int:
        return min(TILE_WIDTH, (len(self) >> TILE_HEIGHT * level) - index * TILE_WIDTH)

    def _find(self, tile: TileName) -> tuple[Path, int]:
        """Where a tile lies: as itself, or as the beginning of the full one after the log grew on."""
        full = TileName(tile.level, tile.index)
        for name in (tile, full):
            if (self._folder / str(name)).exists():
                return self._folder / str(name), name.width
        return self._folder / str(tile), tile.width

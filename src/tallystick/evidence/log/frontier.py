"""The right edge of a growing tree: its root and its tiles in memory that does not grow with the log."""

from collections.abc import Callable, Sequence

from tallystick.evidence.log.tiles import TILE_HEIGHT, TILE_WIDTH, TileName, complete_root
from tallystick.evidence.log.tree import EMPTY_ROOT, node_hash


class Frontier:
    """Takes leaf hashes in order and hands out each full tile of hashes once."""

    def __init__(self, full: Callable[[TileName, list[bytes]], None] = lambda _, __: None) -> None:
        self._full = full
        self._edge: list[list[bytes]] = [[]]
        self.size = 0

    def extend(self, digests: Sequence[bytes]) -> None:
        """Add leaves whose hashes are known."""
        for start in range(0, len(digests), TILE_WIDTH):
            for digest in digests[start : start + TILE_WIDTH]:
                self._edge[0].append(digest)
                self.size += 1
                if len(self._edge[0]) == TILE_WIDTH:
                    self._carry(0)

    def partial_tiles(self) -> list[tuple[TileName, list[bytes]]]:
        """The tiles at the edge that are not full, level by level."""
        found = []
        for level, hashes in enumerate(self._edge):
            index = (self.size >> TILE_HEIGHT * level) // TILE_WIDTH
            if hashes:
                found.append((TileName(level, index, len(hashes)), hashes))
        return found

    def root(self) -> bytes:
        """Root over all leaves so far (RFC 6962, 2.1): complete subtrees, folded from the right."""
        peaks = []
        for hashes in reversed(self._edge):
            start = 0
            while start < len(hashes):
                width = 1 << (len(hashes) - start).bit_length() - 1
                peaks.append(complete_root(hashes[start : start + width]))
                start += width
        if not peaks:
            return EMPTY_ROOT
        root = peaks.pop()
        while peaks:
            root = node_hash(peaks.pop(), root)
        return root

    def _carry(self, level: int) -> None:
        hashes = self._edge[level]
        index = (self.size >> TILE_HEIGHT * (level + 1)) - 1
        self._full(TileName(level, index), hashes)
        self._edge[level] = []
        if level + 1 == len(self._edge):
            self._edge.append([])
        self._edge[level + 1].append(complete_root(hashes))
        if len(self._edge[level + 1]) == TILE_WIDTH:
            self._carry(level + 1)

"""The Merkle tree of RFC 6962, section 2.1 (the same in RFC 9162), kept level by level."""

import hashlib
from collections.abc import Iterable, Sequence

from tallystick.errors import VerificationError

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256 of 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and its children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """An append-only tree. ``levels[k][i]`` is the complete subtree of 2**k leaves at ``i * 2**k``."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for data in leaves:
            self.append(data)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, data: bytes) -> None:
        """Add a leaf with ``data``."""
        self.append_hash(leaf_hash(data))

    def append_hash(self, digest: bytes) -> None:
        """Add a leaf whose hash is known."""
        levels = self._levels
        levels[0].append(digest)
        k = 0
        while len(levels[k]) % 2 == 0:
            if k + 1 == len(levels):
                levels.append([])
            levels[k + 1].append(node_hash(levels[k][-2], levels[k][-1]))
            k += 1

    def root(self, size: int | None = None) -> bytes:
        """Root over the first ``size`` leaves (all by default)."""
        size = self._size(size)
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Audit path of leaf ``index`` in the tree of ``size`` leaves (RFC 6962, 2.1.1)."""
        size = self._size(size)
        if not 0 <= index < size:
            raise ValueError(f"leaf {index} is not in a tree of {size}")
        start, end, path = 0, size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, old: int, size: int | None = None) -> list[bytes]:
        """Proof that the first ``old`` leaves are a prefix of the first ``size`` (RFC 6962, 2.1.2)."""
        size = self._size(size)
        if not 0 < old <= size:
            raise ValueError(f"no consistency proof from {old} to {size}")
        return self._consistency(old, 0, size, True)

    def _consistency(self, old: int, start: int, end: int, whole: bool) -> list[bytes]:
        if old == end - start:
            return [] if whole else [self._range(start, end)]
        k = _split(end - start)
        if old <= k:
            return [*self._consistency(old, start, start + k, whole), self._range(start + k, end)]
        return [*self._consistency(old - k, start + k, end, False), self._range(start, start + k)]

    def _range(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0 and start % size == 0:
            k = size.bit_length() - 1
            return self._levels[k][start >> k]
        middle = start + _split(size)
        return node_hash(self._range(start, middle), self._range(middle, end))

    def _size(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree has {len(self)} leaves, not {size}")
        return size


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise VerificationError unless ``leaf`` (a hash) is leaf ``index`` under ``root``.

    The algorithm is that of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise VerificationError(f"leaf {index} is not in a tree of {size}")
    node, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise VerificationError("inclusion proof is too long")
        if node & 1 or node == last:
            current = node_hash(sibling, current)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        node, last = node >> 1, last >> 1
    if last or current != root:
        raise VerificationError("inclusion proof does not lead to the root")


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Raise VerificationError unless the tree ``root`` extends ``old_root`` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size:
        raise VerificationError(f"a log of {size} leaves cannot extend one of {old}")
    if old == size:
        if proof or old_root != root:
            raise VerificationError("two roots for one size: the log has forked")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise VerificationError("consistency proof is empty")
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise VerificationError("consistency proof is too long")
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    if last or first != old_root or second != root:
        raise VerificationError("the log was rolled back or rewritten: consistency proof fails")

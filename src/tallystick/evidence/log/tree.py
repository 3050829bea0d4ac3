"""The Merkle tree of RFC 6962, section 2.1 (the same in RFC 9162), kept level by level."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from tallystick.errors import VerificationError
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256 of 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and its children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class ProvingTree(ABC):
    """Roots and proofs over complete subtrees, wherever these are kept."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of leaves."""

    @abstractmethod
    def subtree(self, level: int, index: int) -> bytes:
        """Root of the complete subtree of ``2**level`` leaves that begins at leaf ``index * 2**level``."""

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
            return self.subtree(k, start >> k)
        middle = start + _split(size)
        return node_hash(self._range(start, middle), self._range(middle, end))

    def _size(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree has {len(self)} leaves, not {size}")
        return size


class MerkleTree(ProvingTree):
    """An append-only tree in memory. ``_levels[k][i]`` is the complete subtree of 2**k leaves at i * 2**k."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaves)

    def __len__(self) -> int:
        return len(self._levels[0])

    def subtree(self, level: int, index: int) -> bytes:
        """See ``ProvingTree``."""
        return self._levels[level][index]

    def append(self, data: bytes) -> None:
        """Add a leaf with ``data``. Many at once go faster through ``extend``."""
        levels, k = self._levels, 0
        levels[0].append(leaf_hash(data))
        while len(levels[k]) % 2 == 0:
            if k + 1 == len(levels):
                levels.append([])
            levels[k + 1].append(node_hash(levels[k][-2], levels[k][-1]))
            k += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add a leaf for each of ``leaves``."""
        sha256 = hashlib.sha256  # hashed in place: a call a leaf would cost a sixth of the time
        self.extend_hashes([sha256(b"\0" + data).digest() for data in leaves])

    def extend_hashes(self, digests: Sequence[bytes]) -> None:
        """Add leaves whose hashes are known, completing one level after the other."""
        sha256 = hashlib.sha256
        k, fresh = 0, digests
        while fresh:
            if k == len(self._levels):
                self._levels.append([])
            level = self._levels[k]
            start = len(level) & ~1
            level.extend(fresh)
            nodes = iter(level if start == 0 else level[start:])
            # An odd last node is taken from the iterator and dropped; its parent is not complete yet.
            fresh = [sha256(b"\1" + left + right).digest() for left, right in zip(nodes, nodes, strict=False)]
            k += 1


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
    """Return where the tree ``root`` extends ``old_root`` (RFC 9162, 2.1.4.2).

    Raises LogRollback, LogFork or LogRewritten, all VerificationErrors, where it does not.
    """
    if not 0 < old <= size:
        raise LogRollback(f"the log was rolled back: {size} leaves cannot extend {old}")
    if old == size:
        if old_root != root:
            raise LogFork(f"two roots for one size, {size}: the log has forked")
        if proof:
            raise LogRewritten("a proof between equal sizes must be empty")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise LogRewritten("consistency proof is empty")
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise LogRewritten("consistency proof is too long")
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    if last or first != old_root or second != root:
        raise LogRewritten("the log was rolled back or rewritten: consistency proof fails")

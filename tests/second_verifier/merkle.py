"""RFC 6962 trees over SHA-256, by recursion."""

import hashlib


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(root(hashes[:split]), root(hashes[split:]))


class Frontier:
    """Roots of a growing tree, from the roots of its full subtrees."""

    def __init__(self) -> None:
        self.full: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, data: bytes) -> None:
        height, digest = 0, leaf_hash(data)
        while self.full and self.full[-1][0] == height:
            digest = node_hash(self.full.pop()[1], digest)
            height += 1
        self.full.append((height, digest))
        self.size += 1

    def root(self) -> bytes:
        if not self.full:
            return root([])
        digest = self.full[-1][1]
        for _, left in reversed(self.full[:-1]):
            digest = node_hash(left, digest)
        return digest


def root_from_path(digest: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a leaf's hash and its path lead to; None where the path has the wrong length."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return digest if not path else None
    if not path:
        return None
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        left = root_from_path(digest, index, split, path[:-1])
        return None if left is None else node_hash(left, path[-1])
    right = root_from_path(digest, index - split, size - split, path[:-1])
    return None if right is None else node_hash(path[-1], right)

"""Known answers of the Merkle tree; their source stands in the file."""

import json
from pathlib import Path

import pytest

from tallystick.errors import VerificationError
from tallystick.evidence.log.tree import (
    EMPTY_ROOT,
    MerkleTree,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/merkle_tree.json").read_text("utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]


def _path(vector: dict) -> list[bytes]:
    return [bytes.fromhex(node) for node in vector["path"]]


@pytest.mark.parametrize("size", range(9))
def test_roots(size: int) -> None:
    assert MerkleTree(LEAVES[:size]).root() == ROOTS[size]
    assert MerkleTree(LEAVES).root(size) == ROOTS[size]


def test_the_empty_root_is_the_hash_of_nothing() -> None:
    assert ROOTS[0] == EMPTY_ROOT


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_inclusion(vector: dict) -> None:
    index, size, path = vector["index"], vector["size"], _path(vector)
    assert MerkleTree(LEAVES).inclusion_proof(index, size) == path
    verify_inclusion(leaf_hash(LEAVES[index]), index, size, path, ROOTS[size])
    with pytest.raises(VerificationError):
        verify_inclusion(leaf_hash(LEAVES[index]), index, size, path, ROOTS[0])


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_consistency(vector: dict) -> None:
    old, size, path = vector["old"], vector["size"], _path(vector)
    assert MerkleTree(LEAVES).consistency_proof(old, size) == path
    verify_consistency(old, size, ROOTS[old], ROOTS[size], path)
    with pytest.raises(VerificationError):
        verify_consistency(old, size, ROOTS[0], ROOTS[size], path)


def test_a_node_is_no_leaf() -> None:
    """RFC 6962's prefixes: the two halves of a tree are not a tree of two leaves with their data."""
    tree = MerkleTree(LEAVES[:2])
    with pytest.raises(VerificationError):
        verify_inclusion(leaf_hash(leaf_hash(LEAVES[0]) + leaf_hash(LEAVES[1])), 0, 1, [], tree.root())


@pytest.mark.parametrize("bad", [-1, 8, 9])
def test_no_proof_for_a_leaf_that_is_not_there(bad: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        MerkleTree(LEAVES).inclusion_proof(bad)
    with pytest.raises(VerificationError):
        verify_inclusion(leaf_hash(LEAVES[0]), bad, 8, [], ROOTS[8])


@pytest.mark.parametrize(("old", "size"), [(0, 8), (9, 8), (9, 9), (8, 9)])
def test_no_consistency_proof_beyond_the_tree(old: int, size: int) -> None:
    with pytest.raises(ValueError, match=r"no consistency proof|has 8 leaves"):
        MerkleTree(LEAVES).consistency_proof(old, size)

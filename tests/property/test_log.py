"""The Merkle tree against RFC 6962's own recursive definitions, and against tampered proofs."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import VerificationError
from tallystick.evidence.log.tree import MerkleTree, leaf_hash, verify_consistency, verify_inclusion

MOST = 70
DATA = [b"leaf %d" % i for i in range(MOST)]
TREE = MerkleTree(DATA)


def _split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def _root(data: list[bytes]) -> bytes:
    """MTH, RFC 6962, section 2.1."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\0" + data[0]).digest()
    k = _split(len(data))
    return hashlib.sha256(b"\1" + _root(data[:k]) + _root(data[k:])).digest()


def _path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH, section 2.1.1."""
    if len(data) == 1:
        return []
    k = _split(len(data))
    if m < k:
        return [*_path(m, data[:k]), _root(data[k:])]
    return [*_path(m - k, data[k:]), _root(data[:k])]


def _subproof(m: int, data: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF, section 2.1.2."""
    if m == len(data):
        return [] if whole else [_root(data)]
    k = _split(len(data))
    if m <= k:
        return [*_subproof(m, data[:k], whole), _root(data[k:])]
    return [*_subproof(m - k, data[k:], False), _root(data[:k])]


def test_every_root() -> None:
    for size in range(MOST + 1):
        assert TREE.root(size) == _root(DATA[:size])
        assert MerkleTree(DATA[:size]).root() == TREE.root(size)


def test_every_inclusion_proof_holds() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            verify_inclusion(
                leaf_hash(DATA[index]), index, size, TREE.inclusion_proof(index, size), TREE.root(size)
            )


def test_every_consistency_proof_holds() -> None:
    for size in range(1, MOST + 1):
        for old in range(1, size + 1):
            proof = TREE.consistency_proof(old, size)
            verify_consistency(old, size, TREE.root(old), TREE.root(size), proof)


@given(st.integers(1, MOST), st.data())
@settings(max_examples=60)
def test_proofs_are_those_of_the_definition(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert TREE.inclusion_proof(index, size) == _path(index, DATA[:size])
    assert TREE.consistency_proof(index + 1, size) == _subproof(index + 1, DATA[:size], True)


def _broken(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    """The proof with one thing wrong: a bit, an element more, an element less, two swapped."""
    kind = data.draw(st.sampled_from(["flip", "drop", "add", "swap"]))
    changed = list(proof)
    at = data.draw(st.integers(0, max(0, len(proof) - 1)))
    if kind == "add" or not proof:
        changed.insert(at, data.draw(st.sampled_from([bytes(32), TREE.root(MOST), *proof])))
    elif kind == "flip":
        bit = data.draw(st.integers(0, 255))
        changed[at] = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
    elif kind == "drop" or len(proof) == 1:
        del changed[at]
    else:
        changed[at], changed[at - 1] = changed[at - 1], changed[at]
    return changed


@given(st.integers(1, MOST), st.data())
@settings(max_examples=150)
def test_a_broken_inclusion_proof_never_holds(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = _broken(TREE.inclusion_proof(index, size), data)
    with pytest.raises(VerificationError):
        verify_inclusion(leaf_hash(DATA[index]), index, size, proof, TREE.root(size))


@given(st.integers(1, MOST), st.data())
@settings(max_examples=150)
def test_a_broken_consistency_proof_never_holds(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = _broken(TREE.consistency_proof(old, size), data)
    with pytest.raises(VerificationError):
        verify_consistency(old, size, TREE.root(old), TREE.root(size), proof)


@given(st.integers(2, MOST), st.data())
@settings(max_examples=150)
def test_a_leaf_holds_at_no_other_place(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
    leaf, proof, root = leaf_hash(DATA[index]), TREE.inclusion_proof(index, size), TREE.root(size)
    for claimed_index, claimed_leaf, claimed_size in (
        (other, leaf, size),
        (index, leaf_hash(DATA[other]), size),
        (index, leaf, 4 * size),  # the path is too short for such a tree, whatever the index
        (size, leaf, size),
    ):
        with pytest.raises(VerificationError):
            verify_inclusion(claimed_leaf, claimed_index, claimed_size, proof, root)


@given(st.integers(2, MOST), st.data())
@settings(max_examples=150)
def test_a_rewritten_leaf_has_no_consistency_proof(size: int, data: st.DataObject) -> None:
    """Whatever proof of the old tree or of the new tree is offered."""
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = MerkleTree(b"another" if i == changed else d for i, d in enumerate(DATA[:size]))
    for proof in (rewritten.consistency_proof(old), TREE.consistency_proof(old, size)):
        with pytest.raises(VerificationError):
            verify_consistency(old, size, TREE.root(old), rewritten.root(), proof)

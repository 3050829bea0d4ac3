from dataclasses import replace
from pathlib import Path

import pytest

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.tree import EMPTY_ROOT, MerkleTree
from tallystick.evidence.log.witness import Witness, verify_cosignature

LOG = SigningKey.generate("log", NOTE)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(SigningKey.generate("w", COSIGNATURE), tmp_path / "memory.json")


def _head(tree: MerkleTree, key: SigningKey = LOG, origin: str = "log") -> SignedCheckpoint:
    return sign_checkpoint(Checkpoint(origin, len(tree), tree.root()), key)


def test_a_growing_log_is_cosigned(witness: Witness) -> None:
    tree = MerkleTree()
    for size in range(1, 20):
        tree.append(b"%d" % size)
        proof = tree.consistency_proof(size - 1) if size > 1 else []
        note = _head(tree)
        signed = note.signed_by(witness.cosign(note, LOG.verifier, proof, 1000 + size))
        assert verify_cosignature(signed, witness.verifier) == 1000 + size
    assert witness.last_size("log") == 19


def test_a_fork_of_equal_size_is_refused(witness: Witness) -> None:
    witness.cosign(_head(MerkleTree([b"a", b"b"])), LOG.verifier, [], 1)
    with pytest.raises(VerificationError, match="forked"):
        witness.cosign(_head(MerkleTree([b"a", b"c"])), LOG.verifier, [], 2)


def test_a_rewritten_log_is_refused_with_every_proof_it_could_offer(witness: Witness) -> None:
    seen, other = MerkleTree([b"a", b"b", b"c"]), MerkleTree([b"a", b"B", b"c", b"d", b"e"])
    witness.cosign(_head(seen), LOG.verifier, [], 1)
    for proof in ([], other.consistency_proof(3), other.consistency_proof(2), other.inclusion_proof(0)):
        with pytest.raises(VerificationError):
            witness.cosign(_head(other), LOG.verifier, proof, 2)
    assert witness.last_size("log") == 3


def test_a_shorter_log_is_refused(witness: Witness) -> None:
    tree = MerkleTree([b"a", b"b"])
    witness.cosign(_head(tree), LOG.verifier, [], 1)
    with pytest.raises(VerificationError, match="cannot extend"):
        witness.cosign(_head(MerkleTree([b"a"])), LOG.verifier, [], 2)
    with pytest.raises(VerificationError):
        witness.cosign(_head(MerkleTree()), LOG.verifier, [], 2)


def test_an_empty_log_has_one_root(witness: Witness) -> None:
    note = sign_checkpoint(Checkpoint("log", 0, bytes(32)), LOG)
    with pytest.raises(VerificationError, match="empty tree"):
        witness.cosign(note, LOG.verifier, [], 1)
    witness.cosign(sign_checkpoint(Checkpoint("log", 0, EMPTY_ROOT), LOG), LOG.verifier, [], 1)


def test_a_head_signed_by_another_key_or_of_another_origin_is_refused(witness: Witness) -> None:
    tree = MerkleTree([b"a"])
    with pytest.raises(VerificationError):
        witness.cosign(_head(tree, SigningKey.generate("log", NOTE)), LOG.verifier, [], 1)
    with pytest.raises(VerificationError, match="signed by"):
        witness.cosign(_head(tree, origin="elsewhere"), LOG.verifier, [], 1)
    assert witness.last_size("log") == 0


def test_the_time_is_signed(witness: Witness) -> None:
    note = _head(MerkleTree([b"a"]))
    lines = witness.cosign(note, LOG.verifier, [], 1000)
    moved = [replace(line, signature=(999).to_bytes(8, "big") + line.signature[8:]) for line in lines]
    for changed in (moved, [moved[0], lines[1]], [lines[0], moved[1]]):
        with pytest.raises(VerificationError):
            verify_cosignature(note.signed_by(changed), witness.verifier)


def test_a_plain_signature_is_no_cosignature(witness: Witness) -> None:
    note = _head(MerkleTree([b"a"]))
    with pytest.raises(VerificationError, match="timestamped"):
        verify_cosignature(note, LOG.verifier)
    with pytest.raises(VerificationError, match="0 signatures"):
        verify_cosignature(note, witness.verifier)
    with pytest.raises(ValueError, match="cosignature key"):
        Witness(LOG, Path("nowhere"))


def test_two_signatures_of_one_key_are_ambiguous(witness: Witness) -> None:
    note = _head(MerkleTree([b"a"]))
    lines = witness.cosign(note, LOG.verifier, [], 1000)
    for line in lines:
        with pytest.raises(VerificationError, match="2 signatures"):
            verify_cosignature(note.signed_by((*lines, line)), witness.verifier)


@pytest.mark.parametrize(
    "memory", [b"", b"x", b"[]", b'{"log": 3}', b'{"log": [null, "00"]}', b'{"log": [1]}']
)
def test_a_damaged_memory_is_named_and_signs_nothing(witness: Witness, tmp_path: Path, memory: bytes) -> None:
    (tmp_path / "memory.json").write_bytes(memory)
    with pytest.raises(FormatError, match="memory is damaged"):
        witness.cosign(_head(MerkleTree([b"a"])), LOG.verifier, [], 1)

"""The vector of ``spec/log.md``: one small log with everything that crosses between parties."""

import json
from pathlib import Path

from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from tallystick.evidence.log.checkpoint import parse_checkpoint, subtree_message
from tallystick.evidence.log.cosignature import verify_head
from tallystick.evidence.log.fsck import fsck_tiles
from tallystick.evidence.log.tree import MerkleTree, verify_consistency
from tallystick.evidence.log.witness_messages import AddCheckpoint, encode_signatures, parse_signatures

VECTOR = json.loads((Path(__file__).parents[3] / "vectors/log.json").read_text("utf-8"))
LOG, WITNESS = (VerifierKey.parse(VECTOR["keys"][who]) for who in ("log", "witness"))
LEAVES = [bytes.fromhex(leaf) for leaf in VECTOR["leaves"]]
NOTE_READ = parse_checkpoint(VECTOR["checkpoint"], "vector")
TIME_S = 1_700_000_000


def test_keys_come_from_their_seeds() -> None:
    for who, key, purpose in (("log", LOG, NOTE), ("witness", WITNESS, COSIGNATURE)):
        made = SigningKey(key.name, purpose, bytes.fromhex(VECTOR["private"][who])).verifier
        assert (str(made), made.fingerprint) == (VECTOR["keys"][who], VECTOR["fingerprints"][who])


def test_leaves_make_the_root_and_the_proof() -> None:
    tree = MerkleTree(LEAVES)
    assert tree.root().hex() == VECTOR["root"]
    proof = [bytes.fromhex(node) for node in VECTOR["consistency_3_to_5"]]
    assert tree.consistency_proof(3) == proof
    verify_consistency(3, 5, tree.root(3), tree.root(), proof)


def test_all_four_signatures_hold() -> None:
    assert verify_head(NOTE_READ, LOG, [WITNESS]) == [TIME_S]


def test_messages_are_those_that_were_signed() -> None:
    head, lines = NOTE_READ.checkpoint, NOTE_READ.signatures
    of_log, of_witness = (
        bytes.fromhex(VECTOR[f"{who}_mldsa44"]) for who in ("signed_by_log", "cosigned_by_witness")
    )
    assert subtree_message(LOG.name, 0, head) == of_log
    assert subtree_message(WITNESS.name, TIME_S, head) == of_witness
    LOG.mldsa44.verify(lines[1].signature[8:], of_log)
    WITNESS.ed25519.verify(lines[2].signature[8:], VECTOR["cosigned_by_witness_ed25519"].encode())
    WITNESS.mldsa44.verify(lines[3].signature[8:], of_witness)


def test_the_witness_protocol() -> None:
    request = AddCheckpoint.parse(VECTOR["request"].encode(), "vector")
    assert (request.old, len(request.proof)) == (3, len(VECTOR["consistency_3_to_5"]))
    lines = parse_signatures(VECTOR["answer"].encode(), "vector")
    assert request.note.signed_by(lines) == NOTE_READ
    assert encode_signatures(lines).decode() == VECTOR["answer"]


def test_its_files_are_a_log(tmp_path: Path) -> None:
    for name, data in VECTOR["files"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes.fromhex(data))
    (tmp_path / "checkpoint").write_text(VECTOR["checkpoint"])
    checked = fsck_tiles(tmp_path, lambda note: verify_head(note, LOG, [WITNESS]))
    assert (checked.head.size, checked.tiles) == (5, 1)

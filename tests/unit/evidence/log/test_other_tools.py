"""Tools that we did not write read our tiles, heads and trees, and we read theirs.

They are no dependency: ``pip install aics-tlog pymerkle`` beside Tallystick (the former with
``--ignore-requires-python`` before Python 3.12), or these tests are skipped.
"""

from pathlib import Path

import pytest
from tests.unit.evidence.log.published import LOG, OTHER, TIME_S, WITNESS, leaves, publish_to

from tallystick.evidence.log.checkpoint import parse_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.evidence.log.tile_reader import TileTree, read_checkpoint
from tallystick.evidence.log.tree import MerkleTree

_WHY = "{} is not installed: it is a peer that these tests compare with, and no dependency"


@pytest.fixture
def peer():
    return pytest.importorskip("aics_tlog", reason=_WHY.format("aics-tlog"))


@pytest.mark.parametrize("size", [1, 255, 256, 700])
def test_another_reader_audits_our_tiles(peer, tmp_path: Path, size: int) -> None:
    from aics_tlog.tiles import FileSystemTileReader
    from aics_tlog.verified import audit_tiles

    tree = publish_to(tmp_path, size)
    report = audit_tiles(FileSystemTileReader(tmp_path), size, tree.root())
    assert (report.size, report.bundles) == (size, -(-size // 256))
    if size > 1:
        with pytest.raises(ValueError, match="root"):
            audit_tiles(FileSystemTileReader(tmp_path), size, tree.root(size - 1))


def test_another_reader_takes_proofs_from_our_tiles(peer, tmp_path: Path) -> None:
    from aics_tlog import tiles

    tree = publish_to(tmp_path, 700)
    reader = tiles.FileSystemTileReader(tmp_path)
    for index in (0, 255, 256, 699):
        assert list(tiles.inclusion_proof_from_tiles(reader, index, 700)) == tree.inclusion_proof(index)
        assert tiles.read_entry(reader, index, 700) == leaves(700)[index]
    for old in (1, 256, 257, 699):
        assert list(tiles.consistency_proof_from_tiles(reader, old, 700)) == tree.consistency_proof(old, 700)


def test_we_read_the_tiles_of_another_writer(peer, tmp_path: Path) -> None:
    from aics_tlog.tiles import write_tiles

    data = leaves(700)
    write_tiles(data, tmp_path)
    read, tree = TileTree(tmp_path, 700), MerkleTree(data)
    assert read.root() == tree.root()
    assert [read.entry(i) for i in range(0, 700, 50)] == data[::50]
    publish_to(tmp_path / "ours", 700)
    for path in (tmp_path / "ours").rglob("*"):
        if path.is_file() and path.name != "checkpoint":
            assert (tmp_path / path.relative_to(tmp_path / "ours")).read_bytes() == path.read_bytes()


def test_another_verifier_finds_our_ed25519_signatures_between_those_of_mldsa44(peer, tmp_path: Path) -> None:
    from aics_tlog.checkpoint import verify_checkpoint
    from aics_tlog.note import parse_note, parse_vkey

    publish_to(tmp_path, 300)
    note = read_checkpoint(tmp_path)
    log, witness, other = (parse_vkey(str(k.verifier.ed25519)) for k in (LOG, WITNESS, OTHER))
    result = verify_checkpoint(parse_note(note.text), log, [witness], 1)
    assert (result.log_ok, result.ok, result.error) == (True, True, None)
    assert not verify_checkpoint(parse_note(note.text), log, [other], 1).ok


def test_we_read_the_head_and_the_cosignature_of_another_signer(peer) -> None:
    from aics_tlog.checkpoint import Checkpoint, sign_checkpoint
    from aics_tlog.cosign import sign_cosignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    head = Checkpoint(LOG.verifier.name, 7, bytes(range(32)), ())
    own = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
    note = parse_checkpoint(sign_checkpoint(head, own, LOG.verifier.name).serialise(), "theirs")
    key = LOG.verifier.ed25519
    key.verify(note.signature_of(key), note.checkpoint.body.encode())
    ours = cosign_checkpoint(note.checkpoint, WITNESS, TIME_S)[0]
    private = Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32)
    blob, line = sign_cosignature(private, WITNESS.verifier.name, TIME_S, head.origin, head.size, head.root)
    assert (blob, line.key_id) == (ours.signature, ours.key_id)


def test_roots_are_those_of_pymerkle() -> None:
    pymerkle = pytest.importorskip("pymerkle", reason=_WHY.format("pymerkle"))
    theirs, ours = pymerkle.InmemoryTree(algorithm="sha256"), MerkleTree()
    for leaf in leaves(70):
        theirs.append_entry(leaf)
        ours.append(leaf)
        assert theirs.get_root() == ours.root()

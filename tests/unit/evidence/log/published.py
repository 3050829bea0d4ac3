"""A small log with a witness, and its tiles: what the tests of this folder share."""

from pathlib import Path

from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.evidence.log.tile_writer import publish
from tallystick.evidence.log.tree import MerkleTree

LOG = SigningKey("log.example/arden", NOTE, bytes([1]) * 64)
WITNESS = SigningKey("witness.example/borealis", COSIGNATURE, bytes([2]) * 64)
OTHER = SigningKey("witness.example/caldera", COSIGNATURE, bytes([3]) * 64)
TIME_S = 1_700_000_000


def leaves(count: int, first: int = 0) -> list[bytes]:
    """Leaves of changing length, the empty one among them."""
    return [b"leaf %d" % i * (i % 5) for i in range(first, first + count)]


def head_of(tree: MerkleTree, size: int | None = None, key: SigningKey = LOG) -> SignedCheckpoint:
    """A head signed by the log and cosigned by the witness."""
    count = len(tree) if size is None else size
    note = sign_checkpoint(Checkpoint(key.verifier.name, count, tree.root(count)), key)
    return note.signed_by(cosign_checkpoint(note.checkpoint, WITNESS, TIME_S + count))


def publish_to(folder: Path, size: int, *steps: int, data: list[bytes] | None = None) -> MerkleTree:
    """A log of ``size`` leaves published in ``folder``, at each of ``steps`` first."""
    held = leaves(size) if data is None else data
    tree = MerkleTree(held)
    for count in (*steps, size):
        publish(folder, head_of(tree, count), tree, lambda start, end: held[start:end])
    return tree


TREE_HEAD = head_of(MerkleTree(leaves(7)))

"""A log is verified from its files, and the first file that does not fit is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.evidence.log.published import LOG, OTHER, TIME_S, WITNESS, head_of, leaves, publish_to

from tallystick.errors import InputError, VerificationError
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint, verify_head
from tallystick.evidence.log.fsck import fsck_tiles
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback
from tallystick.evidence.log.tile_reader import read_checkpoint
from tallystick.evidence.log.tiles import decode_bundle, encode_bundle
from tallystick.evidence.log.tree import MerkleTree

SIZE = 700


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    publish_to(folder, SIZE, 650)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "log"))


def check(note: SignedCheckpoint) -> None:
    verify_head(note, LOG.verifier, [WITNESS.verifier])


def test_a_whole_log_holds(folder: Path) -> None:
    seen: list[int] = []
    checked = fsck_tiles(folder, check, progress=seen.append)
    assert (checked.head.size, checked.tiles, checked.beyond) == (SIZE, 4, 0)
    assert sum(seen) == SIZE


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512])
def test_logs_of_every_shape_hold(tmp_path: Path, size: int) -> None:
    publish_to(tmp_path, size)
    assert fsck_tiles(tmp_path, check).head.size == size


FILES = [
    "checkpoint",
    "tile/0/000",
    "tile/0/001",
    "tile/0/002.p/188",
    "tile/0/002.p/138",
    "tile/1/000.p/2",
    "tile/entries/000",
    "tile/entries/001",
    "tile/entries/002.p/188",
    "tile/entries/002.p/138",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_flipped_bit_is_found_in_its_file(folder: Path, name: str, at: int) -> None:
    path = folder / name
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(VerificationError) as caught:
        fsck_tiles(folder, check)
    # A changed entry shows where its hash is looked up; the tile is the first file that does not fit it.
    places = {str(path), str(path).replace("tile/entries", "tile/0")}
    assert caught.value.where in places


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("138")])
@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"\0", lambda d: b""])
def test_a_file_cut_or_grown_is_found(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = folder / name
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(VerificationError) as caught:
        fsck_tiles(folder, check)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("name", [name for name in FILES[1:] if not name.endswith("138")])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(VerificationError, match="missing") as caught:
        fsck_tiles(folder, check)
    assert caught.value.where == str(folder / name)


def test_a_folder_without_a_checkpoint_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no log here"):
        fsck_tiles(tmp_path, check)


@pytest.mark.parametrize("name", ["readme.txt", "tile/0/7", "tile/2/.hidden", "tile/entries/extra/001"])
def test_a_file_that_is_not_of_a_log_is_named(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    with pytest.raises(VerificationError, match="not a file of a log") as caught:
        fsck_tiles(folder, check)
    assert caught.value.where == str(path)


def test_what_a_killed_writer_left_is_counted_and_not_held_against_the_log(folder: Path) -> None:
    (folder / "tile/0/003").write_bytes(bytes(8192))
    (folder / "tile/0/.003.abcd.tmp").write_bytes(b"half")
    assert fsck_tiles(folder, check).beyond == 1


def test_a_full_tile_of_a_killed_writer_serves_for_the_partial_one(tmp_path: Path) -> None:
    """The bundle grew to its full width before the checkpoint did, and the partial one went."""
    publish_to(tmp_path, 300)
    publish_to(tmp_path / "later", 600)
    for name in ("tile/0/001", "tile/entries/001"):
        shutil.copy(tmp_path / "later" / name, tmp_path / name)
        shutil.rmtree(tmp_path / f"{name}.p")
    shutil.rmtree(tmp_path / "later")
    assert fsck_tiles(tmp_path, check).head.size == 300


def _rewritten(folder: Path, note: SignedCheckpoint) -> None:
    (folder / "checkpoint").write_text(note.text)


HEADS: dict[str, Callable[[SignedCheckpoint], SignedCheckpoint]] = {
    "Ed25519 of the log stripped": lambda n: SignedCheckpoint(n.checkpoint, n.signatures[1:]),
    "ML-DSA-44 of the log stripped": lambda n: SignedCheckpoint(
        n.checkpoint, (n.signatures[0], *n.signatures[2:])
    ),
    "Ed25519 of the witness stripped": lambda n: SignedCheckpoint(
        n.checkpoint, (*n.signatures[:2], n.signatures[3])
    ),
    "ML-DSA-44 of the witness stripped": lambda n: SignedCheckpoint(n.checkpoint, n.signatures[:3]),
    "the witness stripped": lambda n: SignedCheckpoint(n.checkpoint, n.signatures[:2]),
    "a line twice": lambda n: n.signed_by([n.signatures[3]]),
    "a stranger's lines as well": lambda n: n.signed_by(cosign_checkpoint(n.checkpoint, OTHER, TIME_S)),
    "lines out of order": lambda n: SignedCheckpoint(n.checkpoint, n.signatures[::-1]),
    "another log of the same name": lambda n: sign_checkpoint(
        n.checkpoint, SigningKey(LOG.verifier.name, NOTE, bytes([9]) * 64)
    ).signed_by(n.signatures[2:]),
    "another origin": lambda n: sign_checkpoint(
        Checkpoint("elsewhere", n.checkpoint.size, n.checkpoint.root), LOG
    ),
    "a witness that states no time": lambda n: SignedCheckpoint(n.checkpoint, n.signatures[:2]).signed_by(
        cosign_checkpoint(n.checkpoint, WITNESS, 0)
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_heads_that_are_refused(folder: Path, name: str) -> None:
    _rewritten(folder, HEADS[name](read_checkpoint(folder)))
    with pytest.raises(VerificationError) as caught:
        fsck_tiles(folder, check)
    assert caught.value.where == str(folder / "checkpoint")


def test_a_signed_root_of_other_entries_is_found(folder: Path) -> None:
    tree = MerkleTree([*leaves(SIZE - 1), b"other"])
    _rewritten(folder, head_of(tree))
    with pytest.raises(VerificationError, match="do not recompute"):
        fsck_tiles(folder, check)


def test_earlier_heads_of_the_same_log_are_met(folder: Path) -> None:
    tree = MerkleTree(leaves(SIZE))
    earlier = [head_of(tree, size).checkpoint for size in (700, 1, 256, 255, 650, 650, 257)]
    assert fsck_tiles(folder, check, earlier).earlier == 7


def test_rollback_against_an_earlier_head_is_named(folder: Path) -> None:
    later = MerkleTree(leaves(SIZE + 1))
    with pytest.raises(LogRollback, match="701 were signed before"):
        fsck_tiles(folder, check, [head_of(later).checkpoint])


def test_fork_against_an_earlier_head_is_named(folder: Path) -> None:
    fork = MerkleTree([*leaves(SIZE - 1), b"other"])
    with pytest.raises(LogFork, match="two roots for 700 leaves"):
        fsck_tiles(folder, check, [head_of(fork).checkpoint])


def test_a_rewritten_past_is_named(folder: Path) -> None:
    past = MerkleTree([b"other", *leaves(300, 1)])
    with pytest.raises(LogRewritten, match="its first 301 leaves"):
        fsck_tiles(folder, check, [head_of(past).checkpoint])


def test_an_earlier_head_of_another_log_says_nothing(folder: Path) -> None:
    with pytest.raises(VerificationError, match="another log"):
        fsck_tiles(folder, check, [Checkpoint("elsewhere", 1, bytes(32))])


def test_the_leaf_at_fault_is_named(folder: Path) -> None:
    path = folder / "tile/entries/001"
    entries = decode_bundle(path.read_bytes(), 256, "x")
    entries[44] = b"other"
    path.write_bytes(encode_bundle(entries))
    with pytest.raises(VerificationError, match="leaf 300 is not that of its entry in tile/entries/001"):
        fsck_tiles(folder, check)

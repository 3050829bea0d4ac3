"""Tiles by the examples of C2SP tlog-tiles, and roots and proofs from them."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.evidence.log.published import head_of, leaves, publish_to

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.log import tile_writer
from tallystick.evidence.log.frontier import Frontier
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback
from tallystick.evidence.log.tile_reader import TileTree, read_checkpoint
from tallystick.evidence.log.tile_writer import publish
from tallystick.evidence.log.tiles import TileName, decode_bundle, encode_bundle, tiles_of
from tallystick.evidence.log.tree import MerkleTree, leaf_hash, verify_consistency, verify_inclusion


def test_names_are_those_of_the_specification() -> None:
    """C2SP tlog-tiles: index 1234067 is x001/x234/067."""
    assert str(TileName(0, 1234067)) == "tile/0/x001/x234/067"
    assert str(TileName(None, 273, 112)) == "tile/entries/273.p/112"
    assert str(TileName(1, 999)) == "tile/1/999"
    assert str(TileName(1, 1000, 1)) == "tile/1/x001/000.p/1"


def test_a_tree_of_seventy_thousand_has_the_tiles_that_the_specification_counts() -> None:
    """C2SP tlog-tiles, Partial Tiles: 273 full of level 0, one of width 112, and so on."""
    widths = [[tile.width for tile in tiles_of(level, 70_000)] for level in range(4)]
    assert widths == [[256] * 273 + [112], [256, 17], [1], []]
    assert [[t.width for t in tiles_of(level, 256)] for level in range(2)] == [[256], [1]]


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_name_is_read_as_it_is_written(level: int | None, index: int, width: int) -> None:
    tile = TileName(level, index, width)
    assert TileName.parse(str(tile)) == tile


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/1",
        "tile/00/001",
        "tile/64/001",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/entries/001.p",
        "tile/0/../001",
        "tile/0/001\n",
        "checkpoint",
        "",
    ],
)
def test_other_names_are_no_tiles(name: str) -> None:
    assert TileName.parse(name) is None


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_a_bundle_is_read_as_it_is_written(entries: list[bytes]) -> None:
    data = encode_bundle(entries)
    assert decode_bundle(data, len(entries), "x") == entries
    for wrong in (data[:-1], data + b"\0", data + b"\0\0"):
        with pytest.raises(FormatError):
            decode_bundle(wrong, len(entries), "x")


def test_the_longest_leaf_fits_and_a_longer_one_does_not() -> None:
    assert encode_bundle([b"x" * 65_535])[:2] == b"\xff\xff"
    with pytest.raises(FormatError, match="65536 bytes"):
        encode_bundle([b"x" * 65_536])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 700, 65_536 + 300])
def test_roots_and_proofs_come_from_tiles_alone(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_writer, "sync_folder", lambda _: None)  # power does not fail here
    tree = publish_to(tmp_path, size)
    head, read = read_checkpoint(tmp_path).checkpoint, TileTree(tmp_path, size)
    assert read.root() == tree.root() == head.root
    for index in random.Random(size).sample(range(size), min(size, 12)):
        leaf = leaf_hash(read.entry(index))
        verify_inclusion(leaf, index, size, read.inclusion_proof(index), head.root)
        proof = read.consistency_proof(index + 1)
        assert proof == tree.consistency_proof(index + 1)
        verify_consistency(index + 1, size, tree.root(index + 1), head.root, proof)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_an_edge_has_the_root_of_the_whole_tree(grown: list[int]) -> None:
    tree, edge, size = MerkleTree(), Frontier(), 0
    for count in grown:
        data = leaves(count, size)
        size += count
        tree.extend(data)
        edge.extend([leaf_hash(leaf) for leaf in data])
        assert (edge.root(), edge.size) == (tree.root(), size)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_leaves_added_together_make_the_tree_of_leaves_added_singly(grown: list[int]) -> None:
    data = leaves(sum(grown))
    together, singly, size = MerkleTree(), MerkleTree(), 0
    for count in grown:
        together.extend(data[size : size + count])
        size += count
        while len(singly) < size:
            singly.append(data[len(singly)])
        assert together.root() == singly.root()
        assert all(together.root(k) == singly.root(k) for k in range(size + 1))


def test_growing_in_steps_ends_in_the_files_of_one_step(tmp_path: Path) -> None:
    publish_to(tmp_path / "steps", 900, 1, 3, 255, 256, 300, 512, 513, 899)
    publish_to(tmp_path / "once", 900)
    steps, once = (_files(tmp_path / name) for name in ("steps", "once"))
    older = {name for name in steps if name not in once}
    assert {name: steps[name] for name in once if name != "checkpoint"} == {
        name: data for name, data in once.items() if name != "checkpoint"
    }
    assert older <= {"tile/0/003.p/131", "tile/entries/003.p/131", "tile/1/000.p/1", "tile/1/000.p/2"}
    TileTree(tmp_path / "steps", 899).entry(898)


def test_an_older_reader_finds_its_tiles_in_the_full_ones(tmp_path: Path) -> None:
    tree = publish_to(tmp_path, 600, 300)
    assert not (tmp_path / "tile/0/001.p").exists()
    older = TileTree(tmp_path, 300)
    assert older.root() == tree.root(300)
    assert older.entry(299) == leaves(300)[299]


def test_only_what_is_new_is_written(tmp_path: Path) -> None:
    publish_to(tmp_path, 600)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in _files(tmp_path)}
    publish_to(tmp_path, 700, 600)
    for name in ("tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001"):
        assert (tmp_path / name).stat().st_mtime_ns == before[name]


class KilledError(Exception):
    """Stands for the process being killed at this very point."""


def test_a_writer_killed_at_any_file_leaves_a_log_that_the_next_one_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = 0

    def killed_at(real: Callable[..., None]) -> Callable[..., None]:
        def stand_in(*arguments: object) -> None:
            nonlocal due
            due -= 1
            if due == 0:
                raise KilledError
            real(*arguments)

        return stand_in

    data = leaves(260)
    tree = MerkleTree(data)
    kills = 0
    while True:
        folder = tmp_path / str(kills)
        monkeypatch.setattr(tile_writer, "sync_folder", lambda _: None)  # a process dies, not the machine
        publish_to(folder, 250)
        kills += 1
        due = kills
        for name in ("_write", "_settle", "_make_folder", "write_whole", "_drop_partial"):
            monkeypatch.setattr(tile_writer, name, killed_at(getattr(tile_writer, name)))
        try:
            publish(folder, head_of(tree), tree, lambda start, end: data[start:end])
        except KilledError:
            head = read_checkpoint(folder).checkpoint
            assert TileTree(folder, head.size).root() == head.root == tree.root(head.size)
        else:
            break
        finally:
            monkeypatch.undo()
        publish_to(folder, 260)
        assert TileTree(folder, 260).root() == tree.root()
        assert all(TileTree(folder, 260).entry(i) == data[i] for i in (0, 249, 250, 255, 256, 259))
    assert kills > 15


def test_rollback_is_named_when_publishing(tmp_path: Path) -> None:
    publish_to(tmp_path, 300)
    with pytest.raises(LogRollback, match="rolled back"):
        publish_to(tmp_path, 299)


def test_fork_is_named_when_publishing(tmp_path: Path) -> None:
    publish_to(tmp_path, 300)
    with pytest.raises(LogFork):
        publish_to(tmp_path, 300, data=[*leaves(299), b"other"])
    with pytest.raises(LogRewritten):
        publish_to(tmp_path, 301, data=[b"other", *leaves(300, 1)])


def test_a_head_that_is_not_of_the_leaves_is_not_published(tmp_path: Path) -> None:
    tree, other = MerkleTree(leaves(5)), MerkleTree(leaves(5, 1))
    with pytest.raises(VerificationError):
        publish(tmp_path, head_of(tree), other, lambda start, end: leaves(5)[start:end])
    assert not list(tmp_path.iterdir())


def test_a_missing_tile_is_named(tmp_path: Path) -> None:
    publish_to(tmp_path, 300)
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(InputError, match="tile/0/000"):
        TileTree(tmp_path, 300).root(255)


def test_a_tile_holds_concatenated_hashes_and_nothing_else(tmp_path: Path) -> None:
    """By hand: leaf hashes with prefix 0, and in level 1 the root of 256 of them."""
    publish_to(tmp_path, 256)
    hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves(256)]
    assert (tmp_path / "tile/0/000").read_bytes() == b"".join(hashes)
    while len(hashes) > 1:
        hashes = [
            hashlib.sha256(b"\1" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes), 2)
        ]
    assert (tmp_path / "tile/1/000.p/1").read_bytes() == hashes[0]


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

"""The log on disk: no leaf too large for others' tools, no half line, and tiles of what is signed."""

import os
from pathlib import Path

import pytest

from tallystick.declarations.leaf import EntryCommitment, Inventory
from tallystick.errors import SiteError
from tallystick.evidence import canonical
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.cosignature import verify_head
from tallystick.evidence.log.fsck import fsck_tiles
from tallystick.evidence.log.tiles import MAX_ENTRY_BYTES
from tallystick.evidence.log.witness import Witness
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.site.log_file import LogFile

KEY = SigningKey("tallystick.example/site", NOTE, bytes([1]) * 64)
WITNESS = SigningKey("w", COSIGNATURE, bytes([2]) * 64)
METER = SigningKey("m", NOTE, bytes([3]) * 64).verifier


@pytest.fixture
def log(tmp_path: Path) -> LogFile:
    return LogFile(tmp_path, KEY, Witness(WITNESS, tmp_path / "memory.json"))


def _subject(name: str, covers: int = 8, trust: Trust = Trust.OPERATOR) -> Subject:
    kind = SubjectKind.METER if trust is Trust.SEALED else SubjectKind.NODE
    names = tuple(f"{name}.{i}" for i in range(covers))
    return Subject(
        name=name,
        kind=kind,
        hardware="h100",
        covers=names,
        source="s",
        trust=trust,
        interval_ns=10**9,
        joined_ns=0,
        left_ns=0,
    )


def _entries(count: int, first: int = 0) -> list[EntryCommitment]:
    return [EntryCommitment(i.to_bytes(32, "big")) for i in range(first, first + count)]


def test_a_large_inventory_becomes_leaves_that_fit(log: LogFile, tmp_path: Path) -> None:
    subjects = (*(_subject(f"n{i:05}") for i in range(2000)), _subject("meter", 1, Trust.SEALED))
    log.append([Inventory(subjects, METER)])
    parts = [leaf for leaf in log.leaves if isinstance(leaf, Inventory)]
    assert len(parts) > 4
    assert tuple(s for part in parts for s in part.subjects) == subjects
    assert [part.meter_key for part in parts] == [None] * (len(parts) - 1) + [METER]
    assert all(len(canonical.encode(part.as_json())) <= MAX_ENTRY_BYTES for part in parts)
    assert LogFile(tmp_path, KEY, None).leaves == log.leaves


def test_a_small_inventory_stays_one_leaf(log: LogFile) -> None:
    whole = Inventory((_subject("a"), _subject("b")), METER)
    log.append([whole])
    assert log.leaves == [whole]


def test_a_subject_that_fits_no_leaf_is_refused(log: LogFile, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="a log carries 65535"):
        log.append([Inventory((_subject("n", 9000),), None)])
    assert not (tmp_path / "leaves.jsonl").exists()


def test_a_full_disk_leaves_no_half_line(
    log: LogFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(_entries(3))
    before = (tmp_path / "leaves.jsonl").read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(SiteError, match="No space left"):
            log.append(_entries(3, 3))
    assert (tmp_path / "leaves.jsonl").read_bytes() == before
    log.append(_entries(2, 3))
    assert LogFile(tmp_path, KEY, None).leaves == _entries(5) == log.leaves


def test_what_is_signed_is_published_and_verified(log: LogFile, tmp_path: Path) -> None:
    out = tmp_path / "tiles"

    def check(note: object) -> None:
        verify_head(note, KEY.verifier, [WITNESS.verifier])

    for count in (5, 300):
        log.append(_entries(count, len(log.leaves)))
        log.seal(1_700_000_000 + count)
        log.append(_entries(1, len(log.leaves)))  # not signed yet, so not published
        log.publish(out)
        assert fsck_tiles(out, check, [h.checkpoint for h in log.heads]).head == log.heads[-1].checkpoint


def test_a_log_without_a_head_is_not_published(log: LogFile, tmp_path: Path) -> None:
    log.append(_entries(1))
    with pytest.raises(SiteError, match="no signed head"):
        log.publish(tmp_path / "tiles")


def test_each_head_carries_both_signatures_of_log_and_witness(log: LogFile) -> None:
    log.append(_entries(2))
    assert verify_head(log.seal(77), KEY.verifier, [WITNESS.verifier]) == [77]

"""A site's own log, verified from its two files: the first line that does not fit is named."""

from pathlib import Path

import pytest

from tallystick.declarations.leaf import EntryCommitment
from tallystick.errors import InputError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.evidence.log.cosignature import verify_head
from tallystick.evidence.log.fsck_lines import fsck_lines
from tallystick.evidence.log.misbehaviour import LogRewritten, LogRollback
from tallystick.evidence.log.witness import Witness
from tallystick.site.log_file import LogFile

KEY = SigningKey("tallystick.example/site", NOTE, bytes([1]) * 64)
WITNESS = SigningKey("w", COSIGNATURE, bytes([2]) * 64)


def check(note: SignedCheckpoint) -> None:
    verify_head(note, KEY.verifier, [WITNESS.verifier])


@pytest.fixture
def log(tmp_path: Path) -> LogFile:
    log = LogFile(tmp_path, KEY, Witness(WITNESS, tmp_path / "memory.json"))
    for size in (3, 300, 310):
        log.append([EntryCommitment(i.to_bytes(32, "big")) for i in range(len(log.leaves), size)])
        log.seal(size)
    return log


def _change(path: Path, line: int, new: bytes) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = new
    path.write_bytes(b"".join(lines))


def test_a_whole_log_holds(log: LogFile, tmp_path: Path) -> None:
    found = fsck_lines(tmp_path, check, [head.checkpoint for head in log.heads])
    assert (found.head, found.heads, found.unsigned) == (log.heads[-1].checkpoint, 3, 0)
    log.append([EntryCommitment(bytes(32))])
    with (tmp_path / "leaves.jsonl").open("ab") as file:
        file.write(b'"half')
    assert fsck_lines(tmp_path, check).unsigned == 1


@pytest.mark.parametrize(
    ("leaf", "head", "span"), [(1, 1, "1 to 3"), (200, 2, "4 to 300"), (309, 3, "301 to 310")]
)
def test_a_changed_leaf_is_found_between_two_heads(
    log: LogFile, tmp_path: Path, leaf: int, head: int, span: str
) -> None:
    _change(tmp_path / "leaves.jsonl", leaf, b'"%064x"\n' % 999)
    with pytest.raises(VerificationError, match=f"leaves {span} is not") as caught:
        fsck_lines(tmp_path, check)
    assert caught.value.where.endswith(f"heads.jsonl, line {head}")


def test_leaves_taken_back(log: LogFile, tmp_path: Path) -> None:
    lines = (tmp_path / "leaves.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "leaves.jsonl").write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LogRollback, match="309 leaves are left of 310"):
        fsck_lines(tmp_path, check)


def test_leaves_and_heads_taken_back_together_show_against_an_earlier_head(
    log: LogFile, tmp_path: Path
) -> None:
    last = log.heads[-1].checkpoint
    for name, kept in (("leaves.jsonl", 300), ("heads.jsonl", 2)):
        lines = (tmp_path / name).read_bytes().splitlines(keepends=True)
        (tmp_path / name).write_bytes(b"".join(lines[:kept]))
    assert fsck_lines(tmp_path, check).heads == 2
    with pytest.raises(LogRollback, match="310 were signed before"):
        fsck_lines(tmp_path, check, [last])


def test_another_history_shows_against_an_earlier_head(log: LogFile, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = LogFile(tmp_path / "other", KEY, None)
    other.append([EntryCommitment(bytes([9]) * 32)] * 5)
    with pytest.raises(LogRewritten, match="first 5 leaves"):
        fsck_lines(tmp_path, check, [other.seal(1).checkpoint])


@pytest.mark.parametrize("line", range(3))
def test_a_head_that_is_dropped_doubled_or_damaged(log: LogFile, tmp_path: Path, line: int) -> None:
    path = tmp_path / "heads.jsonl"
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for new in (lines[line] * 2, b"{}\n", lines[line].replace(b"\\n3", b"\\n4", 1)[:-9] + b"\n"):
        _change(path, line, new)
        with pytest.raises(VerificationError) as caught:
            fsck_lines(tmp_path, check)
        assert "heads.jsonl, line" in caught.value.where
        path.write_bytes(whole)


def test_a_folder_without_a_signed_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no signed log"):
        fsck_lines(tmp_path, check)
    (tmp_path / "leaves.jsonl").touch()
    (tmp_path / "heads.jsonl").touch()
    with pytest.raises(InputError, match="no signed log"):
        fsck_lines(tmp_path, check)

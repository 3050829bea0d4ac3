"""Verify a log again as a site keeps it: leaves and heads, one a line, in memory that does not grow.

leaves.jsonl    a leaf's data a line
heads.jsonl     a head a line, as a JSON text
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.log.checkpoint import MAX_NOTE_BYTES, Checkpoint, SignedCheckpoint, parse_checkpoint
from tallystick.evidence.log.frontier import Frontier
from tallystick.evidence.log.fsck import HeadCheck
from tallystick.evidence.log.history import raise_where_other
from tallystick.evidence.log.misbehaviour import LogRollback
from tallystick.evidence.log.tiles import MAX_ENTRY_BYTES, TILE_WIDTH
from tallystick.evidence.log.tree import leaf_hash

LEAVES, HEADS = "leaves.jsonl", "heads.jsonl"


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """What was verified: the last of ``heads`` heads. ``unsigned`` leaves follow it."""

    head: Checkpoint
    heads: int
    earlier: int
    unsigned: int


def fsck_lines(
    folder: Path,
    head_check: HeadCheck,
    earlier: Sequence[Checkpoint] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> CheckedLines:
    """Verify every head of the log in ``folder``, its signatures, and the leaves under it.

    Raises InputError where there is no signed log, else VerificationError or one of its kinds, whose
    ``where`` is the first line that does not fit.
    """
    for name in (LEAVES, HEADS):
        if not (folder / name).is_file():
            raise InputError("no signed log here", where=str(folder / name), mend="ingest samples first")
    pending = sorted(earlier, key=lambda head: head.size)
    with (folder / LEAVES).open("rb") as file:
        leaves = _Leaves(file, str(folder / LEAVES), progress)
        head, count = None, 0
        for head, where in _heads(folder / HEADS, head_check):
            while pending and pending[0].size <= head.size:
                leaves.read_to(pending[0].size)
                raise_where_other(pending.pop(0), leaves.frontier.root(), head.size, str(folder))
            _meet_own(head, leaves, where)
            count += 1
        if head is None:
            raise InputError("no signed log here", where=str(folder / HEADS), mend="ingest samples first")
        if pending:
            before = pending[-1].size
            raise LogRollback(
                f"the log was rolled back: it has {head.size} leaves, and {before} were signed before",
                where=str(folder / HEADS),
            )
        return CheckedLines(head, count, len(earlier), leaves.rest())


def _meet_own(head: Checkpoint, leaves: "_Leaves", where: str) -> None:
    first = leaves.frontier.size + 1
    leaves.read_to(head.size)
    if leaves.frontier.root() != head.root:
        raise VerificationError(
            f"one of the leaves {first} to {head.size} is not what was signed", where=where
        )


def _heads(path: Path, head_check: HeadCheck) -> Iterator[tuple[Checkpoint, str]]:
    size = -1
    with path.open("rb") as file:
        for number, line in enumerate(_lines(file, 2 * MAX_NOTE_BYTES), 1):
            where = f"{path}, line {number}"
            try:
                note: SignedCheckpoint = parse_checkpoint(str(canonical.decode(line, where)), where)
                head_check(note)
            except (FormatError, VerificationError) as error:
                raise VerificationError(error.problem, where=where) from error
            if note.checkpoint.size <= size:
                raise VerificationError("heads are out of order", where=where)
            size = note.checkpoint.size
            yield note.checkpoint, where


class _Leaves:
    """The leaves, hashed as far as a head needs them."""

    def __init__(self, file: BinaryIO, where: str, progress: Callable[[int], None]) -> None:
        self._lines = _lines(file, MAX_ENTRY_BYTES)
        self._where = where
        self._progress = progress
        self.frontier = Frontier()

    def read_to(self, size: int) -> None:
        while self.frontier.size < size:
            digests = []
            for line in self._lines:
                digests.append(leaf_hash(line))
                if len(digests) == min(TILE_WIDTH, size - self.frontier.size):
                    break
            if not digests:
                left = self.frontier.size
                raise LogRollback(
                    f"the log was rolled back: {left} leaves are left of {size} that were signed",
                    where=self._where,
                )
            self.frontier.extend(digests)
            self._progress(len(digests))

    def rest(self) -> int:
        return sum(1 for _ in self._lines)


def _lines(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """Whole lines without their ends; what a crash cut short at the end was never acknowledged."""
    while line := file.readline(limit + 2):
        if line.endswith(b"\n"):
            yield line[:-1]
        elif len(line) > limit:
            raise VerificationError(f"a line of more than {limit} bytes", where=str(file.name))

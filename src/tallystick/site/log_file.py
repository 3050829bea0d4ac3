"""The site's log on disk: one canonical JSON value a line, appended and synced, never rewritten."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tallystick.declarations.leaf import Inventory, Leaf, SlotSeal, parse_leaf
from tallystick.errors import FormatError, SiteError
from tallystick.evidence import canonical
from tallystick.evidence.keys import SigningKey
from tallystick.evidence.log.checkpoint import (
    Checkpoint,
    NoteSignature,
    SignedCheckpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from tallystick.evidence.log.misbehaviour import LogRollback
from tallystick.evidence.log.tile_writer import publish
from tallystick.evidence.log.tiles import MAX_ENTRY_BYTES
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.log.witness import Cosigner
from tallystick.records.subject import Trust
from tallystick.whole_file import sync_folder


class LogFile:
    """Leaves and signed heads in ``folder``. A line cut short by a crash is dropped when reopened."""

    def __init__(self, folder: Path, key: SigningKey, witness: Cosigner | None) -> None:
        self._leaves_file = folder / "leaves.jsonl"
        self._heads_file = folder / "heads.jsonl"
        self._key = key
        self._witness = witness
        self.leaves: list[Leaf] = []
        self.inventories: list[Inventory] = []
        self.sealed: dict[int, SlotSeal] = {}
        self.rows_when_sealed: dict[int, int] = {}
        self._rows: set[str] = set()
        self.heads: list[SignedCheckpoint] = []
        self._tree = MerkleTree()
        lines, where = _whole_lines(self._leaves_file), str(self._leaves_file)
        self._take([parse_leaf(canonical.decode(line, where), where) for line in lines], lines)
        for line in _whole_lines(self._heads_file):
            self.heads.append(_head(line, str(self._heads_file)))
        self._check()

    def append(self, leaves: Sequence[Leaf]) -> None:
        """Append and sync. They are acknowledged when this returns.

        An inventory too large for one leaf becomes several. Raises SiteError where another leaf is too large
        for a log, or nothing can be written.
        """
        parts = [part for leaf in leaves for part in _fitting(leaf)]
        data = [canonical.encode(part.as_json()) for part in parts]
        _append_lines(self._leaves_file, data)
        self._take(parts, data)

    def seal(self, now_s: int) -> SignedCheckpoint:
        """Sign the head, have the witness cosign it at ``now_s``, and keep it. Once per size."""
        size = len(self.leaves)
        if self.heads and self.heads[-1].checkpoint.size == size:
            return self.heads[-1]
        key = self._key.verifier
        note = sign_checkpoint(Checkpoint(key.name, size, self._tree.root()), self._key)
        if self._witness:
            note = note.signed_by(self._cosigned(note, self._witness, now_s))
        _append_lines(self._heads_file, [canonical.encode(note.text)])
        self.heads.append(note)
        return note

    def _cosigned(self, note: SignedCheckpoint, witness: Cosigner, now_s: int) -> tuple[NoteSignature, ...]:
        try:
            return witness.cosign_tree(note, self._key.verifier, self._tree, now_s)
        except LogRollback as error:
            raise SiteError(
                error.problem,
                mend="restore the log if it was rolled back; a new site needs a name of its own",
            ) from error

    def root(self, size: int) -> bytes:
        """Root over the first ``size`` leaves."""
        return self._tree.root(size)

    def publish(self, folder: Path, progress: Callable[[int], None] = lambda _: None) -> int:
        """Bring the tiles in ``folder`` up to the last head; return how many leaves they had."""
        if not self.heads:
            raise SiteError("the log has no signed head yet", mend="ingest samples first")
        return publish(folder, self.heads[-1], self._tree, self._data, progress)

    def _data(self, start: int, end: int) -> list[bytes]:
        return [canonical.encode(leaf.as_json()) for leaf in self.leaves[start:end]]

    def _take(self, leaves: Sequence[Leaf], data: Sequence[bytes]) -> None:
        self.leaves.extend(leaves)
        self._tree.extend(data)
        for leaf in leaves:
            if isinstance(leaf, Inventory):
                self.inventories.append(leaf)
                self._rows.update(s.name for s in leaf.subjects if s.trust is not Trust.SEALED)
            elif isinstance(leaf, SlotSeal):
                self.sealed[leaf.slot_ns] = leaf
                self.rows_when_sealed[leaf.slot_ns] = len(self._rows)

    def _check(self) -> None:
        for head in self.heads[-1:]:
            size = head.checkpoint.size
            if size > len(self.leaves) or self._tree.root(size) != head.checkpoint.root:
                raise SiteError(
                    "the log does not match its own signed head",
                    where=str(self._leaves_file),
                    mend="restore the log from a backup: leaves were changed or lost",
                )


def _fitting(leaf: Leaf) -> list[Leaf]:
    """The leaf, or an inventory in as many parts as make each fit. Raises SiteError where that is none."""
    size = len(canonical.encode(leaf.as_json()))
    if size <= MAX_ENTRY_BYTES:
        return [leaf]
    if not isinstance(leaf, Inventory) or len(leaf.subjects) == 1:
        raise SiteError(
            f"a leaf of {size} bytes, and a log carries {MAX_ENTRY_BYTES}",
            mend="name fewer accelerators in one subject, or give them shorter names",
        )
    half = len(leaf.subjects) // 2
    parts = [leaf.subjects[:half], leaf.subjects[half:]]
    sealed = [any(s.trust is Trust.SEALED for s in part) for part in parts]
    return [
        fitting
        for part, meters in zip(parts, sealed, strict=True)
        for fitting in _fitting(Inventory(part, leaf.meter_key if meters else None))
    ]


def _append_lines(path: Path, lines: Iterable[bytes]) -> None:
    created = not path.exists()
    try:
        with path.open("ab") as file:
            end = file.tell()
            try:
                file.write(b"".join(line + b"\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), end)  # half a line must not stand before the next one
                raise
        if created:
            sync_folder(path.parent)  # a synced file without a name is lost with the power
    except OSError as error:
        raise SiteError(
            f"cannot write the log: {error.strerror}", where=str(path), mend="make room and run it again"
        ) from error


def _head(line: bytes, where: str) -> SignedCheckpoint:
    try:
        return parse_checkpoint(str(canonical.decode(line, where)), where)
    except FormatError as error:
        raise FormatError(error.problem, where=where, mend="restore the log from a backup") from error


def _whole_lines(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) != len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return whole.splitlines()

"""The site's log on disk: one canonical JSON value a line, appended and synced, never rewritten."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from tallystick.declarations.leaf import Inventory, Leaf, SlotSeal, parse_leaf
from tallystick.errors import FormatError, SiteError
from tallystick.evidence import canonical
from tallystick.evidence.keys import SigningKey
from tallystick.evidence.log.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.log.witness import Witness
from tallystick.records.subject import Trust
from tallystick.whole_file import sync_folder


class LogFile:
    """Leaves and signed heads in ``folder``. A line cut short by a crash is dropped when reopened."""

    def __init__(self, folder: Path, key: SigningKey, witness: Witness | None) -> None:
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
        for line in _whole_lines(self._leaves_file):
            self._take(parse_leaf(canonical.decode(line, str(self._leaves_file)), str(self._leaves_file)))
        for line in _whole_lines(self._heads_file):
            self.heads.append(_head(line, str(self._heads_file)))
        self._check()

    def append(self, leaves: Sequence[Leaf]) -> None:
        """Append and sync. They are acknowledged when this returns."""
        _append_lines(self._leaves_file, (canonical.encode(leaf.as_json()) for leaf in leaves))
        for leaf in leaves:
            self._take(leaf)

    def seal(self, now_s: int) -> SignedCheckpoint:
        """Sign the head, have the witness cosign it at ``now_s``, and keep it. Once per size."""
        size = len(self.leaves)
        if self.heads and self.heads[-1].checkpoint.size == size:
            return self.heads[-1]
        key = self._key.verifier
        note = sign_checkpoint(Checkpoint(key.name, size, self._tree.root()), self._key)
        if self._witness:
            seen = self._witness.last_size(key.name)
            if seen > size:
                raise SiteError(
                    f"the witness has seen {seen} leaves and the log has {size}",
                    mend="restore the log if it was rolled back; a new site needs a name of its own",
                )
            proof = self._tree.consistency_proof(seen) if seen else []
            note = note.signed_by(self._witness.cosign(note, key, proof, now_s))
        _append_lines(self._heads_file, [canonical.encode(note.text)])
        self.heads.append(note)
        return note

    def root(self, size: int) -> bytes:
        """Root over the first ``size`` leaves."""
        return self._tree.root(size)

    def _take(self, leaf: Leaf) -> None:
        self.leaves.append(leaf)
        if isinstance(leaf, Inventory):
            self.inventories.append(leaf)
            self._rows.update(s.name for s in leaf.subjects if s.trust is not Trust.SEALED)
        elif isinstance(leaf, SlotSeal):
            self.sealed[leaf.slot_ns] = leaf
            self.rows_when_sealed[leaf.slot_ns] = len(self._rows)
        self._tree.append(canonical.encode(leaf.as_json()))

    def _check(self) -> None:
        for head in self.heads[-1:]:
            size = head.checkpoint.size
            if size > len(self.leaves) or self._tree.root(size) != head.checkpoint.root:
                raise SiteError(
                    "the log does not match its own signed head",
                    where=str(self._leaves_file),
                    mend="restore the log from a backup: leaves were changed or lost",
                )


def _append_lines(path: Path, lines: Iterable[bytes]) -> None:
    created = not path.exists()
    try:
        with path.open("ab") as file:
            file.write(b"".join(line + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
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

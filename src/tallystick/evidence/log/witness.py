"""A witness: it cosigns a log's head, with the time, only if the head extends the last one it saw.

The rule for when to sign is that of C2SP tlog-witness.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, SigningKey, VerifierKey
from tallystick.evidence.log.checkpoint import NoteSignature, SignedCheckpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.evidence.log.cosignature import verify_cosignature as verify_cosignature
from tallystick.evidence.log.misbehaviour import LogRollback, WrongOldSize
from tallystick.evidence.log.tree import EMPTY_ROOT, ProvingTree, verify_consistency
from tallystick.whole_file import read_file, write_whole

MAX_STATE_BYTES = 1 << 20


class Cosigner(Protocol):
    """Whoever cosigns heads: a ``Witness`` in this process, or one behind HTTP."""

    @property
    def verifier(self) -> VerifierKey:
        """The pair to check its cosignatures with."""

    def cosign_tree(
        self, note: SignedCheckpoint, log_key: VerifierKey, tree: ProvingTree, now_s: int
    ) -> tuple[NoteSignature, ...]:
        """Both cosignatures on ``note``, with the proof it needs taken from ``tree``.

        Raises LogRollback, LogFork, LogRewritten or VerificationError.
        """


class Witness:
    """A witness that keeps the last head of each log in one file, whoever else serves from that file."""

    def __init__(self, key: SigningKey, state_file: Path) -> None:
        if key.verifier.purpose != COSIGNATURE:
            raise ValueError("a witness signs with a cosignature key")
        self._key = key
        self._state_file = state_file

    @property
    def verifier(self) -> VerifierKey:
        """The pair to check its cosignatures with."""
        return self._key.verifier

    def last_size(self, origin: str) -> int:
        """How many leaves of ``origin`` it has seen."""
        return self._state().get(origin, (0, EMPTY_ROOT))[0]

    def cosign(
        self,
        note: SignedCheckpoint,
        log_key: VerifierKey,
        proof: Sequence[bytes],
        now_s: int,
        old_size: int | None = None,
    ) -> tuple[NoteSignature, ...]:
        """Cosign ``note`` at ``now_s``; ``proof`` is from ``old_size``, or from the size seen last.

        The new head is on disk before anything is signed. Raises VerificationError where the log's
        signature fails, and WrongOldSize, LogRollback, LogFork or LogRewritten where the head does not
        extend the last one.
        """
        head = note.checkpoint
        if head.origin != log_key.name:
            raise VerificationError(f"a head of {head.origin} signed by {log_key.name}")
        note.verify(log_key)
        with self._locked():
            state = self._state()
            seen_size, seen_root = state.get(head.origin, (0, EMPTY_ROOT))
            if old_size is not None and old_size != seen_size:
                raise WrongOldSize(seen_size, old_size)
            if head.size == 0 and head.root != EMPTY_ROOT:
                raise VerificationError("a head of no leaves with another root than that of the empty tree")
            if seen_size:
                verify_consistency(seen_size, head.size, seen_root, head.root, proof)
            elif proof:
                raise VerificationError("a proof from nothing must be empty")
            if state.get(head.origin) != (head.size, head.root):
                state[head.origin] = (head.size, head.root)
                self._save(state)
            return cosign_checkpoint(head, self._key, now_s)

    def cosign_tree(
        self, note: SignedCheckpoint, log_key: VerifierKey, tree: ProvingTree, now_s: int
    ) -> tuple[NoteSignature, ...]:
        """Cosign ``note``, with the proof from the size seen last taken from ``tree``."""
        size = note.checkpoint.size
        while True:
            seen = self.last_size(log_key.name)
            if seen > size:
                raise LogRollback(f"the witness has seen {seen} leaves and the log has {size}")
            proof = tree.consistency_proof(seen, size) if seen else []
            try:
                return self.cosign(note, log_key, proof, now_s, seen)
            except WrongOldSize as error:  # another process was faster; sizes only grow, so this ends
                if error.seen == seen:
                    raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One head at a time, over threads and processes: else a slow one would roll the memory back."""
        import fcntl  # not on every system that an inspector uses

        path = self._state_file.with_name(self._state_file.name + ".lock")
        try:
            lock = path.open("w")
        except OSError as error:
            raise InputError(
                f"cannot lock the witness's memory: {error.strerror}",
                where=str(path),
                mend="let the witness write in its own folder",
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _state(self) -> dict[str, tuple[int, bytes]]:
        if not self._state_file.exists():
            return {}
        try:
            raw = json.loads(read_file(self._state_file, MAX_STATE_BYTES))
            return {origin: (int(size), bytes.fromhex(root)) for origin, (size, root) in raw.items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise FormatError(
                "the witness's memory is damaged",
                where=str(self._state_file),
                mend="restore it from a backup",
            ) from error

    def _save(self, state: dict[str, tuple[int, bytes]]) -> None:
        rows = {origin: [size, root.hex()] for origin, (size, root) in sorted(state.items())}
        write_whole(self._state_file, json.dumps(rows, indent=1).encode())

"""A witness: it cosigns a log's head, with the time, only if the head extends the last one it saw.

Cosignatures are those of C2SP tlog-cosignature (``cosignature/v1``, Ed25519): an 8-byte big-endian
time in seconds, then a signature over a header with that time and the checkpoint. The rule for when
to sign is that of C2SP tlog-witness.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, SigningKey, VerifierKey
from tallystick.evidence.log.checkpoint import Checkpoint, NoteSignature, SignedCheckpoint
from tallystick.evidence.log.tree import EMPTY_ROOT, verify_consistency
from tallystick.whole_file import read_file, write_whole

MAX_STATE_BYTES = 1 << 20


def _message(time_s: int, checkpoint: Checkpoint) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{checkpoint.body}".encode()


def verify_cosignature(note: SignedCheckpoint, key: VerifierKey) -> int:
    """The time in seconds at which ``key`` cosigned. Raises VerificationError where it did not."""
    signature = note.signature_of(key)
    if key.purpose != COSIGNATURE or len(signature) != 72:
        raise VerificationError(f"{key.name} did not leave a timestamped cosignature")
    time_s = int.from_bytes(signature[:8], "big")
    key.verify(signature[8:], _message(time_s, note.checkpoint))
    return time_s


class Witness:
    """A witness that keeps the last head of each log in one file."""

    def __init__(self, key: SigningKey, state_file: Path) -> None:
        if key.verifier.purpose != COSIGNATURE:
            raise ValueError("a witness signs with a cosignature key")
        self._key = key
        self._state_file = state_file

    @property
    def verifier(self) -> VerifierKey:
        """The key to check its cosignatures with."""
        return self._key.verifier

    def last_size(self, origin: str) -> int:
        """How many leaves of ``origin`` it has seen."""
        return self._state().get(origin, (0, EMPTY_ROOT))[0]

    def cosign(
        self, note: SignedCheckpoint, log_key: VerifierKey, proof: Sequence[bytes], now_s: int
    ) -> NoteSignature:
        """Cosign ``note`` at ``now_s``.

        Raises VerificationError where the log's signature fails or the head does not extend the last.
        """
        note.verify(log_key)
        head = note.checkpoint
        if head.origin != log_key.name:
            raise VerificationError(f"a head of {head.origin} signed by {log_key.name}")
        state = self._state()
        old_size, old_root = state.get(head.origin, (0, EMPTY_ROOT))
        if head.size == 0 and head.root != EMPTY_ROOT:
            raise VerificationError("a head of no leaves with another root than that of the empty tree")
        if old_size:
            verify_consistency(old_size, head.size, old_root, head.root, proof)
        state[head.origin] = (head.size, head.root)
        self._save(state)
        signature = now_s.to_bytes(8, "big") + self._key.sign(_message(now_s, head))
        return NoteSignature(self.verifier.name, self.verifier.id, signature)

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

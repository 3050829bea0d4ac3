"""Cosignatures of checkpoints (C2SP tlog-cosignature): an 8-byte time in seconds, then a signature.

The Ed25519 key of a pair signs ``cosignature/v1``, the time and the checkpoint as text; the ML-DSA-44
key signs ``subtree/v1`` with the cosigner's name. Both state the same time.
"""

from collections.abc import Sequence

from tallystick.errors import VerificationError
from tallystick.evidence.keys import COSIGNATURE, SigningKey, VerifierKey
from tallystick.evidence.log.checkpoint import Checkpoint, NoteSignature, SignedCheckpoint, subtree_message

#: Times stay below 2^63 (tlog-cosignature).
_LATEST_S = 2**63 - 1


def cosign_checkpoint(checkpoint: Checkpoint, key: SigningKey, time_s: int) -> tuple[NoteSignature, ...]:
    """Both cosignatures of ``key``, which says nothing of what it saw before: see ``Witness`` for that."""
    pair = key.verifier
    time = time_s.to_bytes(8, "big")
    ed25519 = key.sign_ed25519(_text_message(time_s, checkpoint))
    mldsa44 = key.sign_mldsa44(subtree_message(pair.name, time_s, checkpoint))
    return (
        NoteSignature(pair.name, pair.ed25519.id, time + ed25519),
        NoteSignature(pair.name, pair.mldsa44.id, time + mldsa44),
    )


def verify_cosignature(note: SignedCheckpoint, key: VerifierKey) -> int:
    """The time in seconds at which both keys of ``key`` cosigned.

    Raises VerificationError where one of them did not, did it twice, or stated another time.
    """
    if key.purpose != COSIGNATURE:
        raise VerificationError(f"{key.name} did not leave a timestamped cosignature")
    ed25519, mldsa44 = note.signature_of(key.ed25519), note.signature_of(key.mldsa44)
    if ed25519[:8] != mldsa44[:8]:
        raise VerificationError(f"the two cosignatures of {key.name} state different times")
    time_s = int.from_bytes(ed25519[:8], "big")
    if len(ed25519) < 8 or not 0 < time_s <= _LATEST_S:
        raise VerificationError(f"{key.name} did not leave a timestamped cosignature")
    key.ed25519.verify(ed25519[8:], _text_message(time_s, note.checkpoint))
    key.mldsa44.verify(mldsa44[8:], subtree_message(key.name, time_s, note.checkpoint))
    return time_s


def verify_head(note: SignedCheckpoint, log: VerifierKey, witnesses: Sequence[VerifierKey]) -> list[int]:
    """Times of the witnesses, where a head is that of ``log`` and carries its lines and no other.

    The lines are two of the log and two of each witness, Ed25519 first, in the order given; so that one
    head has one encoding. Raises VerificationError.
    """
    head = note.checkpoint
    if head.origin != log.name:
        raise VerificationError(f"a head of {head.origin} under the key of {log.name}")
    note.verify(log)
    times = [verify_cosignature(note, witness) for witness in witnesses]
    due = [(half.name, half.id) for key in (log, *witnesses) for half in (key.ed25519, key.mldsa44)]
    if [(line.name, line.key_id) for line in note.signatures] != due:
        raise VerificationError("signatures stand out of order, or somebody else's among them")
    return times


def _text_message(time_s: int, checkpoint: Checkpoint) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{checkpoint.body}".encode()

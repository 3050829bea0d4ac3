"""Checkpoints (C2SP tlog-checkpoint) as signed notes (C2SP signed-note).

tallystick.example/arden
7009
base64 of the root

— tallystick.example/arden base64(key id || Ed25519 signature)
— tallystick.example/arden base64(key id || time 0 || ML-DSA-44 signature)
— witness.example/borealis base64(key id || time || Ed25519 signature)
— witness.example/borealis base64(key id || time || ML-DSA-44 signature)
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import NOTE, SigningKey, VerifierKey
from tallystick.evidence.vkey import Vkey, check_name

MAX_SIGNATURES = 16
#: Room for as many ML-DSA-44 cosignatures, which are lines of 3.3 kB.
MAX_NOTE_BYTES = 65_536
#: A log states no time for its own head: witnesses do that.
NO_TIME = 0
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: origin, number of leaves, root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who, key id, the rest."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with its signatures in the order in which they stand."""

    checkpoint: Checkpoint
    signatures: tuple[NoteSignature, ...]

    @property
    def text(self) -> str:
        """The note."""
        return self.checkpoint.body + "\n" + "".join(map(str, self.signatures))

    def signature_of(self, key: Vkey) -> bytes:
        """What ``key`` signed with. Raises VerificationError where it did not sign exactly once."""
        found = [s for s in self.signatures if s.name == key.name and s.key_id == key.id]
        if len(found) != 1:
            raise VerificationError(f"{len(found)} signatures of {key.hint} where one is due")
        return found[0].signature

    def verify(self, key: VerifierKey) -> None:
        """Raise VerificationError unless both keys of the log's pair signed the checkpoint."""
        key.ed25519.verify(self.signature_of(key.ed25519), self.checkpoint.body.encode())
        timed = self.signature_of(key.mldsa44)
        if timed[:8] != NO_TIME.to_bytes(8, "big"):
            raise VerificationError(f"{key.name} states a time for its own head")
        key.mldsa44.verify(timed[8:], subtree_message(key.name, NO_TIME, self.checkpoint))

    def signed_by(self, signatures: Iterable[NoteSignature]) -> "SignedCheckpoint":
        """The note with more signatures."""
        return SignedCheckpoint(self.checkpoint, (*self.signatures, *signatures))


def subtree_message(cosigner: str, time_s: int, checkpoint: Checkpoint) -> bytes:
    """What ML-DSA-44 signs of a checkpoint: ``cosigned_message`` of C2SP tlog-cosignature."""
    name, origin = cosigner.encode(), checkpoint.origin.encode()
    if len(name) > 255 or len(origin) > 255:
        raise VerificationError(f"the name {cosigner[:40]!r} or {checkpoint.origin[:40]!r} is over 255 bytes")
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(name)]) + name,
            time_s.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> SignedCheckpoint:
    """A note with both of the log's own signatures."""
    pair = key.verifier
    if pair.purpose != NOTE:
        raise ValueError("a log signs with a note key")
    timed = NO_TIME.to_bytes(8, "big") + key.sign_mldsa44(subtree_message(pair.name, NO_TIME, checkpoint))
    return SignedCheckpoint(
        checkpoint,
        (
            NoteSignature(pair.name, pair.ed25519.id, key.sign_ed25519(checkpoint.body.encode())),
            NoteSignature(pair.name, pair.mldsa44.id, timed),
        ),
    )


def parse_checkpoint(text: str, where: str) -> SignedCheckpoint:
    """Read a note. Raises FormatError unless it is the one encoding of a signed checkpoint."""
    body, separator, rest = text.partition("\n\n")
    lines = body.split("\n")
    signature_lines = rest.split("\n")
    if len(text) > MAX_NOTE_BYTES or not separator or len(lines) != 3 or signature_lines.pop() != "":
        raise FormatError("not a signed checkpoint", where=where)
    if not _SIZE.fullmatch(lines[1]) or not 0 < len(signature_lines) <= MAX_SIGNATURES:
        raise FormatError("size or signatures of a checkpoint are unusable", where=where)
    try:
        checkpoint = Checkpoint(
            check_name(lines[0], where), int(lines[1]), base64.b64decode(lines[2], validate=True)
        )
        note = SignedCheckpoint(checkpoint, tuple(parse_signature(line, where) for line in signature_lines))
    except ValueError as error:
        raise FormatError(f"unusable checkpoint ({error})", where=where) from error
    if len(checkpoint.root) != 32 or note.text != text:
        raise FormatError("checkpoint is not in canonical form", where=where)
    return note


def parse_signature(line: str, where: str) -> NoteSignature:
    """Read a signature line without its end. Raises FormatError or ValueError."""
    dash, name, encoded = line.split(" ") if line.count(" ") == 2 else ("", "", "")
    raw = base64.b64decode(encoded, validate=True)
    if dash != "—" or len(raw) < 5:
        raise ValueError("a signature line is malformed")
    return NoteSignature(check_name(name, where), raw[:4], raw[4:])

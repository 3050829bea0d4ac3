"""Checkpoints (C2SP tlog-checkpoint) as signed notes (C2SP signed-note).

tallystick.example/arden
7009
base64 of the root

— tallystick.example/arden base64(key id || signature)
— witness.example/borealis base64(key id || time || signature)
"""

import base64
import re
from dataclasses import dataclass

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import NOTE, SigningKey, VerifierKey, check_name

MAX_NOTE_BYTES = 16_384
MAX_SIGNATURES = 16
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

    def signature_of(self, key: VerifierKey) -> bytes:
        """What ``key`` signed with. Raises VerificationError where it did not sign exactly once."""
        found = [s for s in self.signatures if s.name == key.name and s.key_id == key.id]
        if len(found) != 1:
            raise VerificationError(f"{len(found)} signatures of {key.name} where one is due")
        return found[0].signature

    def verify(self, key: VerifierKey) -> None:
        """Raise VerificationError unless ``key`` signed the checkpoint."""
        key.verify(self.signature_of(key), self.checkpoint.body.encode())

    def signed_by(self, signature: NoteSignature) -> "SignedCheckpoint":
        """The note with one more signature."""
        return SignedCheckpoint(self.checkpoint, (*self.signatures, signature))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> SignedCheckpoint:
    """A note with the log's own signature."""
    if key.verifier.purpose != NOTE:
        raise ValueError("a log signs with a note key")
    signature = key.sign(checkpoint.body.encode())
    return SignedCheckpoint(checkpoint, (NoteSignature(key.verifier.name, key.verifier.id, signature),))


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
        note = SignedCheckpoint(checkpoint, tuple(_signature(line, where) for line in signature_lines))
    except ValueError as error:
        raise FormatError(f"unusable checkpoint ({error})", where=where) from error
    if len(checkpoint.root) != 32 or note.text != text:
        raise FormatError("checkpoint is not in canonical form", where=where)
    return note


def _signature(line: str, where: str) -> NoteSignature:
    dash, name, encoded = line.split(" ") if line.count(" ") == 2 else ("", "", "")
    raw = base64.b64decode(encoded, validate=True)
    if dash != "—" or len(raw) < 5:
        raise ValueError("a signature line is malformed")
    return NoteSignature(check_name(name, where), raw[:4], raw[4:])

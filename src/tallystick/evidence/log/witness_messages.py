"""What goes to a witness and comes back (C2SP tlog-witness, ``add-checkpoint``).

old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=     the consistency proof, a hash a line

example.com/behind-the-sofa                      the head, as a signed note
…
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError
from tallystick.evidence.log.checkpoint import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    NoteSignature,
    SignedCheckpoint,
    parse_checkpoint,
    parse_signature,
)
from tallystick.evidence.log.tiles import HASH_BYTES

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MAX_PROOF_LINES = 63
#: A request: the old size, a full proof and the longest note.
MAX_REQUEST_BYTES = 64 + MAX_PROOF_LINES * 45 + MAX_NOTE_BYTES
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n")


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A head, and the proof that it extends the log of ``old`` leaves."""

    old: int
    proof: tuple[bytes, ...]
    note: SignedCheckpoint

    def encode(self) -> bytes:
        """The request's body."""
        lines = [f"old {self.old}", *(base64.b64encode(node).decode() for node in self.proof), ""]
        return "\n".join([*lines, self.note.text]).encode()

    @staticmethod
    def parse(body: bytes, where: str) -> "AddCheckpoint":
        """Read a request's body. Raises FormatError unless it is the one encoding of a request."""
        try:
            head, _, note = body.decode().partition("\n\n")
            lines = head.split("\n")
            old = _OLD.fullmatch(lines[0])
            proof = tuple(base64.b64decode(line, validate=True) for line in lines[1:])
        except ValueError as error:
            raise FormatError("not a request of text and base64", where=where) from error
        if old is None or len(proof) > MAX_PROOF_LINES or any(len(node) != HASH_BYTES for node in proof):
            raise FormatError("the old size or the proof is malformed", where=where)
        request = AddCheckpoint(int(old.group(1)), proof, parse_checkpoint(note, where))
        if request.encode() != body:
            raise FormatError("not in canonical form", where=where)
        return request


def encode_signatures(signatures: Sequence[NoteSignature]) -> bytes:
    """The answer to a head that was cosigned."""
    return "".join(map(str, signatures)).encode()


def parse_signatures(body: bytes, where: str) -> tuple[NoteSignature, ...]:
    """Read that answer. Raises FormatError."""
    try:
        lines = body.decode().split("\n")
        if lines.pop() or not 0 < len(lines) <= MAX_SIGNATURES:
            raise ValueError("no signature lines, or too many")
        return tuple(parse_signature(line, where) for line in lines)
    except ValueError as error:
        raise FormatError(f"not cosignatures ({error})", where=where) from error


def parse_size(body: bytes, where: str) -> int:
    """Read the answer to a wrong old size: the size that the witness saw last. Raises FormatError."""
    found = _SIZE.fullmatch(body.decode("ascii", "replace"))
    if not found:
        raise FormatError("not a size", where=where)
    return int(found.group(1))

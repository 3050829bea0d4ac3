"""A claim as a file: a statement with its proof, in one valid encoding.

Nothing in it says where it belongs: context and record come from the verifier.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import read_capacity
from tallystick.claims.classes import read_classes
from tallystick.claims.coverage import read_coverage
from tallystick.claims.energy import read_energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.claims.statement import FORMAT, ClaimStatement, statement_fields
from tallystick.claims.total import read_total
from tallystick.claims.training_limit import read_flag
from tallystick.errors import FormatError, InputError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields

#: All kinds but coverage have less than 4 kB.
MAX_CLAIM_BYTES = 8 * 1024 * 1024
#: Equalities of one claim: ``capacity`` with its balance has two.
MAX_KNOWN = 2
_MAX_PROOF_TEXT = 2048
_MAX_NAME = 64
_KEYS = ("figure", "format", "kind", "proof", "statement")


@dataclass(frozen=True, slots=True)
class ClaimProof:
    """``known``: 64 bytes for each equality or key; ``remainders``: one range proof, or nothing."""

    known: tuple[bytes, ...]
    remainders: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and its proof."""

    statement: ClaimStatement
    proof: ClaimProof

    @property
    def kind(self) -> str:
        """The kind of its statement."""
        return self.statement.kind

    @property
    def figure(self) -> Figure:
        """The figure that it binds."""
        return self.statement.figure

    def encode(self) -> bytes:
        """Canonical bytes."""
        proof = {
            "known": [_text(part) for part in self.proof.known],
            "remainders": _text(self.proof.remainders),
        }
        return canonical.encode({**statement_fields(self.statement), "format": FORMAT, "proof": proof})


def decode_claim(data: bytes, where: str) -> Claim:
    """Read a claim. Raises FormatError unless ``data`` is the one encoding of a claim."""
    if len(data) > MAX_CLAIM_BYTES:
        raise FormatError(f"a claim has at most {MAX_CLAIM_BYTES} bytes", where=where)
    fields = Fields(canonical.decode(data, where), _KEYS, where)
    if fields.text("format", _MAX_NAME) != FORMAT:
        raise FormatError(f"not a claim of format {FORMAT}", where=where)
    try:
        figure = Figure(fields.text("figure", _MAX_NAME))
    except ValueError as error:
        raise FormatError("no such figure", where=where) from error
    statement = _statement(fields.text("kind", _MAX_NAME), figure, fields.raw("statement"), where)
    claim = Claim(statement, _proof(fields.raw("proof"), where))
    if claim.encode() != data:
        raise FormatError("not the one encoding of this claim", where=where)
    return claim


def _statement(kind: str, figure: Figure, value: Json, where: str) -> ClaimStatement:
    if kind == "total":
        return read_total(figure, value, where)
    if kind == "cap":
        return _read_limit(Cap, figure, value, where)
    if kind == "pause":
        return _read_limit(Pause, figure, value, where)
    readers: dict[str, Callable[[Json, str], ClaimStatement]] = {
        "energy": read_energy,
        "capacity": read_capacity,
        "coverage": read_coverage,
        "classes": read_classes,
    }
    if kind not in readers:
        raise FormatError(f"no such kind of claim: {kind}", where=where)
    return readers[kind](value, where)


def _read_limit(kind: type[Cap | Pause], figure: Figure, value: Json, where: str) -> Cap | Pause:
    fields = Fields(value, ("counts_generation", "limit"), where)
    generation, limit = read_flag(fields, "counts_generation", where), fields.amount("limit")
    try:
        return kind(figure, limit, generation)
    except InputError as error:
        raise FormatError(error.problem, where=where) from error


def _proof(value: Json, where: str) -> ClaimProof:
    fields = Fields(value, ("known", "remainders"), where)
    known = [_bytes(part, where) for part in fields.items("known", MAX_KNOWN)]
    return ClaimProof(tuple(known), _bytes(fields.raw("remainders"), where))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: Json, where: str) -> bytes:
    if not isinstance(text, str) or len(text) > _MAX_PROOF_TEXT:
        raise FormatError("a part of the proof is not text of usable length", where=where)
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError("a part of the proof is not base64", where=where) from error

"""What all kinds of statement have in common."""

import hashlib
from typing import ClassVar, Protocol

from tallystick.claims.bounds import Bound
from tallystick.claims.figure import Figure
from tallystick.claims.public_record import PublicRecord
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.proofs.ristretto import Point

FORMAT = "tallystick-claim/1"


class ClaimStatement(Protocol):
    """What is claimed: public, in exact integers. Frozen; two equal statements have one encoding."""

    #: The name of the kind, as in ``spec/claims.md``.
    kind: ClassVar[str]

    @property
    def figure(self) -> Figure:
        """The figure that the claim binds."""

    @property
    def sentence(self) -> str:
        """The claim in one plain sentence without its figure and context, for the verdict."""

    @property
    def known_key(self) -> Point | None:
        """A key whose scalar the prover has to know, or None."""

    def fields(self) -> dict[str, Json]:
        """All but kind and figure, for the canonical encoding."""

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """What has to hold over the matrix.

        Raises VerificationError where the statement contradicts the record, InputError where the record does
        not know what the figure needs.
        """


def statement_fields(statement: ClaimStatement) -> dict[str, Json]:
    """Kind, figure and fields: what proofs are bound to."""
    return {
        "figure": statement.figure.value,
        "kind": statement.kind,
        "statement": statement.fields(),
    }


def statement_digest(statement: ClaimStatement) -> bytes:
    """SHA-256 of the canonical encoding of ``statement_fields``."""
    return hashlib.sha256(canonical.encode(statement_fields(statement))).digest()

"""What the proof of a statement has to show, and the transcript that binds it.

An equality (form = bound) leaves a commitment to zero, a multiple of the blinding base alone: whoever knows
the factor knows an opening. An inequality leaves a remainder, which a range proof shows not to be negative.
Both are made over one context, so that a proof serves one statement over one record only.
"""

from dataclasses import dataclass

from tallystick.claims.bounds import Bound, Sense
from tallystick.claims.context import PROTOCOL
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.statement import ClaimStatement, statement_digest
from tallystick.evidence.proofs.pedersen import Opening
from tallystick.evidence.proofs.ristretto import ORDER, Point, multiply_base, subtract
from tallystick.evidence.proofs.statement import Context

KNOWN_LABEL = b"tallystick claim known scalar v1"
REMAINDER_LABEL = b"tallystick claim remainders v1"


@dataclass(frozen=True, slots=True)
class Relation:
    """A bound with the commitment to its remainder: what is proven to be zero, or not negative."""

    bound: Bound
    remainder: Point


def relation(bound: Bound, figure: Point) -> Relation:
    """The relation of a bound to the commitment to its form."""
    limit = multiply_base(bound.value)
    under = bound.sense is Sense.AT_MOST
    return Relation(bound, subtract(limit, figure) if under else subtract(figure, limit))


def remainder_of(bound: Bound, figure: Opening) -> Opening:
    """What the remainder's commitment hides. Its value is negative, or not zero, where the bound is false."""
    if bound.sense is Sense.AT_MOST:
        return Opening(bound.value - figure.value, -figure.blinding % ORDER)
    return Opening(figure.value - bound.value, figure.blinding)


def bound_to(record: PublicRecord, rows: bytes, statement: ClaimStatement) -> Context:
    """What the transcript of every part of a proof hears first. ``rows``: digest of all rows."""
    return (
        (b"protocol", PROTOCOL.encode()),
        (b"context", record.context.digest),
        (b"rows", rows),
        (b"statement", statement_digest(statement)),
    )


def known_context(context: Context, index: int) -> Context:
    """The context of the ``index``-th proof of a known scalar in a claim."""
    return (*context, (b"index", index.to_bytes(8, "little")))

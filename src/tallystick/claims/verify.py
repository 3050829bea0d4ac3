"""Verify claims against the matrix and the public record, several together."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.claims.bounds import REMAINDER_BITS, Sense
from tallystick.claims.claim import Claim
from tallystick.claims.figure import Figure
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.relations import (
    KNOWN_LABEL,
    REMAINDER_LABEL,
    Relation,
    bound_to,
    known_context,
    relation,
)
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.sums import CommittedSums
from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.matrix.sums import Matrix
from tallystick.evidence.proofs import range_proof
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.range_proof import verify_batch
from tallystick.evidence.proofs.ristretto import BASEPOINT, Point
from tallystick.evidence.proofs.same_scalar import verify_same_scalar
from tallystick.evidence.proofs.statement import Context, Statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has been proven. ``text`` repeats the figure and says where and when it holds."""

    statement: ClaimStatement
    figure: Figure
    text: str


def verify_claims(record: PublicRecord, matrix: Matrix, claims: Sequence[Claim]) -> tuple[Verdict, ...]:
    """Verify claims together: a verdict for each, in their order.

    ``record`` comes from the logs, the inventory and the meters, ``matrix`` from ``check_rows``; neither from
    the claims. Raises VerificationError with one sentence, naming the first claim that does not hold, or the
    row that is missing; InputError where the record lacks what a claim needs, such as peak rates.
    """
    sums = CommittedSums(record, matrix)
    proofs = [
        proof
        for number, claim in enumerate(claims, 1)
        for proof in _check_known(record, sums, claim, f"claim {number} ({claim.kind})")
    ]
    try:
        verify_batch(proofs)
    except FormatError as error:
        raise VerificationError(error.problem, where=error.where) from error
    except VerificationError as error:
        raise VerificationError(_NOT_SHOWN, where=error.where) from error
    return tuple(_verdict(record, claim) for claim in claims)


_NOT_SHOWN = "the proof does not show this statement for this operator, period, log and these rows"


def _check_known(
    record: PublicRecord, sums: CommittedSums, claim: Claim, name: str
) -> list[range_proof.Claim]:
    """Check all but the range proof, and return that: none, or one."""
    try:
        relations = [relation(b, sums.weigh(b.terms)) for b in claim.statement.bounds(record)]
        context = bound_to(record, sums.digest, claim.statement)
        _check_scalars(claim, _known_images(claim.statement, relations), context)
        return _remainder_proof(claim, relations, context, name)
    except FormatError as error:
        raise VerificationError(error.problem, where=name) from error
    except (InputError, VerificationError) as error:
        where = f"{name}, {error.where}" if error.where else name
        raise type(error)(error.problem, where=where, mend=error.mend) from error


def _known_images(statement: ClaimStatement, relations: Sequence[Relation]) -> list[tuple[Point, Point]]:
    images = [(BLINDING_BASE, r.remainder) for r in relations if r.bound.sense is Sense.EXACTLY]
    if statement.known_key is not None:
        images.append((BASEPOINT, statement.known_key))
    return images


def _check_scalars(claim: Claim, images: Sequence[tuple[Point, Point]], context: Context) -> None:
    if len(claim.proof.known) != len(images):
        raise VerificationError(f"{len(claim.proof.known)} proofs of equality where {len(images)} are due")
    for index, (proof, (base, image)) in enumerate(zip(claim.proof.known, images, strict=True)):
        try:
            verify_same_scalar(proof, (base,), (image,), KNOWN_LABEL, known_context(context, index))
        except VerificationError as error:
            raise VerificationError(_NOT_SHOWN) from error


def _remainder_proof(
    claim: Claim, relations: Sequence[Relation], context: Context, name: str
) -> list[range_proof.Claim]:
    remainders = tuple(r.remainder for r in relations if r.bound.sense is not Sense.EXACTLY)
    if not remainders:
        if claim.proof.remainders:
            raise VerificationError("a range proof comes where none is due")
        return []
    statement = Statement(REMAINDER_BITS, remainders, REMAINDER_LABEL, context)
    return [range_proof.Claim(statement, claim.proof.remainders, name)]


def _verdict(record: PublicRecord, claim: Claim) -> Verdict:
    statement = claim.statement
    text = f"{statement.sentence} ({statement.figure}); {record.context}"
    return Verdict(statement, statement.figure, text)

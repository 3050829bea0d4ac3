"""Prove claims: the operator's side. A false statement is refused, and the error says what breaks it.

Errors of this module hold secrets: they are for the operator alone.
"""

import os
from collections.abc import Sequence

from tallystick.claims.bounds import REMAINDER_BITS, Bound, Sense
from tallystick.claims.capacity import Capacity
from tallystick.claims.claim import Claim, ClaimProof
from tallystick.claims.context import day_text
from tallystick.claims.figure import Figure, amount_text, units_per
from tallystick.claims.pseudonyms import coverage_scalar
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.relations import (
    KNOWN_LABEL,
    REMAINDER_LABEL,
    Relation,
    bound_to,
    known_context,
    relation,
    remainder_of,
)
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.sums import CommittedSums, OpenedSums
from tallystick.claims.total import Total
from tallystick.errors import InputError
from tallystick.evidence.matrix.sums import Matrix, OpenMatrix
from tallystick.evidence.proofs.blinding import Randomness
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.pedersen import Opening
from tallystick.evidence.proofs.range_proof import prove
from tallystick.evidence.proofs.ristretto import BASEPOINT, Point, add, multiply, multiply_base
from tallystick.evidence.proofs.same_scalar import prove_same_scalar
from tallystick.evidence.proofs.statement import Context


class ClaimProver:
    """Proves statements over one period. Sums of the matrix are made once for all of them."""

    def __init__(
        self,
        record: PublicRecord,
        matrix: Matrix,
        opened: OpenMatrix,
        secret: bytes,
        randomness: Randomness = os.urandom,
    ) -> None:
        """``opened`` are the openings of ``matrix``. ``secret``: at least 32 bytes of the operator's.

        Only tests pass ``randomness``. Raises VerificationError for a row that is missing or not due.
        """
        self._record = record
        self._committed = CommittedSums(record, matrix)
        self._opened = OpenedSums(record, opened)
        self._secret = secret
        self._randomness = randomness

    def prove(self, statement: ClaimStatement) -> Claim:
        """A claim of a true statement.

        Raises InputError where the statement is false (which column or total, by how much, since which day)
        or where openings are not of these rows; VerificationError where it contradicts the record.
        """
        bounds = statement.bounds(self._record)
        openings = [self._true_remainder(statement.kind, bound) for bound in bounds]
        relations = [relation(bound, self._committed.weigh(bound.terms)) for bound in bounds]
        for each, opening in zip(relations, openings, strict=True):
            _check_opens(each, opening)
        context = bound_to(self._record, self._committed.digest, statement)
        return Claim(
            statement,
            ClaimProof(
                self._known(statement, bounds, openings, context), self._remainders(bounds, openings, context)
            ),
        )

    def exact_total(self, figure: Figure, counts_generation: bool = True) -> Total:
        """The true statement of what a figure of training comes to. Secret until it is proven and sent."""
        (bound,) = Total(figure, 0, counts_generation).bounds(self._record)
        units = self._opened.weigh(bound.terms).value
        return Total(figure, units * units_per(figure), counts_generation, exact=True)

    def balance(self) -> Capacity:
        """The true balance of accelerator-time, training opened. Secret until it is proven and sent."""
        _, training = Capacity(self._record.inventory_ms, 0).bounds(self._record)
        return Capacity(self._record.inventory_ms, self._opened.weigh(training.terms).value)

    def _true_remainder(self, kind: str, bound: Bound) -> Opening:
        figure = self._opened.weigh(bound.terms)
        remainder = remainder_of(bound, figure)
        exact = bound.sense is Sense.EXACTLY
        if remainder.value < 0 or (exact and remainder.value):
            side = "above" if figure.value > bound.value else "below"
            amount = amount_text(bound.figure, abs(figure.value - bound.value))
            since = self._passed(bound) if bound.sense is Sense.AT_MOST else ""
            raise InputError(
                f"the claim {kind!r} is false: {bound.what} is {amount} {side} "
                f"{amount_text(bound.figure, bound.value)}{since}",
                mend="claim what is true; this message shows secrets",
            )
        if remainder.value >= 2**REMAINDER_BITS:
            raise InputError(f"the claim {kind!r} leaves a remainder of 2**{REMAINDER_BITS} or more")
        return remainder

    def _passed(self, bound: Bound) -> str:
        running = 0
        for day, amount in self._opened.by_day(bound.terms).items():
            running += amount
            if running > bound.value:
                return f", passed on {day_text(day)}"
        return ""

    def _known(
        self,
        statement: ClaimStatement,
        bounds: Sequence[Bound],
        openings: Sequence[Opening],
        context: Context,
    ) -> tuple[bytes, ...]:
        scalars = [
            (opening.blinding, BLINDING_BASE)
            for bound, opening in zip(bounds, openings, strict=True)
            if bound.sense is Sense.EXACTLY
        ]
        if statement.known_key is not None:
            scalars.append((self._key_scalar(statement.known_key), BASEPOINT))
        return tuple(
            prove_same_scalar(
                scalar, (base,), KNOWN_LABEL, self._secret, known_context(context, index), self._randomness
            )
            for index, (scalar, base) in enumerate(scalars)
        )

    def _key_scalar(self, key: Point) -> int:
        scalar = coverage_scalar(self._secret, self._record.context.operator)
        if multiply_base(scalar) != key:
            raise InputError("the key of pseudonyms is not of this secret")
        return scalar

    def _remainders(self, bounds: Sequence[Bound], openings: Sequence[Opening], context: Context) -> bytes:
        due = [o for b, o in zip(bounds, openings, strict=True) if b.sense is not Sense.EXACTLY]
        if not due:
            return b""
        values, blindings = [o.value for o in due], [o.blinding for o in due]
        return prove(
            values, blindings, REMAINDER_BITS, REMAINDER_LABEL, self._secret, context, self._randomness
        ).proof


def _check_opens(each: Relation, opening: Opening) -> None:
    if add(multiply_base(opening.value), multiply(opening.blinding, BLINDING_BASE)) != each.remainder:
        raise InputError(
            f"the openings of {each.bound.what} are not those of the committed rows",
            mend="open the rows again from the secret they were closed with",
        )

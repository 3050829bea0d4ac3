"""Pedersen commitments: value * VALUE_BASE + blinding * BLINDING_BASE on ristretto255.

They hide the value perfectly and bind it while discrete logarithms are hard. Commitments add up as their
values and blindings do, so that anybody can apply a public linear rule to them. All amounts are exact
integers. A sum is what its openings say only while every term is proven not negative (``range_proof``):
one negative term would hide another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.ristretto import (
    IDENTITY,
    ORDER,
    Point,
    add,
    linear_combination,
    multiply,
    multiply_base,
    subtract,
    total,
)

#: The largest single amount: what a 64-bit range proof can speak of.
MAX_VALUE = 2**64 - 1
#: The largest total or weighted total. Far below the group's order (2**252), so that no sum wraps.
MAX_TOTAL = 2**192 - 1


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment hides: ``value`` in [0, MAX_TOTAL], ``blinding`` in [0, ORDER)."""

    value: int
    blinding: int


def commit(value: int, blinding: int) -> Point:
    """Commit to an amount in [0, MAX_VALUE] with a blinding in (0, ORDER).

    Raises InputError outside these bounds. The blinding must be uniform, secret and never used twice.
    """
    if not 0 <= value <= MAX_VALUE:
        raise InputError(f"{value} cannot be committed", mend=f"amounts are integers from 0 to {MAX_VALUE}")
    if not 0 < blinding < ORDER:
        raise InputError("a blinding is not between 0 and the group's order", mend="draw it uniformly")
    return _commitment(value, blinding)


def sum_commitments(commitments: Iterable[Point]) -> Point:
    """The commitment to the sum. Raises FormatError for an invalid point."""
    return total(commitments)


def sum_openings(openings: Iterable[Opening]) -> Opening:
    """The opening of the sum of commitments. Raises InputError beyond MAX_TOTAL."""
    listed = list(openings)
    return _bounded(sum(o.value for o in listed), sum(o.blinding for o in listed))


def weigh_commitments(factors: Sequence[int], commitments: Sequence[Point]) -> Point:
    """The commitment to the sum of factor times amount. Raises InputError for a negative or huge factor."""
    if any(not 0 <= factor <= MAX_VALUE for factor in factors):
        raise InputError("a factor is out of range", mend=f"factors are integers from 0 to {MAX_VALUE}")
    return linear_combination(factors, commitments)


def weigh_openings(factors: Sequence[int], openings: Sequence[Opening]) -> Opening:
    """The opening of ``weigh_commitments``. Raises InputError beyond MAX_TOTAL."""
    pairs = list(zip(factors, openings, strict=True))
    return _bounded(sum(f * o.value for f, o in pairs), sum(f * o.blinding for f, o in pairs))


def remainder(limit: int, commitment: Point) -> Point:
    """The commitment to ``limit`` minus the committed amount: its range proof shows "at most ``limit``".

    Its blinding is the negative of the commitment's. Raises InputError for a limit beyond MAX_TOTAL.
    """
    if not 0 <= limit <= MAX_TOTAL:
        raise InputError(f"the limit {limit} is out of range")
    return subtract(multiply_base(limit), commitment)


def verify_opening(commitment: Point, opening: Opening, where: str = "") -> None:
    """Raise VerificationError unless ``opening`` opens ``commitment``, FormatError where out of bounds."""
    if not 0 <= opening.value <= MAX_TOTAL or not 0 <= opening.blinding < ORDER:
        raise FormatError("an opening is out of bounds", where=where)
    if commitment == IDENTITY or _commitment(opening.value, opening.blinding) != commitment:
        raise VerificationError(f"the commitment does not open to {opening.value}", where=where)


def _commitment(value: int, blinding: int) -> Point:
    return add(multiply_base(value), multiply(blinding, BLINDING_BASE))


def _bounded(value: int, blinding: int) -> Opening:
    if not 0 <= value <= MAX_TOTAL:
        raise InputError(f"the total {value} is out of range", mend=f"totals stay within {MAX_TOTAL}")
    return Opening(value, blinding % ORDER)

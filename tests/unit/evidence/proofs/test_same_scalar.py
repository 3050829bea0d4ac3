"""Knowledge of one scalar behind several images: what holds, and each way to claim it without."""

from dataclasses import dataclass, replace

import pytest

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    IDENTITY,
    ORDER,
    Point,
    encode_scalar,
    from_uniform_bytes,
    multiply,
)
from tallystick.evidence.proofs.same_scalar import PROOF_BYTES, prove_same_scalar, verify_same_scalar
from tallystick.evidence.proofs.statement import Context

SECRET = bytes(range(32))
SCALAR = 2**251 + 12_345
BASES = (BASEPOINT, BLINDING_BASE, from_uniform_bytes(bytes(range(64))))
CONTEXT: Context = ((b"place", b"here"),)


@dataclass(frozen=True)
class Case:
    proof: bytes
    bases: tuple[Point, ...]
    images: tuple[Point, ...]
    label: bytes = b"label"
    context: Context = CONTEXT

    def verify(self) -> None:
        verify_same_scalar(self.proof, self.bases, self.images, self.label, self.context)


def honest(count: int) -> Case:
    bases = BASES[:count]
    proof = prove_same_scalar(SCALAR, bases, b"label", SECRET, CONTEXT)
    return Case(proof, bases, tuple(multiply(SCALAR, base) for base in bases))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_honest_proof_holds_and_has_64_bytes(count: int) -> None:
    honest(count).verify()
    assert len(honest(count).proof) == PROOF_BYTES == 64


def test_everything_that_was_said_is_bound() -> None:
    case = honest(2)
    flipped = bytes([case.proof[0] ^ 1]) + case.proof[1:]
    response = int.from_bytes(case.proof[32:], "little")
    attempts = [
        replace(case, label=b"other"),
        replace(case, context=((b"place", b"there"),)),
        replace(case, context=((b"plaec", b"here"),)),
        replace(case, context=()),
        replace(case, proof=flipped),
        replace(case, proof=case.proof[:32] + encode_scalar((response + 1) % ORDER)),
        replace(case, proof=bytes(64)),
        replace(case, bases=case.bases[::-1], images=case.images[::-1]),
        replace(case, bases=case.bases[:1], images=case.images[:1]),
        replace(case, bases=(*case.bases, BASES[2]), images=(*case.images, multiply(SCALAR, BASES[2]))),
    ]
    for attempt in attempts:
        with pytest.raises(VerificationError, match="does not hold"):
            attempt.verify()


def test_images_under_two_scalars_are_refused() -> None:
    case = honest(2)
    with pytest.raises(VerificationError):
        replace(case, images=(case.images[0], multiply(SCALAR + 1, BLINDING_BASE))).verify()


def test_what_is_no_proof_or_no_point_is_refused() -> None:
    case = honest(2)
    for attempt in (
        replace(case, proof=case.proof[:-1]),
        replace(case, proof=encode_scalar(1) + b"\xff" * 32),
        replace(case, proof=ORDER.to_bytes(32, "little") + encode_scalar(1)),
        replace(case, images=(IDENTITY, case.images[1])),
        replace(case, bases=(IDENTITY, case.bases[1])),
        replace(case, images=(Point(b"\xff" * 32), case.images[1])),
        replace(case, images=case.images[:1]),
        replace(case, bases=(), images=()),
    ):
        with pytest.raises(FormatError):
            attempt.verify()


def test_nonces_differ_by_statement_even_where_randomness_repeats() -> None:
    """Two challenges to one nonce would give the scalar away: (s1 - s2) / (c1 - c2)."""
    proofs = [
        prove_same_scalar(SCALAR, BASES[:1], b"label", SECRET, ((b"place", place),), bytes)
        for place in (b"here", b"there")
    ]
    (c1, s1), (c2, s2) = (
        (int.from_bytes(p[:32], "little"), int.from_bytes(p[32:], "little")) for p in proofs
    )
    assert (s1 - s2) * pow(c1 - c2, -1, ORDER) % ORDER != SCALAR
    assert prove_same_scalar(SCALAR, BASES[:1], b"label", SECRET) != prove_same_scalar(
        SCALAR, BASES[:1], b"label", SECRET
    )


def test_a_scalar_out_of_range_or_a_short_secret_is_refused() -> None:
    for scalar in (0, ORDER):
        with pytest.raises(InputError, match="between 0 and the group's order"):
            prove_same_scalar(scalar, BASES, b"label", SECRET)
    with pytest.raises(InputError, match="at least one base"):
        prove_same_scalar(5, (), b"label", SECRET)
    with pytest.raises(InputError, match="at least 32 bytes"):
        prove_same_scalar(5, BASES, b"label", bytes(31))

"""The bytes of a range proof: 9 + 2 * log2(bits * parties) elements of 32 bytes.

A, S, T_1, T_2 (points), t_x, t_x_blinding, e_blinding (scalars), the pairs L, R of each halving (points),
a, b (scalars), as in zkcrypto/bulletproofs (src/range_proof/mod.rs). One encoding per proof: points and
scalars are canonical, the length follows from the statement.
"""

from dataclasses import dataclass

from tallystick.errors import FormatError
from tallystick.evidence.proofs.ristretto import (
    ENCODED_BYTES,
    IDENTITY,
    Point,
    decode_scalar,
    encode_scalar,
)

_FIXED_ELEMENTS = 9


@dataclass(frozen=True, slots=True)
class RangeProof:
    """A decoded proof. Its points are 32 bytes, not the identity; whether they are valid shows in use."""

    bit_commitment: Point
    mask_commitment: Point
    t1_commitment: Point
    t2_commitment: Point
    t: int
    t_blinding: int
    e_blinding: int
    lefts: tuple[Point, ...]
    rights: tuple[Point, ...]
    a: int
    b: int

    @staticmethod
    def decode(data: bytes, size: int, where: str = "") -> "RangeProof":
        """Read the proof over ``size`` = bits * parties bits. Raises FormatError."""
        expected = proof_length(size)
        if len(data) != expected:
            raise FormatError(
                f"a range proof over {size} bits has {expected} bytes, not {len(data)}", where=where
            )
        parts = [data[at : at + ENCODED_BYTES] for at in range(0, expected, ENCODED_BYTES)]
        points = [Point(part) for part in parts[:4] + parts[7:-2]]
        if IDENTITY in points:
            raise FormatError("a range proof holds the group's identity", where=where)
        t, t_blinding, e_blinding, a, b = (decode_scalar(part, where) for part in parts[4:7] + parts[-2:])
        return RangeProof(
            bit_commitment=points[0],
            mask_commitment=points[1],
            t1_commitment=points[2],
            t2_commitment=points[3],
            t=t,
            t_blinding=t_blinding,
            e_blinding=e_blinding,
            lefts=tuple(points[4::2]),
            rights=tuple(points[5::2]),
            a=a,
            b=b,
        )

    def encode(self) -> bytes:
        """The inverse of ``decode``."""
        pairs = [point for pair in zip(self.lefts, self.rights, strict=True) for point in pair]
        heads = (self.bit_commitment, self.mask_commitment, self.t1_commitment, self.t2_commitment)
        scalars = [encode_scalar(s) for s in (self.t, self.t_blinding, self.e_blinding)]
        return b"".join([*heads, *scalars, *pairs, encode_scalar(self.a), encode_scalar(self.b)])


def proof_length(size: int) -> int:
    """Bytes of a proof over ``size`` bits, a power of two."""
    return ENCODED_BYTES * (_FIXED_ELEMENTS + 2 * (size.bit_length() - 1))

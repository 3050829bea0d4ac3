"""Verification: every proof becomes one sum of multiples of group elements that must be the identity.

Sums of several proofs are added up, each equation times its own random 128-bit weight, so that the fixed
generators are multiplied once for the whole batch. A batch with a false proof passes with probability
2**-128. Formulas: Bulletproofs (Bünz et al. 2018), section 6.2, with zkcrypto/bulletproofs' conventions.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tallystick.evidence.proofs.challenges import Challenges, replay
from tallystick.evidence.proofs.encoding import RangeProof
from tallystick.evidence.proofs.generators import BLINDING_BASE, vectors
from tallystick.evidence.proofs.ristretto import (
    IDENTITY,
    ORDER,
    Point,
    add,
    linear_combination,
    multiply,
    multiply_base,
)
from tallystick.evidence.proofs.scalars import constant_term, geometric, invert_all, product, tensor
from tallystick.evidence.proofs.statement import Statement

#: Proofs whose transcripts run together: enough to spread the cost of each step, few enough for the cache.
LOCK_STEP = 512
WEIGHT_BITS = 128

#: Draws a weight in [1, 2**128).
Weights = Callable[[], int]


def random_weight() -> int:
    """A weight from the operating system's randomness."""
    return 1 + secrets.randbelow(2**WEIGHT_BITS - 1)


@dataclass(slots=True)
class Batch:
    """The running sum of proofs of one size: coefficients of the generators, and all other points."""

    bits: int
    parties: int
    weights: Weights = random_weight
    points: Point = IDENTITY
    value_base: int = 0
    blinding_base: int = 0
    #: Added to every coefficient of G, of H.
    g_common: int = 0
    h_common: int = 0
    #: Coefficients by party and bit, not reduced until the end.
    g: list[list[int]] = field(init=False)
    h: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.g = [[0] * self.bits for _ in range(self.parties)]
        self.h = [[0] * self.bits for _ in range(self.parties)]

    def absorb(self, statements: Sequence[Statement], proofs: Sequence[RangeProof]) -> None:
        """Add proofs whose statements are of one shape. Raises FormatError for an invalid point."""
        for start in range(0, len(proofs), LOCK_STEP):
            part = slice(start, start + LOCK_STEP)
            drawn = replay(statements[part], proofs[part])
            for statement, proof, challenges in zip(statements[part], proofs[part], drawn, strict=True):
                self._add(statement, proof, challenges)

    def holds(self) -> bool:
        """Whether all proofs so far hold, but for a chance of 2**-128 each."""
        g, h = vectors(self.bits, self.parties)
        scalars = [(c + self.g_common) % ORDER for row in self.g for c in row]
        scalars += [(c + self.h_common) % ORDER for row in self.h for c in row]
        fixed = linear_combination(scalars, g + h)
        bases = add(
            multiply_base(self.value_base % ORDER), multiply(self.blinding_base % ORDER, BLINDING_BASE)
        )
        return add(add(fixed, bases), self.points) == IDENTITY

    def _add(self, statement: Statement, proof: RangeProof, drawn: Challenges) -> None:
        weight, t_weight = self.weights(), self.weights()
        inverses = invert_all([drawn.y, *drawn.u])
        y_inverse, u_inverses = inverses[0], inverses[1:]
        self._add_points(statement, proof, drawn, u_inverses, weight, t_weight)
        self._add_bases(proof, drawn, weight, t_weight)
        self._add_generators(proof, drawn, y_inverse, u_inverses, weight)

    def _add_points(
        self,
        statement: Statement,
        proof: RangeProof,
        drawn: Challenges,
        u_inverses: Sequence[int],
        weight: int,
        t_weight: int,
    ) -> None:
        x = drawn.x
        power = t_weight * drawn.z * drawn.z % ORDER
        value_scalars = []
        for _ in range(self.parties):
            value_scalars.append(power)
            power = power * drawn.z % ORDER
        scalars = [weight, weight * x, t_weight * x, t_weight * x * x]
        scalars += [weight * u * u for u in drawn.u] + [weight * u * u for u in u_inverses] + value_scalars
        points = [proof.bit_commitment, proof.mask_commitment, proof.t1_commitment, proof.t2_commitment]
        points += [*proof.lefts, *proof.rights, *statement.padded]
        self.points = add(self.points, linear_combination([s % ORDER for s in scalars], points))

    def _add_bases(self, proof: RangeProof, drawn: Challenges, weight: int, t_weight: int) -> None:
        expected = constant_term(self.bits, self.parties, drawn.y, drawn.z)
        self.value_base += weight * drawn.w * (proof.t - proof.a * proof.b) + t_weight * (expected - proof.t)
        self.blinding_base -= weight * proof.e_blinding + t_weight * proof.t_blinding

    def _add_generators(
        self, proof: RangeProof, drawn: Challenges, y_inverse: int, u_inverses: Sequence[int], weight: int
    ) -> None:
        """G_i: -z - a s_i. H_i: z + y^-i (z^(2+j) 2^k - b / s_i), where i = j * bits + k.

        s_i is a product over the bits of i, so that rows (by j) and columns (by k) suffice; their products
        are added up without reduction.
        """
        z = drawn.z
        squares = [u * u % ORDER for u in reversed(drawn.u)]
        y_powers = [y_inverse]
        for _ in squares:
            y_powers.append(y_powers[-1] * y_powers[-1] % ORDER)
        inverse_squares = [
            u * u % ORDER * y % ORDER for u, y in zip(reversed(u_inverses), y_powers, strict=False)
        ]
        low = self.bits.bit_length() - 1
        g_rows = tensor(-weight * proof.a * product(u_inverses) % ORDER, squares[low:])
        g_columns = tensor(1, squares[:low])
        h_rows = tensor(-weight * proof.b * product(drawn.u) % ORDER, inverse_squares[low:])
        h_columns = tensor(1, inverse_squares[:low])
        bit_rows = geometric(weight * z * z % ORDER, z * y_powers[low] % ORDER, self.parties)
        bit_columns = geometric(1, 2 * y_inverse % ORDER, self.bits)
        self.g_common -= weight * z
        self.h_common += weight * z
        for j, (g_row, h_row, bit_row) in enumerate(zip(g_rows, h_rows, bit_rows, strict=True)):
            self.g[j] = [c + g_row * column for c, column in zip(self.g[j], g_columns, strict=True)]
            self.h[j] = [
                c + h_row * column + bit_row * bit
                for c, column, bit in zip(self.h[j], h_columns, bit_columns, strict=True)
            ]

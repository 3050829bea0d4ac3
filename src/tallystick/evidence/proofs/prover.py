"""The prover of an aggregated range proof (Bulletproofs, Bünz et al. 2018, section 4.2).

The bits of all values make one vector a_L, and a_R = a_L - 1. The verifier's y and z turn "these are bits,
and they make the committed values" into one inner product t(X) = <l(X), r(X)>, whose constant term is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.evidence.proofs.blinding import BlindingStream
from tallystick.evidence.proofs.encoding import RangeProof
from tallystick.evidence.proofs.generators import BLINDING_BASE, bit_sums, vectors
from tallystick.evidence.proofs.inner_product import prove_inner_product
from tallystick.evidence.proofs.merlin import Transcript
from tallystick.evidence.proofs.ristretto import (
    ORDER,
    Point,
    add,
    encode_scalar,
    linear_combination,
    multiply,
    multiply_base,
)
from tallystick.evidence.proofs.scalars import geometric, inner_product, invert
from tallystick.evidence.proofs.statement import Statement, open_transcript


@dataclass(frozen=True, slots=True)
class Witness:
    """What the commitments hide, padding included."""

    values: Sequence[int]
    blindings: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The vectors l(X) = l0 + l1 X and r(X) = r0 + r1 X, whose product is t0 + t1 X + t2 X^2."""

    l0: list[int]
    l1: list[int]
    r0: list[int]
    r1: list[int]

    def at(self, x: int) -> tuple[list[int], list[int]]:
        return (
            [(c + d * x) % ORDER for c, d in zip(self.l0, self.l1, strict=True)],
            [(c + d * x) % ORDER for c, d in zip(self.r0, self.r1, strict=True)],
        )

    def t1_t2(self) -> tuple[int, int]:
        t1 = (inner_product(self.l0, self.r1) + inner_product(self.l1, self.r0)) % ORDER
        return t1, inner_product(self.l1, self.r1)


def prove_statement(statement: Statement, witness: Witness, stream: BlindingStream) -> RangeProof:
    """A proof of a true statement. For a false one the result does not verify."""
    generators = vectors(statement.bits, statement.parties)
    size = len(generators[0])
    transcript = open_transcript([statement])
    a_blinding, s_blinding, t1_blinding, t2_blinding = stream.scalars(4)
    masks = stream.scalars(size), stream.scalars(size)
    bit_commitment = _commit_bits(witness.values, a_blinding, statement.bits)
    mask_commitment = _commit_masks(masks, s_blinding, generators)
    y, z = _draw(transcript, {b"A": bit_commitment, b"S": mask_commitment}, b"y", b"z")
    lines = _lines(statement, witness.values, masks, y, z)
    t1, t2 = lines.t1_t2()
    t1_commitment, t2_commitment = _commit(t1, t1_blinding), _commit(t2, t2_blinding)
    (x,) = _draw(transcript, {b"T_1": t1_commitment, b"T_2": t2_commitment}, b"x")
    left, right = lines.at(x)
    t = inner_product(left, right)
    value_powers = geometric(z * z % ORDER, z, statement.parties)
    value_blinding = inner_product(value_powers, witness.blindings)
    t_blinding = (value_blinding + t1_blinding * x + t2_blinding * x * x) % ORDER
    e_blinding = (a_blinding + s_blinding * x) % ORDER
    announced = {b"t_x": t, b"t_x_blinding": t_blinding, b"e_blinding": e_blinding}
    (w,) = _draw(transcript, {label: encode_scalar(s) for label, s in announced.items()}, b"w")
    y_powers = geometric(1, invert(y), size)
    inner = prove_inner_product(transcript, w, y_powers, generators, left, right)
    return RangeProof(
        bit_commitment=bit_commitment,
        mask_commitment=mask_commitment,
        t1_commitment=t1_commitment,
        t2_commitment=t2_commitment,
        t=t,
        t_blinding=t_blinding,
        e_blinding=e_blinding,
        lefts=inner.lefts,
        rights=inner.rights,
        a=inner.a,
        b=inner.b,
    )


def _commit_bits(values: Sequence[int], blinding: int, bits: int) -> Point:
    """<a_L, G> + <a_R, H>: the bits are 0 or 1 and a_R = a_L - 1, so tables and additions serve."""
    result = multiply(blinding, BLINDING_BASE)
    for party, value in enumerate(values):
        for table in bit_sums(party, bits):
            result = add(result, table[value % len(table)])
            value //= len(table)
    return result


def _commit_masks(
    masks: tuple[list[int], list[int]], blinding: int, generators: tuple[list[Point], list[Point]]
) -> Point:
    return add(
        multiply(blinding, BLINDING_BASE),
        linear_combination(masks[0] + masks[1], generators[0] + generators[1]),
    )


def _lines(
    statement: Statement, values: Sequence[int], masks: tuple[list[int], list[int]], y: int, z: int
) -> _Lines:
    """l(X) = a_L - z + s_L X and r(X) = y^i (a_R + z + s_R X) + z^(2+j) 2^k, at i = j * bits + k."""
    bits = range(statement.bits)
    a_bits = [value >> k & 1 for value in values for k in bits]
    y_powers = geometric(1, y, len(a_bits))
    places = [power << k for power in geometric(z * z % ORDER, z, statement.parties) for k in bits]
    return _Lines(
        l0=[bit - z for bit in a_bits],
        l1=masks[0],
        r0=[(p * (bit - 1 + z) + q) % ORDER for bit, p, q in zip(a_bits, y_powers, places, strict=True)],
        r1=[p * s % ORDER for p, s in zip(y_powers, masks[1], strict=True)],
    )


def _draw(transcript: Transcript, said: Mapping[bytes, bytes], *labels: bytes) -> list[int]:
    """Say the messages, in their order, and draw a challenge for each label."""
    for label, message in said.items():
        transcript.append(label, message)
    return [transcript.challenge_scalars(label)[0] for label in labels]


def _commit(value: int, blinding: int) -> Point:
    return add(multiply_base(value), multiply(blinding, BLINDING_BASE))

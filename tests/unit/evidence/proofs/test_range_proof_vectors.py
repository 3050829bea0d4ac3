"""Proofs that the Rust crate zkcrypto/bulletproofs made verify, for their own statement and no other."""

import pytest
from zkcrypto_vectors import (
    COMMITMENTS,
    LABEL,
    SCALARS,
    VECTORS,
    check,
    commitments_of,
    elements,
    every_proof,
    is_scalar,
    proof_of,
    refuse,
)

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs.range_proof import Claim, verify, verify_batch
from tallystick.evidence.proofs.ristretto import BASEPOINT, ENCODED_BYTES, ORDER, add, decode_scalar
from tallystick.evidence.proofs.statement import Statement


def test_all_vectors_are_here() -> None:
    shapes = [(v["bits"], v["parties"]) for v in VECTORS["proofs"]]
    assert shapes == [(bits, parties) for bits in (8, 16, 32, 64) for parties in (1, 2, 4, 8)]


@every_proof
def test_the_proof_verifies(vector: dict) -> None:
    check(vector, proof_of(vector))


def test_all_proofs_verify_together() -> None:
    verify_batch([Claim(statement_of(v), proof_of(v)) for v in VECTORS["proofs"]])


def statement_of(vector: dict) -> Statement:
    return Statement(vector["bits"], tuple(commitments_of(vector)), LABEL)


@every_proof
def test_another_statement_is_refused(vector: dict) -> None:
    """Wrong commitment, order, label, context and width: the proof is of this statement alone."""
    proof, points, bits = proof_of(vector), commitments_of(vector), vector["bits"]
    others = [
        ([*points[:-1], add(points[-1], BASEPOINT)], bits, LABEL, ()),
        (points, bits, LABEL + b"!", ()),
        (points, bits, LABEL, ((b"period", b"2026-11"),)),
    ]
    if len(points) > 1:
        others.append((points[::-1], bits, LABEL, ()))
        others.append(([points[0]] * len(points), bits, LABEL, ()))
    for commitments, width, label, context in others:
        with pytest.raises(VerificationError, match="does not hold"):
            verify(proof, commitments, width, label, context)


@every_proof
def test_another_width_or_number_of_commitments_is_refused(vector: dict) -> None:
    proof, points, bits = proof_of(vector), commitments_of(vector), vector["bits"]
    for other in {8, 16, 32, 64} - {bits}:
        with pytest.raises(FormatError, match="bytes"):
            verify(proof, points, other, LABEL)
    with pytest.raises(FormatError, match="bytes"):
        verify(proof, [*points, *COMMITMENTS], bits, LABEL)


@pytest.mark.parametrize(("bits", "parties"), [(16, 1), (8, 2), (16, 4), (32, 2)])
def test_a_proof_of_the_same_length_for_another_shape_is_refused(bits: int, parties: int) -> None:
    """16 bits x 1 has the length of 8 bits x 2: the shape is part of the statement."""
    for vector in VECTORS["proofs"]:
        size = vector["bits"] * vector["parties"]
        if size == bits * parties and (vector["bits"], vector["parties"]) != (bits, parties):
            with pytest.raises(VerificationError, match="does not hold"):
                verify(proof_of(vector), COMMITMENTS[:parties], bits, LABEL)


@every_proof
def test_other_lengths_are_refused(vector: dict) -> None:
    proof = proof_of(vector)
    for other in (b"", proof[:-1], proof[:-32], proof + b"\0", proof + bytes(64), proof + proof):
        with pytest.raises(FormatError, match="bytes"):
            check(vector, other)


def test_scalars_of_a_proof_are_canonical() -> None:
    """The same residue in another encoding: the binding would take it."""
    vector = VECTORS["proofs"][0]
    parts = elements(proof_of(vector))
    for index in (*SCALARS, len(parts) - 2, len(parts) - 1):
        other = (decode_scalar(parts[index]) + ORDER).to_bytes(ENCODED_BYTES, "little")
        with pytest.raises(FormatError, match="order"):
            check(vector, b"".join([*parts[:index], other, *parts[index + 1 :]]))


@pytest.mark.parametrize("filler", [bytes(32), b"\xff" * 32, b"\1" + bytes(31)])
def test_points_of_a_proof_are_valid_and_not_the_identity(filler: bytes) -> None:
    vector = VECTORS["proofs"][0]
    parts = elements(proof_of(vector))
    for index in range(len(parts)):
        if not is_scalar(index, len(parts)):
            with pytest.raises(FormatError, match=r"identity|of a group element"):
                check(vector, b"".join([*parts[:index], filler, *parts[index + 1 :]]))


def test_a_proof_of_nothing_but_zero_bytes_is_refused() -> None:
    """The binding's trap: sums of invalid points would be the identity, which is what a proof must sum to."""
    for vector in VECTORS["proofs"][:4]:
        for byte in (0, 1, 255):
            refuse(vector, bytes([byte]) * len(proof_of(vector)))


def test_widths_that_do_not_exist_are_refused() -> None:
    vector = VECTORS["proofs"][0]
    for bits in (0, 1, 7, 24, 33, 128, -8):
        with pytest.raises(InputError, match="bits"):
            verify(proof_of(vector), commitments_of(vector), bits, LABEL)

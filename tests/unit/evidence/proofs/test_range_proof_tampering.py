"""Each proof of the Rust crate zkcrypto/bulletproofs, tampered with in each of its elements, is refused."""

import pytest
from zkcrypto_vectors import check, elements, every_proof, is_scalar, proof_of, refuse, small_proofs

from tallystick.errors import VerificationError
from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    ENCODED_BYTES,
    ORDER,
    Point,
    add,
    decode_scalar,
    encode_scalar,
)


@every_proof
def test_a_flipped_bit_in_any_element_is_refused(vector: dict) -> None:
    """One bit of each element, another one in each; most make it invalid, the rest break the sum."""
    proof = proof_of(vector)
    for index in range(len(proof) // ENCODED_BYTES):
        tampered = bytearray(proof)
        tampered[ENCODED_BYTES * index + index % ENCODED_BYTES] ^= 1 << index % 8
        refuse(vector, bytes(tampered))


@small_proofs
def test_another_valid_element_in_any_place_is_refused(vector: dict) -> None:
    """Well-formed but wrong: a point plus the basepoint, a scalar plus one. Only the equation shows it."""
    parts = elements(proof_of(vector))
    for index in range(len(parts)):
        if is_scalar(index, len(parts)):
            other = encode_scalar((decode_scalar(parts[index]) + 1) % ORDER)
        else:
            other = add(Point(parts[index]), BASEPOINT)
        with pytest.raises(VerificationError, match="does not hold"):
            check(vector, b"".join([*parts[:index], other, *parts[index + 1 :]]))


@small_proofs
def test_swapped_elements_are_refused(vector: dict) -> None:
    parts = elements(proof_of(vector))
    for left, right in ((0, 1), (2, 3), (5, 6), (7, 8), (len(parts) - 2, len(parts) - 1)):
        swapped = list(parts)
        swapped[left], swapped[right] = parts[right], parts[left]
        with pytest.raises(VerificationError, match="does not hold"):
            check(vector, b"".join(swapped))

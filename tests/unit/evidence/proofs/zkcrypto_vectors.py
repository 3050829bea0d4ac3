"""The proofs of zkcrypto/bulletproofs' own tests, and how the tests check and refuse them."""

import json
from pathlib import Path

import pytest

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.proofs.range_proof import verify
from tallystick.evidence.proofs.ristretto import ENCODED_BYTES, Point

VECTORS = json.loads(
    (Path(__file__).parents[3] / "vectors/range_proofs/zkcrypto_bulletproofs.json").read_text("utf-8")
)
LABEL = VECTORS["label"].encode()
COMMITMENTS = [Point(bytes.fromhex(point)) for point in VECTORS["commitments"]]
#: Elements of a proof that are scalars: t_x, t_x_blinding, e_blinding, then a and b at the end.
SCALARS = (4, 5, 6)


def _parametrized(vectors: list[dict]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "vector", vectors, ids=[f"{v['bits']}bit-x{v['parties']}" for v in vectors]
    )


every_proof = _parametrized(VECTORS["proofs"])
#: The shapes that take a few hundredths of a second to check.
small_proofs = _parametrized([v for v in VECTORS["proofs"] if v["bits"] * v["parties"] <= 64])


def proof_of(vector: dict) -> bytes:
    return bytes.fromhex(vector["proof"])


def commitments_of(vector: dict) -> list[Point]:
    return COMMITMENTS[: vector["parties"]]


def check(vector: dict, proof: bytes) -> None:
    verify(proof, commitments_of(vector), vector["bits"], LABEL)


def refuse(vector: dict, proof: bytes) -> None:
    with pytest.raises((FormatError, VerificationError)):
        check(vector, proof)


def elements(proof: bytes) -> list[bytes]:
    return [proof[at : at + ENCODED_BYTES] for at in range(0, len(proof), ENCODED_BYTES)]


def is_scalar(index: int, count: int) -> bool:
    return index in SCALARS or index >= count - 2

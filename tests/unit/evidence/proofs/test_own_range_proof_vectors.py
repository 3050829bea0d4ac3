"""Our own vectors, for whoever writes another verifier: with context and padding, and what is refused."""

import json
from pathlib import Path

import pytest

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs.range_proof import prove, verify
from tallystick.evidence.proofs.ristretto import Point
from tallystick.evidence.proofs.statement import Context

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/range_proofs/tallystick.json").read_text("utf-8"))
SECRET = bytes(range(32))
FRESH = bytes(range(32, 64))


def context_of(vector: dict) -> Context:
    return tuple((label.encode(), bytes.fromhex(message)) for label, message in vector["context"])


def check(vector: dict) -> None:
    points = [Point(bytes.fromhex(point)) for point in vector["commitments"]]
    label = vector["label"].encode()
    verify(bytes.fromhex(vector["proof"]), points, vector["bits"], label, context_of(vector))


@pytest.mark.parametrize("vector", VECTORS["accepted"], ids=lambda vector: vector["name"])
def test_accepted(vector: dict) -> None:
    check(vector)


@pytest.mark.parametrize("vector", VECTORS["accepted"], ids=lambda vector: vector["name"])
def test_the_prover_makes_the_same_bytes_again(vector: dict) -> None:
    """With its randomness fixed: a change of the prover's blinding or order of operations shows here."""
    values = [int(value) for value in vector["values"]]
    blindings = [int(blinding, 16) for blinding in vector["blindings"]]
    label = vector["label"].encode()
    claim = prove(
        values, blindings, vector["bits"], label, SECRET, context_of(vector), lambda count: FRESH[:count]
    )
    assert [point.hex() for point in claim.statement.commitments] == vector["commitments"]
    assert claim.proof.hex() == vector["proof"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["name"])
def test_refused(vector: dict) -> None:
    with pytest.raises((FormatError, InputError, VerificationError)):
        check(vector)

"""Who asks: a challenge is signed by the inspector it names, or by nobody."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.inspection.challenge import Challenge, read_challenge

KEY, OTHER = (SigningKey.generate("inspector.tallystick.example/borealis", NOTE) for _ in range(2))
UNSIGNED = Challenge(
    "tallystick.example/arden", 9, bytes(32), b"\1" * 32, 8, 2, 3, 10**21, 950_000, 900_000, 0
)
SIGNED = UNSIGNED.signed_by(KEY)


def _read(tmp_path: Path, data: bytes) -> Challenge:
    (tmp_path / "challenge").write_bytes(data)
    return read_challenge(tmp_path / "challenge")


@pytest.mark.parametrize("challenge", [UNSIGNED, SIGNED])
def test_a_challenge_survives_its_file(tmp_path: Path, challenge: Challenge) -> None:
    assert _read(tmp_path, challenge.encode()) == challenge


def test_signing_again_does_not_make_another_challenge() -> None:
    assert SIGNED.signed_by(KEY).digest == SIGNED.digest
    assert len({UNSIGNED.digest, SIGNED.digest, UNSIGNED.signed_by(OTHER).digest}) == 3


TERMS = sorted(set(json.loads(SIGNED.encode())) - {"format", "inspector", "signature"})


@pytest.mark.parametrize("term", TERMS)
def test_every_term_is_signed(tmp_path: Path, term: str) -> None:
    value = json.loads(SIGNED.encode())
    changed = {"root": "ff" * 32, "nonce": "ff" * 32, "origin": "x", "significant_quantity_flop": "1"}
    value[term] = changed.get(term, 1)
    with pytest.raises(InputError, match="not signed by the inspector named"):
        _read(tmp_path, canonical.encode(value))


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "the signature is stripped": lambda v: v.update(signature=""),
    "the name is stripped": lambda v: v.update(inspector=""),
    "another inspector is named": lambda v: v.update(inspector=str(OTHER.verifier)),
    "another inspector's signature": lambda v: v.update(
        signature=json.loads(UNSIGNED.signed_by(OTHER).encode())["signature"]
    ),
    "a witness's key": lambda v: v.update(
        inspector=str(SigningKey("w", COSIGNATURE, KEY.private_bytes()).verifier)
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_signature_that_does_not_hold(tmp_path: Path, name: str) -> None:
    value = json.loads(SIGNED.encode())
    CHANGES[name](value)
    with pytest.raises(InputError, match=r"not signed by the inspector named.*Mend: ask the inspector"):
        _read(tmp_path, canonical.encode(value))


@pytest.mark.parametrize(("text", "words"), [("AAA", "base64"), ("AAB=", "canonical base64")])
def test_a_signature_of_bad_form(tmp_path: Path, text: str, words: str) -> None:
    value = {**json.loads(SIGNED.encode()), "signature": text}
    with pytest.raises(FormatError, match=words):
        _read(tmp_path, canonical.encode(value))


def test_a_witness_does_not_ask() -> None:
    with pytest.raises(InputError, match="cosigns logs"):
        UNSIGNED.signed_by(SigningKey.generate("w", COSIGNATURE))


def test_a_challenge_in_memory_is_checked_as_well() -> None:
    SIGNED.check_signature()
    UNSIGNED.check_signature()
    for forged in (replace(SIGNED, entries=1), replace(UNSIGNED, inspector=KEY.verifier)):
        with pytest.raises(VerificationError):
            forged.check_signature()

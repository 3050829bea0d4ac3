"""DSSE envelopes signed by both keys of a pair."""

import base64

import pytest

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.dsse import open_envelope, sign_envelope
from tallystick.evidence.keys import NOTE, SigningKey

KEY, OTHER = (SigningKey(name, NOTE, bytes([i]) * 64) for i, name in enumerate(("site", "site"), 1))


def _signatures(envelope) -> list[bytes]:
    return [base64.b64decode(s["sig"]) for s in envelope["signatures"]]


def test_both_keys_sign_the_encoding_of_the_specification() -> None:
    """secure-systems-lab/dsse, protocol.md: PAE("http://example.com/HelloWorld", "hello world")."""
    envelope = sign_envelope("http://example.com/HelloWorld", b"hello world", KEY)
    ed25519, mldsa44 = _signatures(envelope)
    message = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    KEY.verifier.ed25519.verify(ed25519, message)
    KEY.verifier.mldsa44.verify(mldsa44, message)
    assert envelope["payload"] == "aGVsbG8gd29ybGQ="
    assert open_envelope(envelope, "http://example.com/HelloWorld", KEY.verifier, "x") == b"hello world"


def test_bytes_are_counted_and_not_characters() -> None:
    ed25519, mldsa44 = _signatures(sign_envelope("é", b"", KEY))
    KEY.verifier.verify(ed25519 + mldsa44, "DSSEv1 2 é 0 ".encode())


def _swap(envelope, other) -> None:
    envelope["signatures"].reverse()


def _half_of(index: int):
    def change(envelope, other) -> None:
        """A true signature by the other party's key in this one's place, under this one's hint."""
        envelope["signatures"][index]["sig"] = other["signatures"][index]["sig"]

    return change


CHANGES = {
    "payload is not canonical base64": lambda e, _: e.update(payload="aGVsbG8gd29ybGR="),
    "payload without padding": lambda e, _: e.update(payload="aGVsbG8gd29ybGQ"),
    "another payload": lambda e, _: e.update(payload="aGVsbG8gd29ybGU="),
    "payload in another alphabet": lambda e, _: e.update(payload="aGVsbG8_d29ybGQ="),
    "payload is no text": lambda e, _: e.update(payload=7),
    "another payload type": lambda e, _: e.update(payloadType="text"),
    "no signature": lambda e, _: e.update(signatures=[]),
    "Ed25519 alone": lambda e, _: e.update(signatures=e["signatures"][:1]),
    "ML-DSA-44 alone": lambda e, _: e.update(signatures=e["signatures"][1:]),
    "Ed25519 twice": lambda e, _: e.update(signatures=e["signatures"][:1] * 2),
    "ML-DSA-44 twice": lambda e, _: e.update(signatures=e["signatures"][1:] * 2),
    "a third signature": lambda e, _: e["signatures"].append(e["signatures"][0]),
    "signatures swapped": _swap,
    "Ed25519 of another key": _half_of(0),
    "ML-DSA-44 of another key": _half_of(1),
    "signatures are no objects": lambda e, _: e.update(signatures=["x", "y"]),
    "a field too many": lambda e, _: e.update(more=1),
    "no payload": lambda e, _: e.pop("payload"),
    "the hint of another key": lambda e, o: e["signatures"][0].update(keyid=o["signatures"][0]["keyid"]),
    "a short signature": lambda e, _: e["signatures"][1].update(sig="AAAA"),
    "signature without padding": lambda e, _: e["signatures"][0].update(
        sig=e["signatures"][0]["sig"].rstrip("=")
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_refusals(name: str) -> None:
    envelope, other = (sign_envelope("t", b"hello world", key) for key in (KEY, OTHER))
    CHANGES[name](envelope, other)
    with pytest.raises((FormatError, VerificationError)):
        open_envelope(envelope, "t", KEY.verifier, "here")

"""DSSE envelopes (Dead Simple Signing Envelope, v1), as in-toto uses them, signed by both keys of a pair."""

import base64

from tallystick.errors import FormatError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.keys import SigningKey, VerifierKey

MAX_PAYLOAD_BYTES = 1 << 20


def _encoding(payload_type: str, payload: bytes) -> bytes:
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_envelope(payload_type: str, payload: bytes, key: SigningKey) -> Json:
    """An envelope with two signatures, Ed25519 first."""
    message = _encoding(payload_type, payload)
    halves = (
        (key.verifier.ed25519, key.sign_ed25519(message)),
        (key.verifier.mldsa44, key.sign_mldsa44(message)),
    )
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [
            {"keyid": half.hint, "sig": base64.b64encode(signature).decode()} for half, signature in halves
        ],
    }


def open_envelope(envelope: Json, payload_type: str, key: VerifierKey, where: str) -> bytes:
    """The payload that both keys of ``key`` signed. Raises FormatError or VerificationError."""
    fields = Fields(envelope, ("payload", "payloadType", "signatures"), where)
    if fields.text("payloadType") != payload_type:
        raise FormatError(f"payload type is not {payload_type}", where=where)
    signatures = fields.items("signatures", 2)
    if len(signatures) != 2:
        raise FormatError("two signatures are due, Ed25519 and ML-DSA-44", where=where)
    payload = _base64(fields.text("payload", 2 * MAX_PAYLOAD_BYTES), where)
    for half, value in zip((key.ed25519, key.mldsa44), signatures, strict=True):
        signature = Fields(value, ("keyid", "sig"), where)
        if signature.text("keyid") != half.hint:
            raise FormatError("signed with another key than the site's", where=where)
        half.verify(_base64(signature.text("sig"), where), _encoding(payload_type, payload))
    return payload


def _base64(text: str, where: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError("not base64", where=where) from error
    if base64.b64encode(data).decode() != text:
        raise FormatError("not canonical base64", where=where)
    return data

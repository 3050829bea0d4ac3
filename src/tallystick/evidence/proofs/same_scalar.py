"""That somebody knows a scalar x with image = x * base, the same x for each of several bases.

One base: Schnorr's proof of knowledge; several: Chaum and Pedersen's proof of equal discrete logarithms
(CRYPTO '92). Made to stand alone with a Merlin transcript, which hears ``context``, every base and every
image before the challenge is drawn. 64 bytes: challenge and response.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs.blinding import MIN_SECRET_BYTES, Randomness
from tallystick.evidence.proofs.merlin import Transcript
from tallystick.evidence.proofs.ristretto import (
    ENCODED_BYTES,
    IDENTITY,
    ORDER,
    Point,
    decode_scalar,
    encode_scalar,
    multiply,
    subtract,
    wide_scalar,
)
from tallystick.evidence.proofs.statement import Context

PROOF_BYTES = 2 * ENCODED_BYTES
_NONCE = b"tallystick same scalar nonce v1\0"
_ENTROPY_BYTES = 32


def prove_same_scalar(
    scalar: int,
    bases: Sequence[Point],
    label: bytes,
    secret: bytes,
    context: Context = (),
    randomness: Randomness = os.urandom,
) -> bytes:
    """Prove that somebody knows ``scalar``, in (0, ORDER). Only tests pass ``randomness``.

    The nonce comes from ``secret`` (at least 32 bytes), the scalar, the statement and fresh randomness.
    Raises InputError for a short secret, no base or a scalar out of range.
    """
    if len(secret) < MIN_SECRET_BYTES:
        raise InputError(f"a prover's secret has at least {MIN_SECRET_BYTES} bytes")
    if not bases or not 0 < scalar < ORDER:
        raise InputError("a scalar to prove is between 0 and the group's order, with at least one base")
    images = [multiply(scalar, base) for base in bases]
    transcript = _open(bases, images, label, context)
    nonce = _nonce(secret, scalar, _statement_digest(bases, images, label, context), randomness)
    challenge = _challenge(transcript, [multiply(nonce, base) for base in bases])
    return encode_scalar(challenge) + encode_scalar((nonce + challenge * scalar) % ORDER)


def verify_same_scalar(
    proof: bytes,
    bases: Sequence[Point],
    images: Sequence[Point],
    label: bytes,
    context: Context = (),
    where: str = "",
) -> None:
    """Raise VerificationError unless one scalar makes each base its image.

    Raises FormatError for what is no proof, no point, or the identity.
    """
    if len(proof) != PROOF_BYTES:
        raise FormatError(f"this proof has {PROOF_BYTES} bytes, not {len(proof)}", where=where)
    if not bases or len(bases) != len(images) or IDENTITY in (*bases, *images):
        raise FormatError("bases and images are not pairs of elements other than the identity", where=where)
    challenge = decode_scalar(proof[:ENCODED_BYTES], where)
    response = decode_scalar(proof[ENCODED_BYTES:], where)
    announced = [
        subtract(multiply(response, base), multiply(challenge, image))
        for base, image in zip(bases, images, strict=True)
    ]
    if _challenge(_open(bases, images, label, context), announced) != challenge:
        raise VerificationError("the proof of a known scalar does not hold", where=where)


def _statement_digest(
    bases: Sequence[Point], images: Sequence[Point], label: bytes, context: Context
) -> bytes:
    """64 bytes that stand for the statement: what the nonce must differ by."""
    parts = [label, *(part for entry in context for part in entry), *bases, *images]
    digest = hashlib.sha512(len(bases).to_bytes(8, "little") + len(context).to_bytes(8, "little"))
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


def _nonce(secret: bytes, scalar: int, statement: bytes, randomness: Randomness) -> int:
    message = _NONCE + encode_scalar(scalar) + statement + randomness(_ENTROPY_BYTES)
    return wide_scalar(hmac.digest(secret, message, "sha512"))


def _open(bases: Sequence[Point], images: Sequence[Point], label: bytes, context: Context) -> Transcript:
    transcript = Transcript(label)
    for name, message in context:
        transcript.append(name, message)
    transcript.append(b"dom-sep", b"same scalar v1")
    transcript.append_u64(b"n", len(bases))
    for base, image in zip(bases, images, strict=True):
        transcript.append(b"base", base)
        transcript.append(b"image", image)
    return transcript


def _challenge(transcript: Transcript, announced: Sequence[Point]) -> int:
    for point in announced:
        transcript.append(b"announced", point)
    return transcript.challenge_scalars(b"challenge")[0]

"""Keyed pseudonyms of accelerators: one serial, one pseudonym, and nobody without the key can tell whose.

``pseudonym = k * point(serial)`` under one scalar ``k`` an operator, whose key ``k * B`` is in the log: a
verifiable random function (as ECVRF, RFC 9381, with the proof by ``same_scalar``). An HMAC under a key for
each accelerator would let one accelerator stand in the list twice under two keys; here a serial has one
pseudonym, opening one shows nothing of another, and no key is ever shown.
"""

import hashlib
import hmac
from dataclasses import dataclass

from tallystick.errors import InputError
from tallystick.evidence.matrix.blinding import check_secret
from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    Point,
    from_uniform_bytes,
    multiply,
    multiply_base,
    wide_scalar,
)
from tallystick.evidence.proofs.same_scalar import prove_same_scalar, verify_same_scalar
from tallystick.evidence.proofs.statement import Context

MAX_SERIAL = 128
_LABEL = b"tallystick pseudonym v1"
_SERIAL = b"tallystick-accelerator/1\0"
_KEY = b"tallystick-coverage-key/1\0"


@dataclass(frozen=True, slots=True)
class PseudonymOpening:
    """Whose pseudonym this is: serial, pseudonym, and a proof of 64 bytes. For a physical spot check."""

    serial: str
    pseudonym: Point
    proof: bytes


def coverage_scalar(secret: bytes, operator: str) -> int:
    """The scalar of an operator's pseudonyms. Secret. Raises InputError for a short secret."""
    check_secret(secret)
    return wide_scalar(hmac.digest(secret, _KEY + operator.encode(), "sha512"))


def coverage_key(secret: bytes, operator: str) -> Point:
    """The public key of an operator's pseudonyms, which belongs in the log. Raises as ``coverage_scalar``."""
    return multiply_base(coverage_scalar(secret, operator))


def pseudonym_of(scalar: int, serial: str) -> Point:
    """The one pseudonym of a serial. Raises InputError for one that is empty, too long or unprintable."""
    return multiply(scalar, _point(serial))


def open_pseudonym(secret: bytes, operator: str, serial: str, bound_to: bytes) -> PseudonymOpening:
    """Show whose pseudonym it is. ``bound_to``: 32 bytes of the challenge that asks. Raises InputError."""
    scalar = coverage_scalar(secret, operator)
    bases = (BASEPOINT, _point(serial))
    proof = prove_same_scalar(scalar, bases, _LABEL, secret, _context(operator, serial, bound_to))
    return PseudonymOpening(serial, pseudonym_of(scalar, serial), proof)


def check_pseudonym(key: Point, operator: str, opening: PseudonymOpening, bound_to: bytes) -> None:
    """Raise VerificationError unless the pseudonym is the serial's under ``key``; FormatError if no proof."""
    verify_same_scalar(
        opening.proof,
        (BASEPOINT, _point(opening.serial)),
        (key, opening.pseudonym),
        _LABEL,
        _context(operator, opening.serial, bound_to),
        f"accelerator {opening.serial}",
    )


def _point(serial: str) -> Point:
    if not 0 < len(serial) <= MAX_SERIAL or not serial.isprintable():
        raise InputError(f"a serial is not 1 to {MAX_SERIAL} printable characters")
    return from_uniform_bytes(hashlib.sha512(_SERIAL + serial.encode()).digest())


def _context(operator: str, serial: str, bound_to: bytes) -> Context:
    return (
        (b"operator", operator.encode()),
        (b"serial", serial.encode()),
        (b"bound-to", bound_to),
    )

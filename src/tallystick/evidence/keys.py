"""Keys of site, meter and witness: each a pair, Ed25519 and ML-DSA-44, of which neither counts alone.

The text of a pair is one line: the two verifier keys of C2SP signed-note, Ed25519 first, with a comma
between them. A signature of a pair is that of Ed25519 (64 bytes) followed by that of ML-DSA-44 (2,420).
"""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.vkey import (
    ED25519_COSIGNATURE,
    ED25519_KEY_BYTES,
    ED25519_NOTE,
    MLDSA44,
    Vkey,
    check_name,
)
from tallystick.whole_file import read_file, write_whole

__all__ = ["COSIGNATURE", "NOTE", "SIGNATURE_BYTES", "SigningKey", "VerifierKey", "check_name"]

#: What a pair is for: the type byte of its Ed25519 half.
NOTE, COSIGNATURE = ED25519_NOTE, ED25519_COSIGNATURE
ED25519_SIGNATURE_BYTES, MLDSA44_SIGNATURE_BYTES = 64, 2420
SIGNATURE_BYTES = ED25519_SIGNATURE_BYTES + MLDSA44_SIGNATURE_BYTES
#: A private key is two seeds of 32 bytes, in the order of the pair.
PRIVATE_BYTES = 64


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A pair of public keys with its name and purpose; ``public`` is Ed25519's, then ML-DSA-44's."""

    name: str
    purpose: int
    public: bytes

    @property
    def ed25519(self) -> Vkey:
        """The Ed25519 half."""
        return Vkey(self.name, self.purpose, self.public[:ED25519_KEY_BYTES])

    @property
    def mldsa44(self) -> Vkey:
        """The ML-DSA-44 half."""
        return Vkey(self.name, MLDSA44, self.public[ED25519_KEY_BYTES:])

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text in hexadecimal, for people who compare keys."""
        return hashlib.sha256(str(self).encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.ed25519},{self.mldsa44}"

    @staticmethod
    def parse(text: str, where: str = "") -> "VerifierKey":
        """Read a pair. Raises FormatError, also for a half that anybody can sign with."""
        start, _, base64_and_second = text.partition("+")
        hash_and_key, comma, second = base64_and_second.partition(",")
        if not comma:
            mend = "copy the whole line, with both keys and the comma between them"
            raise FormatError(f"not a pair of verifier keys: {text[:60]!r}", where=where, mend=mend)
        halves = Vkey.parse(f"{start}+{hash_and_key}", where), Vkey.parse(second, where)
        return VerifierKey.of(*halves, where)

    @staticmethod
    def of(ed25519: Vkey, mldsa44: Vkey, where: str = "") -> "VerifierKey":
        """The pair of two keys of one name. Raises FormatError where they are none."""
        kinds = ed25519.kind in (NOTE, COSIGNATURE) and mldsa44.kind == MLDSA44
        if not kinds or ed25519.name != mldsa44.name:
            raise FormatError(
                f"{ed25519.hint} and {mldsa44.hint} are not an Ed25519 and an ML-DSA-44 key of one name",
                where=where,
            )
        return VerifierKey(ed25519.name, ed25519.kind, ed25519.public + mldsa44.public)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise VerificationError unless both halves of ``signature`` are this pair's over ``message``."""
        if len(signature) != SIGNATURE_BYTES:
            raise VerificationError(f"{self.name} did not sign with both keys of its pair")
        self.ed25519.verify(signature[:ED25519_SIGNATURE_BYTES], message)
        self.mldsa44.verify(signature[ED25519_SIGNATURE_BYTES:], message)

    def shares_a_half_with(self, other: "VerifierKey") -> bool:
        """Whether one private key may stand behind a half of both: then they are not two parties."""
        return self.ed25519.public == other.ed25519.public or self.mldsa44.public == other.mldsa44.public


class SigningKey:
    """A pair of private keys. It is never printed."""

    def __init__(self, name: str, purpose: int, private: bytes) -> None:
        """``private`` is the seed of the Ed25519 key, then that of the ML-DSA-44 key, 32 bytes each."""
        if len(private) != PRIVATE_BYTES or purpose not in (NOTE, COSIGNATURE):
            raise ValueError("not a pair of private keys with a purpose")
        self._ed25519 = Ed25519PrivateKey.from_private_bytes(private[:32])
        self._mldsa44 = MLDSA44PrivateKey.from_seed_bytes(private[32:])
        public = self._ed25519.public_key().public_bytes_raw() + self._mldsa44.public_key().public_bytes_raw()
        self.verifier = VerifierKey(check_name(name), purpose, public)

    @staticmethod
    def generate(name: str, purpose: int) -> "SigningKey":
        """A new random pair."""
        return SigningKey(name, purpose, secrets.token_bytes(PRIVATE_BYTES))

    @staticmethod
    def load(path: Path, name: str, purpose: int) -> "SigningKey":
        """Read a pair written by ``save``. Raises InputError or FormatError."""
        try:
            return SigningKey(name, purpose, bytes.fromhex(read_file(path, 1024).strip().decode("ascii")))
        except ValueError as error:
            raise FormatError("not a private key", where=str(path), mend="restore a backup") from error

    def save(self, path: Path) -> None:
        """Write the pair, readable by its owner alone. It is not encrypted in this version."""
        write_whole(path, self.private_bytes().hex().encode() + b"\n", mode=0o600)

    def private_bytes(self) -> bytes:
        """Both seeds, 64 bytes: for storing the pair, and for nothing else."""
        return self._ed25519.private_bytes_raw() + self._mldsa44.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Both signatures over ``message``, 2,484 bytes."""
        return self.sign_ed25519(message) + self.sign_mldsa44(message)

    def sign_ed25519(self, message: bytes) -> bytes:
        """The Ed25519 half of a signature, for formats that carry the halves apart."""
        return self._ed25519.sign(message)

    def sign_mldsa44(self, message: bytes) -> bytes:
        """The ML-DSA-44 half of a signature (FIPS 204, pure, empty context)."""
        return self._mldsa44.sign(message)

"""Ed25519 keys with the names and key hashes of C2SP signed-note.

A verifier key is text, ``name+hash+base64(type || public key)``. Type 0x01 signs notes, type 0x04
cosigns checkpoints (tlog-cosignature).
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tallystick.errors import FormatError, VerificationError
from tallystick.whole_file import read_file, write_whole

NOTE, COSIGNATURE = 1, 4
#: y coordinates of the points of small order on edwards25519. A public key that is one of them lets
#: anybody sign in its name (R of small order and S = 0), so no party may register one.
_P = 2**255 - 19
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})

_FORBIDDEN = set("+ \t\r\n\u2028\u2029")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and purpose."""

    name: str
    purpose: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.purpose]) + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.purpose]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    @staticmethod
    def parse(text: str, where: str = "") -> "VerifierKey":
        """Read a verifier key. Raises FormatError, also for a public key of small order."""
        parts = text.split("+", 2)
        try:
            raw = base64.b64decode(parts[2], validate=True) if len(parts) == 3 else b""
        except ValueError:
            raw = b""
        if len(raw) != 33 or raw[0] not in (NOTE, COSIGNATURE):
            raise FormatError(
                f"not a verifier key: {text[:60]!r}", where=where, mend="copy the key as one line"
            )
        key = VerifierKey(check_name(parts[0], where), raw[0], raw[1:])
        if str(key) != text:
            raise FormatError(f"verifier key {text[:60]!r} does not match its own hash", where=where)
        if (int.from_bytes(key.public, "little") & (2**255 - 1)) % _P in _SMALL_ORDER:
            raise FormatError(f"verifier key of {key.name} is one that anybody can sign with", where=where)
        return key

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise VerificationError unless ``signature`` is this key's over ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise VerificationError(f"the signature of {self.name} does not hold") from error


class SigningKey:
    """A private key. It is never printed."""

    def __init__(self, name: str, purpose: int, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = VerifierKey(check_name(name), purpose, private.public_key().public_bytes_raw())

    @staticmethod
    def generate(name: str, purpose: int) -> "SigningKey":
        """A new random key."""
        return SigningKey(name, purpose, Ed25519PrivateKey.generate())

    @staticmethod
    def load(path: Path, name: str, purpose: int) -> "SigningKey":
        """Read a key written by ``save``. Raises InputError or FormatError."""
        data = read_file(path, 1024).strip()
        try:
            private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(data.decode("ascii")))
        except ValueError as error:
            raise FormatError("not a private key", where=str(path), mend="restore a backup") from error
        return SigningKey(name, purpose, private)

    def save(self, path: Path) -> None:
        """Write the key, readable by its owner alone. It is not encrypted in this version."""
        write_whole(path, self._private.private_bytes_raw().hex().encode() + b"\n", mode=0o600)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over ``message``."""
        return self._private.sign(message)


def check_name(name: str, where: str = "") -> str:
    """The name, where C2SP signed-note allows it. Raises FormatError."""
    if not name or len(name) > 128 or any(c in _FORBIDDEN or not c.isprintable() for c in name):
        raise FormatError(
            f"unusable name {name[:40]!r}",
            where=where,
            mend="use up to 128 printable characters without '+' or spaces",
        )
    return name

"""One public key of one algorithm, with the names and key hashes of C2SP signed-note.

Its text is ``name+hash+base64(type || public key)``. Type 0x01 signs notes with Ed25519, type 0x04
cosigns checkpoints with Ed25519, type 0x06 does both with ML-DSA-44 (tlog-cosignature, FIPS 204).
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from tallystick.errors import FormatError, VerificationError

ED25519_NOTE, ED25519_COSIGNATURE, MLDSA44 = 1, 4, 6
ED25519_KEY_BYTES, MLDSA44_KEY_BYTES = 32, 1312
KEY_BYTES = {
    ED25519_NOTE: ED25519_KEY_BYTES,
    ED25519_COSIGNATURE: ED25519_KEY_BYTES,
    MLDSA44: MLDSA44_KEY_BYTES,
}
#: y coordinates of the points of small order on edwards25519. A public key that is one of them lets
#: anybody sign in its name (R of small order and S = 0), so no party may register one.
_P = 2**255 - 19
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})
_SEED_BYTES = 32

_FORBIDDEN = set("+ \t\r\n\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Vkey:
    """A public key of one algorithm with its name; ``kind`` is the type byte."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def hint(self) -> str:
        """Name and key id: enough to choose among known keys, never to trust one."""
        return f"{self.name}+{self.id.hex()}"

    def __str__(self) -> str:
        return f"{self.hint}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @staticmethod
    def parse(text: str, where: str = "") -> "Vkey":
        """Read a key. Raises FormatError, also for a public key that anybody can sign with."""
        parts = text.split("+", 2)
        try:
            raw = base64.b64decode(parts[2], validate=True) if len(parts) == 3 else b""
        except ValueError:
            raw = b""
        if not raw or len(raw) - 1 != KEY_BYTES.get(raw[0]):
            raise FormatError(
                f"not a verifier key: {text[:60]!r}", where=where, mend="copy the key as one line"
            )
        key = Vkey(check_name(parts[0], where), raw[0], raw[1:])
        if str(key) != text:
            raise FormatError(f"verifier key {text[:60]!r} does not match its own hash", where=where)
        if key._anybody_can_sign():
            raise FormatError(f"verifier key of {key.name} is one that anybody can sign with", where=where)
        return key

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise VerificationError unless ``signature`` is this key's over ``message``."""
        try:
            if self.kind == MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            name = "ML-DSA-44" if self.kind == MLDSA44 else "Ed25519"
            raise VerificationError(f"the {name} signature of {self.name} does not hold") from error

    def _anybody_can_sign(self) -> bool:
        if self.kind == MLDSA44:
            # t1 * 2^13 modulo q is tiny where the bits of t1 are all 0 or all 1; then any short z signs.
            t1 = self.public[_SEED_BYTES:]
            return t1.count(0) + t1.count(0xFF) > len(t1) // 2
        return (int.from_bytes(self.public, "little") & (2**255 - 1)) % _P in _SMALL_ORDER


def check_name(name: str, where: str = "") -> str:
    """The name, where C2SP signed-note allows it. Raises FormatError."""
    if not name or len(name) > 128 or any(c in _FORBIDDEN or not c.isprintable() for c in name):
        raise FormatError(
            f"unusable name {name[:40]!r}",
            where=where,
            mend="use up to 128 printable characters without '+' or spaces",
        )
    return name

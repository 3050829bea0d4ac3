"""Leaves that change who signs: a key gives way to another, or is given up (``spec/keys.md``).

Both are signed by the key that ends, so that nobody else can end it, and bound to the log's origin. A key
signs in one stretch of one log and never again, so a leaf of this kind has one place where it fits.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey

#: Whose keys a log names. An inspector's are not in it: he says the same to the sites that registered him.
ROLES = (SITE, WITNESS) = ("site", "witness")
INSPECTOR = "inspector"
PURPOSE = {SITE: NOTE, WITNESS: COSIGNATURE, INSPECTOR: NOTE}
MAX_KEY_TEXT, MAX_SIGNATURE_TEXT, MAX_REASON = 8192, 16_384, 200


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """From this leaf on ``new`` signs. Both keys sign: the old vouches, the new shows that it is held."""

    role: str
    old: VerifierKey
    new: VerifierKey
    old_signature: bytes
    new_signature: bytes

    @staticmethod
    def signed(role: str, origin: str, old: SigningKey, new: SigningKey) -> "KeyRotation":
        """The leaf for the log of ``origin``."""
        message = _rotation_message(role, origin, old.verifier, new.verifier)
        return KeyRotation(role, old.verifier, new.verifier, old.sign(message), new.sign(message))

    @property
    def ends(self) -> VerifierKey:
        """The key that signs no more."""
        return self.old

    @property
    def follows(self) -> VerifierKey | None:
        """The key that takes over."""
        return self.new

    def check(self, origin: str) -> None:
        """Raise VerificationError unless both keys signed, for the log of ``origin``."""
        message = _rotation_message(self.role, origin, self.old, self.new)
        self.old.verify(self.old_signature, message)
        self.new.verify(self.new_signature, message)

    def as_json(self) -> Json:
        """The leaf's value."""
        return {
            "new": str(self.new),
            "new_signature": _text(self.new_signature),
            "old": str(self.old),
            "old_signature": _text(self.old_signature),
            "role": self.role,
            "type": "key-rotation",
        }


@dataclass(frozen=True, slots=True)
class KeyRevocation:
    """The last leaf whose head ``key`` may sign. It signs itself away, and names no other."""

    role: str
    key: VerifierKey
    reason: str
    signature: bytes

    @staticmethod
    def signed(role: str, origin: str, key: SigningKey, reason: str) -> "KeyRevocation":
        """The leaf for the log of ``origin``. Raises FormatError for an unusable reason."""
        if len(reason) > MAX_REASON or not reason.isprintable():
            mend = f"write at most {MAX_REASON} printable characters"
            raise FormatError("unusable reason", mend=mend)
        message = _revocation_message(role, origin, key.verifier, reason)
        return KeyRevocation(role, key.verifier, reason, key.sign(message))

    @property
    def ends(self) -> VerifierKey:
        """The key that signs no more."""
        return self.key

    @property
    def follows(self) -> VerifierKey | None:
        """No key takes over."""
        return None

    def check(self, origin: str) -> None:
        """Raise VerificationError unless the key signed, for the log of ``origin``."""
        self.key.verify(self.signature, _revocation_message(self.role, origin, self.key, self.reason))

    def as_json(self) -> Json:
        """The leaf's value."""
        return {
            "key": str(self.key),
            "reason": self.reason,
            "role": self.role,
            "signature": _text(self.signature),
            "type": "key-revocation",
        }


KeyEvent = KeyRotation | KeyRevocation


def parse_key_event(value: Json, where: str, roles: Sequence[str] = ROLES) -> KeyEvent:
    """Read a change of key of one of ``roles``. Raises FormatError.

    Whether it holds, ``keys_over_log`` says, or ``check`` outside a log.
    """
    if isinstance(value, dict) and value.get("type") == "key-revocation":
        fields = Fields(value, ("key", "reason", "role", "signature", "type"), where)
        role = _role(fields, roles, where)
        key, reason = _key(fields, "key", role, where), fields.text("reason", MAX_REASON)
        return KeyRevocation(role, key, reason, _signature(fields, "signature", where))
    names = ("new", "new_signature", "old", "old_signature", "role", "type")
    fields = Fields(value, names, where)
    if fields.text("type") != "key-rotation":
        raise FormatError("unknown kind of leaf", where=where)
    role = _role(fields, roles, where)
    old, new = _key(fields, "old", role, where), _key(fields, "new", role, where)
    if old.name != new.name:
        raise FormatError(f"a key of {old.name} gives way to one of {new.name}", where=where)
    old_signature, new_signature = (_signature(fields, f"{k}_signature", where) for k in ("old", "new"))
    return KeyRotation(role, old, new, old_signature, new_signature)


def _rotation_message(role: str, origin: str, old: VerifierKey, new: VerifierKey) -> bytes:
    said = {"new": str(new), "old": str(old), "origin": origin, "role": role}
    return b"tallystick-key-rotation/1\n" + canonical.encode(said)


def _revocation_message(role: str, origin: str, key: VerifierKey, reason: str) -> bytes:
    said = {"key": str(key), "origin": origin, "reason": reason, "role": role}
    return b"tallystick-key-revocation/1\n" + canonical.encode(said)


def _role(fields: Fields, roles: Sequence[str], where: str) -> str:
    role = fields.text("role", 16)
    if role not in roles:
        raise FormatError(f"role must be one of {', '.join(roles)}", where=where)
    return role


def _key(fields: Fields, name: str, role: str, where: str) -> VerifierKey:
    key = VerifierKey.parse(fields.text(name, MAX_KEY_TEXT), where)
    if key.purpose != PURPOSE[role]:
        raise FormatError(f"the key of {key.name} is for another purpose", where=where)
    return key


def _signature(fields: Fields, name: str, where: str) -> bytes:
    text = fields.text(name, MAX_SIGNATURE_TEXT)
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError(f"field {name!r} must be base64", where=where) from error
    if _text(data) != text:
        raise FormatError(f"field {name!r} is not canonical base64", where=where)
    return data


def _text(signature: bytes) -> str:
    return base64.b64encode(signature).decode()

"""Salted hash commitments, with salts that never repeat for different content.

A salt comes from the site's secret, the place and the content, so that closing again with other
amounts after a crash never reuses a salt, and opening one place says nothing of another.
"""

import hashlib
import hmac

SALT_BYTES = 32


def salt_for(secret: bytes, place: str, content: bytes) -> bytes:
    """The salt of ``content`` at ``place``: HMAC-SHA256 under the site's secret."""
    message = b"tallystick-salt/1\0" + place.encode() + b"\0" + hashlib.sha256(content).digest()
    return hmac.new(secret, message, hashlib.sha256).digest()


def commitment(purpose: str, salt: bytes, content: bytes) -> bytes:
    """SHA-256 over purpose, salt and content. Hiding while the salt is secret, binding always."""
    return hashlib.sha256(purpose.encode() + b"\0" + salt + content).digest()

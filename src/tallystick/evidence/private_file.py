"""Secrets at rest: each in one file, encrypted with AES-256-GCM, readable by its owner alone.

{"encrypted_with":{"key":"…","salt":"…","source":"user-file"},"format":"tallystick-private/1",
 "holds":"key","nonce":"…","public":"tallystick.example/arden+…","sealed":"…"}

All fields but ``sealed`` are authenticated with it, so that no file can pass for another. ``public`` is
the verifier key, for listing without decrypting; ``""`` for what has no public half.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tallystick.errors import FormatError, InputError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.key_protection import PASSPHRASE, USER_FILE, key_to_decrypt, key_to_encrypt
from tallystick.whole_file import read_file, write_whole

FORMAT = "tallystick-private/1"
KEY, SECRET = "key", "secret"
SECRET_BYTES, KEY_BYTES = 32, 64
MAX_BYTES = 65_536
_NONCE_BYTES = 12
_BACKUP = "restore it from a backup"
_log = logging.getLogger("tallystick")


@dataclass(frozen=True, slots=True)
class PrivateHeader:
    """What of a private file is not secret. ``source`` is ``passphrase``, ``user-file``, or ``""``: plain."""

    holds: str
    public: str
    source: str


def write_private(path: Path, secret: bytes, holds: str, public: str = "") -> None:
    """Encrypt ``secret`` and write it whole, mode 0600.

    Raises InputError where the passphrase is unusable, or no key-encryption key can be kept.
    """
    with_key = key_to_encrypt()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    head: dict[str, Json] = {
        "encrypted_with": {"key": with_key.id, "salt": with_key.salt.hex(), "source": with_key.source},
        "format": FORMAT,
        "holds": holds,
        "nonce": nonce.hex(),
        "public": public,
    }
    sealed = AESGCM(with_key.key).encrypt(nonce, secret, canonical.encode(head))
    write_whole(path, canonical.encode({**head, "sealed": sealed.hex()}), mode=0o600)


def read_private(path: Path, holds: str, plain: Callable[[bytes], bytes | None]) -> tuple[bytes, bool]:
    """The secret at ``path``, and whether it lay there unencrypted, as older versions left it.

    ``plain`` reads the unencrypted form, and gives None for anything else. Raises InputError for a wrong
    passphrase or a missing key-encryption key, FormatError for a damaged file.
    """
    data, where = read_file(path, MAX_BYTES), str(path)
    found = plain(data)
    if found is not None:
        return found, True
    fields, encrypted = _fields(data, holds, where)
    salt, nonce, sealed = (_bytes(f.text(name), where) for f, name in _binary(fields, encrypted))
    with_key = key_to_decrypt(_source(encrypted, where), salt, where)
    if with_key.id != encrypted.text("key"):
        wrong = "the passphrase is wrong" if with_key.source == PASSPHRASE else _OTHER_USER_FILE
        raise InputError(wrong, where=where, mend="give the one that the file was encrypted with")
    head = {key: fields.raw(key) for key in _HEAD}
    try:
        return AESGCM(with_key.key).decrypt(nonce, sealed, canonical.encode(head)), False
    except (InvalidTag, ValueError) as error:
        raise FormatError("damaged, or changed by somebody", where=where, mend=_BACKUP) from error


def read_header(path: Path, plain: Callable[[bytes], bytes | None]) -> PrivateHeader:
    """What a private file is, without decrypting it: so nothing vouches for it. Raises as above."""
    data, where = read_file(path, MAX_BYTES), str(path)
    if plain(data) is not None:
        return PrivateHeader(KEY, "", "")
    fields, encrypted = _fields(data, "", where)
    return PrivateHeader(fields.text("holds"), fields.text("public", MAX_BYTES), _source(encrypted, where))


def save_secret(path: Path, secret: bytes) -> None:
    """Encrypt a secret of 32 bytes that has no public half. Raises as ``write_private``."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    write_private(path, secret, SECRET)


def load_secret(path: Path) -> bytes:
    """A secret written by ``save_secret``. One that an older version left plain is encrypted first.

    Raises as ``read_private``.
    """
    secret, was_plain = read_private(path, SECRET, plain_secret)
    if was_plain:
        save_secret(path, secret)
        say_encrypted_now(path)
    if len(secret) != SECRET_BYTES:
        raise FormatError(f"not {SECRET_BYTES} bytes", where=str(path), mend=_BACKUP)
    return secret


def plain_secret(data: bytes) -> bytes | None:
    """The form of older versions: 32 raw bytes. No encrypted file is that short."""
    return data if len(data) == SECRET_BYTES else None


def plain_key(data: bytes) -> bytes | None:
    """The form of older versions of a pair of keys: 64 bytes in hexadecimal, with the end of a line."""
    try:
        key = bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def say_encrypted_now(path: Path) -> None:
    """Tell the user, on standard error, that an older version's file has just been encrypted."""
    _log.warning("tallystick: %s was not encrypted and is now; see tallystick key list", path)


_HEAD = ("encrypted_with", "format", "holds", "nonce", "public")
_OTHER_USER_FILE = "it is encrypted with another key-encryption key than the one that is here"


def _fields(data: bytes, holds: str, where: str) -> tuple[Fields, Fields]:
    """The fields, and those that say how it is encrypted."""
    try:
        fields = Fields(canonical.decode(data, where), (*_HEAD, "sealed"), where)
        if fields.text("format") != FORMAT or holds not in ("", fields.text("holds")):
            raise FormatError("of another kind", where=where)
        return fields, Fields(fields.raw("encrypted_with"), ("key", "salt", "source"), where)
    except FormatError as error:
        raise FormatError(f"not a private {holds or 'file'}", where=where, mend=_BACKUP) from error


def _binary(fields: Fields, encrypted: Fields) -> tuple[tuple[Fields, str], ...]:
    return (encrypted, "salt"), (fields, "nonce"), (fields, "sealed")


def _source(encrypted: Fields, where: str) -> str:
    source = encrypted.text("source")
    if source not in (PASSPHRASE, USER_FILE):
        raise FormatError("encrypted in a way that is unknown here", where=where, mend=_BACKUP)
    return source


def _bytes(text: str, where: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise FormatError("damaged: not hexadecimal", where=where, mend=_BACKUP) from error

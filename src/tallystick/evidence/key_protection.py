"""Where the key that encrypts all private keys comes from: a passphrase, or a file of the user's own.

With ``TALLYSTICK_PASSPHRASE_FILE`` or ``TALLYSTICK_PASSPHRASE`` it is derived by scrypt (RFC 7914).
Otherwise it is 32 random bytes in ``tallystick/key-encryption-key`` of the user's configuration
directory (``XDG_CONFIG_HOME``, or ``~/.config``), made on first use. That file lies outside every site, so
a copied site is useless without it; whoever can read all of the user's files can read the keys.
"""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tallystick.errors import InputError
from tallystick.whole_file import read_file, sync_folder, write_whole

PASSPHRASE, USER_FILE = "passphrase", "user-file"
PASSPHRASE_FILE_VARIABLE, PASSPHRASE_VARIABLE = "TALLYSTICK_PASSPHRASE_FILE", "TALLYSTICK_PASSPHRASE"
KEY_BYTES = SALT_BYTES = 32
MAX_PASSPHRASE_BYTES = 4096
#: scrypt costs 128 MiB and half a second or so: OWASP's first choice of 2023 (N = 2^17, r = 8, p = 1).
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 17, 8, 1


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    """What encrypts one private file. ``salt`` is empty for the user's file. The key is never printed."""

    source: str
    salt: bytes
    key: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """16 hexadecimal digits that tell a wrong key from a damaged file and nothing of the key."""
        return hashlib.sha256(b"tallystick-key-encryption-key\0" + self.key).hexdigest()[:16]


def passphrase_given(environment: Mapping[str, str] = os.environ) -> str | None:
    """Which variable gives the passphrase; None where the user's own file is the key."""
    if environment.get(PASSPHRASE_FILE_VARIABLE):
        return PASSPHRASE_FILE_VARIABLE
    return PASSPHRASE_VARIABLE if PASSPHRASE_VARIABLE in environment else None


def key_to_encrypt(environment: Mapping[str, str] = os.environ) -> EncryptionKey:
    """The key for a file that is now written; the user's file is made where there is none.

    Raises InputError where a passphrase is unusable or the configuration directory is not writable.
    """
    passphrase = _passphrase(environment)
    if passphrase is not None:
        salt = _salt_of_this_process()
        return EncryptionKey(PASSPHRASE, salt, _derived(passphrase, salt))
    path = user_file(environment)
    return EncryptionKey(USER_FILE, b"", _read_user_file(path) if path.exists() else _make_user_file(path))


def key_to_decrypt(
    source: str, salt: bytes, where: str, environment: Mapping[str, str] = os.environ
) -> EncryptionKey:
    """The key that a file at ``where`` says it was encrypted with. Raises InputError where it is missing."""
    if source == USER_FILE:
        path = user_file(environment)
        if not path.exists():
            raise InputError(
                f"the key that encrypts it is missing: there is no {path}",
                where=where,
                mend="restore that file from a backup, or set XDG_CONFIG_HOME to where it is",
            )
        return EncryptionKey(USER_FILE, b"", _read_user_file(path))
    passphrase = _passphrase(environment)
    if passphrase is None:
        raise InputError(
            "it is encrypted with a passphrase",
            where=where,
            mend=f"name a file with the passphrase in {PASSPHRASE_FILE_VARIABLE}",
        )
    return EncryptionKey(PASSPHRASE, salt, _derived(passphrase, salt))


def user_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the user's own key-encryption key lies. Raises InputError where no home is known."""
    configured = environment.get("XDG_CONFIG_HOME", "")
    try:
        # A relative XDG_CONFIG_HOME is to be ignored (XDG base directory specification).
        base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".config"
    except RuntimeError as error:
        raise InputError(
            "no home directory to keep the key-encryption key in",
            mend=f"set XDG_CONFIG_HOME or {PASSPHRASE_FILE_VARIABLE}",
        ) from error
    return base / "tallystick" / "key-encryption-key"


def _make_user_file(path: Path) -> bytes:
    """A new random key. Of two processes that make it at once, both get the one that came first."""
    offered = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(offered, secrets.token_bytes(KEY_BYTES).hex().encode() + b"\n", mode=0o600)
        try:
            os.link(offered, path)
        except FileExistsError:
            pass
        finally:
            offered.unlink()
        for folder in (path.parent, path.parent.parent):  # its name must outlast a loss of power, too
            sync_folder(folder)
    except OSError as error:
        raise InputError(
            f"cannot keep the key-encryption key: {error.strerror or error}",
            where=str(path),
            mend=f"set XDG_CONFIG_HOME to a writable directory, or {PASSPHRASE_FILE_VARIABLE}",
        ) from error
    return _read_user_file(path)


def _read_user_file(path: Path) -> bytes:
    try:
        key = bytes.fromhex(read_file(path, 1024).decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        mend = "restore it from a backup"
        raise InputError("the key-encryption key is damaged", where=str(path), mend=mend)
    return key


def _passphrase(environment: Mapping[str, str]) -> bytes | None:
    path = environment.get(PASSPHRASE_FILE_VARIABLE, "")
    if path:
        passphrase = read_file(Path(path), MAX_PASSPHRASE_BYTES).rstrip(b"\r\n")
    elif PASSPHRASE_VARIABLE in environment:
        passphrase = os.fsencode(environment[PASSPHRASE_VARIABLE])
    else:
        return None
    if not passphrase:
        raise InputError("the passphrase is empty", where=path or PASSPHRASE_VARIABLE, mend="write one")
    return passphrase


@lru_cache(maxsize=1)
def _salt_of_this_process() -> bytes:
    """One salt for what one process writes, so that a site's keys are opened with one derivation."""
    return secrets.token_bytes(SALT_BYTES)


@lru_cache(maxsize=16)
def _derived(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase)

"""A private key in its file: encrypted, and saying itself whose it is."""

from pathlib import Path

from tallystick.errors import FormatError
from tallystick.evidence.keys import SigningKey, VerifierKey
from tallystick.evidence.private_file import (
    KEY,
    PrivateHeader,
    plain_key,
    read_header,
    read_private,
    say_encrypted_now,
    write_private,
)


def save_key(key: SigningKey, path: Path) -> None:
    """Encrypt ``key`` and write it, readable by its owner alone. Raises InputError."""
    write_private(path, key.private_bytes(), KEY, str(key.verifier))


def load_key(path: Path, name: str, purpose: int) -> SigningKey:
    """The key of ``name`` at ``path``. One that an older version left plain is encrypted first.

    Raises InputError for a wrong passphrase or a missing key-encryption key, FormatError for a damaged file
    or for somebody else's key.
    """
    private, was_plain = read_private(path, KEY, plain_key)
    try:
        key = SigningKey(name, purpose, private)
    except ValueError as error:
        raise FormatError("not a private key", where=str(path), mend="restore a backup") from error
    if was_plain:
        save_key(key, path)
        say_encrypted_now(path)
    elif read_key_header(path).public != str(key.verifier):
        raise FormatError(f"not the key of {name}", where=str(path), mend="put each key back in its place")
    return key


def load_named_key(path: Path) -> SigningKey:
    """The key at ``path``, with the name and purpose that its file gives.

    Raises InputError or FormatError, also for a plain key of an older version, which has no name.
    """
    public = read_key_header(path).public
    if not public:
        raise FormatError("its file does not say whose key it is", where=str(path), mend="make a new key")
    verifier = VerifierKey.parse(public, str(path))
    return load_key(path, verifier.name, verifier.purpose)


def read_key_header(path: Path) -> PrivateHeader:
    """What a key's file says without being decrypted. Raises InputError or FormatError."""
    header = read_header(path, plain_key)
    if header.holds != KEY:
        raise FormatError("not a private key", where=str(path), mend="name a *.key file")
    return header

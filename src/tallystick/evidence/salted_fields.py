"""A record as a tree of separately salted fields, so that one field opens without the others.

The root is that of RFC 6962 over one leaf a field, in the order of their names; the data of a leaf are the
field's salt and the canonical encoding of ``[purpose, name, value]``. A field's salt comes from the record's
salt, which opens the record as a whole.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.errors import VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.log.tree import MerkleTree, leaf_hash, verify_inclusion

_FIELD = b"tallystick-field/1\0"


@dataclass(frozen=True, slots=True)
class OpenedField:
    """What opens one field of a record: its salt, and the path to the record's root."""

    salt: bytes
    path: tuple[bytes, ...]


def fields_root(purpose: str, salt: bytes, record: Mapping[str, Json]) -> bytes:
    """The commitment to ``record``. Hiding while ``salt`` is secret, binding always."""
    return _tree(purpose, salt, record).root()


def open_field(purpose: str, salt: bytes, record: Mapping[str, Json], name: str) -> OpenedField:
    """What opens the field ``name`` and says nothing of the others."""
    path = _tree(purpose, salt, record).inclusion_proof(sorted(record).index(name))
    return OpenedField(_salt(salt, name), tuple(path))


def check_field(
    purpose: str, names: Sequence[str], name: str, value: Json, opened: OpenedField, root: bytes
) -> None:
    """Raise VerificationError unless ``name`` is ``value`` in the record of ``names`` under ``root``."""
    ordered = sorted(names)
    digest = leaf_hash(_data(purpose, opened.salt, name, value))
    try:
        verify_inclusion(digest, ordered.index(name), len(ordered), opened.path, root)
    except VerificationError as error:
        raise VerificationError(f"{name} does not open its commitment ({error.problem})") from error


def _tree(purpose: str, salt: bytes, record: Mapping[str, Json]) -> MerkleTree:
    return MerkleTree(_data(purpose, _salt(salt, name), name, record[name]) for name in sorted(record))


def _salt(salt: bytes, name: str) -> bytes:
    return hmac.digest(salt, _FIELD + name.encode(), "sha256")


def _data(purpose: str, salt: bytes, name: str, value: Json) -> bytes:
    return salt + canonical.encode([purpose, name, value])

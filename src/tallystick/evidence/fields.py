"""Reading typed fields from decoded JSON: exactly the expected keys, each of its type."""

import re
from collections.abc import Iterable

from tallystick.errors import FormatError
from tallystick.evidence.canonical import Json

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,49}")
_HEX32 = re.compile(r"[0-9a-f]{64}")


class Fields:
    """A JSON object read field by field. Every problem is a FormatError that names the field."""

    def __init__(self, value: Json, keys: Iterable[str], where: str) -> None:
        if not isinstance(value, dict) or set(value) != set(keys):
            found = sorted(value) if isinstance(value, dict) else type(value).__name__
            raise FormatError(f"expected the fields {sorted(keys)}, found {str(found)[:120]}", where=where)
        self._value = value
        self._where = where

    def raw(self, key: str) -> Json:
        """The field as it is."""
        return self._value[key]

    def text(self, key: str, limit: int = 4096) -> str:
        """A string of at most ``limit`` characters, all printable.

        Names and labels reach the inspector's terminal: a line break or an escape sequence in one could
        forge a line of the report.
        """
        value = self._value[key]
        if not isinstance(value, str) or len(value) > limit or not value.isprintable():
            raise self._wrong(key, f"printable text of at most {limit} characters")
        return value

    def number(self, key: str) -> int:
        """A JSON integer that is not negative."""
        value = self._value[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(key, "an integer that is not negative")
        return value

    def integer(self, key: str) -> int:
        """A large integer written as a decimal string of at most 50 digits."""
        value = self._value[key]
        if not isinstance(value, str) or not _INTEGER.fullmatch(value):
            raise self._wrong(key, "a decimal string")
        return int(value)

    def amount(self, key: str) -> int:
        """A large integer that is not negative."""
        value = self.integer(key)
        if value < 0:
            raise self._wrong(key, "a decimal string that is not negative")
        return value

    def hash(self, key: str) -> bytes:
        """32 bytes in lower-case hexadecimal."""
        return hash_from(self._value[key], f"{self._where}, {key}")

    def items(self, key: str, limit: int) -> list[Json]:
        """An array of at most ``limit`` items."""
        value = self._value[key]
        if not isinstance(value, list) or len(value) > limit:
            raise self._wrong(key, f"an array of at most {limit} items")
        return value

    def _wrong(self, key: str, expected: str) -> FormatError:
        return FormatError(f"field {key!r} must be {expected}", where=self._where)


def hash_from(value: Json, where: str) -> bytes:
    """32 bytes in lower-case hexadecimal. Raises FormatError."""
    if not isinstance(value, str) or not _HEX32.fullmatch(value):
        raise FormatError("must be 64 hexadecimal digits", where=where)
    return bytes.fromhex(value)

"""One valid encoding per value: RFC 8785 JSON without floats, read back byte for byte.

Within our limits (keys in ASCII, integers within 2**53, no floats) the standard library's encoder with
sorted keys writes exactly RFC 8785, thirty times faster than the reference package. The tests compare
the two.
"""

import json
from typing import Any

from tallystick.errors import FormatError

#: Deepest nesting that any of our formats needs, with room.
MAX_DEPTH = 16
#: Integers that JSON numbers hold exactly everywhere (RFC 8785, 3.2.2.3).
MAX_INTEGER = 2**53 - 1

Json = Any

_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def encode(value: Json) -> bytes:
    """Canonical bytes of ``value``: objects, arrays, text, integers within 2**53, booleans, null.

    Raises ValueError for anything else.
    """
    _check(value, MAX_DEPTH)
    return _write(value).encode("utf-8")


def decode(data: bytes, where: str) -> Json:
    """The value that ``data`` encodes. Raises FormatError unless ``data`` is its canonical encoding."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
        canonical = encode(value)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not canonical JSON ({_first_line(error)})", where=where, mend=_AGAIN) from error
    if canonical != data:
        raise FormatError("not in canonical form (RFC 8785)", where=where, mend=_AGAIN)
    return value


_AGAIN = "ask for the file again, unchanged since it was written"


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def _no_float(text: str) -> Json:
    raise ValueError(f"{text[:20]} is not an integer")


def _check(value: Json, room: int) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise ValueError("an integer beyond 2**53 must be text")
        return
    if room == 0:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    if kind is list:
        for item in value:
            _check(item, room - 1)
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise ValueError("a key is not ASCII text")
            _check(item, room - 1)
    else:
        raise ValueError(f"{kind.__name__} has no canonical form")


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:80] or type(error).__name__

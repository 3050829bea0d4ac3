"""One valid encoding per value: RFC 8785 JSON without floats, read back byte for byte."""

import json
from typing import Any

import rfc8785

from tallystick.errors import FormatError

#: Deepest nesting that any of our formats needs, with room.
MAX_DEPTH = 16

Json = Any


def encode(value: Json) -> bytes:
    """Canonical bytes of ``value``: objects, arrays, text, integers within 2**53, booleans, null."""
    return rfc8785.dumps(value)


def decode(data: bytes, where: str) -> Json:
    """The value that ``data`` encodes. Raises FormatError unless ``data`` is its canonical encoding."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
        _check_depth(value, MAX_DEPTH)
        canonical = encode(value)
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
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


def _check_depth(value: Json, room: int) -> None:
    if room == 0:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        if isinstance(child, dict | list):
            _check_depth(child, room - 1)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:80] or type(error).__name__

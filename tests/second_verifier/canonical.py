"""RFC 8785 JSON, restricted as spec/bundle.md says, by encoding again and comparing."""

import base64
import binascii
import json
import re

from .refused import Refused, demand

DEEPEST = 16
HASH = re.compile(r"[0-9a-f]{64}")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,77}")


def _no_float(text):
    raise ValueError(f"a number that is no integer: {text[:20]}")


def _once(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key twice")
    return dict(pairs)


def encode(value) -> bytes:
    """Only null, booleans, integers within 2^53, text, lists and objects, at most 16 deep."""
    out: list[str] = []
    _write(value, 0, out)
    return "".join(out).encode()


def _write(value, depth, out):
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if value is None or isinstance(value, bool):
        out.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int):
        if abs(value) >= 2**53:
            raise ValueError("an integer beyond 2^53")
        out.append(str(value))
    elif isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, list):
        out.append("[")
        for index, item in enumerate(value):
            out.append("," if index else "")
            _write(item, depth + 1, out)
        out.append("]")
    elif isinstance(value, dict):
        out.append("{")
        for index, key in enumerate(sorted(value, key=lambda k: k.encode("utf-16-be"))):
            out.append("," if index else "")
            out.append(json.dumps(key, ensure_ascii=False) + ":")
            _write(value[key], depth + 1, out)
        out.append("}")
    else:
        raise ValueError(f"no JSON of ours: {type(value).__name__}")


def decode(data: bytes, check: int = 0, what: str = "line"):
    """The value of which ``data`` is the one encoding."""
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
        same = encode(value) == data
    except (ValueError, RecursionError) as error:
        raise Refused(check, f"{what}: {error}") from None
    demand(same, check, f"{what}: not the canonical encoding of its value")
    return value


def keys(value, names, check: int, what: str):
    demand(isinstance(value, dict), check, f"{what}: no object")
    demand(set(value) == set(names), check, f"{what}: keys are {sorted(value)}, not {sorted(names)}")
    return value


def unbase64(text, check: int, what: str) -> bytes:
    demand(isinstance(text, str), check, f"{what}: no text")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(check, f"{what}: no base64") from None
    demand(base64.b64encode(data).decode() == text, check, f"{what}: not the one base64 of its bytes")
    return data


def unhash(text, check: int, what: str) -> bytes:
    demand(isinstance(text, str) and HASH.fullmatch(text) is not None, check, f"{what}: no hash")
    return bytes.fromhex(text)


def decimal(text, check: int, what: str) -> int:
    demand(isinstance(text, str) and DECIMAL.fullmatch(text) is not None, check, f"{what}: no decimal string")
    return int(text)


def number(value, check: int, what: str) -> int:
    demand(isinstance(value, int) and not isinstance(value, bool) and value >= 0, check, f"{what}: no number")
    return value

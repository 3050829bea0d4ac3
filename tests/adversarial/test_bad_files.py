"""Bad files of every kind: one line that names the file, and never a traceback."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.adversarial.hostile_operator import WISH, Honest

from tallystick.declarations.bundle import Bundle, read_bundle
from tallystick.errors import InputError, TallystickError, VerificationError
from tallystick.evidence import canonical
from tallystick.inspection.challenge import plan_challenge, read_challenge
from tallystick.inspection.conclude import conclude
from tallystick.inspection.meter import read_meter
from tallystick.inspection.opening import Opening, read_opening
from tallystick.inspection.verify import verify

Reader = Callable[[Path], Any]
READERS: dict[str, Reader] = {
    "bundle": read_bundle,
    "challenge": read_challenge,
    "opening": read_opening,
    "meter": read_meter,
}


@pytest.fixture(scope="session")
def good(honest: Honest) -> dict[str, bytes]:
    opening = honest.opening
    short = replace(opening, entries=opening.entries[:1], slots=(opening.slots[0][:1],))
    return {
        "bundle": honest.bundle.encode(),
        "challenge": honest.challenge.encode(),
        "opening": short.encode(),
        "meter": honest.meter_path.read_bytes(),
    }


def _lines(data: bytes, write: Callable[[Any], str]) -> bytes:
    """Each line's value written another way; a file of one value has one line without an end."""
    end = b"\n" if data.endswith(b"\n") else b""
    return b"\n".join(write(json.loads(line)).encode() for line in data.splitlines()) + end


def _reversed(value: Any) -> Any:
    return dict(reversed(value.items())) if isinstance(value, dict) else value


BAD: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("empty", lambda d: b""),
    ("one byte", lambda d: d[:1]),
    ("cut in half", lambda d: d[: len(d) // 2]),
    ("cut by one byte", lambda d: d[:-1]),
    ("a byte more", lambda d: d + b"}"),
    ("a line break more", lambda d: d + b"\n"),
    ("lines that end as elsewhere", lambda d: d.replace(b"\n", b"\r\n") + b"\r\n"),
    ("itself twice", lambda d: d + d),
    ("a NUL more", lambda d: d + b"\0"),
    ("byte order mark", lambda d: b"\xef\xbb\xbf" + d),
    ("not UTF-8", lambda d: d.replace(b"tallystick", b"tallystic\xff", 1)),
    ("UTF-16", lambda d: d.decode().encode("utf-16")),
    ("indented", lambda d: _lines(d, lambda v: json.dumps(v, indent=1))),
    (
        "keys unsorted",
        lambda d: _lines(d, lambda v: json.dumps(_reversed(v), separators=(",", ":"))),
    ),
    ("a key twice", lambda d: d[:-1] + b',"format":"x"}'),
    ("an unknown key", lambda d: d[:-1] + b',"zzz":1}'),
    ("a float", lambda d: d[:-1] + b',"zzz":1.5}'),
    ("not a number", lambda d: d[:-1] + b',"zzz":NaN}'),
    ("a huge integer", lambda d: d[:-1] + b',"zzz":' + b"9" * 5000 + b"}"),
    ("deep nesting", lambda d: d[:-1] + b',"zzz":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    ("nesting just too deep", lambda d: d[:-1] + b',"zzz":' + b"[" * 16 + b"]" * 16 + b"}"),
    ("a lone surrogate", lambda d: d[:-1] + b',"zzz":"\\ud800"}'),
    ("another version", lambda d: re.sub(rb'("format":"[a-z-]+)/\d+"', rb'\1/99"', d)),
    (
        "only the format",
        lambda d: b'{"format":' + json.dumps(json.loads(d.splitlines()[0])["format"]).encode() + b"}",
    ),
    ("a list", lambda d: b"[" + d + b"]"),
    ("a text", lambda d: b'"x"'),
    ("null", lambda d: b"null"),
    ("an archive", lambda d: b"PK\x03\x04" + bytes(100)),
    ("random bytes", lambda d: random.Random(7).randbytes(1000)),
    ("base64 of itself", lambda d: __import__("base64").b64encode(d)),
]


def _refused(reader: Reader, path: Path) -> None:
    with pytest.raises(InputError) as caught:
        reader(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(str(path))
    assert len(text) < 500 + len(str(path))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(("name", "change"), BAD, ids=[b[0] for b in BAD])
def test_bad_files(
    good: dict[str, bytes], tmp_path: Path, kind: str, name: str, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(good[kind])
    READERS[kind](path)
    path.write_bytes(change(good[kind]))
    _refused(READERS[kind], path)


@pytest.mark.parametrize("kind", READERS)
def test_a_file_of_another_kind(good: dict[str, bytes], tmp_path: Path, kind: str) -> None:
    for other in set(READERS) - {kind}:
        path = tmp_path / other
        path.write_bytes(good[other])
        _refused(READERS[kind], path)


@pytest.mark.parametrize("kind", READERS)
def test_no_file_at_all(tmp_path: Path, kind: str) -> None:
    _refused(READERS[kind], tmp_path / "absent")
    _refused(READERS[kind], tmp_path)


def test_larger_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "challenge"
    path.write_bytes(b" " * 70_000)
    _refused(read_challenge, path)


HOSTILE: list[Any] = [
    None,
    True,
    0,
    -1,
    2**53 - 1,
    "",
    "0",
    "-1",
    "9" * 50,
    "x" * 5000,
    "a\nb",
    "00" * 32,
    "AAAA",
    [],
    [[]],
    {},
    {"type": "slot"},
]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield value, key
        yield from _places(child)


def _file(values: list[Any], kind: str) -> bytes:
    return b"\n".join(map(canonical.encode, values)) + (b"\n" if kind == "bundle" else b"")


def _judge(kind: str, honest: Honest, read: Any) -> None:
    """Whatever could be read is judged to the end, and says so in checks."""
    if isinstance(read, Bundle):
        verified = verify(read)
        assert all(c.detail.isprintable() for c in verified.report.checks)
        conclude(verified, honest.challenge, honest.opening, None)
        plan_challenge(read, WISH, bytes(32))
    elif isinstance(read, Opening):
        conclude(verify(honest.bundle), honest.challenge, read, None)
    elif kind == "meter":
        verify(honest.bundle, read)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("seed", range(3))
def test_any_field_replaced_by_anything(
    honest: Honest, good: dict[str, bytes], tmp_path: Path, kind: str, seed: int
) -> None:
    """Every field of the file, each with some of a list of hostile values, judged to the end."""
    chooser = random.Random(seed)
    value = [json.loads(line) for line in good[kind].splitlines()]
    places = list(_places(value))
    path = tmp_path / "file"
    for holder, key in places if len(places) < 120 else chooser.sample(places, 120):
        kept = holder[key]
        holder[key] = chooser.choice(HOSTILE)
        path.write_bytes(_file(value, kind))
        holder[key] = kept
        refusal = ""
        try:
            _judge(kind, honest, READERS[kind](path))
        except (InputError, VerificationError) as error:
            refusal = str(error)
        assert "\n" not in refusal


@pytest.mark.parametrize("kind", READERS)
def test_any_field_left_out(honest: Honest, good: dict[str, bytes], tmp_path: Path, kind: str) -> None:
    value = [json.loads(line) for line in good[kind].splitlines()]
    places = [(holder, key) for holder, key in _places(value) if isinstance(holder, dict)]
    path = tmp_path / "file"
    for holder, key in random.Random(1).sample(places, min(60, len(places))):
        kept = dict(holder)
        del holder[key]
        path.write_bytes(_file(value, kind))
        holder.clear()
        holder.update(kept)
        try:
            _judge(kind, honest, READERS[kind](path))
        except TallystickError as error:
            assert isinstance(error, InputError)  # noqa: PT017 - not every omission is refused on reading
        else:
            assert kind == "bundle"
            assert key in ("payload", "payloadType", "signatures", "keyid", "sig")

"""RFC 8785 (JSON canonicalization) cases, and what is refused beyond them."""

import pytest

from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.fields import Fields

#: RFC 8785, section 3.2.3: the order of keys is that of UTF-16 code units. Ours are ASCII.
SORTED_KEYS = ["\r", "1", "A", "_", "a", "~"]
#: RFC 8785, section 3.2.2: string, literals (its numbers are floats, which we refuse).
STRING = '\u20ac$\u000f\nA\'B"\\\\"/'
STRING_BYTES = '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


def test_order_of_keys() -> None:
    data = canonical.encode({key: i for i, key in enumerate(reversed(SORTED_KEYS))})
    assert list(canonical.decode(data, "x")) == SORTED_KEYS


def test_escapes() -> None:
    assert canonical.encode(STRING) == STRING_BYTES
    assert canonical.decode(STRING_BYTES, "x") == STRING


def test_literals_in_order() -> None:
    value = {"literals": [None, True, False], "a": []}
    assert canonical.encode(value) == b'{"a":[],"literals":[null,true,false]}'


@pytest.mark.parametrize("value", [0, 1, -1, 2**53 - 1, -(2**53) + 1])
def test_integers_that_every_reader_keeps(value: int) -> None:
    assert canonical.decode(str(value).encode(), "x") == value


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", b""),
        ("space", b'{"a": 1}'),
        ("line break at the end", b"1\n"),
        ("two values", b"{}{}"),
        ("unsorted", b'{"b":1,"a":2}'),
        ("sorted by code point, not by UTF-16", '{"\ufb33":1,"\U0001f600":2}'.encode()),
        ("a key beyond ASCII", '{"\u00f6":1}'.encode()),
        ("key twice", b'{"a":1,"a":1}'),
        ("key twice, nested", b'[{"a":[{"b":1,"b":2}]}]'),
        ("key twice, once escaped", b'{"\\u0061":1,"a":1}'),
        ("float", b"1.0"),
        ("float by exponent", b"1e3"),
        ("negative zero", b"-0"),
        ("leading zero", b"01"),
        ("plus", b"+1"),
        ("not a number", b"NaN"),
        ("infinity", b"-Infinity"),
        ("beyond 2**53", b"9007199254740992"),
        ("huge", b"9" * 400),
        ("longer than Python converts", b"9" * 5000),
        ("unneeded escape", b'"\\u0041"'),
        ("escaped slash", b'"\\/"'),
        ("upper-case escape", b'"\\u000F"'),
        ("lone surrogate", b'"\\ud800"'),
        ("swapped surrogates", b'"\\ude00\\ud83d"'),
        ("surrogate in UTF-8", b'"\xed\xa0\x80"'),
        ("overlong UTF-8", b'"\xc0\xaf"'),
        ("not UTF-8", b'"\xff"'),
        ("UTF-16", '{"a":1}'.encode("utf-16")),
        ("byte order mark", b"\xef\xbb\xbf{}"),
        ("NUL", b"{}\x00"),
        ("raw control character", b'"\n"'),
        ("single quotes", b"{'a':1}"),
        ("trailing comma", b"[1,]"),
        ("comment", b"[1/**/]"),
        ("deep", b"[" * 17 + b"]" * 17),
        ("deep enough to overflow a stack", b"[" * 200_000 + b"]" * 200_000),
        ("deep objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    ],
)
def test_refused(name: str, data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        canonical.decode(data, "the file")
    assert str(caught.value).startswith("the file: ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_depth_up_to_the_limit() -> None:
    data = b"[" * 16 + b"]" * 16
    assert canonical.encode(canonical.decode(data, "x")) == data


@pytest.mark.parametrize(
    "text",
    ["two\nlines", "\x1b[31mred", "tab\t", "\u202eright to left", "\u2028", "\x00", "\x7f"],
)
def test_text_that_could_forge_a_line_of_the_report_is_refused(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        Fields({"site": text}, ("site",), "leaf 0").text("site")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "-0", "+1", "01", "1 ", " 1", "1\n", "１", "1e3", "0x1", "1_0", "9" * 51]
)
def test_decimal_strings_have_one_form(text: str) -> None:
    with pytest.raises(FormatError):
        Fields({"n": text}, ("n",), "x").integer("n")


@pytest.mark.parametrize("text", ["-1", "-" + "9" * 50])
def test_amounts_are_never_negative(text: str) -> None:
    fields = Fields({"n": text}, ("n",), "x")
    assert fields.integer("n") < 0
    with pytest.raises(FormatError, match="not negative"):
        fields.amount("n")


@pytest.mark.parametrize("value", [True, -1, "1", None, [], 1.5])
def test_numbers_are_integers(value: object) -> None:
    with pytest.raises(FormatError):
        Fields({"n": value}, ("n",), "x").number("n")


@pytest.mark.parametrize("value", ["", "a" * 63, "A" * 64, "g" * 64, "a" * 65, "a" * 64 + "\n", None, 0])
def test_hashes_have_one_form(value: object) -> None:
    with pytest.raises(FormatError):
        Fields({"h": value}, ("h",), "x").hash("h")

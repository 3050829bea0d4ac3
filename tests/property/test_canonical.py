"""One encoding per value: what decodes encodes to the same bytes, and no changed byte goes unnoticed."""

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import FormatError
from tallystick.evidence import canonical

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | SAFE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)

BUNDLE_LIKE = canonical.encode(
    {
        "declaration": {
            "payload": "eyJfdHlwZSI6",
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"keyid": "tallystick.example/arden+4957b313", "sig": "AA=="}],
        },
        "format": "tallystick-bundle/1",
        "heads": ["tallystick.example/arden\n3\nq5k=\n\n— tallystick.example/arden SVez\n"],
        "leaves": [
            {"root": "6f0c", "slot_ns": "1772409600000000000", "type": "slot"},
            "b2a1",
            {"count": 90, "none": None, "yes": True, "minus": -7, "sum": 9007199254740991, 'e"\\': []},
        ],
    }
)


@given(VALUES)
@settings(max_examples=150)
def test_round_trip(value: object) -> None:
    data = canonical.encode(value)
    assert canonical.decode(data, "x") == value
    assert canonical.encode(canonical.decode(data, "x")) == data
    assert data == rfc8785.dumps(value), "the reference package writes the same"


@given(st.binary(max_size=60) | st.text('[]{}:,"\\u0123e-.truefalsn ', max_size=40).map(str.encode))
@settings(max_examples=300)
def test_whatever_decodes_is_canonical_and_nothing_else_is_raised(data: bytes) -> None:
    try:
        value = canonical.decode(data, "x")
    except FormatError as error:
        refusal = str(error)
    else:
        assert canonical.encode(value) == data
        return
    assert "\n" not in refusal


def _same_or_refused(changed: bytes) -> bool:
    """Whether a changed file would still be read as the same value."""
    try:
        return bool(canonical.decode(changed, "x") == canonical.decode(BUNDLE_LIKE, "x"))
    except FormatError:
        return False


@pytest.mark.parametrize("bit", range(8))
def test_no_flipped_bit_goes_unnoticed(bit: int) -> None:
    for at in range(len(BUNDLE_LIKE)):
        changed = bytearray(BUNDLE_LIKE)
        changed[at] ^= 1 << bit
        assert not _same_or_refused(bytes(changed)), f"byte {at}, bit {bit}"


def test_no_byte_more_or_less_goes_unnoticed() -> None:
    for at in range(len(BUNDLE_LIKE)):
        assert not _same_or_refused(BUNDLE_LIKE[:at] + BUNDLE_LIKE[at + 1 :]), f"byte {at} dropped"
        assert not _same_or_refused(BUNDLE_LIKE[:at]), f"cut at {at}"
        for extra in (b" ", b"\n", b"0", b"\x00", BUNDLE_LIKE[at : at + 1]):
            assert not _same_or_refused(BUNDLE_LIKE[:at] + extra + BUNDLE_LIKE[at:]), f"{extra!r} at {at}"

"""The group against RFC 9496's vectors, and every trap of the binding closed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import FormatError
from tallystick.evidence.proofs.generators import BLINDING_BASE, LOOKUP_BITS, bit_sums, chain
from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    IDENTITY,
    ORDER,
    Point,
    add,
    decode_point,
    decode_scalar,
    encode_scalar,
    from_uniform_bytes,
    linear_combination,
    multiply,
    multiply_base,
    subtract,
    total,
    wide_scalar,
)

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/range_proofs/rfc9496.json").read_text("utf-8"))
MULTIPLES = [Point(bytes.fromhex(point)) for point in VECTORS["multiples"]]
INVALID = [Point(bytes.fromhex(point)) for points in VECTORS["invalid"].values() for point in points]

scalars = st.integers(0, ORDER - 1)


def test_all_vectors_are_here() -> None:
    assert (len(MULTIPLES), len(INVALID), len(VECTORS["from_uniform"])) == (16, 29, 7)


@pytest.mark.parametrize("factor", range(16))
def test_multiples_of_the_generator(factor: int) -> None:
    expected = MULTIPLES[factor]
    assert multiply_base(factor) == multiply(factor, BASEPOINT) == expected
    assert total([BASEPOINT] * factor) == expected
    assert linear_combination([factor], [BASEPOINT]) == expected


@pytest.mark.parametrize("point", INVALID)
def test_invalid_encodings_are_refused_everywhere(point: Point) -> None:
    refused = [
        lambda: decode_point(point),
        lambda: multiply(3, point),
        lambda: multiply(0, point),
        lambda: add(point, BASEPOINT),
        lambda: add(BASEPOINT, point),
        lambda: subtract(point, point),
        lambda: total([BASEPOINT, point]),
        lambda: linear_combination([1, 2], [BASEPOINT, point]),
    ]
    for operation in refused:
        with pytest.raises(FormatError, match="of a group element"):
            operation()


@pytest.mark.parametrize("point", [b"", b"\1" * 31, b"\1" * 33, bytearray(BASEPOINT), BASEPOINT.hex()])
def test_what_is_not_32_bytes_is_refused_everywhere(point: Point) -> None:
    for operation in (
        lambda: multiply(3, point),
        lambda: multiply(0, point),
        lambda: add(BASEPOINT, point),
        lambda: subtract(point, BASEPOINT),
    ):
        with pytest.raises(FormatError, match="of a group element"):
            operation()


@pytest.mark.parametrize(("text", "expected"), VECTORS["from_uniform"])
def test_the_one_way_map(text: str, expected: str) -> None:
    assert from_uniform_bytes(hashlib.sha512(text.encode()).digest()).hex() == expected


def test_the_identity_is_handled() -> None:
    assert multiply(0, BASEPOINT) == multiply_base(0) == multiply(7, IDENTITY) == IDENTITY
    assert add(IDENTITY, BASEPOINT) == subtract(BASEPOINT, IDENTITY) == BASEPOINT
    assert subtract(BASEPOINT, BASEPOINT) == add(IDENTITY, IDENTITY) == total([]) == IDENTITY
    assert add(multiply_base(ORDER - 1), BASEPOINT) == IDENTITY


def test_what_comes_from_outside_is_no_identity_and_32_bytes() -> None:
    assert decode_point(BASEPOINT) == BASEPOINT
    with pytest.raises(FormatError, match="identity"):
        decode_point(IDENTITY)
    for length in (0, 31, 33, 64):
        with pytest.raises(FormatError, match="32 bytes"):
            decode_point(BASEPOINT[:1] * length)


@pytest.mark.parametrize("scalar", [ORDER, ORDER + 1, 2**255, 2**256 - 1])
def test_scalars_beyond_the_order_are_refused(scalar: int) -> None:
    with pytest.raises(FormatError, match="order"):
        decode_scalar(scalar.to_bytes(32, "little"))
    for operation in (encode_scalar, multiply_base, lambda s: multiply(s, BASEPOINT)):
        for value in (scalar, -1):
            with pytest.raises(FormatError, match="scalar"):
                operation(value)


def test_lengths_are_checked() -> None:
    for operation in (decode_scalar, wide_scalar, from_uniform_bytes):
        for length in (0, 31, 33, 63, 65):
            with pytest.raises(FormatError):
                operation(bytes(length))
    with pytest.raises(ValueError, match="zip"):
        linear_combination([1], [])


@settings(max_examples=25, deadline=None)
@given(scalars, scalars)
def test_multiplication_distributes(left: int, right: int) -> None:
    both = multiply_base((left + right) % ORDER)
    assert add(multiply_base(left), multiply_base(right)) == both
    assert subtract(both, multiply_base(right)) == multiply(left, BASEPOINT)
    assert multiply(left, multiply_base(right)) == multiply_base(left * right % ORDER)
    assert decode_scalar(encode_scalar(left)) == left


def test_the_blinding_base_is_the_one_that_others_use() -> None:
    """B_blinding of zkcrypto/bulletproofs' PedersenGens, as other implementations of it print it."""
    assert BLINDING_BASE.hex() == "8c9240b456a9e6dc65c377a1048d745f94a08cdb7f44cbcd7b46f34048871134"


def test_generators_are_distinct_and_a_prefix_of_longer_ones() -> None:
    points = [p for kind in (b"G", b"H") for party in range(4) for p in chain(kind, party, 8)]
    assert len({*points, BASEPOINT, BLINDING_BASE}) == 66
    assert chain(b"G", 3, 64)[:8] == chain(b"G", 3, 8)


def test_lookup_tables_hold_every_setting_of_the_bits() -> None:
    g, h = chain(b"G", 1, 8), chain(b"H", 1, 8)
    for number, table in enumerate(bit_sums(1, 8)):
        for bits, entry in enumerate(table):
            expected = IDENTITY
            for index in range(LOOKUP_BITS):
                at = LOOKUP_BITS * number + index
                expected = add(expected, g[at]) if bits >> index & 1 else subtract(expected, h[at])
            assert entry == expected


def test_loading_the_library_leaves_no_file_behind(tmp_path: Path) -> None:
    """The binding writes 2.8 MB into the temporary directory at every start and forgets them."""
    script = "from tallystick.evidence.proofs.ristretto import multiply_base; print(multiply_base(1).hex())"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == BASEPOINT.hex()
    assert list(tmp_path.iterdir()) == []

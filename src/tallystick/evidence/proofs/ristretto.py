"""The group ristretto255 (RFC 9496), strictly. The only place that calls the binding ``rbcl``.

The binding has traps, each closed here:

* addition and subtraction give 32 zero bytes, the identity's encoding, for an *invalid* point: a sum that
  is the identity is believed only after both terms have been found valid;
* multiplication raises RuntimeError both for an invalid point and for a product that is the identity: the
  identity is handled before the call, so that the error can mean only an invalid point;
* scalars beyond the group's order are accepted in silence: scalars enter as integers below the order.

Scalars are ``int`` in [0, ORDER). A ``Point`` is a 32-byte canonical encoding. Whatever comes from outside
goes through ``decode_point`` and ``decode_scalar``.
"""

from collections.abc import Callable, Iterable
from typing import NewType

from tallystick.errors import FormatError
from tallystick.evidence.proofs.binding import rbcl

Point = NewType("Point", bytes)

ENCODED_BYTES = 32
#: The number of elements of the group, a prime (RFC 9496, section 4.4).
ORDER = 2**252 + 27742317777372353535851937790883648493

IDENTITY = Point(bytes(ENCODED_BYTES))
BASEPOINT = Point(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))

_NO_ELEMENT = "not the 32 bytes of a group element"

_multiply = rbcl.crypto_scalarmult_ristretto255
_multiply_base = rbcl.crypto_scalarmult_ristretto255_base
_add = rbcl.crypto_core_ristretto255_add
_subtract = rbcl.crypto_core_ristretto255_sub
_is_valid = rbcl.crypto_core_ristretto255_is_valid_point
_from_hash = rbcl.crypto_core_ristretto255_from_hash


def decode_point(data: bytes, where: str = "") -> Point:
    """A point that is not the identity. Raises FormatError for every other 32 bytes."""
    if len(data) != ENCODED_BYTES:
        raise FormatError(f"a group element has {ENCODED_BYTES} bytes, not {len(data)}", where=where)
    if data == IDENTITY:
        raise FormatError("the group's identity hides nothing and is refused", where=where)
    if not _is_valid(bytes(data)):
        raise FormatError(_NO_ELEMENT, where=where)
    return Point(bytes(data))


def decode_scalar(data: bytes, where: str = "") -> int:
    """The integer below the group's order with this little-endian encoding. Raises FormatError."""
    if len(data) != ENCODED_BYTES:
        raise FormatError(f"a scalar has {ENCODED_BYTES} bytes, not {len(data)}", where=where)
    scalar = int.from_bytes(data, "little")
    if scalar >= ORDER:
        raise FormatError("a scalar is not below the group's order", where=where)
    return scalar


def encode_scalar(scalar: int) -> bytes:
    """Little-endian, 32 bytes. Raises FormatError outside [0, ORDER)."""
    return _canonical(scalar).to_bytes(ENCODED_BYTES, "little")


def wide_scalar(data: bytes) -> int:
    """64 uniform bytes, little-endian, reduced modulo the order (RFC 9496, section 4.4)."""
    if len(data) != 2 * ENCODED_BYTES:
        raise FormatError(f"a wide scalar has 64 bytes, not {len(data)}")
    return int.from_bytes(data, "little") % ORDER


def from_uniform_bytes(data: bytes) -> Point:
    """The element that 64 uniform bytes map to (RFC 9496, section 4.3.4)."""
    if len(data) != 2 * ENCODED_BYTES:
        raise FormatError(f"the one-way map takes 64 bytes, not {len(data)}")
    return Point(_from_hash(bytes(data)))


def multiply(scalar: int, point: Point) -> Point:
    """``scalar`` times ``point``. Raises FormatError for an invalid point or scalar."""
    if not 0 < scalar < ORDER or point == IDENTITY:
        _canonical(scalar)
        _require_valid(point)
        return IDENTITY
    try:
        return Point(_multiply(scalar.to_bytes(ENCODED_BYTES, "little"), point))
    except (RuntimeError, TypeError, ValueError) as error:
        raise FormatError(_NO_ELEMENT) from error


def multiply_base(scalar: int) -> Point:
    """``scalar`` times the basepoint, about three times as fast as ``multiply``. Raises FormatError."""
    encoded = encode_scalar(scalar)
    return IDENTITY if scalar == 0 else Point(_multiply_base(encoded))


def add(left: Point, right: Point) -> Point:
    """The sum. Raises FormatError for an invalid point."""
    return _combine(_add, left, right)


def subtract(left: Point, right: Point) -> Point:
    """``left`` minus ``right``. Raises FormatError for an invalid point."""
    return _combine(_subtract, left, right)


def total(points: Iterable[Point]) -> Point:
    """The sum of all, the identity where there are none. Raises FormatError for an invalid point."""
    result = IDENTITY
    for point in points:
        result = add(result, point)
    return result


def linear_combination(scalars: Iterable[int], points: Iterable[Point]) -> Point:
    """The sum of each scalar times its point. Raises FormatError; ValueError for unequal lengths.

    One multiplication and one addition a term: over this binding an addition costs a third of a
    multiplication, so that methods of windows and buckets cost more than they save.
    """
    result = IDENTITY
    for scalar, point in zip(scalars, points, strict=True):
        result = add(result, multiply(scalar, point))
    return result


def _canonical(scalar: int) -> int:
    if not 0 <= scalar < ORDER:
        raise FormatError("a scalar is outside [0, order of the group)")
    return scalar


def _combine(operation: Callable[[bytes, bytes], bytes], left: Point, right: Point) -> Point:
    try:
        result = operation(left, right)
    except (TypeError, ValueError) as error:
        raise FormatError(_NO_ELEMENT) from error
    if result == IDENTITY:
        _require_valid(left)
        _require_valid(right)
    return Point(result)


def _require_valid(point: Point) -> None:
    try:
        valid = _is_valid(point)
    except (TypeError, ValueError):
        valid = False
    if not valid:
        raise FormatError(_NO_ELEMENT)

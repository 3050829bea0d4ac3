"""Arithmetic on vectors of scalars: integers modulo the group's order."""

from collections.abc import Sequence

from tallystick.errors import VerificationError
from tallystick.evidence.proofs.ristretto import ORDER


def geometric(start: int, ratio: int, length: int) -> list[int]:
    """``start`` times the powers of ``ratio`` from 0 on."""
    powers = []
    for _ in range(length):
        powers.append(start)
        start = start * ratio % ORDER
    return powers


def sum_of_powers(base: int, count: int) -> int:
    """base^0 + ... + base^(count - 1), for ``count`` a power of two."""
    result = 1
    while count > 1:
        result = result * (1 + base) % ORDER
        base = base * base % ORDER
        count //= 2
    return result


def tensor(start: int, factors: Sequence[int]) -> list[int]:
    """For each i below 2**len(factors): ``start`` times the factors of the bits set in i."""
    products = [start]
    for factor in factors:
        products += [p * factor % ORDER for p in products]
    return products


def product(numbers: Sequence[int]) -> int:
    """The product of all."""
    result = 1
    for number in numbers:
        result = result * number % ORDER
    return result


def inner_product(left: Sequence[int], right: Sequence[int]) -> int:
    """The sum of the products of pairs."""
    return sum(x * y for x, y in zip(left, right, strict=True)) % ORDER


def invert(number: int) -> int:
    """The inverse. Raises VerificationError for zero, which no honest transcript will ever draw."""
    if not number % ORDER:
        raise VerificationError("a challenge is zero")
    return pow(number, -1, ORDER)


def invert_all(numbers: Sequence[int]) -> list[int]:
    """The inverses of all with one inversion (Montgomery's trick). Raises VerificationError for a zero."""
    before = [1]
    for number in numbers:
        before.append(before[-1] * number % ORDER)
    inverse = invert(before[-1])
    inverses = []
    for number, prefix in zip(reversed(numbers), reversed(before[:-1]), strict=True):
        inverses.append(inverse * prefix % ORDER)
        inverse = inverse * number % ORDER
    return inverses[::-1]


def constant_term(bits: int, parties: int, y: int, z: int) -> int:
    """The public part of t_0: (z - z^2) <1, y^nm> - z^3 <1, 2^n> <1, z^m> (delta in the paper)."""
    y_sum, z_sum = sum_of_powers(y, bits * parties), sum_of_powers(z, parties)
    return ((z - z * z) * y_sum - z * z * z * ((1 << bits) - 1) * z_sum) % ORDER

"""Aggregated range proofs as in zkcrypto/bulletproofs, and knowledge of a scalar; verified one by one."""

import functools
import hashlib

from . import ristretto as group
from .merlin import Transcript

N = group.ORDER
BLINDING_BASE = group.from_uniform(hashlib.sha3_512(group.encode(group.BASE)).digest())


@functools.cache
def generators(bits: int, parties: int):
    """The G and H of the crate, party after party, from SHAKE256."""
    out = []
    for letter in (b"G", b"H"):
        points = []
        for party in range(parties):
            label = b"GeneratorsChain" + letter + party.to_bytes(4, "little")
            stream = hashlib.shake_256(label).digest(64 * bits)
            points += [group.from_uniform(stream[64 * i : 64 * i + 64]) for i in range(bits)]
        out.append(points)
    return out[0], out[1]


def commit(value: int, blinding: int):
    return group.multiply_sum([value, blinding], [group.BASE, BLINDING_BASE], 4)


def transcript_of(label: bytes, context) -> Transcript:
    out = Transcript(label)
    for name, message in context:
        out.message(name.encode(), message)
    return out


def range_holds(label: bytes, context, commitments: list[bytes], bits: int, proof: bytes) -> bool:
    """Whether every commitment (32 bytes each) is shown to hide a value below 2^bits."""
    parties = 1
    while parties < len(commitments):
        parties *= 2
    padded = commitments + [group.encode(BLINDING_BASE)] * (parties - len(commitments))
    size, rounds = bits * parties, (bits * parties).bit_length() - 1
    if len(proof) != 32 * (9 + 2 * rounds):
        return False
    parts = [proof[i : i + 32] for i in range(0, len(proof), 32)]
    numbers = [int.from_bytes(part, "little") for part in (*parts[4:7], *parts[-2:])]
    encoded = parts[:4] + parts[7:-2]
    points = [group.decode(part) for part in encoded]
    values = [group.decode(part) for part in padded]
    if None in points or None in values or max(numbers) >= N or bytes(32) in encoded:
        return False
    t = transcript_of(label, context)
    t.message(b"dom-sep", b"rangeproof v1")
    t.number(b"n", bits)
    t.number(b"m", parties)
    for value in padded:
        t.message(b"V", value)
    t.message(b"A", parts[0])
    t.message(b"S", parts[1])
    y, z = t.scalar(b"y", N), t.scalar(b"z", N)
    t.message(b"T_1", parts[2])
    t.message(b"T_2", parts[3])
    x = t.scalar(b"x", N)
    for name, part in zip((b"t_x", b"t_x_blinding", b"e_blinding"), parts[4:7], strict=True):
        t.message(name, part)
    w = t.scalar(b"w", N)
    t.message(b"dom-sep", b"ipp v1")
    t.number(b"n", size)
    halvings = []
    for i in range(rounds):
        t.message(b"L", parts[7 + 2 * i])
        t.message(b"R", parts[8 + 2 * i])
        halvings.append(t.scalar(b"u", N))
    return _two_equations(bits, parties, numbers, points, values, (y, z, x, w, halvings))


def _two_equations(bits, parties, numbers, points, values, challenges) -> bool:
    t_x, t_x_blinding, e_blinding, a, b = numbers
    y, z, x, w, halvings = challenges
    size = bits * parties
    y_sum = sum(pow(y, i, N) for i in range(size))
    delta = (z - z * z) * y_sum - sum(pow(z, 3 + j, N) for j in range(parties)) * (2**bits - 1)
    left = group.multiply_sum([t_x - delta, t_x_blinding], [group.BASE, BLINDING_BASE], 4)
    right = group.multiply_sum(
        [x, x * x, *(pow(z, 2 + j, N) for j in range(parties))], [points[2], points[3], *values], 4
    )
    if not group.equal(left, right):
        return False
    s = [1] * size
    for depth, u in enumerate(halvings):
        bit, inverse = len(halvings) - 1 - depth, pow(u, -1, N)
        s = [v * (u if i >> bit & 1 else inverse) % N for i, v in enumerate(s)]
    y_inverse, power, h = pow(y, -1, N), 1, []
    for i in range(size):
        part = pow(z, 2 + i // bits, N) * pow(2, i % bits, N)
        h.append(z + power * (part - b * s[size - 1 - i]))
        power = power * y_inverse % N
    gens = generators(bits, parties)
    squares = [u * u % N for u in halvings]
    scalars = [1, x, -e_blinding, w * (t_x - a * b), *(-z - a * v for v in s), *h]
    bases = [points[0], points[1], BLINDING_BASE, group.BASE, *gens[0], *gens[1]]
    for i, square in enumerate(squares):
        scalars += [square, pow(square, -1, N)]
        bases += points[4 + 2 * i : 6 + 2 * i]
    return group.equal(group.multiply_sum(scalars, bases), group.IDENTITY)


def known_scalar_holds(label: bytes, context, pairs, proof: bytes) -> bool:
    """Whether somebody knows the one x with image = x * base for all pairs of (base, image)."""
    if len(proof) != 64:
        return False
    c, s = int.from_bytes(proof[:32], "little"), int.from_bytes(proof[32:], "little")
    if c >= N or s >= N or any(group.equal(p, group.IDENTITY) for pair in pairs for p in pair):
        return False
    t = transcript_of(label, context)
    t.message(b"dom-sep", b"same scalar v1")
    t.number(b"n", len(pairs))
    for base, image in pairs:
        t.message(b"base", group.encode(base))
        t.message(b"image", group.encode(image))
    for base, image in pairs:
        t.message(b"announced", group.encode(group.multiply_sum([s, -c], [base, image], 4)))
    return t.scalar(b"challenge", N) == c

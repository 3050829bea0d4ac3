"""The fixed elements that commitments and proofs build on, as in zkcrypto/bulletproofs (src/generators.rs).

Nobody knows a relation between them: each is the image of a hash, and anybody can draw them again.
"""

import hashlib
from functools import lru_cache

from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    IDENTITY,
    Point,
    add,
    from_uniform_bytes,
    subtract,
)

#: Carries the value in a commitment.
VALUE_BASE = BASEPOINT
#: Carries the blinding: the one-way map of SHA3-512 over the basepoint's encoding.
BLINDING_BASE = from_uniform_bytes(hashlib.sha3_512(BASEPOINT).digest())


@lru_cache(maxsize=1024)
def chain(kind: bytes, party: int, length: int) -> tuple[Point, ...]:
    """The first ``length`` generators of one party: 64 bytes each of one SHAKE256 stream.

    ``kind`` is ``b"G"`` (bits) or ``b"H"`` (their complements). Party ``j`` owns the ``j``-th value.
    """
    seed = b"GeneratorsChain" + kind + party.to_bytes(4, "little")
    stream = hashlib.shake_256(seed).digest(64 * length)
    return tuple(from_uniform_bytes(stream[at : at + 64]) for at in range(0, len(stream), 64))


def vectors(bits: int, parties: int) -> tuple[list[Point], list[Point]]:
    """The generators G and H of an aggregated proof, party by party, ``bits`` each."""
    return (
        [point for party in range(parties) for point in chain(b"G", party, bits)],
        [point for party in range(parties) for point in chain(b"H", party, bits)],
    )


#: Bits that ``bit_sums`` looks up at once.
LOOKUP_BITS = 4


@lru_cache(maxsize=1024)
def bit_sums(party: int, length: int) -> tuple[tuple[Point, ...], ...]:
    """For each four of a party's generators, the commitments to all 16 settings of their bits.

    Entry ``bits`` of a table is the sum of G_i where bit i is set and of -H_i where it is not, so that a
    prover commits to four bits with one addition. Tables cost what some five proofs save.
    """
    g, h = chain(b"G", party, length), chain(b"H", party, length)
    tables = []
    for start in range(0, length, LOOKUP_BITS):
        entry = IDENTITY
        for index in range(start, start + LOOKUP_BITS):
            entry = subtract(entry, h[index])
        table = [entry]
        for index in range(start, start + LOOKUP_BITS):
            both = add(g[index], h[index])
            table += [add(entry, both) for entry in table]
        tables.append(tuple(table))
    return tuple(tables)

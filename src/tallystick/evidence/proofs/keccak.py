"""The permutation Keccak-f[1600] (FIPS 202, section 3.2) over many states in lock-step.

``hashlib`` keeps the permutation to itself, and one call of it in plain Python costs as much as some ten
scalar multiplications. Here lane ``i`` of ``count`` states lies in one integer, 64 bits a state, so that
one operation on integers serves all states: for a thousand states the cost of each falls fiftyfold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LANES = 25
LANE_BITS = 64

_ROUND_CONSTANTS = (
    *(0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000),
    *(0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009),
    *(0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A),
    *(0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003),
    *(0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A),
    *(0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008),
)
#: Steps rho and pi: where each lane of the result comes from (lane x + 5y) and by how many bits it turns.
_SOURCES = (0, 6, 12, 18, 24, 3, 9, 10, 16, 22, 1, 7, 13, 19, 20, 4, 5, 11, 17, 23, 2, 8, 14, 15, 21)
_TURNS = (0, 44, 43, 21, 14, 28, 20, 3, 45, 61, 1, 6, 25, 8, 18, 27, 36, 10, 15, 56, 62, 55, 39, 41, 2)


@dataclass(frozen=True, slots=True)
class _Masks:
    """Masks for ``count`` lanes side by side."""

    constants: tuple[int, ...]
    #: Per lane of the result: source, column, turn, bits that stay in the lane, turn back, bits that wrap.
    plan: tuple[tuple[int, int, int, int, int, int], ...]
    first: int
    rest: int


def broadcast(lane: int, count: int) -> int:
    """The same 64 bits for each of ``count`` states."""
    return int.from_bytes(lane.to_bytes(LANE_BITS // 8, "little") * count, "little")


def permute(lanes: Sequence[int], count: int = 1) -> list[int]:
    """Apply the permutation to ``count`` states: 25 integers of 64 * ``count`` bits each."""
    masks = _masks(count)
    first, rest, plan = masks.first, masks.rest, masks.plan
    s = lanes
    for constant in masks.constants:
        c0, c1, c2, c3, c4 = [s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20] for x in range(5)]
        d = (
            c4 ^ ((c1 & rest) << 1 | c1 >> 63 & first),
            c0 ^ ((c2 & rest) << 1 | c2 >> 63 & first),
            c1 ^ ((c3 & rest) << 1 | c3 >> 63 & first),
            c2 ^ ((c4 & rest) << 1 | c4 >> 63 & first),
            c3 ^ ((c0 & rest) << 1 | c0 >> 63 & first),
        )
        turned = [
            ((t := s[i] ^ d[x]) & stay) << turn | t >> back & wrap for i, x, turn, stay, back, wrap in plan
        ]
        s = []
        for y in (0, 5, 10, 15, 20):
            b0, b1, b2, b3, b4 = turned[y : y + 5]
            # b0 ^ (~b1 & b2), written without the complement.
            s += (
                b0 ^ b2 ^ (b1 & b2),
                b1 ^ b3 ^ (b2 & b3),
                b2 ^ b4 ^ (b3 & b4),
                b3 ^ b0 ^ (b4 & b0),
                b4 ^ b1 ^ (b0 & b1),
            )
        s[0] ^= constant
    return list(s)


@lru_cache(maxsize=8)
def _masks(count: int) -> _Masks:
    def stay(turn: int) -> int:
        return broadcast(2 ** (LANE_BITS - turn) - 1, count)

    def wrap(turn: int) -> int:
        return broadcast(2**turn - 1, count)

    return _Masks(
        constants=tuple(broadcast(constant, count) for constant in _ROUND_CONSTANTS),
        plan=tuple(
            (source, source % 5, turn, stay(turn), LANE_BITS - turn, wrap(turn))
            for source, turn in zip(_SOURCES, _TURNS, strict=True)
        ),
        first=wrap(1),
        rest=stay(1),
    )

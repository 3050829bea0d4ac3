"""STROBE-128 (https://strobe.sourceforge.io/specs, v1.0.2), the part that Merlin uses: AD, meta-AD, PRF.

One object runs ``count`` equal protocols in lock-step: the same operations, labels and lengths, other data.
"""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tallystick.evidence.proofs.keccak import LANES, broadcast, permute

_STATE_BYTES = 200
#: Bytes of the sponge that take input: 200 - 2 * 128 / 8 for capacity - 2 for framing.
RATE = 166
_BLOCK_BYTES = RATE + 2
_LANE_BYTES = 8

_FLAG_I, _FLAG_A, _FLAG_C, _FLAG_M = 1, 2, 4, 16

Data = bytes | Sequence[bytes]


class Strobe:
    """``count`` states of one protocol. What they absorb gathers in pieces until a permutation."""

    def __init__(self, protocol: bytes, count: int = 1) -> None:
        self.count = count
        self._lanes = [broadcast(lane, count) for lane in _initial_lanes()]
        self._pieces: list[Data] = []
        self._position = 0
        self._begin = 0
        self._flags = 0
        self.meta_ad(protocol)

    def meta_ad(self, data: Data, *, more: bool = False) -> None:
        """Absorb framing: one value for all, or one of equal length for each."""
        self._start(_FLAG_M | _FLAG_A, more)
        self._absorb(data)

    def ad(self, data: Data, *, more: bool = False) -> None:
        """Absorb associated data: one value for all, or one of equal length for each."""
        self._start(_FLAG_A, more)
        self._absorb(data)

    def prf(self, length: int) -> list[bytes]:
        """Squeeze ``length`` bytes from each state: a multiple of 8, at most 160."""
        if not 0 < length <= RATE or length % _LANE_BYTES:
            raise ValueError(f"this sponge squeezes 8 to 160 bytes by eights, not {length}")
        self._start(_FLAG_I | _FLAG_A | _FLAG_C, False)
        width = length // _LANE_BYTES
        columns = array("Q", bytes(length * self.count))
        for index in range(width):
            lane = self._lanes[index].to_bytes(_LANE_BYTES * self.count, "little")
            columns[index::width] = array("Q", lane)
            self._lanes[index] = 0
        self._pieces.append(bytes(length))
        self._position = length
        output = columns.tobytes()
        return [output[at : at + length] for at in range(0, len(output), length)]

    def _start(self, flags: int, more: bool) -> None:
        if more:
            if flags != self._flags:
                raise ValueError("an operation goes on as it began")
            return
        framing = bytes([self._begin, flags])
        self._begin = self._position + 1
        self._flags = flags
        self._absorb(framing)
        if flags & _FLAG_C and self._position:
            self._run()

    def _absorb(self, data: Data) -> None:
        for piece, length in _split(data, self.count, RATE - self._position):
            self._pieces.append(piece)
            self._position += length
            if self._position == RATE:
                self._run()

    def _run(self) -> None:
        """Close the block with its framing and permute (the specification's run_f)."""
        tail = bytearray(_BLOCK_BYTES - self._position)
        tail[0] ^= self._begin
        tail[1] ^= 0x04
        tail[-1] ^= 0x80
        columns = [[piece] * self.count if isinstance(piece, bytes) else piece for piece in self._pieces]
        block = [b"".join(pieces) + tail for pieces in zip(*columns, strict=True)] or [bytes(tail)]
        for index, lane in enumerate(_lanes_of(block)):
            self._lanes[index] ^= lane
        self._lanes = permute(self._lanes, self.count)
        self._pieces = []
        self._position = self._begin = 0


@lru_cache(maxsize=1)
def _initial_lanes() -> tuple[int, ...]:
    initial = bytes([1, _BLOCK_BYTES, 1, 0, 1, 96]) + b"STROBEv1.0.2"
    return tuple(permute(_lanes_of([initial.ljust(_STATE_BYTES, b"\0")])))


def _split(data: Data, count: int, room: int) -> Iterator[tuple[Data, int]]:
    """Cut data where blocks end: ``room`` bytes first, then full blocks, then what is left."""
    if not isinstance(data, bytes) and len(data) != count:
        raise ValueError(f"{len(data)} values for {count} states")
    length = len(data) if isinstance(data, bytes) else len(data[0])
    if not isinstance(data, bytes) and any(len(item) != length for item in data):
        raise ValueError("states in lock-step absorb values of one length")
    start = 0
    while start < length:
        stop = min(length, start + room)
        part = slice(start, stop)
        yield (data[part] if isinstance(data, bytes) else [item[part] for item in data]), stop - start
        start, room = stop, RATE


def _lanes_of(blocks: Sequence[bytes]) -> list[int]:
    """Transpose equal blocks of whole lanes into one integer a lane."""
    width = len(blocks[0]) // _LANE_BYTES
    words = array("Q", b"".join(blocks))
    return [int.from_bytes(words[index::width].tobytes(), "little") for index in range(min(width, LANES))]

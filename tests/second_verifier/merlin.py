"""Merlin transcripts (merlin.cool) over STROBE-128 over Keccak-f[1600] (FIPS 202), in plain integers."""

MASK = 2**64 - 1
RATE = 166


def _round_constants():
    out, lfsr = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if lfsr & 1:
                constant |= 1 << ((1 << j) - 1)
            lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)
        out.append(constant)
    return out


def _rotations():
    out, x, y = [0] * 25, 1, 0
    for t in range(24):
        out[x + 5 * y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return out


CONSTANTS, ROTATIONS = _round_constants(), _rotations()


def _rotate(word, by):
    return ((word << by) | (word >> (64 - by))) & MASK


def keccak_f(state: bytearray) -> None:
    a = [int.from_bytes(state[8 * i : 8 * i + 8], "little") for i in range(25)]
    for constant in CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x - 1) % 5] ^ _rotate(c[(x + 1) % 5], 1) for x in range(5)]
        b = [0] * 25
        for x in range(5):
            for y in range(5):
                b[y + 5 * ((2 * x + 3 * y) % 5)] = _rotate(a[x + 5 * y] ^ d[x], ROTATIONS[x + 5 * y])
        a = [b[i] ^ (~b[i - i % 5 + (i + 1) % 5] & b[i - i % 5 + (i + 2) % 5]) & MASK for i in range(25)]
        a[0] ^= constant
    state[:] = b"".join(word.to_bytes(8, "little") for word in a)


class Transcript:
    """Messages in, challenges out."""

    def __init__(self, label: bytes) -> None:
        self.state = bytearray(bytes([1, RATE + 2, 1, 0, 1, 96]) + b"STROBEv1.0.2" + bytes(182))
        keccak_f(self.state)
        self.position = self.begun = self.flags = 0
        self._meta(b"Merlin v1.0", False)
        self.message(b"dom-sep", label)

    def _run(self):
        self.state[self.position] ^= self.begun
        self.state[self.position + 1] ^= 0x04
        self.state[RATE + 1] ^= 0x80
        keccak_f(self.state)
        self.position = self.begun = 0

    def _absorb(self, data):
        for byte in data:
            self.state[self.position] ^= byte
            self.position += 1
            if self.position == RATE:
                self._run()

    def _begin(self, flags, more):
        if more:
            return
        before, self.begun = self.begun, self.position + 1
        self._absorb(bytes([before, flags]))
        if flags & (0x04 | 0x20) and self.position:
            self._run()

    def _meta(self, data, more):
        self._begin(0x12, more)
        self._absorb(data)

    def message(self, label: bytes, data: bytes) -> None:
        self._meta(label, False)
        self._meta(len(data).to_bytes(4, "little"), True)
        self._begin(0x02, False)
        self._absorb(data)

    def number(self, label: bytes, value: int) -> None:
        self.message(label, value.to_bytes(8, "little"))

    def challenge(self, label: bytes, length: int = 64) -> bytes:
        self._meta(label, False)
        self._meta(length.to_bytes(4, "little"), True)
        self._begin(0x07, False)
        out = bytearray()
        for _ in range(length):
            out.append(self.state[self.position])
            self.state[self.position] = 0
            self.position += 1
            if self.position == RATE:
                self._run()
        return bytes(out)

    def scalar(self, label: bytes, order: int) -> int:
        return int.from_bytes(self.challenge(label), "little") % order

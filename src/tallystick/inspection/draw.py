"""What a challenge draws: a pure function of the bundle, the challenge and the operator's nonce."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.statement import Declaration
from tallystick.inspection.challenge import Challenge
from tallystick.inspection.population import DrawnEntry, Population


@dataclass(frozen=True, slots=True)
class DrawnSlot:
    """A slot in which the samples of ``rows`` are opened, to be grouped again without labels."""

    slot_ns: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """All that one challenge opens, in ascending order."""

    entries: tuple[DrawnEntry, ...]
    slots: tuple[DrawnSlot, ...]


def nonce_commitment(nonce: bytes) -> bytes:
    """What the operator publishes of its half of the randomness."""
    return hashlib.sha256(b"tallystick-nonce/1\0" + nonce).digest()


def counted_rows(bundle: Bundle) -> list[int]:
    """Rows at which accelerators are accounted: what entries are drawn from."""
    return [row for row, here in enumerate(bundle.roster.counted) if here]


def draw(bundle: Bundle, declaration: Declaration, challenge: Challenge, site_nonce: bytes) -> Draw:
    """The entries and slots to open. The same on both sides.

    Smaller counts draw a part of what larger ones draw, so that asking for less is no second draw.
    """
    seed = hashlib.sha256(b"tallystick-draw/2\0" + challenge.draw_digest + site_nonce).digest()
    rows = counted_rows(bundle)
    period = declaration.period
    population = Population(bundle, declaration)
    chosen = _choose(seed + b"entries", len(population), challenge.entries)
    entries = tuple(population.entry(number) for number in sorted(chosen))
    sealed = [s for s in bundle.slots if period.start_ns <= s < period.end_ns]
    slots = []
    for i in sorted(_choose(seed + b"slots", len(sealed), challenge.slots)):
        there = [row for row in rows if row < bundle.rows_in_slot(sealed[i])]
        picked = _choose(seed + b"rows%d" % i, len(there), challenge.subjects)
        slots.append(DrawnSlot(sealed[i], tuple(sorted(there[r] for r in picked))))
    return Draw(entries, tuple(slots))


def _choose(seed: bytes, population: int, count: int) -> Sequence[int]:
    """``count`` of ``range(population)`` without replacement: Fisher-Yates over a SHA-256 counter."""
    count = min(count, population)
    moved: dict[int, int] = {}
    chosen = []
    stream = _Stream(seed)
    for i in range(count):
        j = i + stream.below(population - i)
        chosen.append(moved.get(j, j))
        moved[j] = moved.get(i, i)
    return chosen


class _Stream:
    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._counter = 0

    def below(self, bound: int) -> int:
        """A uniform integer below ``bound`` by rejection, so that no value is favoured."""
        limit = (1 << 128) // bound * bound
        while True:
            block = hashlib.sha256(self._seed + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
            value = int.from_bytes(block[:16], "big")
            if value < limit:
                return value % bound

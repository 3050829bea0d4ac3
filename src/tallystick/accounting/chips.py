"""The chip table: what one accelerator does at most, by precision, and with what memory and power."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tallystick.errors import InputError

#: Precisions whose operations are integer, not floating point: some regimes count them, the EU does not.
INTEGER_PRECISIONS = frozenset({"int8", "int4"})
#: The precision all chips in the table have and most training uses: estimates are shares of it.
REFERENCE_PRECISION = "bf16"
#: Vector operations beside the tensor units where no rate is published, as a divisor of the BF16 rate:
#: the A100's ratio, the highest since 2020. Assumed.
VECTOR_DIVISOR = 4
#: Integer dot products do at most this many times the operations of packed 16-bit multiply-adds.
INTEGER_VECTOR_GAIN = 4
PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Chip:
    """One kind of accelerator as its data sheet has it.

    ``dense_op_per_s`` and ``sparse_op_per_s`` map a precision to operations per second; ``fp32`` is the
    vector units', the others the tensor units', ``bf16`` any 16-bit float. Sparse counts the operations that
    2:4 sparsity skips. ``vector_flop_per_s`` is the most that all units but the tensor units do, at any
    precision; ``clock_margin_ppm`` how far the clock may lie above the data sheet's. Where a figure is not
    published it is None or its precision is absent.
    """

    key: str
    name: str
    generation: str
    dense_op_per_s: dict[str, int]
    sparse_op_per_s: dict[str, int]
    vector_flop_per_s: int | None
    clock_margin_ppm: int
    memory_bytes: int | None
    memory_byte_per_s: int | None
    tdp_mw: int | None
    source: str

    @property
    def reference_flop_per_s(self) -> int:
        """Dense BF16 FLOP per second."""
        return self.dense_op_per_s[REFERENCE_PRECISION]

    def fastest_op_per_s(self, count_integers: bool = False, count_skipped: bool = False) -> int:
        """The most operations per second at any precision, dense unless ``count_skipped``."""
        rates = [self.dense_op_per_s, *([self.sparse_op_per_s] if count_skipped else [])]
        return max(
            rate
            for by_precision in rates
            for precision, rate in by_precision.items()
            if count_integers or precision not in INTEGER_PRECISIONS
        )

    def most_op_per_s(
        self, active_ppm: int = PPM, count_integers: bool = False, count_skipped: bool = False
    ) -> int:
        """No program does more operations per second, while tensor units are busy ``active_ppm`` of the time.

        The tensor units at their fastest precision, all other units beside them, at the highest clock.
        """
        vector = self.vector_flop_per_s or self.reference_flop_per_s // VECTOR_DIVISOR
        if count_integers:
            vector *= INTEGER_VECTOR_GAIN
        tensor = self.fastest_op_per_s(count_integers, count_skipped) * active_ppm // PPM
        return (tensor + vector) * (PPM + self.clock_margin_ppm) // PPM


@cache
def chip_table() -> dict[str, Chip]:
    """All known chips by key."""
    raw = json.loads(files("tallystick.accounting").joinpath("chips.json").read_text("utf-8"))
    return {key: Chip(key=key, **fields) for key, fields in raw["chips"].items()}


def chip(key: str) -> Chip:
    """The chip called ``key``. Raises InputError where the table has no such row."""
    try:
        return chip_table()[key]
    except KeyError:
        known = ", ".join(sorted(chip_table()))
        raise InputError(f"unknown chip {key!r}", mend=f"use one of: {known}") from None

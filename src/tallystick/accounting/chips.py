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
#: Vector units work beside the tensor units at this precision.
VECTOR_PRECISION = "fp32"


@dataclass(frozen=True, slots=True)
class Chip:
    """One kind of accelerator as its data sheet has it.

    ``dense_op_per_s`` and ``sparse_op_per_s`` map a precision to operations per second; ``fp32`` is the
    vector units', the others the tensor units'. Sparse counts the operations that 2:4 sparsity skips.
    Where a figure is not published it is None or its precision is absent.
    """

    key: str
    name: str
    generation: str
    dense_op_per_s: dict[str, int]
    sparse_op_per_s: dict[str, int]
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

"""The hardware table: what an accelerator or node can do at most, and at what power.

``hardware.json`` has the kinds that were looked at one by one. Every other chip of the chip table with a
published rated power is there too, as one accelerator, by a rule that its ``source`` states.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tallystick.accounting.chips import Chip, chip_table
from tallystick.accounting.hard_bound import most_flop_per_mj
from tallystick.errors import InputError

#: The accelerator whose shares are assumed for chips without a row of their own.
MODEL_KEY = "h100-sxm"


@dataclass(frozen=True, slots=True)
class Hardware:
    """One kind of accelerator or node. ``chip`` is the key of its accelerators in the chip table.

    ``idle_mw`` when nothing runs; FLOP per mJ above idle for the least efficient training seen and for a
    typical one. ``most_flop_per_s``, of all its accelerators, and ``most_flop_per_mj`` are those of the hard
    bound (``hard_bound``): no program does more. They follow from the chip table.
    """

    key: str
    name: str
    chip: str
    covers: int
    idle_mw: int
    rated_mw: int
    least_flop_per_mj: int
    typical_flop_per_mj: int
    most_flop_per_s: int
    most_flop_per_mj: int
    source: str


@cache
def hardware_table() -> dict[str, Hardware]:
    """All known hardware by key."""
    raw = json.loads(files("tallystick.accounting").joinpath("hardware.json").read_text("utf-8"))
    chips = chip_table()
    table = {
        key: _with_bound({"key": key, **fields}, chips[fields["chip"]])
        for key, fields in raw["hardware"].items()
    }
    for kind in chips.values():
        if kind.key not in table and kind.tdp_mw is not None:
            table[kind.key] = _like_model(kind, kind.tdp_mw, table[MODEL_KEY])
    return table


def _like_model(kind: Chip, rated_mw: int, model: Hardware) -> Hardware:
    """One accelerator of ``kind``: its own peak and rated power, the rest in the shares of ``model``."""
    reference = chip_table()[model.chip].reference_flop_per_s
    scale = model.rated_mw * kind.reference_flop_per_s
    fields = {
        "key": kind.key,
        "name": kind.name,
        "chip": kind.key,
        "covers": 1,
        "idle_mw": rated_mw * model.idle_mw // model.rated_mw,
        "rated_mw": rated_mw,
        "least_flop_per_mj": model.least_flop_per_mj * scale // (reference * rated_mw),
        "typical_flop_per_mj": model.typical_flop_per_mj * scale // (reference * rated_mw),
        "source": f"Rated power: {kind.source}. Idle, least and typical FLOP per joule: the shares of "
        f"{model.name} (assumed).",
    }
    return _with_bound(fields, kind)


def _with_bound(fields: dict[str, Any], kind: Chip) -> Hardware:
    """A row with the hard bound's coefficients. Raises ValueError for a chip without a rated power."""
    per_mj = most_flop_per_mj(kind)
    if per_mj is None:
        raise ValueError(f"{kind.key} has no rated power in the chip table")
    most_flop_per_s = fields["covers"] * kind.most_op_per_s()
    return Hardware(**fields, most_flop_per_s=most_flop_per_s, most_flop_per_mj=per_mj)


def hardware(key: str) -> Hardware:
    """The hardware called ``key``. Raises InputError where the table has no such row."""
    try:
        return hardware_table()[key]
    except KeyError:
        known = ", ".join(sorted(hardware_table()))
        raise InputError(f"unknown hardware {key!r}", mend=f"use one of: {known}") from None

"""The hardware table: what an accelerator or node can do at most, and at what power."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tallystick.errors import InputError


@dataclass(frozen=True, slots=True)
class Hardware:
    """One kind of accelerator or node. ``chip`` is the key of its accelerators in the chip table.

    ``peak_flop_per_s`` of all its accelerators at the fastest dense precision; ``idle_mw`` when nothing
    runs; ``floor_mw`` the part of its power that can never be compute; FLOP per mJ above idle for the
    least efficient training seen, a typical one, and the most that the silicon allows.
    """

    key: str
    name: str
    chip: str
    covers: int
    peak_flop_per_s: int
    idle_mw: int
    floor_mw: int
    rated_mw: int
    least_flop_per_mj: int
    typical_flop_per_mj: int
    most_flop_per_mj: int
    source: str


@cache
def hardware_table() -> dict[str, Hardware]:
    """All known hardware by key."""
    raw = json.loads(files("tallystick.accounting").joinpath("hardware.json").read_text("utf-8"))
    return {key: Hardware(key=key, **fields) for key, fields in raw["hardware"].items()}


def hardware(key: str) -> Hardware:
    """The hardware called ``key``. Raises InputError where the table has no such row."""
    try:
        return hardware_table()[key]
    except KeyError:
        known = ", ".join(sorted(hardware_table()))
        raise InputError(f"unknown hardware {key!r}", mend=f"use one of: {known}") from None

"""The published JSON Schema of regime files, made from the shapes that check them.

It covers the structure: keys, forms and words. What it cannot say, ``tallystick regimes lint`` checks: that
names are known, that citations lead to sources, that outcomes do not overlap, and that cases come out.
"""

import json
from pathlib import Path
from typing import Any

from tallystick.regimes.files.file_shapes import AMOUNT_KINDS, CONDITION, COUNTING, INSTRUMENT
from tallystick.regimes.files.shape import Record, Tagged

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def instrument_schema() -> dict[str, Any]:
    """Of an instrument's file, scalars read as text; unquoted numbers and truth values are let through."""
    return _document(INSTRUMENT, "Tallystick regime file, schema regime/1")


def counting_schema() -> dict[str, Any]:
    """Of a counting rule's file."""
    return _document(COUNTING, "Tallystick counting rule, schema counting/1")


def _document(shape: Record, title: str) -> dict[str, Any]:
    amount = Tagged("amount", AMOUNT_KINDS)
    definitions = {"amount": amount.definition(), "condition": CONDITION.definition()}
    return {"$schema": DIALECT, "title": title, **shape.schema(), "$defs": definitions}


def schema_text(schema: dict[str, Any]) -> str:
    """As it is published."""
    return json.dumps(schema, indent=1) + "\n"


def write_schemas(folder: Path) -> None:
    """Write both into ``folder``."""
    (folder / "regime.schema.json").write_text(schema_text(instrument_schema()))
    (folder / "counting.schema.json").write_text(schema_text(counting_schema()))

"""The shipped profiles as a table."""

from collections.abc import Sequence
from typing import Any

from tallystick.printable import printable
from tallystick.strategy.as_json import plain
from tallystick.strategy.inputs.listing import ListedProfile

CLAIM = "Profiles of 1946 are coded from sources; fictional ones stand for no government."
USE = "Use: tallystick strategy assess REGIME --profiles ID for each state, or a set such as fictional."


def profiles_text(found: Sequence[ListedProfile]) -> str:
    """One row for each; how much of it is assumed."""
    head = ("id", "kind", "state", "what", "inputs", "assumed", "title")
    rows = [head, *(_row(one) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([*lines, "", CLAIM, USE])


def _row(one: ListedProfile) -> tuple[str, ...]:
    dated = one.id[:1].isdigit()
    what = "fictional" if one.fictional else "historic" if dated else "general"
    return (
        one.id,
        one.kind,
        printable(one.state) or "-",
        what,
        str(one.parameters),
        f"{one.assumed:.0%}",
        printable(one.title),
    )


def profiles_json(found: Sequence[ListedProfile]) -> dict[str, Any]:
    """The stable shape that ``--json`` prints."""
    return {"profiles": [plain(one) for one in found]}

"""What kind of file something is, by its shape: facts, a developer's profile, a regime, a counting rule.

So that a file given to the wrong command is named for what it is, and not taken apart key by key.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from tallystick.errors import InputError

FACTS, PROFILE, REGIME, COUNTING = "facts", "profile", "regime", "counting"
#: What it is called, and what reads it.
READ_BY = {
    FACTS: ("a facts file", "`tallystick regimes check` reads it"),
    PROFILE: ("a developer's profile", "`tallystick regimes compare` reads it"),
    REGIME: ("a regime file", "`tallystick regimes lint` reads it, and `check FACTS --with` it"),
    COUNTING: ("a counting rule", "regime files name it under counting"),
}
#: How the schema of each begins.
SCHEMAS = {"developer/": PROFILE, "regime/": REGIME, "counting/": COUNTING}
#: Keys of which two say what a file is, where its schema is missing.
KEYS = {
    PROFILE: frozenset({"roles", "ties", "models", "clusters", "exports"}),
    REGIME: frozenset({"jurisdiction", "binds", "outcomes", "obligations", "conditions", "sunset"}),
}
#: How the names of facts begin.
FACT_NAMES = ("compute.", "model.", "developer.", "roles.", "jurisdictions.", "cluster.", "chips.", "site.")


def kind_of(data: Any) -> str | None:
    """``facts``, ``profile``, ``regime`` or ``counting`` of plain data; None for other shapes."""
    if isinstance(data, list | tuple):
        return FACTS if data and all(isinstance(one, Mapping) and "name" in one for one in data) else None
    if not isinstance(data, Mapping):
        return None
    schema, facts = data.get("schema"), data.get("facts")
    if isinstance(schema, str) and (found := [SCHEMAS[one] for one in SCHEMAS if schema.startswith(one)]):
        return found[0]
    if isinstance(facts, list | tuple):
        return FACTS
    for kind, keys in KEYS.items():
        if len(keys & data.keys()) > 1:
            return kind
    named = any(isinstance(key, str) and key.startswith(FACT_NAMES) for key in data)
    return FACTS if named or isinstance(facts, Mapping) else None


def wrong_kind(data: Any, wanted: str) -> tuple[str, str] | None:
    """What a file of another kind than ``wanted`` is, and what reads it; None where it may be one."""
    kind = kind_of(data)
    if kind is None or kind == wanted:
        return None
    what, reader = READ_BY[kind]
    return f"this is {what}, not {READ_BY[wanted][0]}", reader


def refuse_wrong_kind(data: Any, wanted: str, where: str) -> None:
    """Raises InputError that names what the file is and which command reads it, or a slip in ``facts:``."""
    if wanted == FACTS and isinstance(data, Mapping) and FACTS not in data:
        for key in data:
            if isinstance(data[key], Mapping | list | tuple) and get_close_matches(
                str(key), [FACTS], 1, 0.75
            ):
                raise InputError(f"unknown key {str(key)[:40]!r}", where=where, mend="did you mean facts?")
    found = wrong_kind(data, wanted)
    if found is not None:
        raise InputError(found[0], where=where, mend=found[1])

"""Changes of keys on their way to those who must know: a file, canonical JSON.

[{"event":{"type":"key-rotation", …},"origin":"the log, or the inspector's name"}, …]
"""

from collections.abc import Sequence
from pathlib import Path

from tallystick.declarations.key_event import KeyEvent, parse_key_event
from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.fields import Fields
from tallystick.whole_file import read_file, write_whole

MAX_STATEMENT_BYTES = 64 << 20


def add_statements(path: Path, said: Sequence[tuple[str, KeyEvent]], roles: Sequence[str]) -> None:
    """Add to the file at ``path``: pairs of an origin and what changed. Raises as ``read_statements``."""
    kept = read_statements(path, roles) if path.exists() else []
    rows = [{"event": event.as_json(), "origin": origin} for origin, event in (*kept, *said)]
    write_whole(path, canonical.encode(rows))


def read_statements(path: Path, roles: Sequence[str]) -> list[tuple[str, KeyEvent]]:
    """What was said, in order. Raises InputError or FormatError; checks no signature."""
    where = str(path)
    rows = canonical.decode(read_file(path, MAX_STATEMENT_BYTES), where)
    if not isinstance(rows, list):
        raise FormatError("not a file of key changes", where=where, mend="ask for it again")
    fields = [Fields(row, ("event", "origin"), where) for row in rows]
    return [(f.text("origin", 128), parse_key_event(f.raw("event"), where, roles)) for f in fields]

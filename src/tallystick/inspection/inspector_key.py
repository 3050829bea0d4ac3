"""The inspector's own key: it signs challenges, gives way to another, or is given up.

No log names it. So each change is a statement, signed by the key that ends, which sites that registered the
old key take over (``tallystick key follow``).
"""

from pathlib import Path

from tallystick.declarations.key_event import INSPECTOR, PURPOSE, KeyEvent, KeyRevocation, KeyRotation
from tallystick.declarations.key_statements import add_statements
from tallystick.evidence.key_file import load_named_key
from tallystick.evidence.waiting_key import adopt_next, next_key

STATEMENTS = "inspector-key-changes.json"


def rotate_inspector_key(path: Path) -> KeyEvent:
    """A new key at ``path``, with the old one's word for it in a file beside it. Raises InputError."""
    old = load_named_key(path)
    name = old.verifier.name
    event = KeyRotation.signed(INSPECTOR, name, old, next_key(path, name, PURPOSE[INSPECTOR]))
    add_statements(path.with_name(STATEMENTS), [(name, event)], (INSPECTOR,))
    adopt_next(path)
    return event


def revoke_inspector_key(path: Path, reason: str) -> KeyEvent:
    """The key's own word, in a file beside it, that it counts no more. The key stays where it is."""
    key = load_named_key(path)
    event = KeyRevocation.signed(INSPECTOR, key.verifier.name, key, reason)
    add_statements(path.with_name(STATEMENTS), [(key.verifier.name, event)], (INSPECTOR,))
    return event

"""The site's private key, also after a change of it was interrupted.

An interrupted change leaves one of two states. The log does not name the waiting key: it was never used, and
the next change takes it. The log names it: it takes its place here, whoever looks first.
"""

from collections.abc import Sequence
from pathlib import Path

from tallystick.declarations.key_history import keys_over_log
from tallystick.declarations.leaf import Leaf
from tallystick.evidence.key_file import load_key
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.waiting_key import adopt_next, next_to


def key_that_signs(path: Path, origin: str, leaves: Sequence[Leaf]) -> SigningKey:
    """The private key that the log names last. Finishes an interrupted change."""
    if next_to(path).exists() and leaves:
        waiting = load_key(next_to(path), origin, NOTE)
        if keys_over_log(leaves).site[-1].key == waiting.verifier:
            adopt_next(path)
            return waiting
    return load_key(path, origin, NOTE)

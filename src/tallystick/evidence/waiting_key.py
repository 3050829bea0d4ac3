"""A private key that waits beside the one it will replace, so that an interrupted change loses neither."""

from pathlib import Path

from tallystick.evidence.key_file import load_key, save_key
from tallystick.evidence.keys import SigningKey
from tallystick.whole_file import sync_folder


def next_to(path: Path) -> Path:
    """Where the key that follows the one at ``path`` waits."""
    return path.with_name(path.name + ".next")


def next_key(path: Path, name: str, purpose: int) -> SigningKey:
    """The key that waits beside ``path``; a new one where none does."""
    waiting = next_to(path)
    if not waiting.exists():
        save_key(SigningKey.generate(name, purpose), waiting)
    return load_key(waiting, name, purpose)


def adopt_next(path: Path) -> None:
    """The waiting key takes the place of the one at ``path``, which is gone then. Repeatable."""
    try:
        next_to(path).replace(path)
    except FileNotFoundError:
        return  # somebody was faster
    sync_folder(path.parent)

"""Publishing a log as tiles: what is new since the last checkpoint, and the checkpoint last.

No file that a published checkpoint needs is ever changed, and all files that the next one needs are on disk
before it appears; so a process may be killed at any point, and the next one publishes the rest.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tallystick.errors import FormatError, InputError
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback
from tallystick.evidence.log.tile_reader import read_checkpoint
from tallystick.evidence.log.tiles import (
    CHECKPOINT,
    MAX_LEVELS,
    TILE_HEIGHT,
    TILE_WIDTH,
    TileName,
    encode_bundle,
    tiles_of,
)
from tallystick.evidence.log.tree import ProvingTree
from tallystick.whole_file import TEMPORARY, sync_folder, write_whole

#: So many files are made durable together.
FILES_AT_ONCE = 1024
#: The data of the leaves from the first index to the second.
EntriesOf = Callable[[int, int], Sequence[bytes]]


def publish(
    folder: Path,
    note: SignedCheckpoint,
    tree: ProvingTree,
    entries: EntriesOf,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Bring ``folder`` from the checkpoint it has to ``note``; return how many leaves it had.

    Raises LogRollback, LogFork or LogRewritten where ``note`` does not extend what is published there,
    FormatError where that is damaged or of another log, and InputError where nothing can be written.
    """
    head = note.checkpoint
    if tree.root(head.size) != head.root:
        raise LogRewritten("the leaves do not recompute to the head that is to be published")
    known = _published(folder, note, tree)
    levels = [None, *(level for level in range(MAX_LEVELS) if head.size >> TILE_HEIGHT * level)]
    written: list[Path] = []
    _make_folder(folder)
    for level in levels:
        for tile in tiles_of(level, head.size, known):
            _write(folder / str(tile), _content(tile, tree, entries))
            written.append(folder / str(tile))
            if len(written) == FILES_AT_ONCE:
                _settle(written)
            progress(tile.width if level is None else 0)
    _settle(written)
    write_whole(folder / CHECKPOINT, note.text.encode())
    for level in levels:
        for tile in tiles_of(level, head.size, known):
            _drop_partial(folder, tile)
    return known


def _published(folder: Path, note: SignedCheckpoint, tree: ProvingTree) -> int:
    if not (folder / CHECKPOINT).exists():
        return 0
    there, head = read_checkpoint(folder).checkpoint, note.checkpoint
    if there.origin != head.origin:
        raise FormatError(
            f"holds the log {there.origin}, not {head.origin}",
            where=str(folder),
            mend="choose another folder",
        )
    if there.size > head.size:
        raise LogRollback(
            f"{there.size} leaves are published, and the log has {head.size}: it was rolled back",
            where=str(folder),
        )
    if tree.root(there.size) != there.root:
        kind = LogFork if there.size == head.size else LogRewritten
        raise kind(f"another history of {there.size} leaves is published", where=str(folder))
    return there.size


def _content(tile: TileName, tree: ProvingTree, entries: EntriesOf) -> bytes:
    first = tile.index * TILE_WIDTH
    if tile.level is None:
        return encode_bundle(entries(first, first + tile.width))
    level = TILE_HEIGHT * tile.level
    return b"".join(tree.subtree(level, i) for i in range(first, first + tile.width))


def _write(path: Path, data: bytes) -> None:
    """Write a tile under its name, not yet durably: no checkpoint needs it so far."""
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        _make_folder(path.parent)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror}", where=str(path), mend="choose a writable folder with room"
        ) from error


def _settle(written: list[Path]) -> None:
    """Make files and their names durable; many together, which costs far less than one by one."""
    for path in (*written, *dict.fromkeys(path.parent for path in written)):
        sync_folder(path)
    written.clear()


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)  # a synced file in a folder without a name is lost with the power


def _drop_partial(folder: Path, tile: TileName) -> None:
    """Partial forms of a tile that is full now: whoever needs one takes its beginning instead."""
    if tile.width < TILE_WIDTH:
        return
    partial = folder / f"{tile}.p"
    if partial.is_dir():
        for path in partial.iterdir():
            path.unlink()
        partial.rmdir()

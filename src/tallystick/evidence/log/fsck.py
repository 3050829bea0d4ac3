"""Verify a whole log again from its files: every entry, tile, partial tile, head and signature.

Entries are read once, a bundle at a time; hashes at the right edge alone stay in memory. The first culprit
is named by its path.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint
from tallystick.evidence.log.frontier import Frontier
from tallystick.evidence.log.history import raise_where_other
from tallystick.evidence.log.misbehaviour import LogRollback
from tallystick.evidence.log.tile_reader import read_checkpoint
from tallystick.evidence.log.tiles import (
    CHECKPOINT,
    HASH_BYTES,
    MAX_BUNDLE_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    TileName,
    decode_bundle,
    decode_tile,
    tiles_of,
)
from tallystick.evidence.log.tree import leaf_hash
from tallystick.whole_file import TEMPORARY, read_file

#: Raises VerificationError unless a head is signed and cosigned as it should be.
HeadCheck = Callable[[SignedCheckpoint], object]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was verified. ``beyond`` counts files that a killed writer left past the checkpoint."""

    head: Checkpoint
    tiles: int
    earlier: int
    beyond: int


def fsck_tiles(
    folder: Path,
    head_check: HeadCheck,
    earlier: Sequence[Checkpoint] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Checked:
    """Verify the log in ``folder``, and that it extends the ``earlier`` heads, whose signatures are verified.

    Raises InputError where there is none, else VerificationError, or one of its kinds LogFork, LogRollback
    and LogRewritten, whose ``where`` is the first file that does not fit.
    """
    if not (folder / CHECKPOINT).exists():
        raise InputError(
            "no log here", where=str(folder), mend="name a folder with a file 'checkpoint' in it"
        )
    head = _checked_head(folder, head_check)
    if any(other.origin != head.origin for other in earlier):
        raise VerificationError("an earlier head is of another log", where=str(folder / CHECKPOINT))
    walk = _Walk(folder, head, sorted(earlier, key=lambda other: other.size))
    walk.read_entries(progress)
    walk.finish()
    return Checked(head, walk.tiles, len(earlier), _check_names(folder, head.size))


def _checked_head(folder: Path, head_check: HeadCheck) -> Checkpoint:
    try:
        note = read_checkpoint(folder)
        head_check(note)
    except (FormatError, VerificationError) as error:
        raise VerificationError(error.problem, where=str(folder / CHECKPOINT)) from error
    return note.checkpoint


class _Walk:
    """One pass over the entries, which recomputes all the rest."""

    def __init__(self, folder: Path, head: Checkpoint, earlier: list[Checkpoint]) -> None:
        self._folder = folder
        self._head = head
        self._earlier = earlier
        self._frontier = Frontier(self._compare)
        self.tiles = 0
        latest = earlier[-1].size if earlier else 0
        if latest > head.size:
            raise LogRollback(
                f"the log was rolled back: it has {head.size} leaves, and {latest} were signed before",
                where=str(folder / CHECKPOINT),
            )

    def read_entries(self, progress: Callable[[int], None]) -> None:
        self._meet_earlier()
        for bundle in tiles_of(None, self._head.size):
            digests = [leaf_hash(entry) for entry in self._bundle(bundle)]
            while digests:  # up to the next earlier head, if one lies within the bundle
                upto = self._earlier[0].size - self._frontier.size if self._earlier else len(digests)
                self._frontier.extend(digests[:upto])
                digests = digests[upto:] if upto < len(digests) else []
                self._meet_earlier()
            progress(bundle.width)

    def finish(self) -> None:
        for tile, hashes in self._frontier.partial_tiles():
            self._compare(tile, hashes)
        if self._frontier.root() != self._head.root:
            raise VerificationError(
                f"the {self._head.size} entries do not recompute to the root of the checkpoint",
                where=str(self._folder / CHECKPOINT),
            )

    def _meet_earlier(self) -> None:
        while self._earlier and self._earlier[0].size == self._frontier.size:
            head = self._earlier.pop(0)
            raise_where_other(head, self._frontier.root(), self._head.size, str(self._folder))

    def _bundle(self, bundle: TileName) -> list[bytes]:
        data, path, width = _read(self._folder, bundle, MAX_BUNDLE_BYTES)
        try:
            return decode_bundle(data, width, str(path))[: bundle.width]
        except FormatError as error:
            raise VerificationError(error.problem, where=str(path)) from error

    def _compare(self, tile: TileName, hashes: list[bytes]) -> None:
        data, path, width = _read(self._folder, tile, TILE_WIDTH * HASH_BYTES)
        due = b"".join(hashes)
        if len(data) != width * HASH_BYTES:
            raise VerificationError(f"not a tile of {width} hashes", where=str(path))
        if data[: len(due)] != due:
            raise VerificationError(_first_difference(tile, data, due), where=str(path))
        self.tiles += 1


def _first_difference(tile: TileName, data: bytes, due: bytes) -> str:
    """What differs first: which leaf, and the bundle that may be at fault as well as the tile."""
    place = next(
        i for i in range(0, len(due), HASH_BYTES) if data[i : i + HASH_BYTES] != due[i : i + HASH_BYTES]
    )
    index = tile.index * TILE_WIDTH + place // HASH_BYTES
    if tile.level:
        return f"hash {index} of level {tile.level} is not the root of the tile below it"
    return f"the hash of leaf {index} is not that of its entry in {TileName(None, tile.index, tile.width)}"


def _read(folder: Path, tile: TileName, limit: int) -> tuple[bytes, Path, int]:
    """A tile's bytes, its path and its width: itself, or the full one that a later writer left."""
    path, width = folder / str(tile), tile.width
    full = folder / str(TileName(tile.level, tile.index))
    if not path.exists() and full.exists():
        path, width = full, TILE_WIDTH
    if not path.exists():
        raise VerificationError("missing", where=str(path))
    try:
        return read_file(path, limit), path, width
    except InputError as error:
        raise VerificationError(error.problem, where=str(path)) from error


def _check_names(folder: Path, size: int) -> int:
    """Every other file is an older partial tile, the same as the newer one's beginning, or lies beyond."""
    beyond = 0
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if name == CHECKPOINT or (path.name.startswith(".") and name.endswith(TEMPORARY)):
            continue
        tile = TileName.parse(name)
        if tile is None:
            raise VerificationError("not a file of a log", where=str(path))
        hashes = size >> TILE_HEIGHT * (tile.level or 0)
        if tile.index * TILE_WIDTH + tile.width > hashes:
            beyond += 1
        elif tile.width < TILE_WIDTH:
            _check_older(folder, tile, min(TILE_WIDTH, hashes - tile.index * TILE_WIDTH))
    return beyond


def _check_older(folder: Path, tile: TileName, width: int) -> None:
    if tile.width == width:
        return
    newer, _, _ = _read(folder, TileName(tile.level, tile.index, width), MAX_BUNDLE_BYTES)
    older, path, _ = _read(folder, tile, MAX_BUNDLE_BYTES)
    try:
        decode = decode_bundle if tile.level is None else decode_tile
        decode(older, tile.width, str(path))
    except FormatError as error:
        raise VerificationError(error.problem, where=str(path)) from error
    if not newer.startswith(older):
        raise VerificationError(
            "an older partial tile is not the beginning of the newer one", where=str(path)
        )


def _files(folder: Path) -> Iterator[Path]:
    """All files below ``folder`` in the order of their names, one folder at a time in memory."""
    entries: Iterable[os.DirEntry[str]] = sorted(os.scandir(folder), key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        else:
            yield Path(entry.path)

"""Files appear whole or not at all: a temporary name in the same folder, then a rename."""

import io
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tallystick.errors import InputError

#: Ending of the temporary names; one that is left over was never acknowledged.
TEMPORARY = ".tmp"


def write_whole(path: Path, data: bytes | Iterable[bytes], *, mode: int = 0o644) -> None:
    """Write ``data``, or its pieces in turn, to ``path`` atomically and durably.

    Raises InputError where that is impossible.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines([data] if isinstance(data, bytes) else data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror or error}",
            where=str(path),
            mend="choose a writable place with room",
        ) from error


def read_file(path: Path, limit_bytes: int) -> bytes:
    """The content of a regular file, at most ``limit_bytes``. Raises InputError naming the mend.

    A pipe or device is refused before it is waited for.
    """
    with open_file(path, limit_bytes) as file:
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise _too_large(path, limit_bytes)
    return data


@contextmanager
def open_file(path: Path, limit_bytes: int) -> Iterator[io.BufferedIOBase]:
    """A regular file of at most ``limit_bytes``, to read from. Raises InputError naming the mend."""
    try:
        with io.BufferedReader(io.FileIO(path, "rb", opener=_at_once)) as file:
            told = os.fstat(file.fileno())
            if not stat.S_ISREG(told.st_mode):
                raise InputError("not a regular file", where=str(path), mend="name a file")
            if told.st_size > limit_bytes:
                raise _too_large(path, limit_bytes)
            yield file
    except OSError as error:
        raise InputError(
            f"cannot read: {error.strerror or error}",
            where=str(path),
            mend="check the path and its permissions",
        ) from error


def _too_large(path: Path, limit_bytes: int) -> InputError:
    return InputError(
        f"larger than the limit of {limit_bytes} bytes",
        where=str(path),
        mend="this is not a file that this version accepts",
    )


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting: a pipe would wait for somebody to write into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` durable. Raises InputError where that is impossible."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror or error}",
            where=str(folder),
            mend="choose a writable place with room",
        ) from error

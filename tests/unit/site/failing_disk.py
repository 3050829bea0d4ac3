"""A disk on which the process can be killed, or room can run out, at any one operation.

Every opening for writing, write, fsync, truncation, rename, link and removal below ``root`` is a step. At the
chosen step one of these happens:

- ``kill``: the step does not happen, and the process does nothing more, not even what a ``finally`` holds;
- ``torn``: the same, after half of a write;
- ``power``: the same as ``kill``, and what was not synced is gone: bytes past the last fsync of a file, and
  names that were made or replaced after the last fsync of their folder;
- ``full``: half of the write, then ENOSPC, and the process goes on; every later write fails as well.
"""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

KILL, TORN, POWER, FULL = "kill", "torn", "power", "full"
_WRITING = os.O_WRONLY | os.O_RDWR


class KilledError(BaseException):
    """Stands for the process being killed at this very point."""


class FailingDisk:
    """Counts the steps below ``root``; step ``at`` (from 1) fails in ``way``, where ``at`` is not 0."""

    def __init__(self, root: Path, at: int = 0, way: str = KILL) -> None:
        self.root = str(root)
        self.at, self.way = at, way
        self.steps: list[str] = []
        self.dead = False
        self.full = False
        self._synced: dict[str, int] = {}
        self._names: dict[str, bytes | None] = {}

    @contextmanager
    def failing(self) -> Iterator["FailingDisk"]:
        """The process's disk, for as long as this lasts. A power cut takes what it takes at the end."""
        real = {
            name: getattr(os, name) for name in ("open", "fsync", "ftruncate", "replace", "unlink", "link")
        }
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(io, "open", self._io_open(io.open))
            for name, function in real.items():
                patch.setattr(os, name, getattr(self, f"_{name}")(function))
            try:
                yield self
            finally:
                self.at = 0
        if self.way == POWER and self.dead:
            self._lose()

    def step(self, what: str, path: str, data: bytes = b"") -> int:
        """Count a step; return how many bytes of ``data`` reach the disk. Raises at the chosen one."""
        if self.dead:
            raise KilledError(what)
        self.steps.append(f"{what} {Path(path).name}")
        if self.full and what in ("write", "create"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if len(self.steps) != self.at:
            return len(data)
        if self.way == FULL:
            self.full = what in ("write", "create")
        else:
            self.dead = True
        if self.way in (TORN, FULL) and what == "write":
            return len(data) // 2
        if self.way == FULL:
            if what in ("write", "create", "fsync"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return len(data)
        raise KilledError(what)

    def stop(self) -> None:
        """What follows half a write."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if self.full else KilledError("write")

    def ours(self, path: Any) -> bool:
        """Whether the disk has ``path``."""
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.root)

    def changed(self, path: str) -> None:
        """A name in its folder is about to change: remember what a power cut would bring back."""
        if path not in self._names:
            self._names[path] = Path(path).read_bytes() if Path(path).exists() else None

    def synced(self, path: str) -> None:
        """What is in a file, or which names are in a folder, is durable now."""
        if Path(path).is_dir():
            self._names = {n: d for n, d in self._names.items() if str(Path(n).parent) != path}
        else:
            self._synced[path] = Path(path).stat().st_size

    def opened(self, path: str) -> None:
        """A file is written to for the first time: what it has was synced before."""
        self._synced.setdefault(path, Path(path).stat().st_size if Path(path).exists() else 0)

    def _lose(self) -> None:
        for path, size in self._synced.items():
            if Path(path).exists() and Path(path).stat().st_size > size:
                os.truncate(path, size)
        for path, before in self._names.items():
            if before is None:
                Path(path).unlink(missing_ok=True)
            else:
                Path(path).write_bytes(before)

    def _io_open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def stand_in(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **more: Any) -> Any:
            path = _path_of(file) if isinstance(file, int) else file
            if not self.ours(path) or not set(mode) & set("wax+") or "b" not in mode:
                return real(file, mode, buffering, *rest, **more)
            path = os.fspath(path)
            if not isinstance(file, int):
                self.step("open" if Path(path).exists() else "create", path)
                if not Path(path).exists():
                    self.changed(path)
                self.opened(path)
            raw = _Raw(self, path, file, mode.replace("b", ""))
            return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

        return stand_in

    def _open(self, real: Callable[..., int]) -> Callable[..., int]:
        def stand_in(path: Any, flags: int, *rest: Any, **more: Any) -> int:
            if self.ours(path) and flags & _WRITING:
                self.step("create", os.fspath(path))
                self.changed(os.fspath(path))
                self.opened(os.fspath(path))
            return real(path, flags, *rest, **more)

        return stand_in

    def _fsync(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def stand_in(descriptor: int) -> None:
            path = _path_of(descriptor)
            if not self.ours(path):
                real(descriptor)
                return
            self.step("fsync", path)
            self.synced(path)  # the real one would only take time

        return stand_in

    def _ftruncate(self, real: Callable[[int, int], None]) -> Callable[[int, int], None]:
        def stand_in(descriptor: int, size: int) -> None:
            if self.ours(_path_of(descriptor)):
                self.step("truncate", _path_of(descriptor))
            real(descriptor, size)

        return stand_in

    def _replace(self, real: Callable[..., None]) -> Callable[..., None]:
        def stand_in(source: Any, target: Any, **more: Any) -> None:
            if self.ours(target):
                self.step("rename", os.fspath(target))
                self.changed(os.fspath(source))
                self.changed(os.fspath(target))
                self._synced[os.fspath(target)] = self._synced.pop(os.fspath(source), 0)
                if self._names[os.fspath(source)] is None:
                    del self._names[os.fspath(source)]
            real(source, target, **more)

        return stand_in

    _link = _replace

    def _unlink(self, real: Callable[..., None]) -> Callable[..., None]:
        def stand_in(path: Any, **more: Any) -> None:
            if self.ours(path) and Path(path).exists():
                self.step("unlink", os.fspath(path))
                self.changed(os.fspath(path))
            elif self.ours(path) and self.dead:
                raise KilledError("unlink")
            real(path, **more)

        return stand_in


class _Raw(io.FileIO):
    """A file of the disk: each write that the process asks the system for is a step."""

    def __init__(self, disk: FailingDisk, path: str, file: Any, mode: str) -> None:
        super().__init__(file, mode)
        self._disk, self._of = disk, path

    def write(self, data: Any) -> int:
        whole = bytes(data)
        size = self._disk.step("write", self._of, whole)
        super().write(whole[:size])
        if size < len(whole):
            self._disk.stop()
        return size

    def truncate(self, size: int | None = None) -> int:
        self._disk.step("truncate", self._of)
        return super().truncate(size)


def _path_of(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())

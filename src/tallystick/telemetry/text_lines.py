"""Lines of a text file that may be damaged or hostile: of bounded length, with their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tallystick.errors import InputError, SampleError
from tallystick.telemetry.place import Place, shown_path

MAX_LINE_BYTES = 65_536
MAX_FILES = 100_000
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class LinePlace(Place):
    """A stretch of rows of a text file, each with the number of its line, counted from 1."""

    lines: tuple[int, ...] = ()

    def at(self, offset: int) -> str:
        """The line of the row ``offset`` rows after the first one."""
        return line_of(self.file, self.lines[offset])


def line_of(file: str, number: int) -> str:
    """A line of a file, for a message."""
    return f"{file}, line {number}"


class TextFile:
    """One text file. ``cut_short`` says, once ``lines`` is exhausted, whether its last line has no end.

    Such a line may hold half a number, so it is left out.
    """

    def __init__(self, path: Path) -> None:
        self.name = shown_path(path)
        self.cut_short = False
        self._path = path

    def where(self, number: int) -> str:
        """Line ``number``, for a message."""
        return line_of(self.name, number)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers from 1 and lines without their ends. SampleError where a line is no text."""
        self.cut_short = False
        with self._path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(raw) > MAX_LINE_BYTES:
                    raise SampleError(
                        f"is longer than {MAX_LINE_BYTES} bytes",
                        where=self.where(number),
                        mend="is this the right file?",
                    )
                if not raw.endswith(b"\n"):
                    self.cut_short = True
                    return
                text = self._decode(raw, number)
                yield number, text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text

    def _decode(self, raw: bytes, number: int) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise SampleError(
                "is not text in UTF-8", where=self.where(number), mend="save the file as UTF-8 or as ASCII"
            )
        return text.rstrip("\r\n")


def text_files(path: Path, endings: tuple[str, ...]) -> tuple[TextFile, ...]:
    """The file itself, or a folder's files with one of ``endings`` (such as ``.prom``) in name order."""
    if path.is_file():
        return (TextFile(path),)
    if not path.is_dir():
        raise InputError("no such file or folder", where=shown_path(path), mend="check the path")
    found = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in endings)
    if not found:
        raise InputError(
            f"the folder has no file ending in {' or '.join(endings)}",
            where=shown_path(path),
            mend="check the path",
        )
    if len(found) > MAX_FILES:
        raise InputError(f"has more than {MAX_FILES} files", where=shown_path(path), mend="split the folder")
    return tuple(TextFile(p) for p in found)

"""Where in the input something stands, in words that are safe to print."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Longest piece of foreign text that an error quotes.
MAX_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of rows of one file. Rows are counted from 0 at the start of the file."""

    file: str
    first_row: int = 0

    def at(self, offset: int) -> str:
        """The row ``offset`` rows after the first one."""
        return f"{self.file}, row {self.first_row + offset}"

    def column(self, name: str) -> str:
        """A whole column of the file."""
        return f"{self.file}, column {quoted(name)}"


def quoted(text: bytes | str) -> str:
    """Foreign text for a message: printable ASCII in quotes, cut at ``MAX_QUOTED``."""
    if isinstance(text, bytes):
        text = text[: MAX_QUOTED + 1].decode("utf-8", "backslashreplace")
    return ascii(text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "...")


def shown_path(path: object) -> str:
    """A path for a message, with anything unprintable escaped."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


def first_true(mask: npt.NDArray[np.bool_]) -> int | None:
    """Offset of the first True, or None."""
    if not mask.any():
        return None
    return int(mask.argmax())

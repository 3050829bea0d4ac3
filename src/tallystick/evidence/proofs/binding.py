"""Loads the binding ``rbcl`` to libsodium, and clears away what it leaves behind.

At each import ``rbcl`` 1.1.2 writes its copy of libsodium (2.8 MB) into the temporary directory, loads it
from there and never deletes it. Once loaded the file is of no use, so it goes.
"""

import sys
from contextlib import suppress
from pathlib import Path

from tallystick.errors import InputError

try:
    import rbcl as rbcl  # type: ignore[import-untyped]
except OSError as error:
    raise InputError(
        f"libsodium does not load from the temporary directory ({error})",
        mend="set TMPDIR to a directory with room that allows execution",
    ) from error


def _remove_copy() -> None:
    path = getattr(sys.modules.get("rbcl._sodium"), "lib_path", None)
    if isinstance(path, str):
        with suppress(OSError):  # Windows keeps the file of a loaded library.
            Path(path).unlink()


_remove_copy()

"""A sign of life on standard error while one long step runs that has nothing to count."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_S, EVERY_S = 2.0, 1.0


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """Says ``label`` once after two seconds, and where a person watches, how long it has taken since."""
    over = threading.Event()
    thread = threading.Thread(target=_say, args=(label, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _say(label: str, over: threading.Event) -> None:
    started, watched = time.monotonic(), sys.stderr.isatty()
    if over.wait(QUIET_S):
        return
    print(f"  {label} ...", end="" if watched else "\n", file=sys.stderr, flush=True)
    while watched and not over.wait(EVERY_S):
        print(f"\r  {label}  {time.monotonic() - started:.0f} s", end="", file=sys.stderr, flush=True)
    if watched:
        print(file=sys.stderr)

"""Printing: results to standard output, progress and errors to standard error."""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Annotated, Any, NoReturn

import typer

from tallystick.errors import MissingExtraError, TallystickError

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def emit(data: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print the result in the form that was asked for."""
    print(json.dumps(data, indent=2) if as_json else text)


def error_json(error: TallystickError) -> str:
    """The one shape of an error on standard output."""
    return json.dumps({"error": {"problem": error.problem, "where": error.where, "mend": error.mend}})


def fail(error: TallystickError, *, as_json: bool) -> NoReturn:
    """Say in one line what is unusable and how to mend it; exit status 2."""
    if as_json:
        print(error_json(error))
    print(f"tallystick: {error}", file=sys.stderr)
    raise SystemExit(2)


def room(module: str, extra: str) -> ModuleType:
    """A module whose libraries are in an extra. Raises MissingExtraError that names the extra."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("tallystick"):
            raise
        raise MissingExtraError(
            f"{error.name} is not installed", mend=f"pip install 'tallystick[{extra}]'"
        ) from error


@contextmanager
def counter(label: str, unit: str) -> Iterator[Callable[[int], None]]:
    """Progress on standard error: a running count where a person watches, nothing otherwise."""
    total, last, started = 0, 0.0, time.monotonic()
    watched = sys.stderr.isatty()

    def advance(count: int) -> None:
        nonlocal total, last
        total += count
        now = time.monotonic()
        if watched and now - last > 0.1:
            last = now
            print(
                f"\r  {label}  {total:,} {unit}  {now - started:.0f} s", end="", file=sys.stderr, flush=True
            )

    yield advance
    if watched and last:
        print(f"\r  {label}  {total:,} {unit}  {time.monotonic() - started:.1f} s", file=sys.stderr)


@contextmanager
def stages() -> Iterator[Callable[[str, int], None]]:
    """Progress of work in named stages, on standard error: a line a stage, with a count where watched."""
    started, current, total = time.monotonic(), "", 0
    watched = sys.stderr.isatty()

    def advance(stage: str, count: int) -> None:
        nonlocal current, total
        if stage != current:
            end = "\n" if watched and current else ""
            print(f"{end}  {time.monotonic() - started:5.0f} s  {stage}", end="", file=sys.stderr, flush=True)
            if not watched:
                print(file=sys.stderr, flush=True)
            current, total = stage, 0
        total += count
        if watched and total:
            line = f"\r  {time.monotonic() - started:5.0f} s  {stage}  {total}"
            print(line, end="", file=sys.stderr, flush=True)

    yield advance
    print(f"{chr(10) if watched else ''}  {time.monotonic() - started:5.0f} s  done", file=sys.stderr)

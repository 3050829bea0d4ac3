"""The command line: what users type, and nothing of what it means."""

import os
import sys
from typing import Annotated

import typer

import tallystick
from tallystick.cli import (
    bench,
    demo,
    doctor,
    inspect,
    key,
    log,
    profile,
    record,
    regimes,
    site,
    strategy,
    witness,
    workloads,
)
from tallystick.cli.output import error_json, fail
from tallystick.errors import InputError, TallystickError

app = typer.Typer(
    name="tallystick",
    help="Rivals check each other's AI compute without showing their secrets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.add_typer(site.app, name="site")
app.add_typer(inspect.app, name="inspect")
app.add_typer(key.app, name="key")
app.add_typer(log.app, name="log")
app.add_typer(witness.app, name="witness")
app.add_typer(workloads.app, name="workloads")
app.add_typer(bench.app, name="bench")
app.add_typer(profile.app, name="profile")
app.add_typer(regimes.app, name="regimes")
app.add_typer(strategy.app, name="strategy")
app.command("record", context_settings=record.SETTINGS)(record.record)
app.command("doctor")(doctor.doctor)


def _print_version(asked: bool) -> None:
    if asked:
        print(tallystick.__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Rivals check each other's AI compute without showing their secrets."""


#: Exit status where tallystick itself fails, as sysexits.h has it.
FAULT = 70


def main() -> None:
    """Entry point. Exit status 0: all holds; 1: a check failed or a finding stands; 2: unusable.

    70: a fault of tallystick itself.
    """
    try:
        try:
            _run()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has gone. What is left must not be flushed at exit, with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(2) from None


def _run() -> None:
    try:
        app()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer makes it status 1, a failed check
            raise end.__context__ from None
        usage = getattr(end.__context__, "format_message", None)
        if usage is not None and "--json" in sys.argv:
            print(error_json(InputError(usage(), mend="see --help")))
        raise
    except BrokenPipeError:
        raise
    except TallystickError as error:
        fail(error, as_json="--json" in sys.argv)
    except OSError as error:
        unusable = InputError(
            error.strerror or str(error) or type(error).__name__,
            where=str(error.filename or ""),
            mend="check the path, its permissions and the room on the disk",
        )
        fail(unusable, as_json="--json" in sys.argv)
    except Exception as error:  # status 1 would say that a check failed
        text = " ".join(str(error).split())[:200]
        broken = TallystickError(
            f"a fault of tallystick: {type(error).__name__}: {text}",
            mend="report it with the command you typed",
        )
        if "--json" in sys.argv:
            print(error_json(broken))
        print(f"tallystick: {broken}", file=sys.stderr)
        raise SystemExit(FAULT) from error
    except KeyboardInterrupt:
        print("tallystick: interrupted; run the same command again to carry on", file=sys.stderr)
        raise SystemExit(2) from None

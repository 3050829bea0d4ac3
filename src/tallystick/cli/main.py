"""The command line: what users type, and nothing of what it means."""

import sys

import typer

from tallystick.cli import demo, doctor, inspect, site
from tallystick.cli.output import fail
from tallystick.errors import TallystickError

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
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Entry point. Exit status 0: all holds; 1: a check failed or a finding stands; 2: unusable."""
    try:
        app()
    except TallystickError as error:
        fail(error, as_json="--json" in sys.argv)
    except KeyboardInterrupt:
        print("tallystick: interrupted; run the same command again to carry on", file=sys.stderr)
        raise SystemExit(2) from None

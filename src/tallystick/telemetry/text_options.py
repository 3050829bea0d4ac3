"""What follows a scheme: ``PATH,key=value,...``, with what the file itself does not say."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tallystick.accounting.hardware import hardware
from tallystick.errors import InputError
from tallystick.records.sample import MAX_INTERVAL_NS
from tallystick.telemetry.inventory import MIN_INTERVAL_NS, NAME
from tallystick.telemetry.place import quoted
from tallystick.telemetry.text_numbers import decimal
from tallystick.units import NS_PER_MINUTE, NS_PER_MS, NS_PER_S

_OPTION = re.compile(r"([a-z]+)=(.*)", re.DOTALL)
_OFFSET = re.compile(r"([+-])([01][0-9]):?([0-5][0-9])")
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def split_spec(spec: str, known: Sequence[str]) -> tuple[Path, dict[str, str]]:
    """The path, which may hold commas, and the options after it.

    Raises InputError where an option is not one of ``known``, or stands twice.
    """
    options: dict[str, str] = {}
    rest = spec
    while not Path(rest).exists():
        before, comma, last = rest.rpartition(",")
        match = _OPTION.fullmatch(last)
        if not comma or match is None:
            break
        key, value = match.groups()
        if key not in known or key in options:
            problem = "stands twice" if key in options else "is not known here"
            raise InputError(f"option {quoted(key)} {problem}", mend=f"use any of: {', '.join(known)}")
        options[key], rest = value, before
    return Path(rest), options


def interval_option(options: dict[str, str]) -> int:
    """The time between samples in ns, from ``interval=0.5``, ``0.5s`` or ``500ms``; 0 if not given."""
    if "interval" not in options:
        return 0
    text = options["interval"]
    unit = NS_PER_MS if text.endswith("ms") else NS_PER_S
    number = decimal(text.removesuffix("ms") if text.endswith("ms") else text.removesuffix("s"))
    if number is None or not MIN_INTERVAL_NS <= number * unit <= MAX_INTERVAL_NS:
        raise InputError(
            f"interval={quoted(text)} is not a time between samples",
            mend="give seconds, 0.001 to 60, such as interval=1 or interval=100ms",
        )
    return int(number * unit)


def start_option(options: dict[str, str]) -> int:
    """The instant in ns since 1970 from ``start=`` Unix seconds, or a date and time with its zone."""
    text = options["start"]
    number = decimal(text)
    if number is not None and 0 <= number < 2**33:
        return int(number * NS_PER_S)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = datetime.min
    if instant.tzinfo is None:
        raise InputError(
            f"start={quoted(text)} is not an instant",
            mend="give Unix seconds, or 2024-05-10T12:00:00+02:00 with its zone, or Z for UTC",
        )
    return (instant - _EPOCH) // timedelta(microseconds=1) * 1000


def offset_option(options: dict[str, str]) -> int:
    """By how many ns the file's clock is ahead of UTC, from ``offset=+02:00``; 0 if not given."""
    text = options.get("offset", "+00:00")
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise InputError(f"offset={quoted(text)} is not an offset from UTC", mend="give offset=+02:00")
    sign, hours, minutes = match.groups()
    ahead = (int(hours) * 60 + int(minutes)) * NS_PER_MINUTE
    return -ahead if sign == "-" else ahead


def hardware_option(options: dict[str, str]) -> str:
    """The hardware table's key from ``hardware=``, empty if not given. It must be one accelerator."""
    key = options.get("hardware", "")
    if key and hardware(key).covers != 1:
        raise InputError(
            f"hardware={quoted(key)} is a node",
            mend="give the key of its accelerators (accounting/hardware.json)",
        )
    return key


def name_option(options: dict[str, str], key: str) -> str:
    """A name from ``key=``, empty if not given."""
    name = options.get(key, "")
    if name and not NAME.fullmatch(name.encode()):
        raise InputError(f"{key}={quoted(name)} is not a name", mend="use up to 64 of A-Z a-z 0-9 . _ : -")
    return name

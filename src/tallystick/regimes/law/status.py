"""What force an instrument has on a date, as known on another."""

from datetime import date

from tallystick.regimes.law.instrument import UNVERIFIED, Instrument, StatusEntry

#: The instrument's duties run. ``in_force`` is one of them only where the file has no day of application.
RUNNING = frozenset({"applies", "enforceable"})


def known_status(instrument: Instrument, known_on: date | None) -> list[StatusEntry]:
    """The entries that were known on that day, in order; all of them where no day is given."""
    return [e for e in instrument.status if known_on is None or e.known_on <= known_on]


def status_at(instrument: Instrument, at: date, known_on: date | None) -> StatusEntry | None:
    """The status on a date, or None before there was any."""
    return next((e for e in reversed(known_status(instrument, known_on)) if e.since <= at), None)


def ended(instrument: Instrument, at: date, known_on: date | None) -> bool:
    """Whether the instrument's sunset has come by that date, as far as it was known on ``known_on``."""
    if instrument.sunset is None or at < instrument.sunset:
        return False
    since = instrument.sunset_known_on
    return known_on is None or since is None or since <= known_on


def status_read(instrument: Instrument, at: date, known_on: date | None) -> bool:
    """Whether the text that gives the status of that date was read well enough for a verified answer."""
    entry = status_at(instrument, at, known_on)
    return entry is None or entry.confidence not in UNVERIFIED


def in_effect(instrument: Instrument, at: date, known_on: date | None) -> bool:
    """Whether the instrument's duties run on that date."""
    if ended(instrument, at, known_on):
        return False
    entry = status_at(instrument, at, known_on)
    if entry is None:
        return False
    return entry.value in RUNNING or (
        entry.value == "in_force" and not any(e.value in RUNNING for e in known_status(instrument, known_on))
    )


def takes_effect(instrument: Instrument, known_on: date | None = None) -> date | None:
    """The first day on which the duties run, or None where no such day is known."""
    days = [e.since for e in known_status(instrument, known_on)]
    return next((day for day in days if in_effect(instrument, day, known_on)), None)


def known_at_all(instrument: Instrument, known_on: date | None) -> bool:
    """Whether anything of the instrument was known on that day."""
    return bool(known_status(instrument, known_on))

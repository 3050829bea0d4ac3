"""Dates of a file: in order, ends after beginnings, and a day of comparison with the sources."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.law.instrument import WITHOUT_FORCE, Instrument, Parameter

#: Days after which a file should be compared with its sources again.
STALE_DAYS = 180


def date_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """In the order of the file."""
    yield from _status(instrument, at)
    first = instrument.status[0].since
    if instrument.sunset is not None and instrument.sunset <= first:
        problem = f"the sunset of {instrument.sunset} is not after the first status, of {first}"
        yield Problem(at("sunset"), problem, "write the first day on which it no longer holds, or open")
    for name, parameter in instrument.parameters.items():
        yield from _values(parameter, at, name)
    for index, duty in enumerate(instrument.obligations):
        begins = duty.starts or first
        if duty.ends is not None and duty.ends <= begins:
            what = "starts" if duty.starts else "the first status"
            problem = f"obligation {duty.id} ends on {duty.ends}, not after {what}, {begins}"
            yield Problem(at("obligations", index, "ends"), problem, "write the first day without the duty")


def _status(instrument: Instrument, at: Places) -> Iterator[Problem]:
    days = [entry.since for entry in instrument.status]
    if days != sorted(days):
        yield Problem(at("status"), "the dates are not in order", "write the earliest first")
    for index, (one, other) in enumerate(pairwise(instrument.status), 1):
        ends = one.value in WITHOUT_FORCE - {"proposed", "none"}
        if one.since == other.since and (one.value == other.value or ends):
            problem = f"{one.value} and {other.value} have the same day, {one.since}"
            yield Problem(at("status", index), problem, "write each status with the day from which it held")


def _values(parameter: Parameter, at: Places, name: str) -> Iterator[Problem]:
    since = [value.since for value in parameter.values]
    if since != sorted(set(since)):
        mend = "write the earliest first, each date once"
        yield Problem(at("parameters", name, "values"), f"{name}: the values are not in order", mend)
    for index, value in enumerate(parameter.values):
        if value.until is not None and value.until <= value.since:
            place = at("parameters", name, "values", index, "until")
            yield Problem(place, f"{name} ends before it begins", "write the day after its last one")


def stale(instrument: Instrument, at: Places, today: date) -> Iterator[Problem]:
    """A warning where nobody has compared the file with its sources for long, or on a day still to come."""
    age = (today - instrument.verified.on).days
    if age < 0:
        problem = f"verified.on, {instrument.verified.on}, is still to come, so that it would never grow old"
        yield Problem(at("verified", "on"), problem, "write the day on which it was compared", warning=True)
    if age > STALE_DAYS:
        problem = f"last compared with its sources {age} days ago"
        mend = "compare again and set verified.on"
        yield Problem(at("verified", "on"), problem, mend, warning=True)

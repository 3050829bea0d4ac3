"""Sets of days as spans from a first to a last day."""

from collections.abc import Iterable
from datetime import date, timedelta

#: First and last day.
Days = tuple[date, date]


def joined(spans: Iterable[Days]) -> tuple[Days, ...]:
    """The same days in order, without overlap; spans that follow each other become one."""
    found: list[Days] = []
    for first, last in sorted(spans):
        if found and first <= _next(found[-1][1]):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def common(some: Iterable[Days], others: Iterable[Days]) -> tuple[Days, ...]:
    """The days that are in both."""
    theirs = tuple(others)
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in theirs)
    return joined((first, last) for first, last in pairs if first <= last)


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day

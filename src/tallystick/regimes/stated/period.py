"""The days of a fact: one day in ``on``, or a period in ``from`` and ``to``, as an inspection states it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.law.dates import parse_date

DAY_KEYS = frozenset({"on", "from", "to"})
Days = tuple[date | None, date | None]
FORM = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?", re.ASCII)
MEND = "write from and to, both, as 2026-03-01T00:00:00Z; to is the first moment after the period"


def days_of(entry: Mapping[str, Any], where: str) -> Days:
    """First and last day, or None twice where the fact is not dated. Days are those of UTC.

    Raises InputError.
    """
    day, start, end = (entry.get(key) for key in ("on", "from", "to"))
    if day is not None:
        if start is not None or end is not None:
            raise InputError("on stands beside from and to", where=where, mend="leave one of the two out")
        found = parse_date(day if isinstance(day, str) else f"{type(day).__name__}", where)
        return found, found
    if start is None and end is None:
        return None, None
    if start is None or end is None:
        raise InputError("a period has two ends", where=where, mend=MEND)
    begun, over = _moment(start, where), _moment(end, where)
    if over <= begun:
        raise InputError("the period ends before it begins", where=where, mend=MEND)
    return begun.date(), (over - timedelta(microseconds=1)).date()


def _moment(value: Any, where: str) -> datetime:
    """A moment of UTC; a day alone is its first moment."""
    try:
        if isinstance(value, str) and FORM.fullmatch(value):
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    shown = repr(value[:40]) if isinstance(value, str) else f"a {type(value).__name__}"
    raise InputError(f"{shown} is no moment", where=where, mend=MEND)

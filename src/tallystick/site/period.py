"""Periods as people write them: a date, a month, an ISO interval, or ``all``. Always UTC."""

import re
from datetime import UTC, datetime, timedelta

from tallystick.declarations.statement import Period
from tallystick.errors import InputError
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

_MEND = "write 2026-03-02, 2026-03, 2026-03-02T06:00Z/2026-03-02T18:00Z, or all"


def parse_period(text: str, sealed: dict[int, object]) -> Period:
    """The period called ``text``. ``all`` is every hour with a sealed slot. Raises InputError."""
    if text == "all":
        if not sealed:
            raise InputError("nothing is sealed yet", mend="tallystick site ingest DIR SOURCE first")
        start, end = min(sealed), max(sealed) + SLOT_NS
        return Period(text, start // NS_PER_HOUR * NS_PER_HOUR, -(-end // NS_PER_HOUR) * NS_PER_HOUR)
    try:
        start, end = _bounds(text)
    except ValueError as error:
        raise InputError(f"period {text[:60]!r} is not understood ({error})", mend=_MEND) from error
    if start >= end or start % NS_PER_HOUR or end % NS_PER_HOUR:
        raise InputError(f"period {text!r} is not a span of whole hours", mend=_MEND)
    if not any(start <= slot < end for slot in sealed):
        raise InputError(
            f"nothing is sealed in the period {text}", mend="choose a period with samples, or all"
        )
    return Period(text, start, end)


def _bounds(text: str) -> tuple[int, int]:
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
        return _ns(first), _ns((first + timedelta(days=32)).replace(day=1))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        return _ns(day), _ns(day + timedelta(days=1))
    first_text, separator, last_text = text.partition("/")
    if not separator:
        raise ValueError("no such form")
    return _instant(first_text), _instant(last_text)


def _instant(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone, as in 2026-03-02T06:00Z")
    return _ns(moment)


def _ns(moment: datetime) -> int:
    return int(moment.timestamp()) * NS_PER_S


def period_file_name(label: str) -> str:
    """A file name for the period."""
    return re.sub(r"[^0-9A-Za-z-]", "_", label)

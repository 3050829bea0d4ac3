"""Dates and durations of legal texts: ISO 8601, calendar months as lawyers count them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from tallystick.errors import InputError

DURATION = re.compile(r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(\d{1,6})H)?")


def parse_date(text: str, where: str = "") -> date:
    """``2026-11-23``. Raises InputError."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(f"{text[:40]!r} is not a date", where=where, mend="write it as 2026-11-23")


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of a legal clock. Months and years count by the calendar; hours stay hours."""

    months: int
    days: int
    hours: int
    text: str

    @property
    def least_hours(self) -> int:
        """The shortest that the span can be, for putting clocks in order."""
        return (self.months * 28 + self.days) * 24 + self.hours

    def after(self, start: date) -> date:
        """The last day of the span from ``start``; hours are rounded up to days."""
        months = start.year * 12 + start.month - 1 + self.months
        year, month = divmod(months, 12)
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days - (-self.hours // 24))


def parse_duration(text: str, where: str = "") -> Duration:
    """``P14D``, ``P3M``, ``PT72H``. Raises InputError."""
    match = DURATION.fullmatch(text)
    if match is None or text.endswith("T"):
        raise InputError(
            f"{text[:40]!r} is not a duration", where=where, mend="write it as P14D, P3M or PT72H"
        )
    years, months, weeks, days, hours = (int(group or 0) for group in match.groups())
    return Duration(12 * years + months, 7 * weeks + days, hours, text)


def span_text(text: str) -> str:
    """``PT72H`` as ``72 hours``, ``P15D`` as ``15 days``, ``P3M`` as ``3 months``."""
    units = {"H": "hour", "D": "day", "W": "week", "M": "month", "Y": "year"}
    found = []
    digits = ""
    for letter in text.removeprefix("P").replace("T", ""):
        if letter.isdigit():
            digits += letter
        else:
            found.append(f"{digits} {units[letter]}{'s' if digits != '1' else ''}")
            digits = ""
    return " ".join(found)

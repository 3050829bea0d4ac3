"""Dates and legal clocks."""

from datetime import date

import pytest

from tallystick.errors import InputError
from tallystick.regimes.law.dates import parse_date, parse_duration


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P14D", date(2026, 11, 24), date(2026, 12, 8)),
        ("PT72H", date(2026, 11, 24), date(2026, 11, 27)),
        ("PT25H", date(2026, 11, 24), date(2026, 11, 26)),
        ("P1M", date(2026, 1, 31), date(2026, 2, 28)),
        ("P2W", date(2026, 12, 25), date(2027, 1, 8)),
        ("P1Y", date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_clocks_run_by_the_calendar(text: str, start: date, end: date) -> None:
    assert parse_duration(text).after(start) == end


def test_clocks_are_put_in_order() -> None:
    order = ["PT24H", "PT72H", "P14D", "P15D", "P1M", "P3M", "P1Y"]
    assert sorted(order, key=lambda text: parse_duration(text).least_hours) == order


@pytest.mark.parametrize("text", ["", "P", "14D", "P14", "PT", "P1DT", "P-1D", "14 days"])
def test_no_other_duration_is_read(text: str) -> None:
    with pytest.raises(InputError):
        parse_duration(text)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-1-1", "20260101", "2026-W01-1", "today", "3027-13-01"])
def test_no_other_date_is_read(text: str) -> None:
    with pytest.raises(InputError):
        parse_date(text)

"""The comparison in words."""

from datetime import date

import pytest

from tallystick.regimes.fragmentation.comparison import Comparison, compare
from tallystick.regimes.fragmentation.profile import read_profile
from tallystick.regimes.library import DATA, load_all
from tallystick.reporting.regimes.findings_text import usd, usd_range
from tallystick.reporting.regimes.text import comparison_text

AT = date(2026, 11, 24)


@pytest.fixture(scope="module")
def found() -> Comparison:
    regimes = load_all()
    return compare(read_profile(DATA / "examples" / "developer.yaml", regimes.vocabulary), regimes, AT)


def test_it_is_short_and_says_that_it_is_not_legal_advice(found: Comparison) -> None:
    text = comparison_text(found)
    assert "not legal advice" in text
    assert max(map(len, text.splitlines())) <= 100
    assert len(text.splitlines()) < 175


def test_every_part_is_there(found: Comparison) -> None:
    text = comparison_text(found)
    for heading in (
        "Brings you duties",
        "Brings you duties from a later day",
        "Reaches you, brings no duty",
        "Does not reach you, by what the profile lists",
        "Roles and ties that the profile does not list are taken as absent",
        "Undecided (see Open questions)",
        "Deliverables",
        "How to read the tables",
        "Deadlines, strictest first",
        "What you may do",
        f"Compute figures to keep: {len(found.figures.counted)} different sums",
        "Duties that cannot both be met",
        "Open questions, and what settles them",
        "Gaps: where nothing binds",
        "What each regime looks at",
        "Which duties hang on which place",
        "ASSUMED",
    ):
        assert heading in text, heading


def test_the_reading_that_decides_is_named_with_its_model(found: Comparison) -> None:
    text = " ".join(comparison_text(found).split())
    assert (
        "for Heron 3: the text is silent; counsel has to choose how to read it: line not passed if read as "
        "literal; line passed if read as synthetic or strict"
    ) in text
    assert "strict = all that the text is silent on is counted" in text


def test_figures_are_those_of_the_comparison(found: Comparison) -> None:
    row = next(line for line in comparison_text(found).splitlines() if line.startswith("  due on that day"))
    assert row.split()[-4:] == [
        str(n) for n in (found.today.duties, found.today.sum, found.today.union, found.today.filings)
    ]


def test_money_is_rounded_to_two_figures() -> None:
    assert [usd(n) for n in (0, 7, 951, 1234, 98_700, 1_960_000, 24_400_000)] == [
        "$0",
        "$7",
        "$950",
        "$1.2k",
        "$99k",
        "$2M",
        "$24M",
    ]
    assert usd_range((1000, 2000, 3000)) == "$1k to $3k (middle $2k)"

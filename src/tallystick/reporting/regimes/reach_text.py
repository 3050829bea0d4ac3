"""Which regimes bring a developer no duty, and why, in plain lines."""

from collections.abc import Iterator

from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.reach import (
    EXEMPT,
    NO_DUTIES,
    NO_LINE,
    NOT_REACHED,
    NOT_RUNNING,
    REACHED,
    Reason,
    reason_of,
)
from tallystick.reporting.regimes.words import either, region_words

PLAIN = {
    NO_DUTIES: "its text asks for nothing",
    NO_LINE: "by what you claim, no line or test of its own is met",
    EXEMPT: "an exception, or a test of the duty itself, takes its duties off",
    NOT_RUNNING: "its duties do not run on that day",
}


def unreached_lines(found: Comparison) -> list[str]:
    """Regimes of which the profile lists no tie or no role; those of one reason share a line."""
    return list(_lines(found, NOT_REACHED))


def reached_lines(found: Comparison) -> list[str]:
    """Regimes that reach the developer and bring no duty."""
    return list(_lines(found, REACHED))


def _lines(found: Comparison, codes: tuple[str, ...]) -> Iterator[str]:
    grouped: dict[str, list[str]] = {}
    for code in codes:
        for one in found.standings:
            reason = reason_of(one)
            if reason is not None and reason.code == code:
                grouped.setdefault(reason_words(reason), []).append(one.instrument.id)
    yield from (f"{', '.join(regimes)}: {words}" for words, regimes in grouped.items())


def reason_words(reason: Reason) -> str:
    """``no tie to KR (asked for: places on market or deploys)``."""
    tie = f"no tie to {region_words(reason.region)} (asked for: {either(reason.ties)})" if reason.ties else ""
    role = f"none of its roles ({either(reason.roles)})" if reason.roles else ""
    if reason.code in NOT_REACHED:
        return ", and ".join(filter(None, (tie, role)))
    return PLAIN[reason.code]

"""Neither side chooses what is drawn, whichever moves last, and refusing is no way out.

Two of the 32 entries are false and 8 are drawn: they escape with probability C(30, 8) / C(32, 8) = 0.556.
All numbers are fixed, so that these tests give the same outcome each time.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from math import comb, sqrt

import pytest
from tests.adversarial.hostile_operator import Honest, concluded, failed

from tallystick.inspection.challenge import Challenge
from tallystick.inspection.conclude import conclude
from tallystick.inspection.draw import draw
from tallystick.inspection.verify import verify
from tallystick.records.outcome import Conclusion, Severity

ENTRIES, FALSE, DRAWN = 32, 2, 8
ESCAPES = comb(ENTRIES - FALSE, DRAWN) / comb(ENTRIES, DRAWN)
TRIALS, CANDIDATES, GUESSES = 400, 16, 50


def _number(what: str, number: int) -> bytes:
    return hashlib.sha256(f"{what} {number}".encode()).digest()


def _drawn(honest: Honest, challenge: Challenge, site_nonce: bytes) -> set[int]:
    return {e.leaf for e in draw(honest.bundle, honest.declaration, challenge, site_nonce).entries}


def _hidden(honest: Honest) -> set[int]:
    """Two false entries, somewhere in the middle."""
    every = sorted(_drawn(honest, replace(_asked(honest, bytes(32)), entries=ENTRIES), bytes(32)))
    return {every[9], every[20]}


def _asked(honest: Honest, nonce: bytes, closing: int = 0) -> Challenge:
    """The challenge on what the operator's ``closing``-th attempt at closing would be."""
    root = _number("root", closing)
    return replace(honest.challenge, root=root, nonce=nonce, entries=DRAWN, slots=0, subjects=0)


def _escape_rate(honest: Honest, asked: Iterable[tuple[Challenge, bytes]]) -> float:
    hidden = _hidden(honest)
    outcomes = [not hidden & _drawn(honest, challenge, nonce) for challenge, nonce in asked]
    return sum(outcomes) / len(outcomes)


def _near(rate: float, expected: float) -> bool:
    return abs(rate - expected) < 4 * sqrt(expected * (1 - expected) / TRIALS)


def test_closing_until_the_draw_looks_good_gains_nothing(honest: Honest) -> None:
    """The operator tries many closings against nonces that it guesses, and keeps the best."""

    def promise(closing: int) -> float:
        guessed = (_asked(honest, _number("guess", n), closing) for n in range(GUESSES))
        return _escape_rate(honest, ((c, _number("operator", closing)) for c in guessed))

    promises = {closing: promise(closing) for closing in range(CANDIDATES)}
    best = max(promises, key=promises.__getitem__)
    assert promises[best] > ESCAPES + 0.05, "it did find one that looked good"
    truly = (_asked(honest, _number("inspector", n), best) for n in range(TRIALS))
    assert _near(_escape_rate(honest, ((c, _number("operator", best)) for c in truly)), ESCAPES)


def test_an_operator_that_knew_the_nonce_first_would_escape(honest: Honest) -> None:
    """So the order matters: first the commitment, seen by the witness, then the inspector's nonce."""
    hidden = _hidden(honest)
    escaped = 0
    for trial in range(20):
        nonce = _number("inspector", trial)
        tries = ((_asked(honest, nonce, c), _number("operator", c)) for c in range(CANDIDATES))
        escaped += any(not hidden & _drawn(honest, *attempt) for attempt in tries)
    assert escaped == 20


def test_an_operator_that_changes_its_half_afterwards_is_caught(honest: Honest) -> None:
    report = concluded(honest, opening=replace(honest.opening, nonce=_number("operator", 1)))
    assert failed(report) == {10}


def test_a_refusal_is_a_failed_check_and_nothing_counts_as_seen(honest: Honest) -> None:
    report = conclude(verify(honest.bundle), honest.challenge, None, None).report
    assert failed(report) == {10}
    assert {c.number for c in report.checks if c.ok is None} >= set(range(11, 20))
    assert report.conclusion is Conclusion.NOT_CONSISTENT
    assert [f.severity for f in report.findings if f.code == "F-10"] == [Severity.MAJOR]


def test_refusing_what_is_unfavourable_gains_nothing(honest: Honest) -> None:
    """It sees the draw before it reveals, and answers only where its false entries are not drawn."""
    hidden, passes = _hidden(honest), 0
    for trial in range(TRIALS):
        found = hidden & _drawn(honest, _asked(honest, _number("inspector", trial)), bytes(32))
        answers = not found
        passes += answers  # a refusal never passes: see above
    assert _near(passes / TRIALS, ESCAPES)


@pytest.mark.parametrize("wanted", [3, 17, 30])
def test_an_inspector_that_tries_nonces_gains_nothing(honest: Honest, wanted: int) -> None:
    """He wants one entry opened, and keeps the nonce that draws it most often for halves that he guesses."""
    every = sorted(_drawn(honest, replace(_asked(honest, bytes(32)), entries=ENTRIES), bytes(32)))

    def hits(nonce: int, halves: str, count: int) -> int:
        challenge = _asked(honest, _number("inspector", nonce))
        return sum(every[wanted] in _drawn(honest, challenge, _number(halves, n)) for n in range(count))

    best = max(range(CANDIDATES), key=lambda nonce: hits(nonce, "guess", GUESSES))
    assert _near(hits(best, "operator", TRIALS) / TRIALS, DRAWN / ENTRIES)

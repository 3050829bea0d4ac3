"""A claim has one encoding, and what is not it is refused as no claim."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from claims_site import DAY, RECORD, coverage

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.claim import MAX_CLAIM_BYTES, Claim, ClaimProof, decode_claim
from tallystick.claims.classes import Classes, Share, TimeClass
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.total import Total
from tallystick.errors import FormatError

STATEMENTS: list[ClaimStatement] = [
    Total(Figure.TIME_BOUND, 10**22, exact=True),
    Cap(Figure.ESTIMATE, 10**21, counts_generation=False),
    Pause(Figure.ACCELERATOR_TIME, 86_400_000),
    Energy("Arden", RECORD.meters["Arden"], 20_000),
    Capacity(10**9),
    Capacity(10**9, 5),
    Classes((Share(TimeClass.LINEAGES, 5, 7), Share(TimeClass.TRAINING, 0, 9))),
    coverage(DAY + 1),
]


def encoded(statement: ClaimStatement) -> bytes:
    return Claim(statement, ClaimProof((bytes(64),), bytes(736))).encode()


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    value = json.loads(data)
    change(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.kind)
def test_a_claim_is_read_back(statement: ClaimStatement) -> None:
    claim = decode_claim(encoded(statement), "claim")
    assert (claim.statement, claim.kind, claim.figure) == (statement, statement.kind, statement.figure)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.kind)
def test_other_bytes_of_the_same_claim_are_refused(statement: ClaimStatement) -> None:
    data = encoded(statement)
    for other in (data + b"\n", data.replace(b":", b": ", 1), data[:-1], data.replace(b'="', b'"', 1)):
        with pytest.raises(FormatError):
            decode_claim(other, "claim")


CHANGES: dict[str, Callable[[Any], object]] = {
    "format": lambda v: v.update(format="tallystick-claim/2"),
    "kind": lambda v: v.update(kind="caps"),
    "figure": lambda v: v.update(figure="guess"),
    "figure of another kind": lambda v: v.update(figure="energy"),
    "a field more": lambda v: v.update(more=1),
    "a field less": lambda v: v.pop("proof"),
    "a field of the statement more": lambda v: v["statement"].update(more=1),
    "a negative limit": lambda v: v["statement"].update(limit="-1"),
    "a limit beyond the proof": lambda v: v["statement"].update(limit=str(2**64 * 10**9)),
    "a limit as a number": lambda v: v["statement"].update(limit=5),
    "a limit with a zero before it": lambda v: v["statement"].update(limit="05"),
    "generation as a number": lambda v: v["statement"].update(counts_generation=1),
    "known scalars as text": lambda v: v["proof"].update(known="A"),
    "too many known scalars": lambda v: v["proof"].update(known=["", "", ""]),
    "a known scalar as a number": lambda v: v["proof"].update(known=[1]),
    "a range proof that is no text": lambda v: v["proof"].update(remainders=None),
    "a range proof that is no base64": lambda v: v["proof"].update(remainders="*"),
    "a range proof without end": lambda v: v["proof"].update(remainders="A" * 4096),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_cap_is_refused(change: str) -> None:
    with pytest.raises(FormatError) as caught:
        decode_claim(changed(encoded(STATEMENTS[1]), CHANGES[change]), "claim")
    assert "claim" in str(caught.value)


@pytest.mark.parametrize(
    ("index", "key", "value"),
    [
        (0, "exact", 1),
        (0, "limit", "1000000001"),
        (3, "tolerance_ppm", 1_000_001),
        (3, "site", ""),
        (3, "meter_mj", "9" * 40),
        (5, "training_ms", "1000000001"),
        (5, "training_ms", 5),
        (6, "shares", []),
        (6, "shares", [["lineages", 7, 5]]),
        (6, "shares", [["lineages", 0, 1_000_000]]),
        (6, "shares", [["lineages", 0, True]]),
        (6, "shares", [["training", 0, 5], ["lineages", 0, 5]]),
        (6, "shares", [["games", 0, 5]]),
        (6, "shares", [["lineages", 5]]),
        (6, "shares", [5]),
        (7, "hour", 2**53 - 1),
        (7, "key", "00" * 32),
        (7, "pseudonyms", "AAAA"),
        (7, "pseudonyms", "*"),
        (7, "rows", [[0, 0]]),
        (7, "rows", [[0, 0]] * 19 + [[2, 0]]),
        (7, "rows", [[0, 0]] * 19 + [[0, -1]]),
        (7, "rows", [[0, 0]] * 19 + [["0", 0]]),
        (7, "sites", ["Arden", "Brume", "Cirrus"]),
        (7, "sites", ["Arden", "\n"]),
    ],
)
def test_what_is_no_statement_of_its_kind_is_refused(index: int, key: str, value: object) -> None:
    data = changed(encoded(STATEMENTS[index]), lambda v: v["statement"].update({key: value}))
    with pytest.raises(FormatError):
        decode_claim(data, "claim")


@pytest.mark.parametrize("statement", STATEMENTS[3:], ids=lambda s: s.kind)
def test_a_figure_that_its_kind_does_not_have_is_refused(statement: ClaimStatement) -> None:
    with pytest.raises(FormatError, match="not the one encoding"):
        decode_claim(changed(encoded(statement), lambda v: v.update(figure="estimate")), "claim")


def test_a_claim_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(FormatError, match="at most 8388608 bytes"):
        decode_claim(bytes(MAX_CLAIM_BYTES + 1), "claim")

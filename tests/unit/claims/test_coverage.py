"""Each accelerator in exactly one stream: what is listed, what a spot check opens, and what is refused."""

from dataclasses import replace

import pytest
from claims_site import DAY, DUE, OPERATOR, RECORD, SECRET, book, coverage, serials

from tallystick.claims.claim import Claim, ClaimProof
from tallystick.claims.coverage import Coverage, Stream, list_coverage
from tallystick.claims.pseudonyms import (
    PseudonymOpening,
    check_pseudonym,
    coverage_key,
    open_pseudonym,
    pseudonym_of,
)
from tallystick.claims.verify import verify_claims
from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs.ristretto import IDENTITY, Point, multiply_base

HOUR = 24 * (DAY + 1) + 6
CHALLENGE = bytes(range(32))
#: Second day: eight and four at Arden, eight at Brume.
COVERAGE = coverage(DAY + 1)


def refuse(statement: Coverage, match: str) -> None:
    with pytest.raises(VerificationError, match=match):
        verify_claims(RECORD, book().matrix, [Claim(statement, ClaimProof((), b""))])


def test_each_row_has_the_accelerators_that_the_inventory_has() -> None:
    assert len(COVERAGE.streams) == 20
    assert sum(stream.site == "Brume" for stream in COVERAGE.streams) == 8
    verify_claims(RECORD, book().matrix, [book().prover.prove(COVERAGE)])


def test_a_serial_has_one_pseudonym_however_often_it_is_listed() -> None:
    """Which the order of the list then shows: with a key for each accelerator it would not."""
    twice = {**serials(DAY + 1), DUE[3].place: ["Arden-0-0", *serials(DAY + 1)[DUE[3].place][1:]]}
    with pytest.raises(InputError, match=r"accelerator Arden-0-0 is also in site Arden, 2026-03-03, row 0"):
        list_coverage(SECRET, RECORD, HOUR, twice)
    repeated = sorted([*COVERAGE.streams, COVERAGE.streams[4]], key=lambda s: s.pseudonym)
    with pytest.raises(InputError, match="not strictly ascending"):
        replace(COVERAGE, streams=tuple(repeated))


def test_an_accelerator_left_out_or_made_up_is_refused() -> None:
    first = COVERAGE.streams[0]
    row = f"site {first.site}, 2026-03-03, row {first.row}"
    refuse(replace(COVERAGE, streams=COVERAGE.streams[1:]), rf"{row}: .* are listed where")
    made_up = Stream(Point(b"\xfe" + b"\xff" * 31), "Arden", 1)
    refuse(replace(COVERAGE, streams=(*COVERAGE.streams, made_up)), "5 accelerators are listed where")


def test_a_stream_that_is_not_due_is_refused() -> None:
    for site, row in (("Arden", 2), ("Cirrus", 0)):
        streams = (replace(COVERAGE.streams[0], site=site, row=row), *COVERAGE.streams[1:])
        refuse(replace(COVERAGE, streams=streams), f"no row {row} of site {site} is due at 2026-03-03 06:00")
    refuse(replace(COVERAGE, hour=24 * DAY + 48), "2026-03-04 00:00 is not in the period")


def test_a_list_under_another_key_is_refused() -> None:
    other = list_coverage(SECRET[::-1], RECORD, HOUR, serials(DAY + 1))
    refuse(other, "not the one that the log names")
    with pytest.raises(VerificationError, match="not the one that the log names"):
        COVERAGE.bounds(replace(RECORD, coverage_key=None))
    record = replace(RECORD, coverage_key=other.key)
    with pytest.raises(InputError, match="not of this secret"):
        replace(book(), record=record).prover.prove(other)


def test_the_record_has_to_say_how_many_accelerators_a_row_covers() -> None:
    with pytest.raises(InputError, match="does not say how many accelerators"):
        COVERAGE.bounds(replace(RECORD, accelerators={}))


def test_a_spot_check_finds_the_stream_of_an_accelerator() -> None:
    opening = open_pseudonym(SECRET, OPERATOR, "Brume-0-3", CHALLENGE)
    stream = COVERAGE.stream_of(OPERATOR, opening, CHALLENGE)
    assert (stream.site, stream.row) == ("Brume", 0)
    absent = open_pseudonym(SECRET, OPERATOR, "elsewhere", CHALLENGE)
    with pytest.raises(VerificationError, match="no stream covers accelerator elsewhere"):
        COVERAGE.stream_of(OPERATOR, absent, CHALLENGE)


def test_an_opening_of_another_serial_key_operator_or_challenge_is_refused() -> None:
    opening = open_pseudonym(SECRET, OPERATOR, "Brume-0-3", CHALLENGE)
    key, other = COVERAGE.key, open_pseudonym(SECRET, OPERATOR, "Brume-0-4", CHALLENGE)
    check_pseudonym(key, OPERATOR, opening, CHALLENGE)
    attempts = (
        (key, OPERATOR, replace(opening, serial="Brume-0-4"), CHALLENGE),
        (key, OPERATOR, replace(opening, pseudonym=other.pseudonym), CHALLENGE),
        (coverage_key(SECRET[::-1], OPERATOR), OPERATOR, opening, CHALLENGE),
        (key, "Borealis", opening, CHALLENGE),
        (key, OPERATOR, opening, bytes(32)),
        (key, OPERATOR, replace(opening, proof=other.proof), CHALLENGE),
    )
    for attempt in attempts:
        with pytest.raises(VerificationError, match="does not hold"):
            check_pseudonym(*attempt)
    with pytest.raises(FormatError, match="identity"):
        check_pseudonym(key, OPERATOR, PseudonymOpening("x", IDENTITY, bytes(64)), CHALLENGE)


def test_a_pseudonym_that_was_made_up_cannot_be_opened() -> None:
    """One scalar behind key and pseudonym is what the proof shows; two scalars do not do."""
    made_up = multiply_base(12345)
    opening = open_pseudonym(SECRET, OPERATOR, "Brume-0-3", CHALLENGE)
    with pytest.raises(VerificationError, match="does not hold"):
        check_pseudonym(COVERAGE.key, OPERATOR, replace(opening, pseudonym=made_up), CHALLENGE)


def test_pseudonyms_differ_by_operator_and_refuse_odd_serials() -> None:
    assert coverage_key(SECRET, OPERATOR) != coverage_key(SECRET, "Borealis")
    for serial in ("", "a\n", "a" * 129):
        with pytest.raises(InputError, match="a serial is not"):
            pseudonym_of(7, serial)


def test_a_row_that_is_two_parts_of_a_day_is_checked_at_the_part_that_the_hour_is_in() -> None:
    brume = DUE[-1]
    parts = tuple(replace(brume, place=replace(brume.place, hours=h)) for h in ((0, 12), (12, 24)))
    counts = {**RECORD.accelerators[HOUR], parts[0].place: 8}
    record = replace(RECORD, due=(*DUE[:-1], *parts), accelerators={HOUR: counts})
    assert COVERAGE.bounds(record) == ()
    with pytest.raises(InputError, match="does not say how many"):
        replace(COVERAGE, hour=HOUR + 6).bounds(record)

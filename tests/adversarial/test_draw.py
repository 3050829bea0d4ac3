"""The draw: without replacement, in range, even, and in nobody's hand."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from tests.adversarial.hostile_operator import Honest

from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.inspection.draw import counted_rows, draw


def _draw(honest: Honest, number: int, **changes: int):
    challenge = replace(honest.challenge, nonce=number.to_bytes(32, "big"), **changes)
    return draw(honest.bundle, honest.declaration, challenge, bytes(32))


def test_drawn_without_replacement_and_in_range(honest: Honest) -> None:
    rows = set(counted_rows(honest.bundle))
    (day,) = honest.bundle.days
    start, end = day.first_entry, honest.declaration.log_size
    for number in range(60):
        for entries in (0, 1, 7, 32, 1000):
            drawn = _draw(honest, number, entries=entries, slots=3, subjects=5)
            leaves = [e.leaf for e in drawn.entries]
            assert leaves == sorted(set(leaves))
            assert len(leaves) == min(entries, 32)
            assert all(
                start <= leaf < end and e.row in rows for leaf, e in zip(leaves, drawn.entries, strict=True)
            )
            assert len({s.slot_ns for s in drawn.slots}) == 3
            assert all(len(set(s.rows)) == 5 and rows.issuperset(s.rows) for s in drawn.slots)


def test_a_leaf_is_the_row_and_hour_that_it_says(honest: Honest) -> None:
    width = len(honest.bundle.roster.rows)
    (day,) = honest.bundle.days
    for entry in _draw(honest, 1, entries=32).entries:
        hour, row = divmod(entry.leaf - day.first_entry, width)
        assert row == entry.row
        assert entry.hour_ns == honest.declaration.period.start_ns + hour * 3600 * 10**9


def test_every_entry_is_drawn_equally_often(honest: Honest) -> None:
    """4 of 32 entries, 1500 draws: each 187.5 times, standard deviation 12.8; the draws are fixed."""
    counts = Counter(e.leaf for n in range(1500) for e in _draw(honest, n, entries=4, slots=0).entries)
    assert len(counts) == 32
    assert all(abs(count - 187.5) < 4 * 12.8 for count in counts.values())
    chi_square = sum((count - 187.5) ** 2 / 187.5 for count in counts.values())
    assert chi_square < 70


def test_pairs_are_drawn_equally_often(honest: Honest) -> None:
    """2 of 8 slots: 28 pairs, 1400 draws, each 50 times, standard deviation 6.9."""
    counts = Counter(
        tuple(s.slot_ns for s in _draw(honest, n, entries=0, slots=2, subjects=1).slots) for n in range(1400)
    )
    assert len(counts) == 28
    assert all(abs(count - 50) < 4 * 6.9 for count in counts.values())


@pytest.mark.parametrize("change", [{"nonce": b"\1" * 32}, {"root": bytes(32)}, {"size": 1}, {"origin": "o"}])
def test_the_head_and_each_side_move_the_draw(honest: Honest, change: dict[str, Any]) -> None:
    challenge = replace(honest.challenge, entries=16, nonce=bytes(32))
    base = draw(honest.bundle, honest.declaration, challenge, bytes(32)).entries
    assert draw(honest.bundle, honest.declaration, replace(challenge, **change), bytes(32)).entries != base
    assert draw(honest.bundle, honest.declaration, challenge, b"\1" * 32).entries != base


def test_asking_for_less_draws_a_part_and_signing_draws_the_same(honest: Honest) -> None:
    """So a refusal because of the size, or for want of a signature, cannot be used to draw again."""
    key = SigningKey.generate("inspector", NOTE)
    for number in range(40):
        whole = _draw(honest, number, entries=20, slots=6, subjects=9)
        part = _draw(honest, number, entries=7, slots=4, subjects=5)
        assert set(part.entries) < set(whole.entries)
        rows = {slot.slot_ns: set(slot.rows) for slot in whole.slots}
        assert all(set(slot.rows) < rows[slot.slot_ns] for slot in part.slots)
    unsigned = honest.challenge
    drawn = [
        draw(honest.bundle, honest.declaration, c, bytes(32)) for c in (unsigned, unsigned.signed_by(key))
    ]
    assert drawn[0] == drawn[1]

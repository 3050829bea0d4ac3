"""No blinding serves two contents, and the same content is committed the same way each time."""

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_rows import GROWN, PLAN, SECRET, due_row, opening, row_amounts

from tallystick.errors import InputError
from tallystick.evidence.matrix.amounts import CellAmounts, RowAmounts
from tallystick.evidence.matrix.blinding import row_blindings
from tallystick.evidence.matrix.row import open_row

PLACE = due_row().place

cells = st.builds(CellAmounts, *[st.integers(0, 2**32 - 1)] * 3)
rows = st.builds(RowAmounts, st.tuples(cells, cells))


def test_a_day_closed_again_with_the_same_amounts_repeats_its_blindings() -> None:
    assert row_blindings(SECRET, PLACE, row_amounts()) == row_blindings(SECRET, PLACE, row_amounts())


@settings(max_examples=40, deadline=None)
@given(rows, rows)
def test_a_day_closed_again_with_other_amounts_repeats_no_blinding(
    one: RowAmounts, other: RowAmounts
) -> None:
    """Nor do the blindings of amounts that stayed as they were."""
    shared = set(row_blindings(SECRET, PLACE, one)) & set(row_blindings(SECRET, PLACE, other))
    assert bool(shared) == (one == other)


@pytest.mark.parametrize(
    "change",
    [
        {"day": 3},
        {"row": 3},
        {"site": "Brume"},
        {"operator": "Borealis"},
        {"origin": "x"},
        {"roster": b"\1" * 32},
        {"columns": GROWN.digest},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_blinding_serves_two_places(change: dict[str, object]) -> None:
    there = replace(PLACE, **change)  # type: ignore[arg-type]
    amounts = row_amounts()
    assert not set(row_blindings(SECRET, PLACE, amounts)) & set(row_blindings(SECRET, there, amounts))


def test_blindings_of_a_row_differ_and_depend_on_the_secret() -> None:
    """Equal amounts of one row, zeros above all, are committed with blindings of their own."""
    mine = row_blindings(SECRET, PLACE, RowAmounts((CellAmounts(),) * 10))
    other = row_blindings(bytes(32), PLACE, RowAmounts((CellAmounts(),) * 10))
    assert len({*mine, *other}) == 60


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(InputError, match="at least 32 bytes"):
        open_row(SECRET[:31], PLAN, due_row(), row_amounts())


def test_the_blindings_are_those_of_the_specification() -> None:
    """Recomputed here from the text of spec/commitments.md."""
    place = json.dumps(
        {
            "columns": PLAN.digest.hex(),
            "day": 20514,
            "hours": [0, 24],
            "operator": "Ares",
            "origin": "log.example/Arden",
            "protocol": "tallystick-commitments/1",
            "roster": "00" * 32,
            "row": 0,
            "site": "Arden",
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    amounts = "[[0,0,0],[191200000,61000000,0],[500000000,350000000,20000000]]"
    digests = hashlib.sha256(place.encode()).digest() + hashlib.sha256(amounts.encode()).digest()
    message = b"tallystick-blinding/1\0" + digests + (4).to_bytes(8, "little")
    drawn = int.from_bytes(hmac.digest(SECRET, message, "sha512"), "little")
    order = 2**252 + 27742317777372353535851937790883648493
    assert opening(due_row()).blindings[4] == drawn % order

"""Pedersen commitments: sums, weights and remainders open to what they should, and to nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs import pedersen
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.pedersen import MAX_TOTAL, MAX_VALUE, Opening, commit, verify_opening
from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    IDENTITY,
    ORDER,
    Point,
    add,
    multiply,
    multiply_base,
)

openings = st.builds(Opening, st.integers(0, MAX_VALUE), st.integers(1, ORDER - 1))


def commit_to(opening: Opening) -> Point:
    return commit(opening.value, opening.blinding)


def test_commitments_are_those_of_zkcrypto() -> None:
    """The value on the basepoint, the blinding on B_blinding, as the crate's PedersenGens."""
    assert commit(5, 7) == add(multiply_base(5), multiply(7, BLINDING_BASE))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(openings, st.integers(0, 2**40)), min_size=1, max_size=4))
def test_sums_and_weighted_sums_open(pairs: list[tuple[Opening, int]]) -> None:
    listed, factors = [o for o, _ in pairs], [f for _, f in pairs]
    commitments = [commit_to(o) for o in listed]
    summed = pedersen.sum_openings(listed)
    assert summed.value == sum(o.value for o in listed)
    verify_opening(pedersen.sum_commitments(commitments), summed)
    weighed = pedersen.weigh_openings(factors, listed)
    assert weighed.value == sum(f * o.value for f, o in zip(factors, listed, strict=True))
    if weighed.value or weighed.blinding:
        verify_opening(pedersen.weigh_commitments(factors, commitments), weighed)


@settings(max_examples=20, deadline=None)
@given(openings, st.integers(0, MAX_VALUE))
def test_a_remainder_opens_to_the_difference(opening: Opening, room: int) -> None:
    limit = opening.value + room
    rest = pedersen.remainder(limit, commit_to(opening))
    verify_opening(rest, Opening(room, ORDER - opening.blinding))


@pytest.mark.parametrize(
    "wrong", [Opening(6, 7), Opening(5, 8), Opening(7, 5), Opening(0, 0), Opening(5, ORDER - 7)]
)
def test_other_openings_fail(wrong: Opening) -> None:
    verify_opening(commit(5, 7), Opening(5, 7))
    with pytest.raises(VerificationError, match="does not open"):
        verify_opening(commit(5, 7), wrong)


@pytest.mark.parametrize(
    "wrong", [Opening(5 + ORDER, 7), Opening(5, 7 + ORDER), Opening(-1, 7), Opening(MAX_TOTAL + 1, 7)]
)
def test_openings_out_of_bounds_are_malformed(wrong: Opening) -> None:
    """The same residue, but another integer: amounts are integers, not residues."""
    with pytest.raises(FormatError, match="out of bounds"):
        verify_opening(commit(5, 7), wrong, "row 3")


def test_the_identity_opens_to_nothing() -> None:
    with pytest.raises(VerificationError):
        verify_opening(IDENTITY, Opening(0, 0))


@pytest.mark.parametrize(
    ("value", "blinding"), [(-1, 1), (MAX_VALUE + 1, 1), (1, 0), (1, ORDER), (1, -1), (ORDER - 1, 1)]
)
def test_commitments_out_of_bounds_are_refused(value: int, blinding: int) -> None:
    with pytest.raises(InputError):
        commit(value, blinding)


def test_totals_factors_and_limits_stay_in_bounds() -> None:
    with pytest.raises(InputError, match="total"):
        pedersen.sum_openings([Opening(MAX_TOTAL, 1), Opening(1, 1)])
    with pytest.raises(InputError, match="factor"):
        pedersen.weigh_commitments([-1], [BASEPOINT])
    with pytest.raises(InputError, match="total"):
        pedersen.weigh_openings([-1], [Opening(1, 1)])
    with pytest.raises(InputError, match="limit"):
        pedersen.remainder(MAX_TOTAL + 1, BASEPOINT)

"""A body that votes: against counting every way of voting, and against the indices of voting power."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.strategy.models.committee import decides, majority_of, motion_passes, two_thirds_of
from tallystick.strategy.models.voting_power import banzhaf

probabilities = st.floats(0, 1)


def counted(votes: int, needed: int, inclined: float, yes: int, no: int) -> float:
    """The same by every way in which the open votes can be cast."""
    total = 0.0
    for cast in product((0, 1), repeat=votes - yes - no):
        if yes + sum(cast) >= needed:
            total += float(np.prod([inclined if one else 1 - inclined for one in cast]))
    return total


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(0, 9), probabilities, st.integers(0, 8), st.integers(0, 8))
def test_odds_of_passing_are_those_of_every_way_of_voting(
    votes: int, needed: int, inclined: float, yes: int, no: int
) -> None:
    yes = min(yes, votes)
    no = min(no, votes - yes)
    expected = counted(votes, needed, inclined, yes, no)
    assert motion_passes(votes, needed, inclined, yes, no) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("votes", [1, 2, 3, 5, 8, 12])
@pytest.mark.parametrize("quota", [majority_of, two_thirds_of])
def test_one_vote_among_tossed_coins_decides_as_often_as_banzhaf_says(votes: int, quota: object) -> None:
    needed = float(quota(votes))  # type: ignore[operator]
    expected = banzhaf((1.0,) * votes, needed)[0]
    assert decides(votes, needed, 0.5, bloc=1) == pytest.approx(expected)


def test_a_bloc_decides_as_often_as_banzhaf_says_of_its_weight() -> None:
    assert decides(9, 5, 0.5, bloc=3) == pytest.approx(banzhaf((3.0, *(1.0,) * 6), 5.0)[0])


@settings(deadline=None)
@given(st.integers(2, 60), probabilities, st.integers(0, 20))
def test_another_sure_vote_against_never_helps_and_two_thirds_are_never_easier(
    votes: int, inclined: float, no: int
) -> None:
    no = min(no, votes - 1)
    majority, most = float(majority_of(votes)), float(two_thirds_of(votes))
    fewer = motion_passes(votes, majority, inclined, 0, no)
    assert motion_passes(votes, majority, inclined, 0, no + 1) <= fewer + 1e-12
    assert most >= majority or votes <= 2
    assert motion_passes(votes, max(most, majority), inclined, 0, no) <= fewer + 1e-12


def test_quotas_of_known_bodies() -> None:
    assert majority_of([11, 12, 15]).tolist() == [6, 7, 8]
    assert two_thirds_of([3, 12, 35]).tolist() == [2, 8, 24]


def test_more_sure_votes_than_there_are_is_refused() -> None:
    with pytest.raises(InputError, match="open votes"):
        motion_passes(3, 2, 0.5, sure_for=2, sure_against=2)

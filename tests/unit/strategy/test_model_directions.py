"""Results of the literature that have a direction and no number, O16 to O20, and voting power."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.strategy.models import deal_timing, race, transparency, veto_players, voting_power


def _risks(reach: float, enmity: float) -> tuple[float, float]:
    """Mean risk of the winner with private and with public information, two teams."""
    x = np.random.default_rng(3).uniform(0, reach, (100_000, 2))
    private = 1 - race.safety_with_private_information(x.max(axis=1), 2, enmity)
    public = 1 - race.safety_with_public_information(np.abs(x[:, 0] - x[:, 1]), enmity)[0]
    return float(private.mean()), float(public.mean())


@pytest.mark.parametrize("enmity", [0.3, 0.5, 0.8])
def test_o16_public_information_is_safer_when_capability_decides_little(enmity: float) -> None:
    private, public = _risks(0.3, enmity)
    assert public < private


def test_o16_but_not_when_it_decides_nearly_all() -> None:
    private, public = _risks(8.0, 0.9)
    assert public > private


@given(
    needed=st.floats(0.01, 0.99),
    best=st.floats(0.01, 1),
    surplus=st.floats(-1, 2),
    exposure=st.floats(0.01, 2),
    curve=st.floats(0.2, 3),
)
def test_o17_a_deal_exists_exactly_where_some_transparency_does(
    needed: float, best: float, surplus: float, exposure: float, curve: float
) -> None:
    slack = float(transparency.transparency_slack(needed, best, curve, surplus, exposure, curve))
    tau = np.linspace(0, 1, 2001)
    feasible = (best * tau**curve >= needed) & (exposure * tau**curve <= surplus)
    if abs(slack) > 2e-3 or np.isinf(slack):
        assert bool(feasible.any()) == (slack >= 0)


@given(better=st.floats(0, 0.5), exposure=st.floats(0.1, 2))
def test_o17_better_detection_at_the_same_leakage_never_hurts(better: float, exposure: float) -> None:
    def slack(best: float, loss: float) -> float:
        return float(transparency.transparency_slack(0.4, best, 1, 0.5, loss, 1))

    assert slack(0.5 + better, exposure) >= slack(0.5, exposure)
    assert slack(0.5, exposure + better) <= slack(0.5, exposure)


def test_o19_deals_come_early_or_late_and_late_ones_cost_more() -> None:
    left = np.arange(0.0, 12.0, 0.5)
    early = deal_timing.early_deal(left, 3.0, 0.9, 0.25, 1.0)
    late = deal_timing.late_deal(left, 1.0)
    possible = early | late
    between = (left > 1.0) & (left < left[early].min())
    assert possible[0]
    assert possible[-1]
    assert between.any()
    assert not possible[between].any()
    price = deal_timing.deal_price(left, 3.0, 0.9)
    assert price[late].min() > price[early].max()


def test_o19_an_expected_late_deal_kills_the_early_one() -> None:
    without = deal_timing.early_deal(8.0, 3.0, 0.9, 0.3, 1.0, budget=1.6)
    awaited = deal_timing.early_deal(8.0, 3.0, 0.9, 0.3, 1.0, late_payment=4.0, fight_window=1.0, budget=1.6)
    assert without
    assert not awaited


@given(seed=st.integers(0, 10_000), dimensions=st.integers(1, 3), players=st.integers(1, 5))
def test_o20_a_veto_player_never_enlarges_the_winset(seed: int, dimensions: int, players: int) -> None:
    rng = np.random.default_rng(seed)
    points, who = rng.normal(size=(200, dimensions)), rng.normal(size=(players + 1, dimensions))
    fewer = veto_players.winset(points, who[:-1], np.zeros(dimensions))
    more = veto_players.winset(points, who, np.zeros(dimensions))
    assert not (more & ~fewer).any()


def test_voting_power_of_the_security_council_of_1946() -> None:
    """Eleven members, seven votes, five vetoes: the textbook's 0.1974 for a veto holder."""
    power = voting_power.shapley_shubik((1.0,) * 11, 7, frozenset(range(5)))
    assert power.sum() == pytest.approx(1)
    assert power[0] == pytest.approx(0.1974, abs=5e-4)
    assert power[10] == pytest.approx(0.00216, abs=5e-5)
    assert voting_power.banzhaf((1.0,) * 11, 7, frozenset(range(5)))[0] > power[10]


def test_losing_the_veto_loses_power() -> None:
    with_veto = voting_power.shapley_shubik((1.0,) * 12, 7, frozenset({0}))
    without = voting_power.shapley_shubik((1.0,) * 12, 7)
    assert with_veto[0] > without[0] == pytest.approx(1 / 12)


def test_an_empty_body_is_refused() -> None:
    with pytest.raises(InputError, match="members"):
        voting_power.banzhaf((), 1)

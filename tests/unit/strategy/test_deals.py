"""Deals of two: when, at what price, and what the expected late deal does to an early one."""

from collections.abc import Mapping

import numpy as np
import pytest
from tests.unit.strategy.cases import balanced, states, technology, with_parameter

from tallystick.strategy.assessment import assess
from tallystick.strategy.gates.evaluate import Gate
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.models.deal_timing import late_deal, late_price
from tallystick.strategy.verdicts.clubs import REGIME, Offers, offers_of

BEHIND = {
    "capability": 0.2,
    "catch_up_years": 8.0,
    "growth": 0.0,
    "algorithmic_efficiency": 0.0,
    "hardware_access": 0.0,
    "discount": 0.9,
    "stake": 1.0,
    "punishment": 1.0,
    "other_power": 0.5,
    "conflict_cost": 0.1,
}
AHEAD = {**BEHIND, "capability": 1.0, "catch_up_years": 0.0}


def offers(
    behind: Mapping[str, float] | None = None, ahead: Mapping[str, float] | None = None, seen: float = 0.3
) -> Offers:
    owners = (BEHIND | dict(behind or {}), AHEAD | dict(ahead or {}))
    first, second = ({name: np.array([float(v)]) for name, v in one.items()} for one in owners)
    return offers_of(first, second, np.array([seen]))


def test_the_rival_pays_no_more_than_its_stake() -> None:
    """Eight years off, the programme is worth 2 x 0.9^8 = 0.86, a late deal waited for a little more."""
    assert offers().early.possible
    assert not offers(ahead={"stake": 0.1}).early.possible
    near = {"catch_up_years": 0.5}
    assert offers(near).late.possible
    assert not offers(near, {"stake": 0.5}).late.possible


def test_a_late_deal_is_halfway_between_what_is_asked_and_what_can_be_paid() -> None:
    asked = 2 * 0.9**0.5
    near = offers({"catch_up_years": 0.5}, {"stake": 2.0})
    assert near.late.price == pytest.approx([(asked + 4) / 2])
    assert late_price(3.0, 2.0) == 3.0
    assert not late_deal(0.5, 1.0, 3.0, 2.0)


def test_a_fight_that_costs_more_power_than_it_saves_is_not_believed() -> None:
    """It saves 1.5 / 2 - 1.5 / 3 = a quarter of the stake, whatever the stake is."""
    near = {"catch_up_years": 0.5}
    for stake in (1.0, 5.0):
        assert offers(near, {"stake": stake, "conflict_cost": 0.24}).late.possible
        assert not offers(near, {"stake": stake, "conflict_cost": 0.26}).late.possible
    assert not offers({"catch_up_years": 1.5}).late.possible


def test_an_expected_late_deal_makes_the_early_one_dearer() -> None:
    """A rival who can pay 2.4 pays (1.8 + 2.4) / 2 in the last year: now worth 0.9^7 of it."""
    believed, not_believed = offers(ahead={"stake": 1.2}), offers(ahead={"stake": 1.2, "conflict_cost": 0.3})
    assert not_believed.early.price == pytest.approx([2 * 0.9**8])
    assert believed.early.price == pytest.approx([0.9**7 * (1.8 + 2.4) / 2])
    assert believed.early.possible


def test_early_deals_need_a_rival_who_can_pay_on_a_whole_ensemble() -> None:
    arden, borealis = states()
    poor = with_parameter(arden, "stake", 0.001, 0.01)
    early = [
        next(
            club
            for club in assess(balanced(), sides, technology(), draws=256).clubs
            if club.kind == "early deal"
        )
        for sides in ((arden, borealis), (poor, borealis))
    ]
    assert early[0].share > 0
    assert early[1].share == 0


def test_a_pair_prints_no_coalition_gate_and_three_do() -> None:
    three = (*states(), shipped("fictional/cindra"))
    for club in assess(balanced(), three, technology(), draws=256).clubs:
        asked = {gate.label for gate in Gate} - (set() if len(club.members) > 2 else {"coalition"})
        assert set(club.gates) == asked
        assert club.kind == REGIME or len(club.members) == 2

"""Deals of two: when, at what price, and what the expected late deal does to an early one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import balanced, states, technology, with_parameter

from tallystick.strategy.assessment import assess
from tallystick.strategy.gates.evaluate import Gate, margins
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.models.deal_timing import late_deal, late_price
from tallystick.strategy.verdicts.clubs import REGIME, Offers, clubs_of, deal_terms, offers_of

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
    small = offers({"stake": 0.4}, {"conflict_cost": 0.3})
    assert small.early.price == pytest.approx([2 * 0.4 * 0.9**8])
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


def test_the_one_behind_stops_and_is_paid_by_the_one_ahead() -> None:
    text = deal_terms("behind", "ahead", "none")
    (stop,) = text.stages
    assert (stop.movers, text.paid, text.payers) == (("behind",), ("behind",), ("ahead",))
    assert (stop.yields, stop.restrains, stop.inspected, stop.kept) == (False, True, False, 1.0)
    assert (text.sanctions.rule, text.findings.rule, text.exit) == ("none", "national", "yes")


def test_every_club_is_the_text_among_its_members_and_every_deal_is_of_the_one_behind() -> None:
    """Each share again, from the margins of the group alone; the widest first."""
    inputs = Inputs((*states(), shipped("fictional/cindra")), technology(), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), 512, 0))
    found = {(club.members, club.kind): club for club in clubs_of(balanced(), inputs, values, "joint")}
    groups = [((0, 1), 1, 0), ((0, 2), 2, 0), ((1, 2), 2, 1), ((0, 1, 2), None, None)]
    assert len(found) == 4 + 2 * 3
    shares = [club.share for club in found.values()]
    assert shares == sorted(shares, reverse=True)
    for group, behind, ahead in groups:
        names = tuple(inputs.names[i] for i in group)
        table = margins(situation(balanced(), inputs, values, members=group))
        assert found[names, REGIME].share == table.accepted.all(axis=0).mean()
        passed = (table.table[:, Gate.COMPLIANCE] >= 0).all(axis=(0, 1)).mean()
        assert found[names, REGIME].gates["compliance"] == passed
        if behind is None or ahead is None:
            continue
        median = [float(np.median(values.of(inputs.names[i])["capability"])) for i in (behind, ahead)]
        assert median[0] < median[1]
        stops, pays = (values.of(inputs.names[i]) for i in (behind, ahead))
        both = offers_of(stops, pays, values.of("technology")["national_means"])
        for kind, offer, body in (("early deal", both.early, "none"), ("late deal", both.late, "executive")):
            world = {**values.of("world"), "side_payment": offer.price}
            paid = Draws({**values.values, "world": world}, values.count)
            text = deal_terms(inputs.names[behind], inputs.names[ahead], body)
            accepted = margins(situation(text, inputs, paid, members=group)).accepted.all(axis=0)
            assert found[names, kind].share == (offer.possible & accepted).mean()


def test_who_is_behind_does_not_depend_on_who_is_named_first() -> None:
    named = (*states(), shipped("fictional/cindra"))
    shares = []
    for order in (named, named[::-1]):
        inputs = Inputs(order, technology(), shipped("world/default"))
        values = drawn(inputs, sobol_levels(len(inputs.columns), 512, 0))
        clubs = clubs_of(balanced(), inputs, values, "joint")
        shares.append({(frozenset(club.members), club.kind): club.share for club in clubs})
    assert shares[0] == shares[1]
    assert any(share > 0 for (_, kind), share in shares[0].items() if kind == "early deal")


def test_a_club_needs_one_member_who_moves_and_no_more() -> None:
    alone = replace(balanced(), stages=tuple(replace(s, movers=("Arden",)) for s in balanced().stages))
    inputs = Inputs((*states(), shipped("fictional/cindra")), technology(), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), 64, 0))
    clubs = {club.members for club in clubs_of(alone, inputs, values, "joint") if club.kind == REGIME}
    assert clubs == {("Arden", "Borealis"), ("Arden", "Cindra"), ("Arden", "Borealis", "Cindra")}

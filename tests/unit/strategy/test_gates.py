"""Each gate against a calculation by hand, on one draw whose values are round."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import states, technology

from tallystick.strategy.gates.coalition import coalition
from tallystick.strategy.gates.compliance import UNBOUND, is_protected, keeps_its_word
from tallystick.strategy.gates.enforcement import capture_loss
from tallystick.strategy.gates.evaluate import Gate, margins
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.power_shift import power_shift
from tallystick.strategy.gates.situation import Situation, situation
from tallystick.strategy.gates.transparency import leakage_loss, transparency
from tallystick.strategy.inputs.ensemble import Draws, Inputs
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import RIGHTS, Decision, Stage, Terms

STATE = {
    "capability": 1.0,
    "catch_up_years": 0.0,
    "growth": 0.0,
    "algorithmic_efficiency": 0.0,
    "hardware_access": 0.0,
    "dependence": 0.4,
    "discount": 0.9,
    "trust": 0.5,
    "orders": 0,
    "temptation": 0.5,
    "exposure": 1.0,
    "stake": 1.0,
    "secrecy": 1.0,
    "sovereignty": 0.6,
    "conflict_cost": 0.1,
    "catastrophe": 0.0,
    "enmity": 0.5,
    "latency": 0.5,
    "other_power": 1.0,
    "breakout_years": 2.0,
    "hidden_capacity": 0.5,
    "punishment": 1.0,
    "council_friends": 0.25,
    "capture_harm": 2.0,
    "containment": 1.0,
}
TECHNOLOGY = {
    "detection": 0.8,
    "detection_hidden": 0.5,
    "national_means": 0.0,
    "false_alarm": 0.2,
    "delay_years": 0.0,
    "leakage": 0.5,
}
WORLD = {
    "access_yes": 1.0,
    "access_partial": 0.5,
    "access_silent": 0.0,
    "access_no": 0.0,
    "depth_full": 1.0,
    "depth_partial": 0.5,
    "depth_none": 0.0,
    "stage_years": 1.0,
    "complete_dated": 1.0,
    "complete_condition": 0.8,
    "complete_discretion": 0.25,
    "enforce_automatic": 0.9,
    "vote_to_act": 0.6,
    "vote_to_harm": 0.5,
    "council_votes": 4,
    "enforce_court": 0.5,
    "enforce_consensus": 0.2,
    "enforce_shielded": 0.1,
    "enforce_none": 0.0,
    "interval_continuous": 0.1,
    "interval_unannounced": 0.5,
    "interval_routine": 1.0,
    "interval_none": 1.0,
    "authority_filter": 0.5,
    "unadjudicated": 0.5,
    "disclosed": 0.6,
    "burden": 0.3,
    "side_payment": 0.2,
    "horizon_years": 2.0,
    "reach": 10.0,
    "race_information": 0,
    "hidden_looks": 1,
    "benefit_form": 0,
    "serves_if_containing": 0.8,
    "pretext": 0,
    "compliance_model": 0,
}

PLAIN = Terms(
    name="plain",
    stages=(Stage("only", ("all",), "dated", 1.0, 0.0),),
    rights={**dict.fromkeys(RIGHTS, "no"), "declared": "yes"},
    inspector="reciprocal",
    findings=Decision("majority"),
    sanctions=Decision("majority"),
    operations=Decision("none"),
    elimination="full",
)


def case(
    terms: Terms,
    first: dict[str, float] | None = None,
    second: dict[str, float] | None = None,
    world: dict[str, float] | None = None,
    proposer: str = "joint",
) -> Situation:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    inputs = replace(inputs, technology=replace(inputs.technology, per_violation=False))
    owners = {
        "Arden": STATE | (first or {}),
        "Borealis": STATE | (second or {}),
        "technology": TECHNOLOGY,
        "world": WORLD | (world or {}),
    }
    values = {who: {name: np.array([float(v)]) for name, v in own.items()} for who, own in owners.items()}
    return situation(terms, inputs, Draws(values, 1), proposer)


def only(margin: np.ndarray) -> float:
    """The margin at the only stage of the only draw."""
    assert margin.shape == (1, 1)
    return float(margin[0, 0])


def test_participation_is_restraint_while_position_stays() -> None:
    assert only(participation(case(PLAIN), 0)) == pytest.approx(1.0)


def test_a_laggard_who_would_catch_up_is_paid_less_by_a_freeze() -> None:
    """Weights within: 1 + 0.5 both give up half (latency 0.5): 1.5 and 1.25; outside, in two years: 2 and
    2.
    """
    found = case(PLAIN, second={"capability": 0.5, "catch_up_years": 1.0})
    within = 1.25 / (1.25 + 1.5)
    assert found.power.end[1, 0] == pytest.approx(within)
    assert found.power.leaving[1, 0, 0] == pytest.approx(0.5)
    assert only(participation(found, 1)) == pytest.approx(1 + 2 * (within - 0.5))


def test_ownership_burdens_and_payments_are_paid_for() -> None:
    owned = replace(PLAIN, owned=True, operations=Decision("majority"))
    outvoted = 0.5**3
    assert only(participation(case(owned), 0)) == pytest.approx(1 - 0.6 * (0.5 + 0.5 * outvoted))
    burdened = case(replace(PLAIN, burdened=("Arden",), paid=("Borealis",)))
    assert only(participation(burdened, 0)) == pytest.approx(1 - 0.3 - 0.2)
    assert only(participation(burdened, 1)) == pytest.approx(1 + 0.2)
    on_all = case(replace(PLAIN, burdened=("Arden", "Borealis"), paid=("Arden", "Borealis")))
    assert only(participation(on_all, 0)) == pytest.approx(1)


def test_the_risk_of_the_race_counts_for_the_deal() -> None:
    """Nobody knows: safety mu / (n e) = 0.5 / (2 * 0.5)."""
    found = case(PLAIN, first={"catastrophe": 2.0}, world={"reach": 0.25})
    assert found.risk == pytest.approx([0.75])
    assert only(participation(found, 0)) == pytest.approx(1 + 0.75 * 2)


def test_a_word_is_kept_by_timely_detection_and_punishment() -> None:
    """Two looks in the open find 1 - 0.2^2 = 0.96; in hiding nobody may look: half of it is left."""
    found = case(PLAIN)
    assert found.verification.timely[0, 0] == pytest.approx([0.48])
    acted, alone = 0.6**3, 0.4 * 1 - 0.6 * 0.5
    when_found = acted * 1 + (1 - acted) * alone
    wronged = 0.1 * acted * 2
    assert only(keeps_its_word(found, 0)) == pytest.approx(0.48 * when_found - 0.52 * 0.5 - wronged)


def test_hidden_places_are_found_once_or_ever_again() -> None:
    open_to_all = replace(PLAIN, rights={**PLAIN.rights, "undeclared": "yes"})
    assert case(open_to_all).verification.timely[0, 0] == pytest.approx([0.5 * 0.96 + 0.5 * 0.5])
    again = case(open_to_all, world={"hidden_looks": 0})
    assert again.verification.timely[0, 0] == pytest.approx([0.5 * 0.96 + 0.5 * 0.75])


def test_a_word_is_kept_by_reciprocity_among_the_patient() -> None:
    """A look a year finds 0.4; alarms 0.2 x 0.5: 0.5 / (0.3 + 0.9 x 0.5); an assurance state needs no
    patience.
    """
    found = case(PLAIN, world={"compliance_model": 1})
    assert only(keeps_its_word(found, 0)) == pytest.approx(0.9 - 0.5 / (0.3 + 0.9 * 0.5))
    assured = case(PLAIN, first={"orders": 1}, world={"compliance_model": 1})
    assert only(keeps_its_word(assured, 0)) == pytest.approx(0.9)


def test_protection_weighs_trust_detection_and_exposure_to_the_rival() -> None:
    """The rival is not deterred (a lure of 5); the one who gave all up is exposed in full, found in time
    0.48.
    """
    found = case(PLAIN, second={"temptation": 5.0})
    assert only(is_protected(found, 0)) == pytest.approx(0.5 - 0.5 * 0.52 * 1.0)
    assert only(is_protected(case(PLAIN, first={"temptation": 5.0}), 0)) == pytest.approx(1.0)


def test_no_word_is_given_before_the_first_move() -> None:
    stages = (Stage("theirs", ("Borealis",), "dated", 1.0, 0.0), Stage("ours", ("Arden",), "dated", 2.0, 0.0))
    found = case(replace(PLAIN, stages=stages), second={"temptation": 5.0})
    assert keeps_its_word(found, 0)[0, 0] == UNBOUND
    assert is_protected(found, 0)[0, 0] == pytest.approx(0.5)
    assert is_protected(found, 0)[1, 0] < 0.5


def test_who_proposes_is_judged_by_bayes() -> None:
    """Who would contain proposes what serves him with 0.8, a sincere side with 0.8 / e. Prior one half."""
    stages = tuple(Stage(name, ("all",), "dated", float(n + 1), 0.0) for n, name in enumerate("ab"))
    sincere = 0.8 * np.exp(-1.0)
    serves, costs = sincere / (sincere + 0.8), (1 - sincere) / (1 - sincere + 0.2)
    last = replace(PLAIN, stages=stages, disarms_last=("Arden",))
    assert case(last, proposer="Arden").trust[1] == pytest.approx([serves])
    assert case(last, proposer="Arden").trust[0] == pytest.approx([0.5])
    assert case(replace(last, disarms_last=()), proposer="Arden").trust[1] == pytest.approx([0.5])
    first = replace(last, disarms_last=("Borealis",))
    assert case(first, proposer="Arden").trust[1] == pytest.approx([costs])
    assert case(first, proposer="third_party").trust[1] == pytest.approx([0.5])


def test_what_an_author_still_has_to_do_is_as_likely_as_he_is_sincere() -> None:
    """His stage was sure at 0.8 with the prior; the posterior is 1 / (1 + e) of one half before. Pretexts
    against the other grow as the other type does.
    """
    stages = (
        Stage("theirs", ("Borealis",), "dated", 1.0, 0.0),
        Stage("his", ("Arden",), "condition", 2.0, 0.0),
    )
    text = replace(PLAIN, stages=stages, disarms_last=("Arden",))
    sincere = 1 / (1 + np.e)
    before, after = case(text), case(text, proposer="Arden")
    assert after.plan.sure[1, 1] == pytest.approx([0.8 * sincere / 0.5])
    assert after.plan.sure[0] == pytest.approx(before.plan.sure[0])
    assert after.decisions.hostile[1] == pytest.approx(before.decisions.hostile[1] * (1 - sincere) / 0.5)


def test_leakage_is_secrecy_times_what_is_opened() -> None:
    """One right of five; a neutral inspector keeps half to itself."""
    found = case(PLAIN)
    assert only(leakage_loss(found, 0)) == pytest.approx(1 * 0.5 * 0.2)
    assert only(transparency(participation(found, 0), leakage_loss(found, 0))) == pytest.approx(1 - 0.1)
    neutral = case(replace(PLAIN, inspector="international_authority"))
    assert only(leakage_loss(neutral, 0)) == pytest.approx(0.05)


def test_before_inspection_begins_nothing_is_seen_and_nothing_leaks() -> None:
    found = case(replace(PLAIN, stages=(Stage("only", ("all",), "dated", 1.0, 0.0, inspected=False),)))
    assert found.verification.timely[0, 0] == pytest.approx([0.0])
    assert only(leakage_loss(found, 0)) == 0


def test_what_one_tells_oneself_no_inspector_keeps() -> None:
    """0.6 of all secrets are told before inspection begins, against 0.1 that inspectors let out."""
    told = replace(PLAIN.stages[0], inspected=False, reveals=("Arden",))
    found = case(replace(PLAIN, stages=(told, replace(PLAIN.stages[0], id="next"))))
    assert leakage_loss(found, 0)[:, 0] == pytest.approx([0.6, 0.6])
    assert leakage_loss(found, 1)[:, 0] == pytest.approx([0.0, 0.0])
    unsaid = case(replace(PLAIN, stages=(replace(PLAIN.stages[0], reveals=None),)))
    assert only(leakage_loss(unsaid, 0)) == pytest.approx(0.6)


def test_inspection_opens_those_whom_the_text_opens() -> None:
    one_sided = replace(PLAIN, stages=(replace(PLAIN.stages[0], reveals=("Borealis",)),))
    assert only(leakage_loss(case(one_sided), 0)) == 0
    assert only(leakage_loss(case(one_sided), 1)) == pytest.approx(0.1)


def test_a_stage_that_limits_nobody_binds_nobody() -> None:
    """Telling a secret stops no race: the laggard catches up meanwhile, and there is no word to keep."""
    tells = Stage("tell", ("all",), "dated", 1.0, 1.0, yields=False, restrains=False, reveals=("all",))
    caps = Stage("cap", ("all",), "dated", 2.0, 1.0, yields=False)
    behind = {"capability": 0.5, "catch_up_years": 2.0}
    found = case(replace(PLAIN, stages=(tells, caps), elimination="none"), second=behind)
    assert found.plan.frozen.tolist() == [1, 1]
    assert keeps_its_word(found, 0)[0, 0] == UNBOUND
    assert found.power.end[1] == pytest.approx([1.75 / (1.75 + 2)])


def test_the_benefit_goes_by_what_the_text_restrains() -> None:
    """Alike as they are, both capped at a half: x y R + (1 - x) y T + x (1 - y) S = 1/4 + 1.5/4 - 1/4; both
    giving up half of what they have: x = y = 3/4.
    """
    restrained = {"benefit_form": 1}
    capped = replace(PLAIN, elimination="none", stages=(replace(PLAIN.stages[0], yields=False),))
    assert only(participation(case(capped, world=restrained), 0)) == pytest.approx(0.375)
    halved = case(replace(PLAIN, elimination="partial"), world=restrained)
    worth = 0.75**2 * 1 + 0.25 * 0.75 * (1.5 - 1.0)
    assert only(participation(halved, 0)) == pytest.approx(worth)
    toothless = replace(capped, stages=(replace(capped.stages[0], restrains=False),))
    for form in (0, 1):
        assert only(participation(case(toothless, world={"benefit_form": form}), 0)) == 0


def test_who_is_restrained_alone_is_exposed_and_the_other_gains() -> None:
    cap = Stage("cap", ("Borealis",), "dated", 1.0, 1.0, yields=False)
    alone = replace(PLAIN, elimination="none", stages=(cap,))
    found = case(alone, world={"benefit_form": 1})
    assert only(participation(found, 0)) == pytest.approx(0.5 * 1.5)
    assert only(participation(found, 1)) == pytest.approx(0.5 * -1.0)


def test_power_shift_holds_the_fixed_terms_against_a_fight() -> None:
    found = case(PLAIN, second={"capability": 0.5, "catch_up_years": 1.0})
    within, delta = 1.25 / 2.75, 0.9
    fixed = (1 - delta) * within + delta * within - (0.5 - 0.1)
    assert only(power_shift(found, 1)) == pytest.approx(fixed)


def test_a_stage_at_ones_own_discretion_is_sure_to_oneself_alone() -> None:
    stages = (
        Stage("first", ("Borealis",), "dated", 1.0, 0.0),
        Stage("last", ("Arden",), "discretion", 1.0, 0.0, chooser="Arden"),
    )
    plan = case(replace(PLAIN, stages=stages)).plan
    assert plan.sure[0] == pytest.approx(np.ones((2, 1)))
    assert plan.sure[1] == pytest.approx(np.full((2, 1), 0.25))


def test_in_a_pair_nobody_rides_free() -> None:
    assert only(coalition(case(PLAIN), 0, participation(case(PLAIN), 0))) == pytest.approx(1.0)


def test_a_sum_of_costs_that_no_gate_sees_is_laid_to_the_dearest() -> None:
    """The benefit of 1 repays leakage alone, and capture alone, but not both."""
    found = case(PLAIN, first={"secrecy": 8.0, "capture_harm": 24.0})
    leaked, captured = only(leakage_loss(found, 0)), only(capture_loss(found, 0))
    assert (leaked, captured) == (pytest.approx(0.8), pytest.approx(0.57))
    assert only(transparency(participation(found, 0), leakage_loss(found, 0))) == pytest.approx(0.2)
    table = margins(found).table
    assert table[0, Gate.TRANSPARENCY, 0, 0] == pytest.approx(1 - 0.8 - 0.57)
    assert table[0, Gate.PARTICIPATION, 0, 0] == pytest.approx(1.0)
    dearer = margins(case(PLAIN, first={"secrecy": 5.0, "capture_harm": 36.0})).table
    assert dearer[0, Gate.TRANSPARENCY, 0, 0] == pytest.approx(0.5)
    assert dearer[0, Gate.ENFORCEMENT, 0, 0] == pytest.approx(1 - 0.5 - 9 * 0.5 * 0.19)

"""What the body does and what deters, against a calculation by hand on one draw whose values are round."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.test_gates import PLAIN, case, only

from tallystick.strategy.gates.compliance import is_protected, keeps_its_word
from tallystick.strategy.gates.consequence import for_rival
from tallystick.strategy.gates.enforcement import capture_loss, credible, feared
from tallystick.strategy.gates.evaluate import Gate, margins
from tallystick.strategy.inputs.terms import RIGHTS, Decision
from tallystick.strategy.models.false_alarm_inspection import call_needed


def test_where_nothing_can_be_answered_deterrence_is_that_of_the_inspection_game() -> None:
    """Margin 0 at q* of ``models.false_alarm_inspection``: here at D = 0.9, a = 0.1, d = 0.5, b = c = 2."""
    needed = float(call_needed(0.9, 0.1, 0.5, 2.0, 2.0))
    court = replace(PLAIN, findings=Decision("court"), sanctions=Decision("court"))
    found = case(court, second={"punishment": 2.0}, world={"enforce_court": needed})
    nothing = np.zeros((1, 1))
    assert for_rival(found, 1, nothing).margin(np.asarray(0.9)) == pytest.approx(np.zeros((1, 1)), abs=1e-12)


def test_detection_and_action_deter_together_or_not_at_all() -> None:
    """Looked at everywhere it is found often enough, were each find acted on; it is acted on often enough,
    were it found for certain; and not both.
    """
    rights = dict.fromkeys(RIGHTS, "yes")
    stages = (replace(PLAIN.stages[0], kept=0.0),)
    weak = replace(
        PLAIN, rights=rights, stages=stages, sanctions=Decision("court"), findings=Decision("court")
    )
    found = case(
        weak,
        first={"trust": 0.0, "latency": 0.0, "secrecy": 0.0},
        second={"punishment": 1.0, "capture_harm": 0.0, "hidden_capacity": 0.9},
        world={"enforce_court": 0.4, "authority_filter": 0.0},
    )
    assert only(is_protected(found, 0)) >= 0
    assert only(credible(feared(found, 0))) >= 0
    assert only(is_protected(found, 0, feared(found, 0))) < 0
    assert margins(found).table[0, Gate.COMPLIANCE, 0, 0] >= 0 or only(keeps_its_word(found, 0)) < 0
    assert margins(found).table[0, Gate.ENFORCEMENT, 0, 0] < 0


def test_action_is_credible_by_the_body_or_by_oneself() -> None:
    """Four votes, one its own: all three others must be for it, 0.6 each. Half of what was given up is left,
    exit unsaid: 0.4 can be taken back, which costs the violator the deal (1); the rest it keeps (0.5). Who
    complies is wronged by a tenth of alarms, as often as the body acts.
    """
    acted = 0.6**3
    found = case(PLAIN)
    assert found.decisions.acted_on[1] == pytest.approx([acted])
    alone = 0.4 * 1 - 0.6 * 0.5
    assert only(credible(feared(found, 0))) == pytest.approx(
        acted * 1 + (1 - acted) * alone - 0.1 * acted * 2
    )


def test_capture_is_harm_times_hostility_times_pretext() -> None:
    """Outvoted at an eighth; alarms of 0.1 a year over two years give a pretext at 0.19."""
    assert only(capture_loss(case(PLAIN), 0)) == pytest.approx(2 * 0.125 * 0.19)
    vetoed = case(replace(PLAIN, sanctions=Decision("veto", ("Arden",))))
    assert only(capture_loss(vetoed, 0)) == 0
    assert only(credible(feared(vetoed, 1))) < only(credible(feared(case(PLAIN), 1)))


@pytest.mark.parametrize(
    ("findings", "sanctions", "pretext"),
    [
        (Decision("majority"), Decision("majority"), 1.0),
        (Decision("veto", ("Borealis",)), Decision("majority"), 1.0),
        (Decision("none"), Decision("majority"), 1.0),
        (Decision("court"), Decision("majority"), 0.19),
        (Decision("executive"), Decision("majority"), 0.19),
    ],
)
def test_whoever_finds_by_vote_may_need_no_alarm_for_a_pretext(
    findings: Decision, sanctions: Decision, pretext: float
) -> None:
    """In one of two forms. A judge of evidence needs an alarm in both."""
    text = replace(PLAIN, findings=findings, sanctions=sanctions)
    by_vote, by_alarm = (case(text, world={"pretext": form}) for form in (1, 0))
    hostile = by_vote.decisions.hostile[0]
    alarms = 1 - (1 - np.minimum(by_alarm.verification.alarms[0], 1.0)) ** 2
    expected = np.where(pretext == 1.0, 1.0, alarms)
    assert capture_loss(by_vote, 0)[0] == pytest.approx(2 * hostile * expected)
    assert capture_loss(by_alarm, 0)[0] == pytest.approx(2 * hostile * alarms)
    assert (hostile > 0).all()


def test_a_veto_of_ones_own_takes_the_pretext_away_in_both_forms() -> None:
    for form in (0, 1):
        outvoted, safe = (
            case(replace(PLAIN, sanctions=rule), world={"pretext": form})
            for rule in (Decision("majority"), Decision("veto", ("Arden",)))
        )
        assert only(capture_loss(outvoted, 0)) > only(capture_loss(safe, 0)) == 0


def test_two_thirds_need_one_vote_more_of_six() -> None:
    """Six votes, two of them its own side's: a majority takes all four others, as two thirds do; of nine,
    with two, a majority takes five of seven and two thirds take six.
    """
    six, nine = {"council_votes": 6}, {"council_votes": 9}
    third = replace(PLAIN, findings=Decision("none"), sanctions=Decision("supermajority"))
    for terms in (PLAIN, third):
        one = case(terms, first={"council_friends": 0.34}, world=six)
        assert one.decisions.acted_on[0] == pytest.approx([0.6**4])
    majority = case(PLAIN, first={"council_friends": 0.22}, world=nine).decisions.acted_on[0]
    assert majority == pytest.approx([21 * 0.6**5 * 0.4**2 + 7 * 0.6**6 * 0.4 + 0.6**7])
    most = case(third, first={"council_friends": 0.22}, world=nine).decisions.acted_on[0]
    assert most == pytest.approx([7 * 0.6**6 * 0.4 + 0.6**7])


def test_a_sanction_needs_a_finding_and_is_as_likely_as_the_less_likely() -> None:
    found_by_all = replace(PLAIN, findings=Decision("consensus"), sanctions=Decision("executive"))
    assert case(found_by_all).decisions.acted_on[0] == pytest.approx([0.2])
    by_itself = replace(PLAIN, sanctions=Decision("majority", automatic=True))
    assert case(by_itself).decisions.acted_on[0] == pytest.approx([0.6**3 * 0.9])
    nobody_finds = replace(by_itself, findings=Decision("national"))
    assert case(nobody_finds).decisions.acted_on[0] == pytest.approx([0.9])
    vetoed = replace(by_itself, findings=Decision("veto", ("Arden",)))
    assert case(vetoed).decisions.acted_on[0] == pytest.approx([0.1 * 0.9])


def test_absent_holders_of_a_veto_stand_by_the_accused_as_often_as_votes_do() -> None:
    council = replace(PLAIN, sanctions=Decision("veto", ("UK", "France")))
    assert case(council).decisions.acted_on[0] == pytest.approx([0.6**3 * 0.75**2])
    rivals = replace(PLAIN, sanctions=Decision("veto", ("Borealis",)))
    assert case(rivals).decisions.acted_on[0] == pytest.approx([0.6**3])


def test_what_comes_unless_voted_down_is_stopped_by_friends_and_kept_by_a_rivals_veto() -> None:
    """Its own side of one votes to stop, others with 0.4 each: two of three are needed."""
    snapback = replace(PLAIN, findings=Decision("none"), sanctions=Decision("automatic_unless_voted_down"))
    stopped = 3 * 0.4**2 * 0.6 + 0.4**3
    assert case(snapback).decisions.acted_on[0] == pytest.approx([0.9 * (1 - stopped)])
    kept = replace(snapback, sanctions=Decision("automatic_unless_voted_down", ("Borealis",)))
    assert case(kept).decisions.acted_on[0] == pytest.approx([0.9])


def test_ones_own_side_decides_as_far_as_it_turns_the_vote() -> None:
    """With its vote two of the three others suffice, without it all three."""
    with_it = 3 * 0.6**2 * 0.4 + 0.6**3
    assert case(PLAIN).decisions.pivotal[0] == pytest.approx([with_it - 0.6**3])


@pytest.mark.parametrize(
    ("findings", "sanctions", "hostile"),
    [
        (Decision("court"), Decision("court"), 0.5 * 0.5**3),
        (Decision("executive"), Decision("majority"), 0.5 * 0.5**3),
        (Decision("consensus"), Decision("majority"), 0.1 * 0.5**3),
        (Decision("majority"), Decision("none"), 0.0),
        (Decision("none"), Decision("majority", automatic=True), 1.0),
        (Decision("majority"), Decision("automatic_unless_voted_down"), 0.5**3 * 0.5),
    ],
)
def test_what_gets_through_against_the_innocent(
    findings: Decision, sanctions: Decision, hostile: float
) -> None:
    """All three others must be against it, one half each; snap-back is stopped by its own vote and two of
    three others, at one half.
    """
    found = case(replace(PLAIN, findings=findings, sanctions=sanctions)).decisions.hostile[0]
    assert found == pytest.approx([hostile])


def test_an_executive_acts_as_one_vote_would_and_nobody_runs_what_nobody_runs() -> None:
    executive = replace(PLAIN, findings=Decision("executive"), sanctions=Decision("executive"))
    assert case(executive).decisions.acted_on[0] == pytest.approx([0.6])
    assert case(PLAIN).decisions.directed[0] == pytest.approx([0.0])
    run = replace(PLAIN, operations=Decision("majority"))
    assert case(run).decisions.directed[0] == pytest.approx([0.5**3])


def test_each_absent_holder_of_a_veto_may_let_a_snap_back_be_stopped() -> None:
    """A motion to stop it needs him too: friends are a quarter."""
    rule = Decision("automatic_unless_voted_down", ("UK",))
    text = replace(PLAIN, findings=Decision("none"), sanctions=rule)
    stopped = (3 * 0.4**2 * 0.6 + 0.4**3) * 0.25
    assert case(text).decisions.acted_on[0] == pytest.approx([0.9 * (1 - stopped)])

"""The history that is run: it reads, repeats, and reports what it misses."""

import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.strategy.gates.evaluate import Gate
from tallystick.strategy.gates.schedule import schedule
from tallystick.strategy.history.approval import Approval, counted
from tallystick.strategy.history.case import era
from tallystick.strategy.history.replay import HistoryReplay, historic_terms, replay
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped


@pytest.fixture(scope="module")
def replayed() -> HistoryReplay:
    return replay("1946", draws=1024, boxes=96)


def test_every_reason_names_a_gate_a_state_and_a_source() -> None:
    for case in era("1946").cases:
        for said in case.said:
            assert said.gate in {gate.label for gate in Gate}
            assert said.who in ("US", "USSR")
            assert said.source
    with pytest.raises(InputError, match="no history"):
        era("1815")


def test_stages_of_1946_are_read_from_their_effects() -> None:
    read = {
        regime: [(stage.yields, stage.inspected) for stage in historic_terms(regime).stages]
        for regime in ("hist.baruch", "hist.acheson_lilienthal", "hist.gromyko", "hist.soviet_1947")
    }
    promise, given_blind, seen, given_seen = (False, False), (True, False), (False, True), (True, True)
    assert read == {
        "hist.baruch": [promise, promise, given_seen, given_seen, given_seen],
        "hist.acheson_lilienthal": [promise, given_seen, given_seen, given_seen],
        "hist.gromyko": [promise, given_blind, promise, promise],
        "hist.soviet_1947": [promise, given_blind, seen],
    }


def test_baruch_lets_the_leader_disarm_last() -> None:
    profiles = (shipped("1946/us"), shipped("1946/ussr"))
    inputs = Inputs(profiles, shipped("1946/technology"), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), 64, 0))
    baruch, gromyko = (
        schedule(historic_terms(name), profiles, values.of("world"))
        for name in ("hist.baruch", "hist.gromyko")
    )
    assert baruch.given[0].tolist() == [0, 0, 0, 0, 0, 1]
    assert baruch.given[1, -2] > 0
    assert baruch.frozen[0] > baruch.frozen[1]
    assert gromyko.given[0].max() == 1
    assert gromyko.given[1].max() == 0


def test_vetoes_are_read_for_both() -> None:
    terms = historic_terms("hist.gromyko")
    assert {"US", "USSR"} <= set(terms.sanctions.veto_holders)
    assert historic_terms("hist.baruch").sanctions.automatic
    assert historic_terms("hist.baruch").owned


def test_the_replay_tells_hits_from_misses(replayed: HistoryReplay) -> None:
    told = [met for case in replayed.cases for met in case.hits.values()]
    assert len(replayed.misses) == told.count(False)
    for case in replayed.cases:
        events = case.approval
        parts = events.consent, events.vetoed, events.carried, events.no_majority
        assert sum(parts) == pytest.approx(1)
        assert events.consent == case.assessment.joint_agreement
        assert events.carried == 0  # both of 1946 are permanent members
        assert events.no_consent >= 1 - min(state.agrees for state in case.assessment.states) - 1e-9
        for reason in case.reasons:
            assert reason.fails == pytest.approx(1 - case.assessment.state(reason.who).gates[reason.gate])


def test_a_block_is_a_majority_and_a_veto() -> None:
    """One draw each: both agree, the many agree, the few agree, nobody agrees."""
    agrees = np.array([[True, True, False, False], [True, False, True, False]])
    friends = np.array([[0.8] * 4, [0.2] * 4])
    found = counted(agrees, friends, np.array([True, True]))
    assert found == Approval(consent=0.25, vetoed=0.25, carried=0.0, no_majority=0.5)
    assert counted(agrees, friends, np.array([True, False])).carried == 0.25
    assert counted(agrees, friends, np.array([False, True])).vetoed == 0.25
    assert found.no_consent == 0.75


def test_what_was_never_put_to_a_vote_with_a_majority_is_no_block(replayed: HistoryReplay) -> None:
    """The Soviet texts had two votes of twelve: they fell without a veto, as Baruch did by one."""
    by_name = {case.case.regime: case.approval for case in replayed.cases}
    assert by_name["hist.baruch"].vetoed > by_name["hist.baruch"].no_majority
    assert by_name["hist.gromyko"].vetoed < by_name["hist.gromyko"].no_majority
    assert by_name["hist.soviet_1947"].vetoed < by_name["hist.soviet_1947"].no_majority


def test_the_placebo_is_between_none_and_all_and_repeats(replayed: HistoryReplay) -> None:
    placebo = replayed.placebo
    assert placebo.boxes == 96
    for name, share in placebo.patterns.items():
        assert 0 <= share <= placebo.refusals[name] <= 1
    assert placebo.all_patterns <= min(placebo.patterns.values())
    assert replay("1946", draws=256, boxes=96).placebo == placebo

"""What is read out of free words: whole words only, nothing that is denied, and it is said."""

from dataclasses import replace

import pytest
from tests.unit.strategy.cases import DRAWS, balanced, states, technology

from tallystick.regimes.library import INSTRUMENTS, load_instrument
from tallystick.strategy.gates.coalition import can_fail, coalition, falls_without
from tallystick.strategy.gates.evaluate import Gate, margins
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.situation import Situation, situation
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.free_text import (
    Outsiders,
    excluding,
    names,
    needed_by,
    needed_notes,
    outsiders_of,
)
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Terms, terms_of


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Arden and two others", True),
        ("two others, ARDEN among them", True),
        ("the leader", True),
        ("garden states", False),
        ("Ardennes", False),
        ("none of the leaders need ratify", False),
        ("all but no leader", False),
        ("any state other than Arden", False),
        ("", False),
    ],
)
def test_a_state_is_named_by_whole_words_that_deny_nothing(words: str, named: bool) -> None:
    assert names(words, states()[0]) is named


def test_short_names_are_matched_as_they_are_written() -> None:
    us = replace(states()[0], name="US", aliases=("Soviet Union",))
    assert names("US, UK and China", us)
    assert names("the soviet union", us)
    assert not names("all of us", us)
    assert not names("the USSR", us)


@pytest.mark.parametrize(
    ("means", "shut_out"),
    [
        ("trade restrictions and sanctions", True),
        ("no export of inputs to them", True),
        ("revoked licences", True),
        ("loss of benefits", True),
        ("Embargo", True),
        ("no trade measures", False),
        ("without any trade or export restrictions", False),
        ("loss of benefits of doubt", False),
        ("an unlicensed activity is itself the danger signal", False),
        ("accessory obligations", False),
        ("report to the Security Council", False),
    ],
)
def test_outsiders_are_shut_out_by_whole_words_that_are_not_denied(means: str, shut_out: bool) -> None:
    assert bool(excluding([means])) is shut_out


def test_what_is_read_is_said_word_by_word() -> None:
    notes = [*outsiders_of({"means": ["trade sanctions", "a report"]}).notes]
    assert len(notes) == 1
    assert '"trade sanctions"' in notes[0]
    assert '"Arden and two others"' in next(needed_notes("Arden and two others"))
    assert "deny" in next(needed_notes("none of the leaders"))
    assert "deny" in outsiders_of({"means": ["no trade measures"]}).notes[0]
    shipped_terms = terms_of("x", load_instrument(INSTRUMENTS / "prop.miri_isia.yaml").institution)
    assert shipped_terms.excludes_outsiders
    assert any('"trade restrictions and sanctions"' in note for note in shipped_terms.assumed)


def among_three(terms: Terms, members: tuple[int, ...] | None = None) -> Situation:
    inputs = Inputs((*states(), shipped("fictional/cindra")), technology(), shipped("world/default"))
    return situation(
        terms, inputs, drawn(inputs, sobol_levels(len(inputs.columns), DRAWS, 0)), "joint", members
    )


def test_without_one_named_as_needed_the_regime_falls() -> None:
    named = among_three(replace(balanced(), needed="Borealis and one more"))
    assert (falls_without(named, 1) == 1).all()
    for i in (0, 2):
        assert (falls_without(named, i) < 1).all()
    assert (falls_without(among_three(replace(balanced(), needed="aborealis")), 1) < 1).all()
    assert (coalition(named, 1, participation(named, 1)) >= 0).all()
    assert (coalition(among_three(balanced()), 1, participation(among_three(balanced()), 1)) < 0).any()


def test_of_two_the_coalition_gate_asks_nothing_and_says_so() -> None:
    pair, three = among_three(balanced(), (0, 1)), among_three(balanced())
    assert not can_fail(pair)
    assert margins(pair).idle == (Gate.COALITION,)
    assert can_fail(three)
    assert margins(three).idle == ()


def test_codes_come_before_words() -> None:
    words = {"means": ["trade sanctions"]}
    assert outsiders_of(words).shut_out
    assert outsiders_of({**words, "shuts_out": "no"}) == Outsiders(False)
    assert outsiders_of({"means": ["a report"], "shuts_out": "yes"}) == Outsiders(True)
    assert outsiders_of({**words, "shuts_out": "silent"}).shut_out
    assert needed_by({"including": "Arden"}) == ((), "Arden")
    assert needed_by({"including": "Arden", "states": ["Borealis", "leader"]}) == (("Borealis", "leader"), "")


def test_a_listed_state_is_needed_by_its_name_or_alias() -> None:
    listed = among_three(replace(balanced(), needed_states=("leader",)))
    assert (falls_without(listed, 0) == 1).all()
    assert (falls_without(listed, 1) < 1).any()
    base = load_instrument(INSTRUMENTS / "hist.npt.yaml").institution
    assert base is not None
    needs = {"rule": "r", "needs": {"states": ["USSR", "UK", "US"]}}
    read = terms_of("x", replace(base, entry_into_force=needs))
    assert (read.needed_states, read.needed) == (("USSR", "UK", "US"), "")

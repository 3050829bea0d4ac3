"""How shares, gates and gaps are worded: nothing rounds to certainty, nothing simulated is measured."""

from dataclasses import replace
from math import pi
from pathlib import Path

import pytest

from tallystick.records.profile import read_profile
from tallystick.reporting.strategy.coalitions import APART, CIRCLE, PER_UNIT, WIDTH, coalition_drawing
from tallystick.reporting.strategy.explain_text import FORMULAS, explain_json
from tallystick.reporting.strategy.frontier import frontier_drawing
from tallystick.reporting.strategy.gates_picture import gates_drawing
from tallystick.reporting.strategy.memo import memo_markdown
from tallystick.reporting.strategy.palette import BANDS, FINE_BANDS, band_of
from tallystick.reporting.strategy.require_text import require_json, require_text
from tallystick.reporting.strategy.text import assessment_text, state_lines
from tallystick.reporting.strategy.tornado import tornado_drawing
from tallystick.strategy.assessment import Assessment, assess
from tallystick.strategy.gates.evaluate import Gate
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.inputs.technology import technology_of
from tallystick.strategy.inputs.terms import Terms, terms_of
from tallystick.strategy.memo.memo import Evidence, memo_of
from tallystick.strategy.memo.plain_words import GATE_NAMES, input_name, is_choice, level, share, signed
from tallystick.strategy.mend.search import mend
from tallystick.strategy.require.demonstration import mutual_cap
from tallystick.strategy.require.requirement import Requirement, require
from tallystick.strategy.require.unmeasured import unmeasured_technology
from tallystick.strategy.verdicts.decisive_box import DecisiveBoxes
from tallystick.strategy.verdicts.placebo import VerdictPlacebo
from tallystick.strategy.verdicts.worded_box import WordedBox

VECTOR = Path(__file__).parents[2] / "vectors" / "technology_profile.json"
DRAWS = 256
PLACEBO = VerdictPlacebo(16, {"Arden": 0.5, "Borealis": 0.5}, 0.25)


def terms() -> Terms:
    regime = mutual_cap()
    return terms_of(regime.id, regime.institution)


def inputs(tools: Profile | None = None) -> Inputs:
    sides = shipped("fictional/arden"), shipped("fictional/borealis")
    return Inputs(sides, tools or unmeasured_technology(), shipped("world/default"))


@pytest.fixture(scope="module")
def found() -> Assessment:
    return assess(terms(), inputs().states, unmeasured_technology(), draws=DRAWS)


@pytest.fixture(scope="module")
def needed() -> Requirement:
    return require(terms(), inputs(), draws=DRAWS, surface_draws=16)


def evidence(found: Assessment, needed: Requirement) -> Evidence:
    return Evidence("A title", terms(), found, PLACEBO, needed, warnings=("mind this",))


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0.00"), (0.001, "<0.01"), (0.53, "0.53"), (0.994, "0.99"), (0.999, ">0.99"), (1.0, "1.00")],
)
def test_only_none_and_all_are_called_so(value: float, said: str) -> None:
    assert share(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1, "0.10"),
        (0.9, "0.90"),
        (0.1012, "0.101"),
        (0.0972, "0.097"),
        (0.10004, "0.10004"),
        (0.8999, "0.8999"),
        (0.107, "0.11"),
        (0.094, "0.09"),
    ],
)
def test_a_share_near_a_bound_has_decimals_until_it_is_told_from_it(value: float, said: str) -> None:
    assert share(value) == said


def test_abstention_is_the_verdict_and_what_the_share_says_stands_beside_it(found: Assessment) -> None:
    text = assessment_text(found.abstaining(), PLACEBO, title="A title", technology="none")
    row = next(line for line in text.splitlines() if line.startswith("  all together"))
    assert f"abstains (its share alone: {found.verdict})" in row
    assert "abstains" not in assessment_text(found, PLACEBO, title="A title", technology="none")


def test_a_placebo_says_what_it_leaves_alone(found: Assessment, needed: Requirement) -> None:
    text = " ".join(assessment_text(found, PLACEBO, title="A title", technology="none").split())
    memo = memo_markdown(memo_of(evidence(found, needed)))
    for shown in (text, memo):
        assert "128 draws" in shown
        assert "the world's parameters stay" in shown


def test_the_memo_and_the_picture_leave_the_regime_itself_out(found: Assessment, needed: Requirement) -> None:
    likely = tuple(replace(club, share=0.5) for club in found.clubs)
    shown = memo_markdown(memo_of(evidence(replace(found, clubs=likely), needed)))
    assert "(early deal, 0.50)" in shown
    assert "(regime, 0.50)" not in shown
    assert "regime" not in coalition_drawing(replace(found, clubs=likely)).words


def test_a_contested_share_without_a_box_says_so(found: Assessment) -> None:
    bare = replace(found.states[0], share=0.5, boxes=DecisiveBoxes(None, None))
    assert any("no box decides" in line for line in state_lines(bare))
    box = WordedBox(("Arden.trust at most 0.2",), 0.93, 0.4, 0.2)
    failing = replace(bare, boxes=DecisiveBoxes(None, box))
    said = " ".join(state_lines(failing))
    assert (
        "it fails in 0.93 where Arden.trust at most 0.2 (0.20 of all draws, 0.40 of those that fail)" in said
    )
    assert "no three conditions make it pass" in said


@pytest.mark.parametrize("bands", [BANDS, FINE_BANDS])
def test_bands_turn_where_verdicts_turn(bands: tuple) -> None:  # type: ignore[type-arg]
    assert band_of(0.1, bands).label.startswith("at most 0.1")
    assert band_of(0.1001, bands) is bands[1]
    assert band_of(0.8999, bands) is bands[-2]
    assert band_of(0.9, bands).label.startswith("0.9 and more")


def test_every_gate_has_a_name_and_a_formula() -> None:
    assert set(GATE_NAMES) == {gate.label for gate in Gate} == {one.gate.label for one in FORMULAS}


def test_inputs_are_named_for_people() -> None:
    assert input_name("technology.delay_years") == "delay (years)"
    assert input_name("Arden.breakout_years") == "breakout of Arden (years)"
    assert is_choice("Arden.orders")
    assert not is_choice("Arden.trust")
    assert level(0.0004) == "0.00"
    assert level(0.004) == "0.004"


def test_text_cannot_steer_a_terminal(found: Assessment) -> None:
    state = replace(found.states[0], name="\x1b[31mArden")
    hostile = replace(found, states=(state, *found.states[1:]), unmatched=("\x1b[2J",))
    text = assessment_text(hostile, PLACEBO, title="\x1b]0;x\x07", technology="\x9b")
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in text)


def test_gate_rows_fit_and_states_are_called_scenarios(found: Assessment) -> None:
    text = assessment_text(found, PLACEBO, title="A title", technology="none")
    rows = text[text.index("Gates passed") :].split("\n\n")[0].splitlines()
    assert len(rows) > 2
    assert max(map(len, rows)) <= 100
    assert "no claim is made about any government" in text
    assert "before the body that decides" in " ".join(text.split())
    assert "early deal" in text


def test_a_gate_that_cannot_fail_is_no_result(found: Assessment) -> None:
    assert found.states[0].idle == ("coalition",)
    text = assessment_text(found, PLACEBO, title="A title", technology="none")
    rows = text[text.index("Gates passed") :].split("\n\n")[0].splitlines()
    assert all(row.endswith("n/a") for row in rows[2:4])
    gates = gates_drawing(found)
    assert "coalition" not in gates.svg
    assert gates.words.endswith("Not applicable, and left out: coalition.")


def test_a_state_whose_share_crosses_nothing_is_told_so(found: Assessment) -> None:
    still = replace(found.states[0], breakpoints=())
    assert any("crosses none of 0.1, 0.5 and 0.9" in line for line in state_lines(still))


def test_the_memo_calls_measured_only_what_was_measured(found: Assessment, needed: Requirement) -> None:
    section = memo_of(evidence(found, needed)).sections[3]
    assert section.answer.startswith("Nothing is measured.")
    assert any("compute rented" in point for point in section.points)
    gaps = (
        replace(needed.gaps[0], origin="measured"),
        replace(needed.gaps[1], origin="simulated"),
        *(replace(gap, origin="assumed") for gap in needed.gaps[2:]),
    )
    answer = memo_of(evidence(found, replace(needed, gaps=gaps))).sections[3].answer
    assert answer.startswith("Measured: detection at declared places. Simulated, not measured: detection at")
    assert "Assumed, not measured: false alarms a year" in answer


def test_a_memo_on_a_text_of_the_past_speaks_of_no_compute(found: Assessment, needed: Requirement) -> None:
    past = replace(evidence(found, needed), terms=replace(terms(), name="hist.baruch"))
    shown = " ".join(memo_of(past).sections[3].points)
    assert "no party" in shown
    assert "compute" not in shown
    assert "algorithms" not in shown


def test_markdown_of_a_memo_takes_no_markup(found: Assessment, needed: Requirement) -> None:
    hostile = replace(evidence(found, needed), title="# <script> [x](http://y) `z`\n\n## Sixth")
    text = memo_markdown(memo_of(hostile))
    assert "<script>" not in text.replace("\\<", "&lt;")
    assert text.count("\n## ") == 5
    assert "mind this" in text


def test_the_memo_asks_the_practitioners_questions(found: Assessment, needed: Requirement) -> None:
    memo = memo_of(evidence(found, needed))
    asked = [section.question for section in memo.sections]
    assert asked[0] == "Can detection outrun evasion?"
    assert asked[-1] == "What would change our mind?"
    assert memo.sections[0].answer.startswith("Not known")
    assert len(memo_markdown(memo).split()) < 1100  # two pages


def test_nothing_simulated_is_called_measured(found: Assessment) -> None:
    measured = read_profile(VECTOR)
    one = require(terms(), inputs(technology_of(measured)), draws=DRAWS, surface_draws=0)
    whole = replace(evidence(found, one), measured=measured)
    points = memo_of(whole).sections[0].points
    shown = [point for point in points if "F_interleave" in point]
    assert shown
    assert "simulated, widened by the gap" in shown[0]
    assert all(gap.origin != "measured" for gap in one.gaps)


def test_a_search_that_turns_nothing_says_so_in_the_memo(found: Assessment, needed: Requirement) -> None:
    searched = mend(terms(), inputs(), draws=DRAWS, most=1)
    points = memo_of(replace(evidence(found, needed), mends=searched)).sections[-1].points
    assert any(point.startswith("No change of up to 1 clauses") for point in points) == (
        searched.smallest is None
    )


def test_a_picture_of_gates_has_its_figures_and_a_description(found: Assessment) -> None:
    gates = gates_drawing(found)
    assert share(found.states[0].gates["compliance"]) in gates.svg
    assert "Arden" in gates.svg
    assert "Arden" in gates.words


def test_every_input_that_moves_a_share_has_a_bar_choices_too(found: Assessment) -> None:
    tornado = tornado_drawing(found)
    assert tornado is not None
    assert tornado.words.startswith("all together: most moved by ")
    assert "Arden: most moved by " in tornado.words
    strongest = next(state for state in found.states if is_choice(state.drivers[0].name))
    assert input_name(strongest.drivers[0].name) in tornado.svg
    for said in ("a choice: from its worst word to its best", "more of it raises the share"):
        assert said in tornado.svg


def test_lines_of_the_map_end_within_the_circles_of_their_states(found: Assessment) -> None:
    """Half the breadth of three lines is less than a circle's radius, in pixels."""
    assert "Arden" in coalition_drawing(found).svg
    for per_unit in (PER_UNIT, WIDTH / 4.2):
        assert APART * per_unit < (CIRCLE / pi) ** 0.5


def test_the_frontier_says_what_no_technology_reaches(needed: Requirement) -> None:
    frontier = frontier_drawing(needed)
    assert "false alarms a year" in frontier.svg
    assert "at most 0.1 (robust no)" in frontier.svg
    assert frontier.words.count("No level of technology") == 1


def test_a_requirement_says_where_its_figures_are_from(needed: Requirement) -> None:
    text = require_text(needed, "A title")
    assert "not measured, so anything from 0.00 to 1.00" in text
    data = require_json(needed)
    surface = data["surface"]["joint_share"]
    assert [len(surface), len(surface[0]), len(surface[0][0]), len(surface[0][0][0])] == [11, 10, 4, 3]


def test_explained_inputs_are_all_that_are_drawn() -> None:
    data = explain_json(terms(), inputs(), "joint")
    assert [entry["name"] for entry in data["inputs"]] == list(inputs().columns)


def test_a_change_that_rounds_to_nothing_has_no_side() -> None:
    assert [signed(value) for value in (0.123, -0.123, -0.001, 0.0)] == ["+0.12", "-0.12", "+0.00", "+0.00"]

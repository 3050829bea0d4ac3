"""Clause changes: what each does to the terms, what must hold of any search, and how it is reported."""

from dataclasses import replace

import pytest
from tests.unit.strategy.cases import balanced, states, technology, with_parameter

from tallystick.errors import InputError
from tallystick.strategy.assessment import assess
from tallystick.strategy.history.replay import historic_terms
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Decision
from tallystick.strategy.mend.clause import applied
from tallystick.strategy.mend.clauses import clauses_for
from tallystick.strategy.mend.outcome import Outcome
from tallystick.strategy.mend.search import MendSearch, candidates_count, mend
from tallystick.strategy.mend.sides import sides_of

DRAWS = 512


def inputs() -> Inputs:
    return Inputs(states(), technology(), shipped("world/default"))


def of_1946() -> Inputs:
    sides = shipped("1946/us"), shipped("1946/ussr")
    return Inputs(sides, shipped("1946/technology"), shipped("world/default"))


def baruch(most: int = 3) -> MendSearch:
    return mend(historic_terms("hist.baruch"), of_1946(), proposer="US", draws=DRAWS, most=most)


def outcome_with(*ids: str) -> Outcome:
    """The outcome of the balanced text with the clauses of those names."""
    found = mend(balanced(), inputs(), draws=DRAWS, most=max(len(ids), 1))
    chosen = [clause for clause in found.clauses if clause.id in ids]
    assert len(chosen) == len(ids)
    text = applied(balanced(), tuple(chosen))
    return mend(text, inputs(), draws=DRAWS, most=1).before


def test_the_text_itself_is_judged_as_an_assessment_judges_it() -> None:
    found = mend(balanced(), inputs(), draws=DRAWS, most=1)
    whole = assess(balanced(), states(), technology(), draws=DRAWS, sensitivity=False)
    assert found.before.joint == whole.joint
    assert {n: s.share for n, s in found.before.states.items()} == {s.name: s.share for s in whole.states}
    assert {n: s.agrees for n, s in found.before.states.items()} == {s.name: s.agrees for s in whole.states}


def test_every_clause_offered_changes_the_text_and_only_once() -> None:
    for name in ("hist.baruch", "hist.gromyko", "hist.inf"):
        terms = historic_terms(name)
        for clause in clauses_for(terms, sides_of(states())):
            changed = clause.change(terms)
            assert changed != terms
            assert clause.change(changed) == changed or clause.id == "managed_access", clause.id


def test_pairs_and_triples_hold_one_clause_of_a_kind() -> None:
    found = baruch()
    for best in found.best.values():
        for one in best:
            slots = [clause.slot for clause in one.clauses]
            assert len(set(slots)) == len(slots)
    assert sum(found.tried.values()) + 1 == candidates_count(historic_terms("hist.baruch"), of_1946())


def test_baruch_is_turned_by_inspection_before_anybody_is_bound_with_ownership_left_national() -> None:
    found = baruch(most=2)
    assert found.before.verdict == "robust no"
    assert found.smallest is not None
    assert found.smallest.ids == ("inspection_first", "national_ownership")
    assert found.reached == "contested"
    single, pair = found.best[1][0], found.best[2][0]
    assert single.ids == ("inspection_first",)
    assert pair.outcome.joint > 1.5 * single.outcome.joint
    assert all(one.outcome.joint <= pair.outcome.joint for one in found.best[2])
    soviet = next(effect for effect in found.smallest.effects if effect.name == "USSR")
    assert soviet.gains
    assert not soviet.pays


def test_the_smallest_turning_change_has_no_turning_part() -> None:
    """Nothing smaller that it contains may turn the verdict, or it would not be the smallest."""
    found = mend(historic_terms("hist.gromyko"), of_1946(), proposer="USSR", draws=DRAWS, most=2)
    assert found.smallest is not None
    assert len(found.smallest.clauses) == 2
    assert found.turning[1] == 0
    for clause in found.smallest.clauses:
        alone = mend(applied(historic_terms("hist.gromyko"), (clause,)), of_1946(), draws=DRAWS, most=1)
        assert alone.before.verdict == found.before.verdict


def test_the_result_does_not_depend_on_the_number_of_workers() -> None:
    alone, together = (mend(balanced(), inputs(), draws=256, most=2, workers=n) for n in (1, 2))
    assert alone.before == together.before
    assert [m.outcome for m in alone.best[2]] == [m.outcome for m in together.best[2]]
    assert [m.ids for m in alone.best[2]] == [m.ids for m in together.best[2]]


def test_another_seed_gives_other_draws_and_the_same_seed_the_same() -> None:
    one, again, other = (mend(balanced(), inputs(), draws=DRAWS, most=1, seed=s).before for s in (3, 3, 4))
    assert one == again
    assert one != other


@pytest.mark.parametrize("holder", ["Arden", "Borealis"])
def test_another_holder_of_a_veto_never_raises_the_shares_of_the_others(holder: str) -> None:
    """Where nothing can be had back, so that one depends on the body that decides."""
    free = replace(
        balanced(),
        stages=tuple(replace(stage, kept=0.0) for stage in balanced().stages),
        findings=Decision("majority"),
        sanctions=Decision("majority"),
        elimination="full",
        exit="no",
    )
    shielded = replace(free, sanctions=Decision("majority", (holder,)))
    other = "Borealis" if holder == "Arden" else "Arden"
    sides = tuple(with_parameter(side, "latency", 0.0, 0.05) for side in states())
    world = Inputs(sides, technology(), shipped("world/default"))
    before, after = (mend(text, world, draws=DRAWS, most=1).before for text in (free, shielded))
    assert after.states[other].share < before.states[other].share
    assert after.states[other].agrees < before.states[other].agrees
    assert after.states[holder].agrees >= before.states[holder].agrees


def test_giving_up_all_vetoes_never_lowers_the_share_of_who_held_none() -> None:
    one_sided = replace(balanced(), sanctions=Decision("veto", ("Arden",)), findings=Decision("majority"))
    found = mend(one_sided, inputs(), draws=DRAWS, most=1)
    change = next(clause for clause in found.clauses if clause.id == "no_veto")
    after = mend(applied(one_sided, (change,)), inputs(), draws=DRAWS, most=1).before
    assert after.states["Borealis"].share >= found.before.states["Borealis"].share


@pytest.mark.parametrize("name", ["Arden", "Borealis"])
def test_a_payment_is_worth_to_who_gets_it_what_it_costs_who_pays(name: str) -> None:
    found = mend(balanced(), inputs(), draws=DRAWS, most=1)
    paid = outcome_with(f"pay_{name}")
    other = "Borealis" if name == "Arden" else "Arden"
    assert paid.states[name].worth > found.before.states[name].worth
    assert paid.states[other].worth < found.before.states[other].worth
    assert paid.states[name].share >= found.before.states[name].share
    assert paid.states[other].share <= found.before.states[other].share


def test_one_stage_has_no_middle_to_yield_from() -> None:
    single = replace(balanced(), stages=balanced().stages[:1])
    assert "leader_first" not in {clause.id for clause in clauses_for(single, sides_of(states()))}


def test_terms_are_left_alone_by_clauses() -> None:
    terms = balanced()
    before = repr(terms)
    for clause in clauses_for(terms, sides_of(states())):
        clause.change(terms)
    assert repr(terms) == before


def test_the_leader_has_the_most_capability_whatever_the_order() -> None:
    arden, borealis = states()
    assert sides_of((borealis, arden)).leader == sides_of((arden, borealis)).leader == "Arden"


@pytest.mark.parametrize("most", [0, 4])
def test_changes_of_no_or_many_clauses_are_refused(most: int) -> None:
    with pytest.raises(InputError, match="give 1, 2 or 3"):
        mend(balanced(), inputs(), draws=64, most=most)


def test_a_sunset_lets_everybody_leave_and_all_come_back() -> None:
    lasting = replace(
        balanced(), exit="no", stages=tuple(replace(stage, kept=0.0) for stage in balanced().stages)
    )
    (sunset,) = [one for one in clauses_for(lasting, sides_of(states())) if one.id == "sunset"]
    changed = sunset.change(lasting)
    assert changed.exit == "yes"
    assert all(stage.kept == 1.0 for stage in changed.stages)
    assert replace(changed, exit="no", stages=lasting.stages) == lasting
    only_exit = replace(lasting, stages=changed.stages)
    assert sunset.change(only_exit).exit == "yes"

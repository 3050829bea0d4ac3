"""What is read of a regime's institution, and what is not read into it."""

from dataclasses import replace

import pytest
from tests.unit.strategy.cases import DRAWS, balanced, states, technology

from tallystick.errors import InputError
from tallystick.regimes.law.institution import Effects, Institution
from tallystick.regimes.library import INSTRUMENTS, load_instrument
from tallystick.strategy.assessment import assess
from tallystick.strategy.gates.roles import meant, unmatched
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Terms, terms_of


def soviet_1947() -> Institution:
    found = load_instrument(INSTRUMENTS / "hist.soviet_1947.yaml").institution
    assert found is not None
    return found


def said_of_stages(terms: Terms) -> list[str]:
    """What is assumed of stages, without what is read out of words or said of dates."""
    return [one for one in terms.assumed if "Assumed: " in one]


def shares(terms: Terms) -> list[float]:
    sides = (shipped("1946/us"), shipped("1946/ussr"))
    result = assess(terms, sides, shipped("1946/technology"), draws=DRAWS, sensitivity=False)
    return [state.share for state in result.states]


def test_a_stage_said_twice_counts_once() -> None:
    once = soviet_1947()
    twice = replace(once, stages=tuple(stage for stage in once.stages for _ in range(2)))
    assert terms_of("x", twice) == terms_of("x", once)
    assert shares(terms_of("x", twice)) == shares(terms_of("x", once))


def test_a_repeated_stage_under_another_name_is_the_same_stage() -> None:
    once = soviet_1947()
    again = replace(once.stages[0], id="again", title="The same in other words")
    padded = replace(once, stages=(once.stages[0], again, *once.stages[1:]))
    assert terms_of("x", padded) == terms_of("x", once)


def test_no_institution_grants_nothing() -> None:
    terms = terms_of("bare", None)
    assert set(terms.rights.values()) == {"no"}
    assert [stage.movers for stage in terms.stages] == [("all",)]


def test_effects_say_what_a_stage_gives_up_and_from_where_on_it_is_inspected() -> None:
    base = soviet_1947().stages[0]
    for effects, yields, inspected in (
        (_effects(limits=("all",), reveals=("all",)), False, False),
        (_effects(transfers=("all",)), True, False),
        (_effects(disarms=("all",), verified_first=True), True, True),
        (_effects(verified_first=True), False, True),
    ):
        terms = terms_of("x", replace(soviet_1947(), stages=(replace(base, effects=effects),)))
        assert (terms.stages[0].yields, terms.stages[0].inspected) == (yields, inspected)
        assert said_of_stages(terms) == []


def test_effects_say_whose_secrets_are_opened_and_whether_anybody_is_restrained() -> None:
    read = terms_of("x", load_instrument(INSTRUMENTS / "hist.gromyko.yaml").institution)
    assert [stage.restrains for stage in read.stages] == [True, True, False, False]
    assert [stage.reveals for stage in read.stages] == [(), (), (), ("US",)]
    bare = soviet_1947()
    uncoded = terms_of("x", replace(bare, stages=(replace(bare.stages[0], effects=None),)))
    assert uncoded.stages[0].reveals is None
    assert uncoded.stages[0].restrains
    assert "not known" in " ".join(uncoded.assumed)
    assert terms_of("x", replace(bare, stages=())).stages[0].reveals is None


def test_stages_that_differ_in_effects_alone_are_two() -> None:
    first = soviet_1947().stages[0]
    second = replace(first, id="again", effects=_effects(disarms=("all",)))
    assert len(terms_of("x", replace(soviet_1947(), stages=(first, second))).stages) == 2


def test_what_is_not_coded_is_assumed_and_said() -> None:
    for institution in (None, replace(soviet_1947(), stages=())):
        bare = terms_of("bare", institution)
        assert (bare.stages[0].yields, bare.stages[0].inspected) == (True, True)
        assert len(said_of_stages(bare)) == 1
        assert "has no stages" in said_of_stages(bare)[0]
    stages = soviet_1947().stages
    partly = replace(soviet_1947(), stages=(replace(stages[0], effects=None), *stages[1:]))
    terms = terms_of("x", partly)
    assert (terms.stages[0].yields, terms.stages[0].inspected) == (True, True)
    assert terms.assumed[0].startswith(f"No effects are coded for {stages[0].id}.")


def test_giving_by_some_of_the_movers_is_said() -> None:
    base = replace(soviet_1947().stages[0], who_moves=("US", "USSR"))
    for disarms, said in ((("US",), 1), (("us", "ussr"), 0), (("all",), 0)):
        one = replace(soviet_1947(), stages=(replace(base, effects=_effects(disarms=disarms)),))
        assert len(said_of_stages(terms_of("x", one))) == said


def test_every_shipped_stage_is_coded_and_givers_are_the_movers() -> None:
    for path in sorted(INSTRUMENTS.glob("*.yaml")):
        institution = load_instrument(path).institution
        if institution and institution.stages:
            assert said_of_stages(terms_of(path.stem, institution)) == []


def _effects(
    reveals: tuple[str, ...] = (),
    transfers: tuple[str, ...] = (),
    disarms: tuple[str, ...] = (),
    limits: tuple[str, ...] = (),
    *,
    verified_first: bool = False,
) -> Effects:
    return Effects(reveals, transfers, disarms, limits, verified_first, "J", "")


def test_dates_count_from_their_anchor() -> None:
    stages = terms_of("hist.gromyko", load_instrument(INSTRUMENTS / "hist.gromyko.yaml").institution).stages
    dated = {stage.id: (stage.years, stage.since) for stage in stages if stage.years is not None}
    assert dated["destruction"] == (0.25, "entry_into_force")
    assert dated["national_laws"] == (0.5, "entry_into_force")


def test_words_mean_states_by_name_alias_and_role() -> None:
    sides = states()
    assert meant(["arden"], sides) == {0}
    assert meant(["laggard"], sides) == {1}
    assert meant(["all"], sides) == {0, 1}
    assert meant(["others"], sides, frozenset({0})) == {1}
    assert meant(["authority"], sides) == frozenset()
    assert unmatched(["US", "all", "Arden", "US"], sides) == ("US",)


def test_a_text_that_binds_none_of_the_states_is_refused() -> None:
    with pytest.raises(InputError, match="none of the states moves") as caught:
        assess(_named("Elsewhere"), states(), technology(), draws=256, sensitivity=False)
    assert "Elsewhere" in caught.value.mend
    sides = (states()[0].standing_for("Elsewhere"), states()[1])
    named = assess(_named("Elsewhere"), sides, technology(), draws=256, sensitivity=False)
    assert named.joint == assess(_named("Arden"), states(), technology(), draws=256, sensitivity=False).joint
    assert assess(_named("Arden"), states(), technology(), draws=256, sensitivity=False).unmatched == ()


def _named(who: str) -> Terms:
    return replace(balanced(), stages=tuple(replace(stage, movers=(who,)) for stage in balanced().stages))

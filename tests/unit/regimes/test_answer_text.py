"""What a reader of ``regimes check`` and ``regimes list`` sees: who is bound, what is undecided, how wide."""

from datetime import date
from typing import Any

import pytest

from tallystick.errors import InputError
from tallystick.regimes.fragmentation.profile import EXAMPLES
from tallystick.regimes.judging.check import Question, answer, chosen
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set, read_facts
from tallystick.regimes.wording.answer_text import answer_text
from tallystick.regimes.wording.listing import list_text
from tallystick.regimes.wording.trace_text import UNDECIDED

DAY = date(2026, 11, 24)
REGIMES = load_all()
PROVIDER: dict[str, Any] = {
    "roles.provider": True,
    "jurisdictions.EU.places_on_market": True,
    "model.generates_language": True,
    "compute.pretraining": "9e25",
}


def said(facts: Any, *names: str, trace: bool = False, everything: bool = False) -> str:
    question = Question(DAY, names=names, everything=everything)
    return answer_text(answer(REGIMES, fact_set(facts, "facts", REGIMES.vocabulary), question), trace=trace)


def rows(text: str) -> dict[str, list[str]]:
    """The words of each line, by the first."""
    return {words[0]: words[1:] for words in map(str.split, text.splitlines()) if words}


def test_a_line_that_is_passed_does_not_say_who_is_bound() -> None:
    model = {name: value for name, value in PROVIDER.items() if name.startswith(("model", "compute"))}
    assert rows(said(model, "eu.gpai_sr"))["eu.gpai_sr"][:3] == ["not", "stated", "true"]
    assert rows(said(PROVIDER, "eu.gpai_sr"))["eu.gpai_sr"][:2] == ["yes", "true"]
    nobody = {**PROVIDER, "roles.provider": False, "roles.modifier": False, "roles.developer": False}
    assert rows(said(nobody, "eu.gpai_sr"))["eu.gpai_sr"][:2] == ["no", "true"]


def test_the_headline_counts_words_proofs_and_the_rest() -> None:
    names = ("eu.gpai_sr", "kr.basic", "ny.raise")
    text = said(PROVIDER, *names)
    assert text.splitlines()[1] == (
        "1 binds on your word, 0 verified, 1 undecided; without duties on that day: 1"
    )
    proven = [{"name": name, "value": value, "verified": True} for name, value in PROVIDER.items()]
    assert "1 binds on your word, 1 verified (eu.gpai_sr), 1 undecided" in said(proven, *names)


def test_a_regime_that_does_not_run_yet_does_not_bind_now() -> None:
    facts = {"roles.developer": True, "roles.frontier_developer": True, "jurisdictions.US-NY.develops": True}
    assert rows(said(facts, "ny.raise"))["ny.raise"][:2] == ["not", "now"]


def test_the_trace_keeps_duties_that_hold_apart_from_those_that_may_follow() -> None:
    open_ones = said(PROVIDER, "ca.sb53", trace=True)
    assert open_ones.index(UNDECIDED) < open_ones.index("  - must")
    mixed = said(PROVIDER, "eu.gpai", trace=True).split(UNDECIDED)
    assert len(mixed) == 2, "both kinds are there"
    assert "  - must: Have a policy to comply with Union copyright law" in mixed[0]
    assert "copyright" not in mixed[1]
    assert UNDECIDED not in said(PROVIDER, "eu.gpai_sr")


@pytest.mark.parametrize("trace", [False, True])
def test_no_line_is_wider_than_100_columns(trace: bool) -> None:
    text = said(PROVIDER, trace=trace, everything=True)
    assert [line for line in text.splitlines() if len(line) > 100] == []
    assert "frontier developer unknown" in " ".join(text.split())


def test_the_list_is_no_wider_and_says_what_its_codes_mean() -> None:
    text = list_text(chosen(REGIMES, Question(DAY, everything=True)), DAY, None)
    assert [line for line in text.splitlines() if len(line) > 100] == []
    assert text.index("V2 two sources") < text.index("In force")
    assert "  eu.gpai                V1  enforceable 2026-08-02            EU AI Act" in text
    assert "…" in text


def test_a_profile_is_no_file_of_facts_and_is_sent_to_compare() -> None:
    with pytest.raises(InputError, match="a developer's profile") as error:
        read_facts(EXAMPLES / "developer.yaml", REGIMES.vocabulary)
    assert "tallystick regimes compare" in error.value.mend

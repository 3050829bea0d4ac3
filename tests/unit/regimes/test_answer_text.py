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
from tallystick.regimes.wording.listing import list_json, list_text
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


def row(facts: Any, name: str, day: date = DAY) -> str:
    """The row of one regime, its lines joined."""
    question = Question(day, names=(name,))
    text = answer_text(answer(REGIMES, fact_set(facts, "facts", REGIMES.vocabulary), question), trace=False)
    lines = text.splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith(f"{name} "))
    return " ".join(" ".join(lines[first : lines.index("", first)]).split())


def test_a_line_that_is_passed_does_not_say_who_is_reached() -> None:
    model = {name: value for name, value in PROVIDER.items() if name.startswith(("model", "compute"))}
    assert row(model, "eu.gpai_sr").startswith("eu.gpai_sr not stated 5 open enforceable: systemic risk true")
    assert row(PROVIDER, "eu.gpai_sr").startswith(
        "eu.gpai_sr yes 5 enforceable: systemic risk true / unknown"
    )
    nobody = {**PROVIDER, "roles.provider": False, "roles.modifier": False, "roles.developer": False}
    assert row(nobody, "eu.gpai_sr").startswith("eu.gpai_sr no 0 enforceable: systemic risk true")


def test_the_headline_counts_who_brings_duties_proofs_and_the_rest() -> None:
    names = ("eu.gpai_sr", "eu.reach", "kr.basic", "ny.raise")
    proven = "; by verified facts alone {}; without force on that day: 1"
    head = "1 brings duties, 1 more reaches you without, 1 undecided"
    assert head + proven.format("0 bring duties") in joined(said(PROVIDER, *names))
    shown = [{"name": name, "value": value, "verified": True} for name, value in PROVIDER.items()]
    assert head + proven.format("1 brings duties (eu.gpai_sr)") in joined(said(shown, *names))


def joined(text: str) -> str:
    return " ".join(text.split())


SMALL = {
    "facts": {
        **{"roles.developer": True, "roles.provider": True, "jurisdictions.US-CA.develops": True},
        **{"jurisdictions.EU.places_on_market": True, "compute.pretraining": "1e24"},
        "model.generates_language": True,
    },
    "complete": True,
}


def test_who_misses_the_line_is_reached_and_owes_nothing() -> None:
    text = row(SMALL, "ca.sb53")
    assert text.startswith("ca.sb53 yes 0 enforceable: frontier developer false / unknown")


def test_where_nothing_is_stated_nothing_is_said() -> None:
    assert row({"compute.run": "1"}, "coe.cets225").startswith("coe.cets225 not stated – enacted")
    assert row({"compute.run": "1"}, "vn").startswith("vn not stated – adopted, no duty yet; draws no line")


def test_a_regime_that_does_not_run_yet_says_what_would_follow() -> None:
    facts = {
        "roles.developer": True,
        "roles.frontier_developer": True,
        "jurisdictions.US-NY.develops": True,
        **{f"compute.{name}": "2e26" for name in ("pretraining", "fine_tuning")},
    }
    assert row(facts, "ny.raise").startswith("ny.raise yes 0 enacted not effective, no duty yet")
    text = joined(said(facts, "ny.raise"))
    assert "these duties would follow from 2027-01-01 on)" in text
    assert "of which 1 would bring duties" in text


def test_a_text_that_is_over_brings_no_duty_any_more_and_approaches_nothing() -> None:
    facts = {"roles.developer": True, "jurisdictions.US.develops": True, "compute.pretraining": "9e25"}
    text = said(facts, "us.eo14110.model")
    assert "revoked, no duty any more" in joined(text)
    assert "APPROACH" not in text
    assert "would follow" not in text


def test_a_law_that_did_not_exist_on_that_day_says_so_and_approaches_nothing() -> None:
    facts = {**PROVIDER, "compute.pretraining": "9e24"}
    assert "did not exist on that day: systemic risk false" in row(
        {"facts": facts, "complete": "true"}, "eu.gpai_sr", date(1947, 1, 1)
    )
    question = Question(date(1947, 1, 1), names=("eu.gpai_sr",))
    found = answer(
        REGIMES, fact_set({"facts": facts, "complete": "true"}, "facts", REGIMES.vocabulary), question
    )
    assert "APPROACH" not in answer_text(found, trace=False)


CONTRADICTED = [
    *({"name": name, "value": value, "verified": True} for name, value in PROVIDER.items()),
]
CONTRADICTED[-1] |= {"value": None, "claimed": "9e24", "lower": "1.1e25", "upper": "1.3e25"}


def test_a_line_passed_by_verified_figures_is_passed_whatever_is_claimed() -> None:
    facts = {"facts": [one | {} for one in CONTRADICTED], "complete": "verified"}
    text = joined(said(facts, "eu.gpai_sr"))
    assert "systemic risk false / true" in text
    assert "90.0 % claimed, 110.0 to 130.0 % verified: passed (verified)" in text
    assert "APPROACH" not in text
    assert "[by verified facts only: what you claim says no]" in text


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
    assert "  eu.gpai             V1  enforceable 2026-08-02  EU AI Act" in text
    assert "…" in text
    for group in text.split("\n\n")[1:-1]:
        assert len({line.index(f" {line.split()[1]}  ") for line in group.splitlines()[1:]}) == 1, group


def test_a_list_of_everything_does_not_offer_more_and_what_was_not_yet_stands_apart() -> None:
    day = date(1947, 1, 1)
    found = chosen(REGIMES, Question(day, everything=True))
    text = list_text(found, day, None, everything=True)
    assert "--all" not in text
    assert "--all" in list_text(found, day, None)
    assert "Adopted, not yet effective" not in text
    assert text.index("Did not exist on that day") < text.index("  ca.sb53 ")
    entry = next(one for one in list_json(found, day, None)["regimes"] if one["id"] == "ca.sb53")
    assert entry["group"] == "not_there"


def test_a_profile_is_no_file_of_facts_and_is_sent_to_compare() -> None:
    with pytest.raises(InputError, match="a developer's profile") as error:
        read_facts(EXAMPLES / "developer.yaml", REGIMES.vocabulary)
    assert "tallystick regimes compare" in error.value.mend

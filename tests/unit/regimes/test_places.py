"""Places are known by their codes, in any case, and what is part of what counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.regimes.judging.check import check
from tallystick.regimes.library import shipped_vocabulary
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.places import (
    BODIES,
    COUNTRIES,
    EU_MEMBERS,
    US_STATES,
    known_region,
    region_notes,
    regions_around,
)


def read(facts: dict[str, Any]) -> Any:
    return fact_set(facts, "facts", shipped_vocabulary())


def test_the_lists_are_whole() -> None:
    assert (len(COUNTRIES), len(US_STATES), len(EU_MEMBERS)) == (249, 51, 27)
    assert EU_MEMBERS < COUNTRIES
    assert all(known_region(region, "") == region for region in shipped_vocabulary().regions)


@given(st.sampled_from(sorted(COUNTRIES | US_STATES | set(BODIES))))
def test_case_does_not_matter(code: str) -> None:
    assert known_region(code.lower(), "") == known_region(code.upper(), "") == code


@pytest.mark.parametrize(("text", "code"), [("gb", "UK"), ("us_ca", "US-CA"), ("coe", "CoE"), (" de ", "DE")])
def test_other_ways_to_write_it(text: str, code: str) -> None:
    assert known_region(text, "") == code


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("Atlantis", "two letters"),
        ("US-XX", "US-CA; it counts as US too"),
        ("XX", "a member of the EU counts as EU too"),
        ("california", "did you mean US-CA?"),
        ("Germany", "did you mean DE?"),
        ("", "two letters"),
    ],
)
def test_a_place_that_is_none_is_refused_with_what_is_accepted(text: str, mend: str) -> None:
    with pytest.raises(InputError) as refused:
        known_region(text, "facts.yaml: fact 1")
    assert refused.value.where == "facts.yaml: fact 1"
    assert mend in refused.value.mend


def test_a_code_that_a_file_of_ones_own_names_is_known() -> None:
    assert known_region("CA-ON", "", listed={"CA-ON"}) == "CA-ON"


def test_what_is_part_of_what() -> None:
    assert regions_around("US-CA") == ("US",)
    assert regions_around("DE") == ("EU",)
    assert regions_around("DE-BY") == ("DE", "EU")
    assert regions_around("UK") == regions_around("EU") == regions_around("CH") == ()


@pytest.mark.parametrize("code", ["PR", "GU", "VI", "AS", "MP", "UM"])
def test_a_territory_of_the_united_states_is_part_of_them_under_both_its_codes(code: str) -> None:
    assert known_region(f"us-{code}", "") == code
    assert regions_around(code) == ("US",)
    facts = read({f"jurisdictions.US-{code}.develops": True})
    assert facts.claimed.truths["jurisdictions.US.develops"] is True


@pytest.mark.parametrize(
    ("code", "country"), [(c, "FR") for c in ("RE", "GF", "GP", "MQ", "YT", "MF")] + [("AX", "FI")]
)
def test_where_the_law_of_the_eu_applies_outside_europe_a_tie_is_one_to_the_eu(
    code: str, country: str
) -> None:
    assert regions_around(code) == (country, "EU")
    facts = read({f"jurisdictions.{code}.places_on_market": True})
    assert facts.claimed.truths["jurisdictions.EU.places_on_market"] is True


@pytest.mark.parametrize("code", ["NC", "PF", "BL", "GL", "AW", "HK"])
def test_other_places_of_a_country_are_not_taken_as_part_of_it(code: str) -> None:
    assert regions_around(code) == ()


def test_a_tie_to_a_member_state_is_one_to_the_eu() -> None:
    facts = read({"jurisdictions.fr.places_on_market": True})
    assert facts.claimed.truths["jurisdictions.FR.places_on_market"] is True
    assert facts.claimed.truths["jurisdictions.EU.places_on_market"] is True
    assert "jurisdictions.EU.places_on_market" not in facts.verified.truths
    assert "jurisdictions.EU.develops" not in facts.claimed.truths
    bound = check(
        {"jurisdictions.fr.places_on_market": True, "roles.provider": True}, "2026-11-24", names=["eu.gpai"]
    )
    assert bound["results"][0]["binds"]["claimed"] == "true"


def test_two_spellings_of_a_place_are_one_fact() -> None:
    with pytest.raises(InputError, match=r"jurisdictions\.DE\.develops is stated twice"):
        read({"jurisdictions.de.develops": True, "jurisdictions.DE.develops": True})


def test_who_states_a_tie_is_told_what_it_counts_as() -> None:
    encoded = shipped_vocabulary().regions
    assert region_notes(frozenset({"EU", "US-CA", "KR"}), encoded) == ()
    (note,) = region_notes(frozenset({"FR"}), encoded)
    assert "FR count as ties to EU too" in note
    (note,) = region_notes(frozenset({"DE"}), encoded)
    assert "DE count as ties to EU too" in note
    assert "US-DE" not in note, "nobody who is told that it counts as the EU meant Delaware"
    (note,) = region_notes(frozenset({"PR"}), encoded)
    assert "PR count as ties to US too" in note
    (note,) = region_notes(frozenset({"KE"}), encoded)
    assert "no regime here is about KE" in note
    assert "the state of the United States is US-CA" in " ".join(region_notes(frozenset({"CA"}), encoded))
    assert read({"jurisdictions.KE.develops": False}).notes == ()

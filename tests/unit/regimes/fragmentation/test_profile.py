"""Reading a profile: what is wrong is named with file and line."""

import re

import pytest
from tests.unit.regimes.fragmentation.three_regimes import PROFILE, profile

from tallystick.errors import InputError
from tallystick.regimes.fragmentation.profile import facts_for, read_profile
from tallystick.regimes.law.exact import ANY, ZERO
from tallystick.regimes.library import DATA, shipped_vocabulary

VOCABULARY = shipped_vocabulary()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[developer]", "[developper]", r"profile\.yaml:4: role 'developper' is not known.*developer"),
        ("US-NY:", "US-XX:", r"profile\.yaml:5: region 'US-XX' is not known"),
        ("[deploys]", "[deploy]", r"profile\.yaml:5: tie 'deploy' is not known.*deploys"),
        ("name: Tern 2", "name: Tern 1", r"profile\.yaml:11: 'Tern 1' is there twice"),
        ("{pretraining:", "{pretrainig:", r"Tern 1.*'compute\.pretrainig' is not known.*pretraining"),
        ('"2.0e25"', '"2.0e25 FLOP"', r"models, Tern 1.*is not a number"),
        ("complete: verified", "complete: maybe", r"profile\.yaml:12: .*'maybe' is not known"),
        ("verified: [roles, ties]", "budget: 1", r"profile\.yaml:6: .*unknown key 'budget'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, message: str) -> None:
    assert old in PROFILE
    with pytest.raises(InputError) as error:
        profile(PROFILE.replace(old, new, 1))
    assert re.search(message, str(error.value), re.DOTALL), str(error.value)


def test_a_model_cannot_have_a_seat() -> None:
    text = PROFILE.replace("    complete: true", "    ties: {EU: [established]}\n    complete: true")
    with pytest.raises(InputError, match="established is no tie of a model"):
        profile(text)


def test_what_is_not_listed_does_not_hold() -> None:
    facts = facts_for(profile(), {}, VOCABULARY).claimed
    assert facts.truths["jurisdictions.EU.places_on_market"] is True
    assert facts.truths["jurisdictions.KR.places_on_market"] is False
    assert facts.truths["roles.exporter"] is False


def test_a_tie_to_a_state_is_one_to_the_union() -> None:
    facts = facts_for(profile(), {}, VOCABULARY).claimed
    assert facts.truths["jurisdictions.US.established"] is True
    assert facts.truths["jurisdictions.US-NY.established"] is False


def test_an_empty_list_means_none_and_a_missing_one_means_unknown() -> None:
    none = facts_for(profile(PROFILE + "clusters: []\n"), {}, VOCABULARY).claimed
    unknown = facts_for(profile(), {}, VOCABULARY).claimed
    assert none.amount("cluster.h100e") == ZERO
    assert unknown.amount("cluster.h100e") == ANY


def test_components_that_are_not_listed_are_zero_only_where_the_model_is_complete() -> None:
    developer = profile()
    first, second = developer.things["models"]
    claimed = facts_for(developer, {"models": first}, VOCABULARY)
    assert claimed.claimed.amount("compute.upstream") == ZERO
    assert claimed.verified.amount("compute.upstream") == ANY
    assert facts_for(developer, {"models": second}, VOCABULARY).verified.amount("compute.upstream") == ZERO


def test_json_is_read_too() -> None:
    text = '{"schema": "developer/1", "name": "T", "roles": ["developer"], "ties": {"EU": ["deploys"]}}'
    assert profile(text).ties == frozenset({("EU", "deploys")})


def test_the_shipped_example_is_readable_and_says_that_it_is_fictional() -> None:
    found = read_profile(DATA / "examples" / "developer.yaml", VOCABULARY)
    assert "fictional" in found.name
    assert len(found.things["models"]) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"name": "roles.provider", "value": true}]', r"this is a facts file.*regimes check"),
        ('{"facts": [{"name": "roles.provider", "value": true}]}', r"this is a facts file.*regimes check"),
        ("roles.provider: true\ncompute.pretraining: 1e25", r"this is a facts file.*regimes check"),
        ("schema: regime/1\nid: a.b", r"this is a regime file"),
        ("name: Tern", r"no developer's profile: it has no line schema.*show developer --source"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        profile(text)
    assert re.search(message, str(error.value)), str(error.value)


@pytest.mark.parametrize("region", ["DE", "de", "FR"])
def test_a_member_state_counts_as_the_union_and_is_named(region: str) -> None:
    found = profile(PROFILE.replace("EU:", f"{region}:", 1))
    assert facts_for(found, {}, VOCABULARY).claimed.truths["jurisdictions.EU.places_on_market"] is True
    assert found.member_states == (region.upper(),)
    assert "EU" in found.regions
    assert region.upper() not in found.regions


def test_a_country_without_a_shipped_regime_is_accepted() -> None:
    found = profile(PROFILE.replace("EU:", "GB:", 1))
    assert facts_for(found, {}, VOCABULARY).claimed.truths["jurisdictions.UK.places_on_market"] is True
    assert profile(PROFILE.replace("EU:", "ZA:", 1)).regions[-1] == "ZA"
    assert found.member_states == ()

"""The page of one regime shows its tests, exceptions and cases; codes of confidence have one meaning."""

from datetime import date

import pytest

from tallystick.errors import InputError
from tallystick.regimes.files.institution_shape import CONFIDENCE as CODES
from tallystick.regimes.law.confidence import CONFIDENCE, codes_text
from tallystick.regimes.library import load_shipped, source_text
from tallystick.regimes.stated.example_facts import EXAMPLE_FACTS
from tallystick.regimes.wording.finding import named_by_words
from tallystick.regimes.wording.listing import show_json, show_text

DAY = date(2026, 11, 24)


def page(name: str) -> str:
    return show_text(load_shipped().get(name), DAY, None)


def test_a_duty_with_a_first_day_of_its_own_says_it() -> None:
    shown = " ".join(page("il.aisma").split())
    assert shown.count(", from 2028-01-01 [") == 6


def test_statuses_and_editions_say_how_they_were_read() -> None:
    text = page("ny.raise.2025")
    assert "2026-03-19  applies, known 2025-12-19  X  [" in text
    shown = " ".join(page("eu.gpai").split())
    assert "as cited by others V2 [eu-" in shown
    data = show_json(load_shipped().get("ny.raise.2025"), DAY, None)
    assert [entry["confidence"] for entry in data["statuses"]] == ["V1", "V1", "X", "V1"]


def test_exceptions_and_cases_are_there() -> None:
    text = " ".join(page("ca.sb53").split())
    assert (
        "takes off report incident, report imminent incident if developer.ca_federal_incident_route" in text
    )
    assert "Cases (all on 2026-09-01" in text
    assert "compute on the line: compute.pretraining 1e26, developer.revenue_usd_prior_year 6e8 -> " in text


def test_every_case_and_exception_of_every_regime_is_named() -> None:
    for one in load_shipped():
        text = " ".join(show_text(one, DAY, None).split())
        assert all(" ".join(case.name.split()) in text for case in one.cases), one.id
        assert all(" ".join(rule.title.split()) in text for rule in one.exceptions.values()), one.id


def test_no_line_of_a_page_is_much_wider_than_the_screen() -> None:
    lines = [line for line in page("eu.gpai_sr").splitlines() if len(line) > 110]
    assert lines == []


def test_json_has_them_too() -> None:
    data = show_json(load_shipped().get("ca.sb53"), DAY, None)
    assert data["exceptions"]["not_foundation_model"]["defeats"] == ["frontier", "large"]
    assert data["conditions"]["frontier"]["gives"] == "frontier_developer"
    assert data["cases"][1]["expect"]["frontier_developer"] == "false"


def test_codes_of_confidence_are_those_of_the_files() -> None:
    assert set(CONFIDENCE) == set(CODES.words)
    assert codes_text().endswith("S, R and X never give a verified outcome.")


def test_examples_are_printed_by_name() -> None:
    assert source_text("facts") == EXAMPLE_FACTS
    assert source_text("developer").count("schema: developer/1") == 1
    with pytest.raises(InputError, match="facts is no regime") as refused:
        load_shipped().get("facts")
    assert "show facts --source" in refused.value.mend


def test_a_regime_is_found_by_the_words_of_its_title() -> None:
    shipped = load_shipped()
    assert named_by_words("eu.gpai", shipped) == "eu.gpai"
    assert named_by_words("baruch", shipped) == "hist.baruch"
    assert named_by_words("no such law", shipped) == "no such law"
    with pytest.raises(InputError, match="4 regimes have 'eu ai act' in their titles") as error:
        named_by_words("EU AI Act", shipped)
    assert error.value.mend == "name one: eu.gpai, eu.gpai_sr, eu.modifier, eu.reach"


def test_the_page_names_recipients_and_places_of_the_institution() -> None:
    assert "to European Commission, AI Office" in " ".join(page("eu.gpai_sr").split())
    assert "eu_ai_office" not in page("eu.gpai_sr")
    miri = page("prop.miri")
    assert "  inspection, declared: yes  V1  [miri-2511.10783 Art. V(4), Art. VII(1)]" in miri
    assert "tallystick regimes institutions prop.miri" in miri
    assert [line for line in miri.splitlines() if len(line) > 100] == []

"""The committed pages are what the files give, and each shows what its file says."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.library import DATA, load_all
from tallystick.regimes.pages.regime_pages import duty_words, page, pages, write_pages
from tallystick.regimes.wording.listing import clock_text

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "regimes"
MADE = pages(load_all())


def test_committed_pages_are_what_the_files_give() -> None:
    mend = "tallystick regimes pages --out docs/regimes, and delete what is no longer there"
    assert {path.name for path in FOLDER.glob("*")} == set(MADE), mend
    stale = [name for name, text in MADE.items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == [], mend


def test_links_between_pages_and_to_files_lead_somewhere() -> None:
    for name, text in MADE.items():
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
            assert (FOLDER / target).exists(), f"{name} links to {target}"


@pytest.mark.parametrize("regime", list(load_all()), ids=lambda one: one.id)
def test_a_page_leaves_nothing_of_its_file_out(regime: Instrument) -> None:
    text = MADE[f"{regime.id}.md"]
    flat = " ".join(text.replace("|", " ").split())
    assert "not legal advice" in text
    said = [regime.title, *regime.doubts, *(duty_words(duty) for duty in regime.obligations)]
    said += [source.title for source in regime.sources.values()]
    said += [parameter.title for parameter in regime.parameters.values()]
    said += [stage.title for stage in regime.institution.stages] if regime.institution else []
    for words in said:
        assert " ".join(words.split()) in flat
    for source in regime.sources.values():
        assert source.url in text
    assert all(str(entry.since) in text for entry in regime.status)


def test_statuses_and_editions_say_how_they_were_read() -> None:
    assert re.search(r"\| 2026-03-19 \| applies: [^|]+\| 2025-12-19 \| X \|", MADE["ny.raise.2025.md"])
    assert "as cited by others (V2; eu-guidelines-2025-11)" in MADE["eu.gpai.md"]
    assert "from 2025-07-18: Commission guidelines, text of July 2025 (V1; " in MADE["eu.gpai.md"]


def test_a_changed_file_gives_another_page() -> None:
    regimes = load_all()
    one = regimes.get("ca.sb53")
    later = replace(one.status[0], since=one.status[0].since + timedelta(days=1))
    changed = replace(one, status=(later, *one.status[1:]))
    assert page(changed, regimes.vocabulary) != MADE["ca.sb53.md"]


def test_the_page_of_a_law_says_line_clock_and_recipient() -> None:
    text = MADE["ca.sb53.md"]
    assert "> 1e26 FLOP" in text
    assert "within 15 days from incident discovered | California Office of Emergency Services" in text
    assert "reading *strict*" in text


def test_a_clock_in_words() -> None:
    assert (
        clock_text({"within": "PT72H", "from": ["knowledge", "request"]})
        == "within 72 hours from knowledge or request"
    )
    assert clock_text({"every": "P1Y"}) == "every 1 year"
    assert clock_text({}) == ""


def test_pages_are_written_whole(tmp_path: Path) -> None:
    written = write_pages(load_all(), tmp_path / "new" / "folder")
    assert {path.name for path in written} == set(MADE)
    assert (tmp_path / "new" / "folder" / "index.md").read_text("utf-8") == MADE["index.md"]


def test_a_page_links_to_no_file_that_does_not_exist(tmp_path: Path) -> None:
    own = tmp_path / "my.cap.yaml"
    shipped = (DATA / "templates" / "template.run_cap.yaml").read_text("utf-8")
    own.write_text(shipped.replace("id: template.run_cap", "id: my.cap"))
    regimes = load_all([own])
    assert "](../.." in pages(regimes)["ca.sb53.md"]
    assert "](../.." not in pages(regimes)["my.cap.md"]
    write_pages(regimes, tmp_path / "pg")
    for path in (tmp_path / "pg").iterdir():
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
    assert "from `my.cap.yaml` by" in (tmp_path / "pg" / "my.cap.md").read_text("utf-8")


def test_a_law_without_an_institution_shows_what_its_duties_cover() -> None:
    for regime in load_all():
        assert "1946" in MADE[f"{regime.id}.md"], regime.id
    assert "| elimination of weapons | none |" in MADE["ca.sb53.md"]


@pytest.mark.parametrize("regime", list(load_all()), ids=lambda one: one.id)
def test_what_is_forbidden_is_said_without_a_second_not(regime: Instrument) -> None:
    for duty in regime.obligations:
        if duty.deontic == "must_not":
            assert not re.match(r"(Do not|No|Not|Neither|Never|Make no|Let no|Run no)\b", duty.title), (
                duty.title
            )


def test_a_duty_is_one_sentence() -> None:
    text = MADE["ca.sb53.md"]
    assert "| Must not prevent or punish disclosures by covered employees |" in text
    assert "| Must publish a transparency report before or when deploying" in text
    assert "| May ask for a reassessment of a designation" in MADE["eu.gpai_sr.md"]
    assert "Notify BIS" not in MADE["us.bis.nprm.md"].split("## Duties")[1].split("## Doubts")[0]
    assert "Must notify BIS" in MADE["us.bis.nprm.md"]

"""Text, HTML and JSON of a mutual inspection."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.unit.reporting.conftest import found_cheating

from tallystick.inspection.report import CHECKS
from tallystick.printable import printable
from tallystick.records.outcome import Check, Conclusion
from tallystick.reporting.inspection.demo_json import demo_json
from tallystick.reporting.inspection.demo_text import StepLines, closing_summary
from tallystick.reporting.inspection.html import render_report, write_report
from tallystick.reporting.inspection.limits import UNPROVEN
from tallystick.trials.mutual import Mutual

HOSTILE = "<script>alert('x')</script>&\"\x1b[31m"
SHOW_TRAINING = "5 of 8 opened accelerator-hours show training and are declared as inference"


class Page(HTMLParser):
    """Tags, ids, local links and visible text of a page; every tag must be closed."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def cheating(mutual: Mutual) -> Mutual:
    first, second = mutual.inspections
    return replace(mutual, inspections=(first, found_cheating(second, SHOW_TRAINING)))


@pytest.fixture(scope="module")
def page(cheating: Mutual) -> str:
    return render_report(cheating)


def test_page_is_well_formed_and_its_links_lead_somewhere(page: str) -> None:
    parsed = Page(page)
    assert parsed.open == []
    ids = [value for name, value in parsed.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value for name, value in parsed.attributes if name == "href"}
    assert links
    assert links <= {f"#{i}" for i in ids}
    assert {"script", "link", "img", "iframe"}.isdisjoint(parsed.tags)
    assert parsed.tags.count("svg") == 8


def test_page_asks_for_nothing_outside(page: str) -> None:
    assert not re.search(r"https?:|[\"\'(]//|@import|url\(|src=|data:", page)


def test_every_picture_has_a_name_and_a_description(page: str) -> None:
    pictures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(pictures) == 8
    for picture in pictures:
        assert 'role="img"' in picture
        assert re.search(r"<title>.{5,}?</title><desc>.{20,}?</desc>", picture)


def test_page_says_what_the_inspection_concluded_and_what_is_unproven(page: str) -> None:
    text = Page(page).text
    assert text.count("Concluded: not consistent with the declaration") == 2
    assert SHOW_TRAINING in text
    assert all(line in text for line in UNPROVEN)
    assert "Everything here is simulated" in text
    assert "Poisson" in text or "CC BY 4.0" in text
    assert "with probability 0.93" in text or "with probability 0.92" in text


def test_conclusion_never_comes_from_the_scenario(mutual: Mutual, tmp_path: Path) -> None:
    """The site that cheats in the simulation is not blamed where the inspection found nothing."""
    second = mutual.inspections[1]
    assert second.account.party.scenario == "relabel"
    report = replace(second.inspection.report, findings=[], conclusion=Conclusion.NO_INDICATION)
    missed = replace(second, inspection=replace(second.inspection, report=report))
    both = replace(mutual, inspections=(missed, missed))
    text = closing_summary(both, tmp_path / "report.html", ()).lower()
    assert "not consistent" not in text
    assert "relabel" not in text
    assert text.count("no indication of undeclared training") == 2
    assert "concluded: not consistent" not in render_report(both).lower()


def test_hostile_names_stay_text(cheating: Mutual, tmp_path: Path) -> None:
    first, second = cheating.inspections
    account = first.account
    named = replace(
        found_cheating(first, HOSTILE),
        inspector=HOSTILE,
        account=replace(
            account,
            party=replace(account.party, name=HOSTILE),
            jobs=tuple(replace(j, job=HOSTILE) for j in account.jobs),
            runs=tuple(replace(r, id=HOSTILE) for r in account.runs),
        ),
    )
    hostile = replace(cheating, inspections=(named, second))
    parsed = Page(render_report(hostile))
    assert "script" not in parsed.tags
    assert "<script>alert" in parsed.text
    assert f"F-15, major. {printable(HOSTILE)}." in parsed.text
    assert "\x1b" not in closing_summary(hostile, tmp_path / "report.html", ("\x1b[2J",))


def test_unmade_judgement_is_said(mutual: Mutual, tmp_path: Path) -> None:
    first, second = mutual.inspections
    report = replace(first.inspection.report, conclusion=Conclusion.UNRESOLVED)
    bare = replace(first, inspection=replace(first.inspection, report=report, judgement=None, runs=()))
    unjudged = replace(mutual, inspections=(bare, second))
    assert "UNRESOLVED" in closing_summary(unjudged, tmp_path / "report.html", ())
    assert "no bound on undeclared training could be computed" in closing_summary(
        unjudged, tmp_path / "r", ()
    )
    assert "Concluded: unresolved" in Page(render_report(unjudged)).text


def test_checks_that_were_not_made_are_named_and_nothing_is_concluded(mutual: Mutual, tmp_path: Path) -> None:
    """Without a witness and a meter the inspection cannot conclude, and says why."""
    first, second = mutual.inspections

    def unmade(check: Check) -> Check:
        return replace(check, ok=None, detail="not checked") if check.number in (3, 4, 8) else check

    inspection = first.inspection
    checks = [unmade(c) for c in inspection.report.checks]
    report = replace(inspection.report, checks=checks, findings=[], conclusion=Conclusion.UNRESOLVED)
    bare = replace(first, inspection=replace(inspection, report=report))
    both = replace(mutual, inspections=(bare, second))
    for text in (closing_summary(both, tmp_path / "r", ()), Page(render_report(both)).text):
        assert "not checked, so nothing is concluded from them: no. 3, 4, 8" in " ".join(text.split())
    text = Page(render_report(both)).text
    assert "neither supported nor refuted" in text
    assert all(f"no. {number}, {CHECKS[number]}" in text for number in (3, 4, 8))


def test_page_does_not_say_more_than_the_checks_support(cheating: Mutual, page: str) -> None:
    text = " ".join(Page(page).text.split())
    assert "only the upper end is a physical limit" in text
    assert "Only if the second is true, check 15" in text
    assert "not supported in this version, only checked roughly" in text
    assert "that the amounts are true; that the operator's grouping of runs into lineages is" in text
    reference = cheating.inspections[0].account.reference
    assert reference is not None
    assert f"training runs {reference.adjusted_rand:.2f}, all runs {reference.adjusted_rand_all:.2f};" in text


def test_summary_fits_a_terminal(cheating: Mutual, tmp_path: Path) -> None:
    lines = closing_summary(cheating, Path("tally-demo/report.html"), ("needed",)).splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 100
    text = " ".join(" ".join(lines).split())
    for word in ("declared", "proven", "checked", "found", "concluded"):
        assert word in text
    for word in ("Revealed", "Unproven", "Report", "Next"):
        assert word in text
    assert f"F-15 major: {SHOW_TRAINING}" in text
    assert "tallystick inspect verify tally-demo/borealis.tally" in text
    assert "failed: no. 15, 16" in text


def test_json_names_everything(cheating: Mutual, tmp_path: Path) -> None:
    report = write_report(cheating, tmp_path / "report.html")
    data = demo_json(cheating, report)
    assert Path(data["report"]).is_file()
    assert Path(data["report"]).stat().st_size < 3_000_000
    assert [site["name"] for site in data["sites"]] == ["Arden", "Borealis"]
    for site in data["sites"]:
        for role in ("bundle", "meter", "challenge", "opening"):
            assert Path(site[role]).is_absolute()
            assert Path(site[role]).is_file()
        assert [c["number"] for c in site["checks"]] == sorted(CHECKS)
        assert 0 <= site["odds"]["detection"] <= 1
    cheat = data["sites"][1]
    assert cheat["conclusion"] == "not consistent with the declaration"
    assert {"code", "severity", "text"} <= set(cheat["findings"][0])
    reference = cheating.inspections[1].account.reference
    assert reference is not None
    assert cheat["reference"]["adjusted_rand"] == reference.adjusted_rand
    assert cheat["reference"]["adjusted_rand_all"] == reference.adjusted_rand_all


def test_steps_are_told_once_each_and_overwrite_only_a_watched_line() -> None:
    for watched in (False, True):
        written: list[str] = []
        lines = StepLines(written.append, watched=watched)
        lines.start("title")
        lines.ended("observe", "16 accelerators", 1.25)
        lines.ended("report", "done", 0.5)
        text = "".join(written)
        assert text.count("16 accelerators") == 1
        assert "1.2 s" in text
        assert ("\x1b" in text) is watched
        assert text.endswith("\n")


def test_printable_keeps_letters_and_drops_controls() -> None:
    assert printable("Ärden ✓\x1b[2J\n") == "Ärden ✓\ufffd[2J\ufffd"

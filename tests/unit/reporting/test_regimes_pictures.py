"""Pictures and page of a comparison: all that they must show is there, and nothing comes from outside."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tallystick.regimes.fragmentation.comparison import Comparison, compare
from tallystick.regimes.fragmentation.cost import read_assumptions
from tallystick.regimes.fragmentation.profile import profile_of, read_profile
from tallystick.regimes.library import DATA, load_all
from tallystick.regimes.yaml_file import parse_yaml
from tallystick.reporting.regimes.palette import LOOKS
from tallystick.reporting.regimes.report import drawings_of, render, write_report
from tallystick.reporting.regimes.words import recipient_words
from tallystick.reporting.sheet import Drawing

AT = date(2026, 11, 24)


@pytest.fixture(scope="module")
def found() -> Comparison:
    regimes = load_all()
    return compare(read_profile(DATA / "examples" / "developer.yaml", regimes.vocabulary), regimes, AT)


@pytest.fixture(scope="module")
def drawn(found: Comparison) -> dict[str, Drawing]:
    return drawings_of(found)


@pytest.fixture(scope="module")
def page(found: Comparison, drawn: dict[str, Drawing]) -> str:
    return render(found, load_all(), read_assumptions(), drawn)


def texts(drawing: Drawing) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawing.svg)


def test_the_matrix_has_a_row_for_each_regime_and_a_mark_for_each_pair(
    found: Comparison, drawn: dict[str, Drawing]
) -> None:
    shown = texts(drawn["matrix"])
    near = [one.instrument.id for one in found.standings if one.state in ("binds", "begins", "unknown")]
    assert set(near) <= set(shown)
    due = {
        (duty.regime, capability)
        for one in found.standings
        for duty in one.duties
        for capability in duty.obligation.satisfies
        if duty.claimed is True and duty.obligation.deontic != "may"
    }
    assert shown.count(LOOKS["due"].mark) == len(due)


def test_colours_can_be_told_apart_without_colour() -> None:
    assert (
        len({look.mark for look in LOOKS.values()})
        == len({look.fill for look in LOOKS.values()})
        == len(LOOKS)
    )


def test_the_timeline_says_how_many_duties_start_when(found: Comparison, drawn: dict[str, Drawing]) -> None:
    joined = " ".join(texts(drawn["timeline"]))
    for entry in found.timeline:
        assert f"from {entry.since}" in joined
    assert f"asked on {AT}" in joined


def test_the_merge_diagram_counts_both_sides(found: Comparison, drawn: dict[str, Drawing]) -> None:
    shown = texts(drawn["merge"])
    assert f"regime by regime: {found.coming.sum}" in shown
    assert any(text.startswith(f"after merging: {found.coming.union} ") for text in shown)
    circles = drawn["merge"].svg.count("<path") - found.coming.sum
    assert circles >= found.coming.sum + found.coming.union


def test_pictures_and_page_need_nothing_from_outside(page: str, drawn: dict[str, Drawing]) -> None:
    namespaces = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for one in drawn.values():
        assert set(re.findall(r"https?://[^\"'\s<]+", one.svg)) <= namespaces
        assert one.png().startswith(b"\x89PNG")
    assert not re.search(r"<script|<link|<img|@import|url\(|src=", page)
    assert "Not legal advice" in page
    assert page.count('role="img"') == 3


def test_the_page_names_every_regime_and_says_that_costs_are_assumed(found: Comparison, page: str) -> None:
    for one in found.standings:
        assert one.instrument.id in page
    assert "<strong>Assumed.</strong>" in page
    for swing in found.cost_coming.swings:
        assert swing.assumption.replace("_", " ") in page


def test_names_of_the_profile_cannot_break_the_page_or_a_picture(tmp_path: Path) -> None:
    regimes = load_all()
    hostile = "<script>alert(1)</script>"
    text = (
        f'{{"schema": "developer/1", "name": "{hostile}", "roles": ["developer"], '
        '"ties": {"US-CA": ["develops"]},'
        f' "models": [{{"name": "{hostile}", "complete": "true", "compute": {{"pretraining": "2e26"}}}}]}}'
    )
    profile = profile_of(parse_yaml(text.encode(), "p.json"), regimes.vocabulary)
    profile = replace(profile, name=f"{hostile}\x07\u202e")
    report = write_report(compare(profile, regimes, AT), regimes, read_assumptions(), tmp_path / "out")
    page = report.read_text()
    assert "<script" not in page
    assert "\x07" not in page
    assert "\u202e" not in page
    assert json.loads((tmp_path / "out" / "comparison.json").read_text())["profile"].startswith("<script>")


def test_a_developer_whom_nothing_reaches_gets_a_page_without_pictures(tmp_path: Path) -> None:
    regimes = load_all()
    text = '{"schema": "developer/1", "name": "Nobody", "roles": [], "ties": {}, "models": []}'
    found = compare(profile_of(parse_yaml(text.encode(), "p.json"), regimes.vocabulary), regimes, AT)
    assert drawings_of(found) == {}
    page = write_report(found, regimes, read_assumptions(), tmp_path).read_text()
    assert "0 regimes bind" in page


def test_recipients_are_shortened() -> None:
    assert recipient_words("ny_dfs") == "NY DFS"
    assert recipient_words("eu_ai_office") == "EU AI office"
    assert recipient_words("law_enforcement") == "law enforcement"

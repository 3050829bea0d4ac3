"""Pictures and page of a comparison: all that they must show is there, and nothing comes from outside."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tallystick.regimes.files.yaml_file import parse_yaml
from tallystick.regimes.fragmentation.comparison import Comparison, compare
from tallystick.regimes.fragmentation.profile import profile_of, read_profile
from tallystick.regimes.library import DATA, load_all, shipped_vocabulary
from tallystick.reporting.regimes.findings_text import assumption_words
from tallystick.reporting.regimes.palette import LOOKS
from tallystick.reporting.regimes.report import drawings_of, render, write_report
from tallystick.reporting.regimes.timeline import groups
from tallystick.reporting.regimes.words import recipient_words, work_words
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
    return render(found, drawn)


def texts(drawing: Drawing) -> list[str]:
    found = re.findall(r"<text[^>]*>(.*?)</text>", drawing.svg, re.DOTALL)
    return [re.sub(r"\s*<[^>]*>\s*", " ", text).strip() for text in found]


def test_the_matrix_has_a_column_for_each_regime_and_a_mark_for_each_pair(
    found: Comparison, drawn: dict[str, Drawing]
) -> None:
    shown = texts(drawn["matrix"])
    columns = {text.partition(":")[0] for text in shown}
    near = [one.instrument.id for one in found.standings if one.state in ("binds", "begins", "unknown")]
    assert set(near) <= columns
    due = {
        (duty.regime, capability)
        for one in found.standings
        for duty in one.duties
        for capability in duty.obligation.satisfies
        if duty.claimed is True and duty.obligation.deontic != "may"
    }
    assert shown.count(LOOKS["due"].mark) == len(due)
    assert {work_words(capability) for _, capability in due} <= set(shown)


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


def test_each_bar_of_the_timeline_names_its_regime_and_its_first_day(
    found: Comparison, drawn: dict[str, Drawing]
) -> None:
    shown = texts(drawn["timeline"])
    for group in groups(found.timeline):
        assert shown.count(group.regime) == sum(g.regime == group.regime for g in groups(found.timeline))
        assert any(f"from {group.since}" in t and f"{len(group.entries)} dut" in t for t in shown)


def placed(drawing: Drawing, mark: str) -> list[tuple[float, str]]:
    """Left end and content of every text whose content begins with the mark."""
    found = re.findall(
        r'<text text-anchor="start" transform="translate\(([0-9.]+),[^>]*>([^<]*)<', drawing.svg
    )
    return [(float(x), text) for x, text in found if text.startswith(mark)]


def test_labels_of_the_timeline_begin_where_their_bars_begin(
    found: Comparison, drawn: dict[str, Drawing]
) -> None:
    bars: dict[str, set[float]] = {}
    for one in (*placed(drawn["timeline"], "● from"), *placed(drawn["timeline"], "→ from")):
        day = re.search(r"from (\S+?)[: ]", one[1])
        assert day is not None
        bars.setdefault(day[1], set()).add(one[0])
    assert len(bars) > 3
    assert all(len(places) == 1 for places in bars.values()), bars
    order = [next(iter(bars[day])) for day in sorted(bars)]
    assert order == sorted(order)


def test_no_line_of_the_day_asked_runs_through_the_labels(drawn: dict[str, Drawing]) -> None:
    """It is drawn bar by bar: no vertical line is taller than a bar with its margin."""
    heights = re.findall(r'<line[^>]*x2="0" y2="(-?[0-9.]+)"[^>]*stroke="#1D2429"', drawn["timeline"].svg)
    assert heights
    assert max(abs(float(height)) for height in heights) <= 20


def test_every_title_can_be_read_whole(found: Comparison, drawn: dict[str, Drawing]) -> None:
    for one in drawn.values():
        flat = " ".join(texts(one))
        assert "…" not in flat
    key = " ".join(texts(drawn["matrix"]))
    for standing in found.standings:
        if standing.state in ("binds", "begins", "unknown"):
            assert f"{standing.instrument.id}: {standing.instrument.title}" in key


def test_the_matrix_says_what_it_counts(drawn: dict[str, Drawing]) -> None:
    said = " ".join(texts(drawn["matrix"]))
    assert "A kind of work counts once here" in said
    assert "A deliverable is one kind of work for one audience" in said


def test_every_picture_says_of_whom_and_on_which_day(found: Comparison, drawn: dict[str, Drawing]) -> None:
    for one in drawn.values():
        joined = " ".join(texts(one))
        assert one.heading in joined
        assert found.profile.name in joined
        assert str(found.at) in joined


def test_no_text_of_a_picture_is_cut_off_and_none_is_too_wide_for_a_page(drawn: dict[str, Drawing]) -> None:
    for one in drawn.values():
        width = float(re.search(r'width="([0-9.]+)"', one.svg)[1])  # type: ignore[index]
        assert width < 860
        for line in re.findall(r">([^<>]{2,})<", one.svg):
            assert len(line) * 5 < width, line


def test_the_merge_diagram_counts_both_sides(found: Comparison, drawn: dict[str, Drawing]) -> None:
    shown = texts(drawn["merge"])
    assert f"Each regime alone: {found.coming.sum}" in shown
    assert f"After merging: {found.coming.union}" in shown
    circles = drawn["merge"].svg.count("<path") - found.coming.sum
    assert circles >= found.coming.sum + found.coming.union


def test_the_merge_diagram_names_the_authorities_and_the_days(
    found: Comparison, drawn: dict[str, Drawing]
) -> None:
    joined = " ".join(" ".join(texts(drawn["merge"])).split())
    assert "Illinois Emergency Management Agency and Office of Homeland Security" in joined
    assert "il_iema_ohs" not in joined
    assert "ny.raise from 2027-01-01" in joined
    last = max(d.coming.since for s in found.standings for d in s.duties if d.coming)
    assert f"the last on {last}" in joined


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
        assert assumption_words(swing.assumption) in page


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
    report = write_report(compare(profile, regimes, AT), tmp_path / "out")
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
    page = write_report(found, tmp_path).read_text()
    assert "0 regimes bring duties" in page


def test_recipients_are_named_in_words() -> None:
    assert recipient_words("ny_dfs") == "New York Department of Financial Services"
    assert recipient_words("competent_authority in US-RI") == "The competent authority of the region (US-RI)"
    assert recipient_words("Attorney General of Rhode Island") == "Attorney General of Rhode Island"


def test_no_code_of_a_recipient_is_on_the_page(page: str) -> None:
    for code in shipped_vocabulary().recipients:
        if "_" in code:
            assert code not in page

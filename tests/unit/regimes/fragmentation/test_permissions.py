"""What one may do is shown apart and counted nowhere; and a modifier is asked by default."""

from datetime import date
from pathlib import Path

from tests.unit.regimes.fragmentation.three_regimes import EAST, WEST, duty, profile, regimes

from tallystick.regimes.fragmentation.comparison import compare
from tallystick.regimes.library import load_all
from tallystick.reporting.regimes.text import comparison_text

AT = date(2026, 11, 24)
CLOCK = "{within: P2D, from: [incident_discovered]}"
MAY = duty("ask", "eu_ai_office", "early_access", "incident", CLOCK, "may")
MODIFIER = """
schema: developer/1
name: Wren (fictional)
roles: [modifier]
ties: {EU: [places_on_market]}
models:
  - name: Wren 1
    complete: true
    facts:
      compute.original: "3e25"
      compute.modification: "1.2e25"
      model.original_compute_known: true
      model.original_is_systemic_risk: true
"""
PLANNED = """
schema: developer/1
name: Rook (fictional)
roles: [provider]
ties: {EU: [intends_to_place]}
verified: [roles, ties]
models:
  - name: Rook 1
    complete: true
    compute: {pretraining: "2e25"}
    facts: {model.generates_language: true, model.research_before_market: true}
"""


def test_a_permission_is_in_no_count_and_shown(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "with").mkdir()
    without = compare(profile(), regimes(tmp_path / "without", (WEST, EAST)), AT)
    found = compare(profile(), regimes(tmp_path / "with", (WEST, EAST + MAY)), AT)
    for mine, other in (
        (found.today, without.today),
        (found.open, without.open),
        (found.coming, without.coming),
    ):
        assert (mine.duties, mine.sum, mine.union, mine.filings) == (
            other.duties,
            other.sum,
            other.union,
            other.filings,
        )
    assert found.gaps == without.gaps
    assert "early_access" in found.gaps.nowhere
    assert [one.as_json() for one in found.clocks] == [one.as_json() for one in without.clocks]
    assert [one.as_json() for one in found.seams.exits] == [one.as_json() for one in without.seams.exits]
    assert [one.key for one in found.permissions] == ["test.east/ask"]
    assert found.as_json()["permissions"][0]["clock"] == "within 2 days of incident discovered"
    text = comparison_text(found)
    assert "What you may do" in text
    assert "test.east/ask" in text
    assert "What you may do" not in comparison_text(without)


def test_a_regime_of_permissions_only_binds_nobody(tmp_path: Path) -> None:
    only = EAST.partition("obligations:\n")[0] + "obligations:\n" + MAY
    found = compare(profile(), regimes(tmp_path, (only,)), AT)
    assert [one.state for one in found.standings] == ["no duties"]
    assert found.today.duties == 0


def test_a_modifier_of_a_systemic_risk_model_is_bound_without_asking_for_soft_law() -> None:
    found = compare(profile(MODIFIER), load_all(), AT)
    bound = {one.instrument.id: len(one.duties) for one in found.standings if one.state == "binds"}
    assert bound == {"eu.modifier": 9}
    assert "1 regime brings duties" in comparison_text(found)


def test_a_planned_model_is_notified_before_it_is_on_the_market() -> None:
    found = compare(profile(PLANNED), load_all(), AT)
    due = [duty.key for one in found.standings for duty in one.duties if duty.claimed is True]
    assert due == ["eu.gpai_sr/notify"]
    drops = {one.activity: [duty.key for duty in one.drops] for one in found.seams.exits}
    assert drops["deployment"] == due
    nowhere = profile(PLANNED.replace("{EU: [intends_to_place]}", "{}"))
    assert compare(nowhere, load_all(), AT).today.duties == 0

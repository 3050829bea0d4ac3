"""Three made-up regimes and a developer: every figure below is worked out by hand in ``three_regimes``."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.fragmentation.three_regimes import EAST, NORTH, WEST, profile, regimes

from tallystick.regimes.fragmentation.comparison import Comparison, compare
from tallystick.regimes.fragmentation.profile import read_profile
from tallystick.regimes.fragmentation.standing import Span
from tallystick.regimes.law.exact import Interval
from tallystick.regimes.library import Regimes, load_all

AT = date(2026, 11, 24)


@pytest.fixture(scope="module")
def found(three: Regimes) -> Comparison:
    return compare(profile(), three, AT)


def state(found: Comparison, regime: str) -> tuple[str, object, object]:
    one = next(one for one in found.standings if one.instrument.id == regime)
    return one.state, one.claimed, one.verified


def test_which_regimes_bind_claimed_and_verified(found: Comparison) -> None:
    assert state(found, "test.west") == ("binds", True, True)
    assert state(found, "test.east") == ("binds", True, True)
    assert state(found, "test.north") == ("begins", False, False)
    (north,) = (one for one in found.standings if one.instrument.id == "test.north")
    assert north.begins == date(2027, 1, 1)


def test_duties_name_the_models_that_bring_them(found: Comparison) -> None:
    things = {duty.key: duty.things for one in found.standings for duty in one.duties}
    assert things["test.east/notify"] == ("Tern 1", "Tern 2")
    assert things["test.west/report"] == ("Tern 1", "Tern 2"), "of Tern 1 it is unknown, not excluded"


def test_a_smaller_model_alone_leaves_west_open(three: Regimes) -> None:
    text = "schema: developer/1\nname: T\nroles: [developer]\nties: {US-CA: [develops]}\nmodels:\n"
    one = '  - {name: Tern 1, complete: true, compute: {pretraining: "9e25", synthetic_private: "1.2e25"}}\n'
    found = compare(profile(text + one), three, AT)
    assert state(found, "test.west") == ("unknown", None, None)
    assert found.today.sum == 0
    assert found.open.sum == 4


def test_deliverables_sum_and_union(found: Comparison) -> None:
    assert (found.today.duties, found.today.sum, found.today.union, found.today.filings) == (5, 5, 5, 5)
    assert (found.coming.duties, found.coming.sum, found.coming.union, found.coming.filings) == (8, 9, 6, 7)
    assert found.adopted is None


def test_the_incident_report_is_one_work_with_two_filings(found: Comparison) -> None:
    (report,) = (work for work in found.coming.merged if work.capability == "incident_report")
    assert set(report.regimes) == {"test.north", "test.west"}
    assert report.filings == ("ca_oes", "ny_dfs")


def test_strictest_clock_per_event(found: Comparison) -> None:
    clocks = {event.event: [running.text for running in event.clocks] for event in found.clocks}
    assert clocks == {
        "incident": ["within 72 hours", "within 15 days"],
        "release": ["before release"],
        "threshold": ["within 14 days"],
    }
    (incident,) = (event for event in found.clocks if event.event == "incident")
    assert [running.duty.key for running in incident.strictest] == ["test.north/report"]


def test_declared_and_derived_conflicts(found: Comparison) -> None:
    pairs = {(one.first.key, one.second.key, one.declared) for one in found.collisions}
    assert pairs == {
        ("test.north/register", "test.west/report", True),
        ("test.west/transparency", "test.east/silence", False),
    }


def test_compute_figures(found: Comparison) -> None:
    sums = {figure.rules: figure.claimed["Tern 1"] for figure in found.figures.counted}
    assert sums == {
        ("us_lineage (literal)",): Interval(9 * 10**25, 9 * 10**25),
        ("us_lineage (synthetic)",): Interval(102 * 10**24, 102 * 10**24),
        ("us_lineage (strict)",): Interval(102 * 10**24, 102 * 10**24),
        ("eu_cumulative",): Interval(102 * 10**24, 102 * 10**24),
    }
    assert found.figures.different == 2
    assert "synthetic_private" in found.figures.differing
    assert "pretraining" not in found.figures.differing


def test_facts_asked_for_more_than_once(found: Comparison, tmp_path: Path) -> None:
    assert found.facts.duplicated["compute.pretraining"] == ("test.east", "test.west", "test.north")
    assert found.facts.duplicated["compute.evaluation"] == ("test.west", "test.north")
    west = compare(profile(), regimes(tmp_path, (WEST,)), AT).facts
    assert (west.duplicated, west.asked) == ({}, west.distinct)


def test_what_is_open_and_which_reading_decides(found: Comparison) -> None:
    open_results = {(one.regime, one.thing): one for one in found.open_results}
    assert set(open_results) == {("test.west", "Tern 1"), ("test.north", "Tern 1")}
    readings = open_results["test.west", "Tern 1"].readings["covered"]
    assert readings == {"literal": False, "synthetic": True, "strict": True}


def test_nothing_is_open_of_a_model_that_is_under_every_line(three: Regimes) -> None:
    text = "schema: developer/1\nname: T\nroles: [developer]\nties: {US-CA: [develops]}\nmodels:\n"
    found = compare(
        profile(text + '  - {name: A, complete: true, compute: {pretraining: "1e24"}}\n'), three, AT
    )
    assert found.open_results == ()
    assert state(found, "test.west") == ("does not bind", False, None)


def test_gaps(found: Comparison) -> None:
    gaps = found.gaps
    assert gaps.no_cap
    assert gaps.no_cluster_duty
    assert "inference" in gaps.uncounted
    assert "distillation_teacher" not in gaps.uncounted, "some text is silent on it, so it may count"
    assert {one.region: one.line for one in gaps.levels} == {"EU": 10**25, "US-CA": 10**26, "US-NY": None}
    assert gaps.untied == ("US-NY",)
    assert "incident_report" not in gaps.nowhere
    assert "registration" in gaps.nowhere, "North asks for it from 2027 only"


def test_gates(found: Comparison) -> None:
    assert found.gates.by_regime == dict.fromkeys(("test.east", "test.west", "test.north"), ("compute",))
    shipped = load_all()
    example = read_profile(Path("developer"), shipped.vocabulary)
    real = compare(example, shipped, AT).gates.by_regime
    assert real["ca.sb53"] == ("compute", "revenue or spend"), "its exceptions are no gates"
    assert real["eu.gpai_sr"] == ("compute", "designation", "kind of model or service")
    assert real["kr.basic"][-1] == "judgement of an authority"


def test_seams(found: Comparison) -> None:
    exits = {(one.activity, one.region): one for one in found.seams.exits}
    drops = {key: [duty.key for duty in one.drops] for key, one in exits.items()}
    assert drops["training", "US-CA"] == []
    assert exits["training", "US-CA"].held_by == ("established",)
    assert drops["the seat", "US-CA"] == []
    assert drops["everything", "US-CA"] == [
        "test.west/report",
        "test.west/framework",
        "test.west/transparency",
    ]
    assert len(drops["deployment", "US-NY"]) == 3
    assert drops["deployment", "EU"] == ["test.east/notify", "test.east/silence"]
    moves = {(one.activity, one.origin, one.destination): one for one in found.seams.moves}
    assert set(moves) == {("deployment", "US-NY", "US-CA")}
    assert moves["deployment", "US-NY", "US-CA"].gains == (), "West binds already"


def test_a_move_brings_the_duties_of_where_it_goes(three: Regimes) -> None:
    text = (
        "schema: developer/1\nname: T\nroles: [developer]\nties: {US-NY: [deploys]}\n"
        'models:\n  - {name: A, complete: true, compute: {pretraining: "2e26"}}\n'
    )
    (move,) = compare(profile(text), three, AT).seams.moves
    assert (move.origin, move.destination) == ("US-NY", "US-CA")
    assert [duty.key for duty in move.drops] == [
        "test.north/report",
        "test.north/framework",
        "test.north/register",
    ]
    assert [duty.key for duty in move.gains] == [
        "test.west/report",
        "test.west/framework",
        "test.west/transparency",
    ]


def test_a_model_with_ties_of_its_own_is_bound_where_it_is_sold(three: Regimes) -> None:
    text = (
        "schema: developer/1\nname: T\nroles: [developer]\nties: {EU: [places_on_market], US-NY: [deploys]}\n"
        "models:\n  - {name: Abroad, complete: true, ties: {US-NY: [deploys]}, "
        'compute: {pretraining: "2e26"}}\n'
    )
    found = compare(profile(text), three, AT)
    assert state(found, "test.east")[:2] == ("does not bind", False)
    assert state(found, "test.north")[0] == "begins"


def test_only_a_model_that_was_there_moves(three: Regimes) -> None:
    text = (
        "schema: developer/1\nname: T\nroles: [developer]\nties: {}\nmodels:\n"
        '  - {name: Small, complete: true, ties: {US-NY: [deploys]}, compute: {pretraining: "1e24"}}\n'
        '  - {name: Large, complete: true, ties: {EU: [places_on_market]}, compute: {pretraining: "2e26"}}\n'
    )
    found = compare(profile(text), three, AT)
    drops = {(one.activity, one.region): len(one.drops) for one in found.seams.exits}
    assert drops["deployment", "US-NY"] == 0
    assert drops["deployment", "EU"] == 2
    moved = profile(text).moved(frozenset({("US-NY", "deploys")}), frozenset({("US-CA", "deploys")}))
    assert [model.ties for model in moved.things["models"]] == [
        frozenset({("US-CA", "deploys")}),
        frozenset({("EU", "places_on_market")}),
    ]


def test_a_duty_that_is_due_does_not_begin_again(found: Comparison) -> None:
    duty = next(duty for one in found.standings for duty in one.duties if duty.claimed is True)
    later = Span(date(2030, 1, 1), None, True, True)
    assert replace(duty, spans=(*duty.spans, later)).coming is None
    assert replace(duty, claimed=False, verified=False, spans=(later,)).coming == later
    assert replace(duty, claimed=False, verified=True, spans=(later,)).coming is None


def test_timeline_before_and_after_the_date(found: Comparison) -> None:
    starts = {(entry.duty.regime, entry.since, entry.past) for entry in found.timeline}
    assert starts == {
        ("test.east", date(2025, 8, 2), True),
        ("test.west", date(2026, 1, 1), True),
        ("test.north", date(2027, 1, 1), False),
    }
    assert len(found.timeline) == 8
    texts = {entry.duty.key: entry.clock for entry in found.timeline}
    assert texts["test.west/report"] == "within 15 days of incident discovered"


def test_on_a_later_day_north_is_due(three: Regimes) -> None:
    found = compare(profile(), three, date(2027, 6, 1))
    assert found.today.union == 6
    assert state(found, "test.north")[0] == "binds"


def test_a_regime_that_is_left_out_never_adds_a_duty_or_a_work(tmp_path: Path, found: Comparison) -> None:
    for index, texts in enumerate([(WEST, EAST), (WEST,), (EAST,), (NORTH, EAST)]):
        (folder := tmp_path / str(index)).mkdir()
        fewer = compare(profile(), regimes(folder, texts), AT)
        for mine, whole in ((fewer.today, found.today), (fewer.coming, found.coming)):
            assert (mine.duties <= whole.duties, mine.sum <= whole.sum, mine.union <= whole.union) == (
                True,
            ) * 3
        assert fewer.cost_coming.merged <= found.cost_coming.merged


def test_a_bill_counts_only_where_it_is_asked_for_and_never_as_law(tmp_path: Path, found: Comparison) -> None:
    bill = (
        WEST.replace("test.west", "test.bill")
        .replace("kind: law\nbinding: true", "kind: bill\nbinding: false")
        .replace("value: adopted", "value: proposed")
        .replace("{date: 2026-01-01, value: applies", "{date: 2026-01-01, value: proposed")
        .replace("satisfies: transparency_report", "satisfies: licence")
    )
    both = regimes(tmp_path, (WEST, NORTH, EAST, bill))
    plain = compare(profile(), both, AT)
    assert plain.coming.sum == found.coming.sum
    assert plain.adopted is None
    asked = compare(profile(), both, AT, kinds=["bill"])
    assert (asked.today.sum, asked.coming.sum) == (found.today.sum, found.coming.sum)
    assert asked.adopted is not None
    assert (asked.adopted.sum, asked.adopted.union) == (9 + 4, 6 + 1)

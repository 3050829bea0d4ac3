"""Fact files: the inspection's own, regime facts, and plain mappings."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tallystick.errors import InputError
from tallystick.records.outcome import Fact as InspectionFact
from tallystick.regimes.law.exact import ANY, Interval
from tallystick.regimes.library import shipped_vocabulary
from tallystick.regimes.stated.fact_file import fact_set, parse_facts
from tallystick.regimes.stated.fact_set import FactSet


def read(data: Any) -> FactSet:
    return fact_set(data, "facts.json", shipped_vocabulary())


def inspected(**changes: bool) -> list[dict[str, object]]:
    """As ``inspect conclude --json`` prints them."""
    verified = {"training_flop": True, "largest_run_flop": False, "undeclared_training_flop": True, **changes}
    return [
        InspectionFact("accelerators", 512, 512, 512, True).as_json(),
        InspectionFact("energy_mj", 7, 7, 7, True).as_json(),
        InspectionFact("training_flop", 10**21, 8 * 10**24, 3 * 10**21, verified["training_flop"]).as_json(),
        InspectionFact(
            "largest_run_flop", 9 * 10**20, 9 * 10**24, 25 * 10**20, verified["largest_run_flop"]
        ).as_json(),
        InspectionFact(
            "undeclared_training_flop", 0, 5 * 10**24, 0, verified["undeclared_training_flop"]
        ).as_json(),
        InspectionFact("unobserved_accelerator_ms", 0, 0, 0, True).as_json(),
    ]


def test_the_inspections_facts_are_read_as_they_are_with_all_other_keys() -> None:
    report = {"ok": True, "checks": [], "findings": [], "facts": inspected(), "conclusion": "unresolved"}
    facts = parse_facts(json.dumps(report).encode(), "out.json", shipped_vocabulary())
    assert facts.verified.amount("site.training_flop") == Interval(10**21, 8 * 10**24)
    assert facts.claimed.amount("site.training_flop") == Interval(3 * 10**21, 3 * 10**21)
    assert facts.verified.amount("site.largest_run_flop") == ANY


def test_no_run_is_above_all_training_together() -> None:
    facts = read({"facts": inspected()})
    assert facts.verified.amount("site.any_run_flop") == Interval(0, 8 * 10**24)
    both = read({"facts": inspected(largest_run_flop=True)})
    assert both.verified.amount("site.any_run_flop") == Interval(9 * 10**20, 8 * 10**24)


def test_a_site_bounds_a_run_from_below_and_from_above_only_where_it_is_all_there_was() -> None:
    open_ended, whole = read({"facts": inspected()}), read({"facts": inspected(), "complete": True})
    assert open_ended.claimed.amount("compute.run") == Interval(25 * 10**20, None)
    assert whole.claimed.amount("compute.run") == Interval(25 * 10**20, 25 * 10**20)
    assert whole.verified.amount("compute.run") == Interval(0, None)
    sure = read({"facts": inspected(), "complete": "verified"})
    assert sure.verified.amount("compute.run") == Interval(0, 8 * 10**24)


UPDATES = ("compute.pretraining", "compute.fine_tuning", "compute.reinforcement_learning")


@pytest.mark.parametrize(
    ("lower", "verified", "least"),
    [("5e25", False, 0), ("0", True, 0), ("1", True, 1), ("5e25", True, 5 * 10**25)],
)
def test_training_that_was_found_is_not_zero_where_no_component_is_stated(
    lower: str, verified: bool, least: int
) -> None:
    """`complete` makes absent components zero; but something was trained, so not all of these are."""
    training = {
        "name": "training_flop",
        "claimed": "5.5e25",
        "lower": "5e25",
        "upper": "6e25",
        "verified": True,
    }
    largest = {**training, "name": "largest_run_flop", "lower": lower, "verified": verified}
    facts = read({"complete": "verified", "facts": [training, largest]})
    figure = facts.verified.counted("all", (*UPDATES, "compute.upstream"), runs_count=True)
    assert figure == Interval(least, 6 * 10**25)
    assert facts.claimed.counted("all", UPDATES, runs_count=True).lower == 55 * 10**24
    assert facts.verified.counted("one", UPDATES[:1], runs_count=False) == Interval(0, 6 * 10**25)
    assert facts.verified.counted("none", ("compute.upstream",), runs_count=False) == Interval(0, 0)
    only = read(
        {"complete": "verified", "facts": [{"name": "compute.run", "value": "5e25", "verified": True}]}
    )
    assert only.verified.counted("all", UPDATES, runs_count=True) == ANY


def test_components_that_are_stated_are_the_sum_and_no_less_than_the_run() -> None:
    run = {"name": "largest_run_flop", "value": "1e22", "verified": True}
    parts = {"name": "compute.pretraining", "value": "3e22", "verified": True}
    facts = read({"complete": "verified", "facts": [run, parts]})
    assert facts.verified.counted("all", UPDATES, runs_count=True) == Interval(3 * 10**22, 3 * 10**22)


def test_a_claim_of_the_run_leaves_what_a_site_verified() -> None:
    site = {"name": "largest_run_flop", "claimed": "5e25", "lower": "4e25", "upper": "6e25", "verified": True}
    facts = read({"facts": [site, {"name": "compute.run", "value": "1e20"}]})
    assert facts.verified.amount("compute.run") == Interval(4 * 10**25, None)
    assert facts.verified.counted("all", UPDATES, runs_count=True) == Interval(4 * 10**25, None)
    assert facts.claimed.amount("compute.run") == Interval(10**20, None), "either may be right"
    both = read(
        {"facts": [site, {"name": "compute.run", "lower": "3e25", "upper": "9e25", "verified": True}]}
    )
    assert both.verified.amount("compute.run") == Interval(4 * 10**25, 9 * 10**25)


def test_a_run_is_part_of_what_counts() -> None:
    components = ("compute.pretraining", "compute.fine_tuning", "compute.reinforcement_learning")
    facts = read({"facts": inspected()})
    assert facts.claimed.counted("a", components, runs_count=True) == Interval(25 * 10**20, None)
    assert facts.claimed.counted("b", components, runs_count=False) == ANY
    whole = read({"facts": inspected(), "complete": True})
    assert whole.claimed.counted("a", components, runs_count=True) == Interval(25 * 10**20, 3 * 10**21)


def test_plain_mappings_in_json_and_yaml() -> None:
    as_yaml = b"compute.pretraining: 7e25\nmodel.generates_language: true\ncompute.upstream: [1e24, 2e24]\n"
    as_json = (
        b'{"compute.pretraining": 7e25, "model.generates_language": true, "compute.upstream": [1e24, 2e24]}'
    )
    for data in (as_yaml, as_json):
        facts = parse_facts(data, "facts", shipped_vocabulary())
        assert facts.claimed.amount("compute.pretraining") == Interval(7 * 10**25, 7 * 10**25)
        assert facts.claimed.truths.get("model.generates_language") is True
        assert facts.claimed.amount("compute.upstream") == Interval(10**24, 2 * 10**24)
        assert facts.verified.amount("compute.pretraining") == ANY


def test_numbers_of_json_never_go_through_a_float() -> None:
    facts = parse_facts(b'{"cluster.h100e": 16.000000000000000001}', "facts", shipped_vocabulary())
    assert facts.claimed.amount("cluster.h100e").lower == 16 + Fraction(1, 10**18)


def test_claimed_and_verified_are_kept_apart() -> None:
    entry = {"name": "compute.pretraining", "claimed": "7e25", "lower": "6e25", "upper": "9e25"}
    unverified, verified = read([entry]), read([{**entry, "verified": True, "source": "inspection 12"}])
    assert unverified.verified.amount("compute.pretraining") == ANY
    assert verified.verified.amount("compute.pretraining") == Interval(6 * 10**25, 9 * 10**25)
    assert verified.claimed.amount("compute.pretraining") == Interval(7 * 10**25, 7 * 10**25)


def test_bounds_beside_a_claim_that_nobody_verified_are_said_to_be_left_out() -> None:
    entry = {"name": "largest_run_flop", "claimed": "7e25", "lower": "6e25", "upper": "9e25"}
    (note,) = read([entry]).notes
    assert "site.largest_run_flop: lower and upper are not verified" in note
    assert read([{**entry, "verified": True}]).notes == ()
    assert read({"facts": [entry], "checks": []}).notes == ()


def test_absent_components_are_unknown_unless_the_facts_are_complete() -> None:
    facts = {"compute.pretraining": "1e24"}
    assert read(facts).claimed.amount("compute.upstream") == ANY
    assert read({"facts": facts, "complete": True}).claimed.amount("compute.upstream") == Interval(0, 0)
    some = read({"facts": facts, "absent_is_zero": ["compute.upstream"]})
    assert some.claimed.amount("compute.upstream") == Interval(0, 0)
    assert some.claimed.amount("compute.evaluation") == ANY
    assert read({"facts": facts, "complete": True}).verified.amount("compute.upstream") == ANY


def test_formal_acts_are_not_there_unless_stated() -> None:
    assert read({}).claimed.truths.get("developer.commission_designated") is False
    assert read({}).claimed.truths.get("model.generates_language") is None


def test_series_take_the_latest_entry_of_the_day() -> None:
    entries = [{"name": "compute.pretraining", "value": f"{n}e24", "on": f"2026-0{n}-01"} for n in (1, 2, 3)]
    facts = read({"facts": entries})
    assert facts.at(date(2026, 2, 15)).claimed.amount("compute.pretraining").lower == 2 * 10**24
    assert facts.at(date(2026, 1, 1)).claimed.amount("compute.pretraining").lower == 10**24
    assert facts.at(date(2025, 1, 1)).claimed.amount("compute.pretraining") == ANY


def test_a_series_has_a_latest_entry_on_either_side() -> None:
    found = {"name": "compute.run", "value": "2e26", "verified": True, "on": "2026-03-01"}
    facts = read([found, {"name": "compute.run", "claimed": "1e24", "on": "2026-04-01"}])
    for day, said in ((date(2026, 3, 31), 2 * 10**26), (date(2026, 4, 1), 10**24)):
        now = facts.at(day)
        assert now.claimed.amount("compute.run").lower == said
        assert now.verified.amount("compute.run").lower == 2 * 10**26


def test_periods_are_read_as_an_inspection_states_them() -> None:
    times = (1_772_409_600 * 10**9, 1_772_413_200 * 10**9)
    fact = InspectionFact("training_flop", 1, 3, 2, True, times).as_json()
    assert (fact["from"], fact["to"]) == ("2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z")
    assert "from" not in InspectionFact("training_flop", 1, 3, 2, True).as_json()
    (one,) = read([fact]).facts
    assert (one.begun, one.on) == (date(2026, 3, 2), date(2026, 3, 2))
    month = {
        "name": "compute.run",
        "value": "1",
        "from": "2026-01-01T00:00:00Z",
        "to": "2026-02-01T02:00:00+02:00",
    }
    (one,) = read([month]).facts
    assert (one.begun, one.on) == (date(2026, 1, 1), date(2026, 1, 31))
    whole = read({"period": {"from": "2026-01-01", "to": "2026-02-01"}, "facts": {"compute.run": "1"}})
    assert [(f.begun, f.on) for f in whole.facts] == [(date(2026, 1, 1), date(2026, 1, 31))]


def test_a_lower_end_of_null_is_no_bound_like_an_upper_one() -> None:
    entry = {"name": "compute.run", "verified": True}
    assert read([{**entry, "lower": None, "upper": "5"}]).verified.amount("compute.run") == Interval(0, 5)
    assert read([{**entry, "lower": "5", "upper": None}]).verified.amount("compute.run") == Interval(5, None)


def test_an_inspections_report_may_have_keys_that_nobody_knows_here() -> None:
    assert read({"facts": [], "checks": [], "weather": "dry"}).facts == ()
    with pytest.raises(InputError, match="unknown key 'weather'"):
        read({"facts": [], "weather": "dry"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([{"name": "roles.provider", "value": True, "claimed": False}], "value and claimed are both there"),
        ([{"name": "compute.run", "lower": None, "upper": None}], "no amount"),
        ([{"name": "compute.run", "value": "1", "from": "2026-01-01"}], "two ends"),
        (
            [{"name": "compute.run", "value": "1", "on": "2026-01-01", "to": "2026-01-02"}],
            "beside from and to",
        ),
        ([{"name": "compute.run", "value": "1", "from": "2026-01-02", "to": "2026-01-02"}], "ends before"),
        ([{"name": "compute.run", "value": "1", "from": "2026-01-02T00:00", "to": "2026-02"}], "no moment"),
        ([{"name": "compute.run", "value": "1", "from": 10**5000, "to": "2026-02-01"}], "no moment"),
        (
            [{"name": "compute.run", "value": "1", "from": "0001-01-01T00:00+14:00", "to": "2026-02-01"}],
            "no mom",
        ),
        ({"facts": [], "period": {"from": "2026-01-01"}}, "two ends"),
        ({"compute.pretrainin": "1"}, "did you mean compute.pretraining"),
        ({"compute.counted": "1e25"}, "worked out, not stated"),
        ({"compute.pretraining": -1}, "not a number"),
        ({"compute.pretraining": 7e25}, "not an exact number"),
        ({"compute.pretraining": ["2", "1"]}, "ends before it begins"),
        ({"compute.pretraining": "9" * 5000}, "not a number"),
        ({"model.generates_language": "maybe"}, "neither true nor false"),
        ([{"name": "compute.pretraining"}], "no amount"),
        ([{"name": "compute.pretraining", "lower": "2", "upper": "1"}], "lower is above upper"),
        ([{"name": "compute.pretraining", "value": "1", "unit": "FLOP"}], "unknown key 'unit'"),
        ([{"name": "compute.run", "value": "1"}, {"name": "compute.run", "value": "2"}], "stated twice"),
        ([{"value": "1"}], "without a name"),
        (
            [{"name": "compute.run", "value": "3", "lower": "1", "upper": "2"}],
            "lower and upper beside value are not verified",
        ),
        ([{"name": "compute.run", "value": "3", "upper": "2", "verified": False}], "write the range alone"),
        ({"facts": [], "complete": "perhaps"}, "complete"),
        ({"facts": [], "complet": True}, "did you mean complete?"),
        ("text", "no facts"),
    ],
)
def test_bad_facts_are_refused_with_their_mend(data: Any, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert message in str(refused.value)


@pytest.mark.parametrize("data", [b"{", b'{"a": 1, "a": 2}', b"[" * 100_000, b"\xff", b'{"facts": 3}', b""])
def test_hostile_fact_files_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_facts(data, "facts.json", shipped_vocabulary())

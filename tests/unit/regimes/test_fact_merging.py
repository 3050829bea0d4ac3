"""Several files of facts are read as one, and what contradicts itself names both files."""

import io
import json
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import InputError
from tallystick.records.outcome import Fact as InspectionFact
from tallystick.regimes.law.exact import ANY, Interval
from tallystick.regimes.library import shipped_vocabulary
from tallystick.regimes.linting.contradictions import contradictions
from tallystick.regimes.stated.fact_file import fact_set, read_all_facts
from tallystick.regimes.stated.fact_merging import merged
from tallystick.regimes.stated.fact_set import FactSet

RUN = {"name": "compute.run", "lower": "5e24", "upper": "6e24", "verified": True}


def both(first: Any, second: Any) -> FactSet:
    return merged(
        [(name, fact_set(data, name, shipped_vocabulary())) for name, data in (("a", first), ("b", second))]
    )


def test_what_only_one_file_states_is_there() -> None:
    facts = both({"roles.provider": True}, {"facts": [RUN], "complete": True})
    assert facts.claimed.truths["roles.provider"] is True
    assert facts.verified.amount("compute.run") == Interval(5 * 10**24, 6 * 10**24)
    assert facts.complete == "true"
    assert facts.claimed.amount("compute.upstream") == Interval(0, 0)


def test_the_order_of_files_does_not_matter() -> None:
    one, other = {"compute.run": ["1e24", "3e24"]}, {"compute.run": ["2e24", "9e24"]}
    assert both(one, other).claimed.amount("compute.run") == both(other, one).claimed.amount("compute.run")
    assert both(one, other).claimed.amount("compute.run") == Interval(2 * 10**24, 3 * 10**24)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"roles.provider": True}, {"roles.provider": False}, "roles.provider is false here, and true in a"),
        ({"compute.run": "1e24"}, {"compute.run": "2e24"}, "compute.run is 2e24 here, and 1e24 in a"),
        ([RUN], [{**RUN, "lower": "7e24", "upper": "8e24"}], "7e24 to 8e24 here, and 5e24 to 6e24 in a"),
    ],
)
def test_a_contradiction_names_both_files(first: Any, second: Any, said: str) -> None:
    with pytest.raises(InputError) as refused:
        both(first, second)
    assert refused.value.where == "b"
    assert said in refused.value.problem


def test_days_are_kept_apart() -> None:
    first = [{"name": "compute.run", "value": "1e24", "on": "2026-01-01"}]
    second = [{"name": "compute.run", "value": "2e24", "on": "2026-02-01"}]
    assert len(both(first, second).facts) == 2


def test_a_claim_beside_verified_bounds_is_kept_and_its_contradiction_told() -> None:
    for facts in (both([RUN], {"compute.run": "1e24"}), both({"compute.run": "1e24"}, [RUN])):
        assert facts.claimed.amount("compute.run") == Interval(10**24, 10**24)
        assert facts.verified.amount("compute.run") == Interval(5 * 10**24, 6 * 10**24)
        assert "the claim contradicts what was verified" in contradictions(facts)[0]


def test_a_claim_alone_verifies_nothing() -> None:
    assert both({"compute.run": "1e24"}, {"compute.run": "1e24"}).verified.amount("compute.run") == ANY


def test_files_and_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"facts": [RUN]}))
    own = io.BytesIO(b"roles.provider: true\n")
    facts = read_all_facts([path, Path("-")], shipped_vocabulary(), own)
    assert {fact.name for fact in facts.facts} == {"compute.run", "roles.provider"}
    with pytest.raises(InputError, match="standard input is named twice"):
        read_all_facts([Path("-"), Path("-")], shipped_vocabulary(), own)


def joined(*files: Any) -> FactSet:
    return merged(
        [(name, fact_set(data, name, shipped_vocabulary())) for name, data in zip("abc", files, strict=False)]
    )


BAND = {"name": "compute.run", "lower": "1e25", "upper": "2e25"}


def test_claims_are_held_against_claims_whatever_was_verified_between() -> None:
    """The verified bounds are those of the first claim: which claims there are must not be guessed."""
    files = [[{**BAND, "verified": True}], [BAND], {"compute.run": "3e25"}]
    for order in permutations(files):
        with pytest.raises(InputError, match=r"compute\.run is") as refused:
            joined(*order)
        assert "1e25 to 2e25" in refused.value.problem
        assert "3e25" in refused.value.problem
    for order in permutations(files[::2]):
        assert joined(*order).verified.amount("compute.run") == Interval(10**25, 2 * 10**25)
        assert joined(*order).claimed.amount("compute.run").lower == 3 * 10**25


COMPLETE: dict[str, Any] = {"facts": {"compute.pretraining": "1e24"}, "complete": True}


def test_a_file_that_says_it_is_complete_is_held_against_the_others() -> None:
    more = {"compute.upstream": "9e25"}
    for files in permutations((COMPLETE, more)):
        with pytest.raises(InputError, match=r"compute\.upstream is .*said to be zero \(complete\)"):
            joined(*files)
    day = [{"name": "compute.upstream", "value": "9e25", "on": "2026-01-01"}]
    with pytest.raises(InputError, match="said to be zero"):
        joined(COMPLETE, day)
    assert joined(COMPLETE, {"compute.upstream": "0"}).claimed.amount("compute.upstream") == Interval(0, 0)
    assert joined(COMPLETE, {"roles.provider": True}).claimed.amount("compute.upstream") == Interval(0, 0)


def test_a_bare_claim_leaves_a_zero_that_was_verified_and_is_told() -> None:
    facts = joined({**COMPLETE, "complete": "verified"}, {"compute.upstream": "9e25"})
    assert facts.verified.amount("compute.upstream") == Interval(0, 0)
    assert facts.claimed.amount("compute.upstream").lower == 9 * 10**25
    assert "compute.upstream: the claim contradicts what was verified" in contradictions(facts)[0]


def test_one_file_does_not_say_of_anothers_inspection_that_it_was_all() -> None:
    training = {"name": "training_flop", "lower": "1e24", "upper": "2e24", "verified": True}
    apart = joined([training], {"facts": [], "complete": "verified"})
    assert apart.verified.amount("compute.run") == Interval(0, None)
    assert apart.claimed.amount("compute.run") == Interval(0, 2 * 10**24)
    own = joined({"facts": [training], "complete": "verified"}, {"roles.provider": True})
    assert own.verified.amount("compute.run") == Interval(0, 2 * 10**24)


def test_what_is_not_dated_is_held_against_the_latest_day() -> None:
    series = [{"name": "compute.run", "value": f"{k}e24", "on": f"2026-0{k}-01"} for k in (1, 2)]
    assert len(joined(series, {"compute.run": "2e24"}).facts) == 3
    with pytest.raises(InputError, match=r"compute\.run is 1e24 here, and 2e24 on 2026-02-01 in a"):
        joined(series, {"compute.run": "1e24"})
    shown = [{"name": "compute.run", "value": "2e24", "verified": True, "on": "2026-02-01"}]
    claim = joined(shown, {"compute.run": "1e24"})
    assert claim.verified.amount("compute.run").lower == 2 * 10**24


def test_two_inspections_are_read_as_they_are() -> None:
    months = [(1_767_225_600, 1_769_904_000, 1000), (1_769_904_000, 1_772_323_200, 3000)]
    files = [
        {"facts": [InspectionFact("training_flop", k, k + 9, k, True, (a * 10**9, b * 10**9)).as_json()]}
        for a, b, k in months
    ]
    for order in permutations(files):
        facts = joined(*order)
        assert [(f.begun, f.on) for f in sorted(facts.facts, key=lambda one: one.period)] == [
            (date(2026, 1, 1), date(2026, 1, 31)),
            (date(2026, 2, 1), date(2026, 2, 28)),
        ]
        assert facts.verified.amount("site.training_flop") == Interval(3000, 3009)
        assert facts.at(date(2026, 2, 1)).verified.amount("site.training_flop") == Interval(1000, 1009)

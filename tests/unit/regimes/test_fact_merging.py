"""Several files of facts are read as one, and what contradicts itself names both files."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import InputError
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

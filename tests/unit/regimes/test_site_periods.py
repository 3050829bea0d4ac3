"""What several periods of one site say together, and what they never say."""

from typing import Any

import pytest

from tallystick.errors import InputError
from tallystick.regimes import check, load_all
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_merging import merged

LANGUAGE = {"name": "model.generates_language", "value": True, "verified": True}
VOCABULARY = load_all().vocabulary


def fact(name: str, lower: str, upper: str, on: str | None = None) -> dict[str, Any]:
    dated = {} if on is None else {"on": on}
    return {"name": name, "lower": lower, "upper": upper, "verified": True, **dated}


def site(lower: str, upper: str, on: str) -> list[dict[str, Any]]:
    return [fact(name, lower, upper, on) for name in ("training_flop", "largest_run_flop")]


def verified(*facts: dict[str, Any]) -> str:
    stated = {"complete": "verified", "facts": [*facts, LANGUAGE]}
    (result,) = check(stated, at="2026-11-24", names=("eu.gpai_sr",))["results"]
    return str(result["verified"])


def test_an_earlier_run_above_the_line_is_not_forgotten() -> None:
    assert verified(*site("5e25", "6e25", "2026-02-01"), *site("1e20", "1e21", "2026-03-01")) == "true"


def test_two_periods_may_hold_one_run() -> None:
    below = site("5e24", "9e24", "2026-02-01"), site("5e24", "9e24", "2026-03-01")
    assert verified(*below[1]) == "false"
    assert verified(*below[0], *below[1]) == "unknown"
    assert verified(*site("1e23", "2e23", "2026-02-01"), *site("1e23", "2e23", "2026-03-01")) == "false"


def test_compute_that_was_used_does_not_go_away() -> None:
    first = fact("compute.pretraining", "5e25", "5e25", "2026-02-28")
    then = fact("compute.pretraining", "1e24", "1e24", "2026-03-01")
    assert verified(then) == "false"
    assert verified(first, then) == "unknown"


def test_one_stated_component_does_not_account_for_all_that_a_site_trained() -> None:
    assert verified(fact("compute.fine_tuning", "1e20", "1e20")) == "false"
    assert (
        verified(fact("training_flop", "5e25", "6e25"), fact("compute.fine_tuning", "1e20", "1e20"))
        == "unknown"
    )


def test_inspections_that_may_be_of_two_sites_are_not_put_together() -> None:
    one, two = (
        fact_set({"facts": [fact("site.training_flop", *bounds)]}, "facts", VOCABULARY)
        for bounds in (("5e25", "9e25"), ("6e25", "3e26"))
    )
    with pytest.raises(InputError, match="check each by itself"):
        merged([("a.json", one), ("b.json", two)])
    assert merged([("a.json", one), ("b.json", one)]).facts

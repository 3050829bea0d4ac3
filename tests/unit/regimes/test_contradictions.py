"""Facts that cannot all be right are evaluated as they are, and said to contradict each other."""

from typing import Any

import pytest

from tallystick.regimes import check

UNKNOWN = {"name": "model.original_compute_known", "value": False}


def warnings(*facts: dict[str, Any]) -> list[str]:
    return list(check({"facts": list(facts)}, "2026-11-24", names=("eu.modifier",))["warnings"])


@pytest.mark.parametrize("verified", [False, True])
def test_an_original_of_unknown_compute_has_none_that_is_stated(verified: bool) -> None:
    original = {"name": "compute.original", "value": "3e25", "verified": verified}
    (warning,) = warnings(UNKNOWN, original)
    assert "model.original_compute_known is false, and compute.original is stated, 3e25" in warning


@pytest.mark.parametrize(
    "facts",
    [
        [UNKNOWN],
        [{"name": "compute.original", "value": "3e25"}],
        [{**UNKNOWN, "value": True}, {"name": "compute.original", "value": "3e25"}],
    ],
)
def test_one_without_the_other_contradicts_nothing(facts: list[dict[str, Any]]) -> None:
    assert warnings(*facts) == []

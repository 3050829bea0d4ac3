"""Golden vectors: published examples, worked by hand, and the developer on whom five regimes disagree."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.judging.result import Result
from tallystick.regimes.law.exact import Interval
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set

AT = date(2026, 11, 24)
DEVELOPER: dict[str, Any] = {
    "compute.pretraining": "7.0e25",
    "compute.fine_tuning": "1.5e25",
    "compute.reinforcement_learning": "0.5e25",
    "compute.synthetic_private": "1.2e25",
    "compute.evaluation": "3e24",
    "compute.failed_experiments": "1e25",
    "compute.recomputation": "9e24",
    "compute.auxiliary_models": "2e24",
    "compute.distillation_teacher": "1.5e26",
    "model.distilled_from_frontier": True,
    "model.generates_language": True,
    "compute.modification_cost_usd": "6e6",
}


def held(name: str, facts: dict[str, Any], at: date = AT, **more: Any) -> Result:
    regimes = load_all()
    given = {"complete": "true", "facts": facts, **more}
    return evaluate(regimes.get(name), fact_set(given, "test", regimes.vocabulary), at)


def point(text: str) -> Interval:
    number = Fraction(text)
    return Interval(number, number)


def claimed(result: Result, outcome: str) -> bool | None:
    return next(o.claimed for o in result.outcomes if o.name == outcome)


def test_eu_counts_private_synthetic_data_and_finds_systemic_risk() -> None:
    result = held("eu.gpai_sr", DEVELOPER)
    assert result.figures["compute.counted"]["literal"][0] == point("1.02e26")
    assert claimed(result, "systemic_risk") is True
    step = next(s for s in result.trace if s.rule == "compute.counted")
    assert "7.14e25 to 1.326e26" in step.text
    assert "not counted (excluded): distillation teacher 1.5e26" in step.text


@pytest.mark.parametrize("name", ["ca.sb53", "ny.raise", "il.aisma", "ct.sb5"])
def test_the_states_are_indeterminate_with_both_readings_printed(name: str) -> None:
    result = held(name, DEVELOPER)
    figures = result.figures["compute.counted"]
    assert figures["literal"][0] == point("9e25")
    assert figures["synthetic"][0] == point("1.02e26")
    outcome = next(o for o in result.outcomes if o.name == "frontier_developer")
    assert outcome.claimed is None
    assert outcome.readings["literal"][0] is False
    assert outcome.readings["synthetic"][0] is True
    said = next(s.text for s in result.trace if s.rule == "outcome frontier_developer")
    assert "Indeterminate: literal reading false, synthetic reading true" in said


def test_raise_of_2025_is_met_by_distillation() -> None:
    result = held("ny.raise.2025", DEVELOPER)
    assert claimed(result, "frontier_model") is True
    assert result.status == "superseded"
    assert not result.in_effect


def test_miri_prohibits_the_run() -> None:
    result = held("prop.miri", DEVELOPER)
    assert claimed(result, "prohibited_run") is True
    assert claimed(result, "monitored_run") is False


def test_korea_is_indeterminate_for_compute_and_for_two_tests_nobody_can_compute() -> None:
    result = held("kr.basic", DEVELOPER)
    figures = result.figures["compute.counted"]
    assert (figures["literal"][0], figures["synthetic"][0]) == (point("9e25"), point("1.02e26"))
    outcome = next(o for o in result.outcomes if o.name == "safety_duties")
    assert outcome.claimed is None
    assert [outcome.readings[r][0] for r in ("literal", "synthetic")] == [False, None]
    above = {**DEVELOPER, "compute.pretraining": "2e26"}
    assert claimed(held("kr.basic", above), "safety_duties") is None
    sure = {**above, "developer.state_of_the_art": True, "developer.kr_effect_on_rights": True}
    assert claimed(held("kr.basic", sure), "safety_duties") is True


def test_korea_takes_the_line_itself_and_california_does_not() -> None:
    on = {
        "compute.pretraining": "1e26",
        "developer.state_of_the_art": True,
        "developer.kr_effect_on_rights": True,
    }
    assert claimed(held("kr.basic", on), "safety_duties") is True
    assert claimed(held("ca.sb53", on), "frontier_developer") is False


ONE_THIRD = [
    ({"compute.original": "3e25", "compute.modification": "1.2e25"}, True, True),
    ({"compute.original": "3e25", "compute.modification": "1e25"}, True, False),
    ({"compute.original": "3e25", "compute.modification": "1000000000000000000000000001/100"}, True, True),
]


@pytest.mark.parametrize(("amounts", "risk", "expected"), ONE_THIRD)
def test_the_one_third_rule(amounts: dict[str, str], risk: bool, expected: bool) -> None:
    facts = {**amounts, "model.original_is_systemic_risk": risk, "model.original_compute_known": True}
    result = held("eu.modifier", facts)
    assert claimed(result, "provider_of_modified") is expected


@pytest.mark.parametrize(
    ("modification", "risk", "expected"),
    [
        ("3.33e24", True, False),
        ("3.34e24", True, True),
        ("1e25/3", True, False),
        ("3.33e22", False, False),
        ("3.34e22", False, True),
        ("1e23/3", False, False),
    ],
)
def test_where_the_original_is_not_known_a_third_of_the_line_stands_in(
    modification: str, risk: bool, expected: bool
) -> None:
    facts = {
        "compute.modification": modification,
        "model.original_is_systemic_risk": risk,
        "model.original_compute_known": False,
    }
    assert claimed(held("eu.modifier", facts), "provider_of_modified") is expected


def test_a_model_that_passes_the_line_only_with_its_modification_has_systemic_risk() -> None:
    """8e24 and 5e24: more than a third, and 1.3e25 together, though the original had no systemic risk."""
    facts: dict[str, Any] = {
        "compute.original": "8e24",
        "compute.modification": "5e24",
        "model.original_is_systemic_risk": False,
        "model.original_compute_known": True,
    }
    assert claimed(held("eu.modifier", facts), "provider_with_systemic_risk") is True
    facts["compute.modification"] = "2e24"
    assert claimed(held("eu.modifier", facts), "provider_with_systemic_risk") is False
    facts |= {"compute.original": "9e24", "compute.modification": "2.5e24"}
    assert claimed(held("eu.modifier", facts), "provider_with_systemic_risk") is False, "no provider"


def test_a_cluster_of_60000_h100_is_read_both_ways() -> None:
    """990e12 dense 16-bit and 1979e12 dense 8-bit each: 5.94e19 and 1.19e20 op/s."""
    facts = {
        "cluster.peak_flop_s_fp16": str(60_000 * 990 * 10**12),
        "cluster.peak_flop_s_fp8": str(60_000 * 1979 * 10**12),
        "cluster.network_gbit_s": "400",
        "cluster.colocated": True,
    }
    result = held("us.eo14110.cluster", facts, date(2024, 6, 1))
    outcome = result.outcomes[0]
    assert outcome.claimed is None
    assert sorted(truth for truth, _ in outcome.readings.values()) == [False, True]
    texts = " ".join(step.text for step in result.trace)
    assert "5.94e19" in texts
    assert "1.1874e20" in texts


@pytest.mark.parametrize(("accelerators", "fp16", "fp8"), [(101_011, True, True), (50_531, False, True)])
def test_how_many_h100_make_1e20(accelerators: int, fp16: bool, fp8: bool) -> None:
    assert (accelerators * 990 * 10**12 > 10**20) is fp16
    assert (accelerators * 1979 * 10**12 > 10**20) is fp8


@pytest.mark.parametrize(
    ("network", "order", "proposal"), [("200", True, False), ("400", True, True), ("100", False, False)]
)
def test_a_200_gbit_fabric_is_inside_the_order_and_outside_the_proposal(
    network: str, order: bool, proposal: bool
) -> None:
    facts = {
        "cluster.peak_flop_s_fp16": "2e20",
        "cluster.peak_flop_s_fp8": "4e20",
        "cluster.network_gbit_s": network,
        "cluster.colocated": True,
    }
    assert held("us.eo14110.cluster", facts, date(2024, 6, 1)).claimed is order
    assert claimed(held("us.bis.nprm", facts, date(2024, 10, 1)), "cluster_notice") is proposal


def test_miri_counts_16_h100_as_15840_tflop_s_and_253440_tpp() -> None:
    assert 16 * 990 == 15_840
    assert 15_840 * 16 == 253_440
    known: dict[str, Any] = {"cluster.memory_gb": "0"}
    assert claimed(held("prop.miri", {**known, "cluster.h100e": "16"}), "covered_cluster") is not True
    assert claimed(held("prop.miri", {**known, "cluster.h100e": "16.01"}), "covered_cluster") is True


def test_the_annex_of_the_guidelines() -> None:
    """Model A: 6 N D; model B: GPU-hours at a peak rate and a utilisation."""
    assert 6 * 38 * 10**8 * 33 * 10**11 == 75_240_000 * 10**15
    assert 200_000 * 3600 * 300 * 10**12 // 2 == 108 * 10**21
    language = {"model.generates_language": True}
    small = held("eu.gpai", {"compute.pretraining": "7.524e22", **language})
    large = held("eu.gpai", {"compute.pretraining": "1.08e23", **language})
    assert (claimed(small, "gpai"), claimed(large, "gpai")) == (False, True)

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
    assert {truth for truth, _ in outcome.readings.values()} == {False, True}
    texts = " ".join(step.text for step in result.trace)
    assert "5.94e19" in texts
    assert "1.1874e20" in texts


#: H100s, and whether that many pass 1e20 op/s at dense 16-bit (990e12 each) and at dense 8-bit (1979e12).
H100S = [(101_011, True, True), (101_010, False, True), (50_531, False, True), (50_530, False, False)]


@pytest.mark.parametrize(("accelerators", "fp16", "fp8"), H100S)
def test_how_many_h100_make_1e20(accelerators: int, fp16: bool, fp8: bool) -> None:
    facts = {
        "cluster.peak_flop_s_fp16": str(accelerators * 990 * 10**12),
        "cluster.peak_flop_s_fp8": str(accelerators * 1979 * 10**12),
        "cluster.network_gbit_s": "400",
        "cluster.colocated": True,
    }
    result = held("us.eo14110.cluster", facts, date(2024, 6, 1))
    (outcome,) = result.outcomes
    assert {name: truths[0] for name, truths in outcome.readings.items()} == {"literal": fp16, "strict": fp8}
    assert outcome.claimed is (fp16 if fp16 is fp8 else None)


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


def test_miri_takes_16_h100_out_and_a_hundredth_more_in() -> None:
    known: dict[str, Any] = {"cluster.memory_gb": "0"}
    assert claimed(held("prop.miri", {**known, "cluster.h100e": "16"}), "covered_cluster") is False
    assert claimed(held("prop.miri", {**known, "cluster.h100e": "16.01"}), "covered_cluster") is True


#: 50 A100 with 80 GB: 312e12 each at dense 16-bit against 990e12 of an H100, so 15.76 equivalents; 4,000 GB.
HOLE = {"cluster.h100e": f"{50 * 312}/990", "cluster.memory_gb": str(50 * 80)}


def test_50_a100_slip_through_the_line_on_capacity_and_not_through_the_one_on_memory() -> None:
    """The known hole. One draft has a line on memory beside that on capacity, the other has none."""
    assert claimed(held("prop.miri_isia", HOLE), "covered_cluster") is False
    assert claimed(held("prop.miri", {**HOLE, "cluster.memory_gb": "1280"}), "covered_cluster") is False
    result = held("prop.miri", HOLE)
    assert claimed(result, "covered_cluster") is True
    step = next(step for step in result.trace if step.rule == "large_cluster")
    assert "> 16 H100e [false / not verified] or cluster.memory_gb 4000 > 1280 GB [true" in step.text


def test_the_annex_of_the_guidelines() -> None:
    """Model A, 6 N D, about 7.5e22; model B, GPU-hours at a peak rate and half of it used, about 1e23."""
    language = {"model.generates_language": True}
    parameters, tokens = 38 * 10**8, 33 * 10**11
    small = held("eu.gpai", {"compute.pretraining": str(6 * parameters * tokens), **language})
    gpu_hours, peak_flop_s = 200_000, 300 * 10**12
    used = gpu_hours * 3600 * peak_flop_s // 2
    large = held("eu.gpai", {"compute.pretraining": str(used), **language})
    assert (claimed(small, "gpai"), claimed(large, "gpai")) == (False, True)
    figures = [one.figures["compute.counted"]["literal"][0] for one in (small, large)]
    assert figures == [point("7.524e22"), point("1.08e23")]


def test_the_five_disagree_on_verified_figures_as_on_claimed_ones() -> None:
    facts = [{"name": name, "value": value, "verified": True} for name, value in DEVELOPER.items()]
    regimes = load_all()
    stated = fact_set({"complete": "verified", "facts": facts}, "test", regimes.vocabulary)
    names = {
        "eu.gpai_sr": "systemic_risk",
        "ca.sb53": "frontier_developer",
        "ny.raise.2025": "frontier_model",
        "kr.basic": "safety_duties",
        "prop.miri": "prohibited_run",
    }
    found = {}
    for name, outcome in names.items():
        result = evaluate(regimes.get(name), stated, AT)
        found[name] = next((o.claimed, o.verified) for o in result.outcomes if o.name == outcome)
    assert found == {
        "eu.gpai_sr": (True, True),
        "ca.sb53": (None, None),
        "ny.raise.2025": (True, True),
        "kr.basic": (None, None),
        "prop.miri": (True, True),
    }

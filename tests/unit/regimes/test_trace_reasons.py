"""Why there is no verified answer: the trace names the fact, the bounds or the text on which it hangs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.judging.result import Step
from tallystick.regimes.library import load_instrument, load_shipped, vocabulary_with
from tallystick.regimes.stated.fact_file import fact_set

DAY = date(2026, 11, 24)
LANGUAGE = {"name": "model.generates_language", "value": True, "verified": True}
PRETRAINED = {
    "name": "compute.pretraining",
    "claimed": "1e23",
    "lower": "1e23",
    "upper": "1e23",
    "verified": True,
}


def steps(name: str | Path, facts: Sequence[Mapping[str, Any]], complete: str = "verified") -> list[Step]:
    one = load_shipped().get(name) if isinstance(name, str) else load_instrument(name)
    stated = fact_set({"complete": complete, "facts": list(facts)}, "facts", vocabulary_with([one]))
    return list(evaluate(one, stated, DAY).trace)


def text_of(found: list[Step], rule: str, reading: str = "") -> str:
    return next(step.text for step in found if step.rule == rule and step.reading == reading)


def good(folder: Path, *changes: tuple[str, str]) -> Path:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "test.good.yaml"
    path.write_text(text)
    return path


def test_a_fact_that_is_only_stated_is_named_and_bounds_that_are_clear_are_not() -> None:
    run = {"name": "largest_run_flop", "claimed": "5e25", "lower": "4e25", "upper": "6e25", "verified": True}
    stated = {"name": "model.generates_language", "value": True}
    text = text_of(steps("eu.gpai_sr", [run, stated], "false"), "outcome systemic_risk")
    assert text.endswith("Not verified: model.generates_language is stated and not verified")


def test_bounds_across_the_line_are_named_and_facts_that_are_verified_are_not() -> None:
    wide = {**PRETRAINED, "claimed": "2e25", "lower": "0.8e25", "upper": "3e25"}
    found = steps("eu.gpai_sr", [wide, LANGUAGE])
    assert text_of(found, "outcome systemic_risk").endswith(
        "Not verified: the verified bounds of compute.counted, 8e24 to 3e25, reach across the line (> 1e25)"
    )
    presumption = text_of(found, "presumption")
    assert "compute.counted 2e25 (verified: 8e24 to 3e25) > 1e25 FLOP [true / not verified]" in presumption
    assert "compute.counted_narrow 2e25 (verified: 8e24 to 3e25) > 1e23 FLOP [true / true]" in presumption


def test_components_without_an_upper_bound_are_named() -> None:
    part = {**PRETRAINED, "claimed": "8e24", "lower": "8e24", "upper": "9e24"}
    rest = {"name": "compute.fine_tuning", "value": "1e23"}
    text = text_of(steps("eu.gpai_sr", [part, rest, LANGUAGE]), "outcome systemic_risk")
    assert "at least 8e24, reach across the line (> 1e25) (no upper bound of compute.fine_tuning)" in text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            'value: "1e22", reference: [act#art-3]',
            'value: "1e22", confidence: S, reference: [act#art-3]',
            "the line low has confidence S in the file",
        ),
        (
            "gives: reported\n",
            "gives: reported\n    confidence: R\n",
            "condition above_low has confidence R in the file",
        ),
        (
            "outcomes:\n",
            "exceptions:\n  small: {defeats: [above_low], when: {is: developer.licensed}, confidence: X, "
            "reference: [act#art-4]}\noutcomes:\n",
            "exception small: exception small has confidence X in the file",
        ),
        (
            "outcomes:\n",
            "exceptions:\n  small: {defeats: [above_low], when: {is: model.generates_images}, "
            "reference: [act#art-4]}\noutcomes:\n",
            "exception small: model.generates_images is stated and not verified",
        ),
    ],
)
def test_what_was_not_read_is_named(old: str, new: str, reason: str, tmp_path: Path) -> None:
    facts: list[dict[str, Any]] = [
        PRETRAINED,
        {"name": "model.generates_images", "value": False},
        {"name": "developer.licensed", "value": False, "verified": True},
    ]
    found = steps(good(tmp_path, (old, new)), facts)
    outcome = next(step for step in found if step.rule == "outcome reported")
    assert (outcome.claimed, outcome.verified) == (True, None)
    assert outcome.text == f"To be reported. Not verified: {reason}"


def test_a_counting_rule_that_was_not_read_is_named() -> None:
    one = load_shipped().get("prop.miri_isia")
    (name,) = one.counting
    recalled = replace(one, counting={name: replace(one.counting[name], confidence="R")})
    run = {**PRETRAINED, "claimed": "2e25", "lower": "2e25", "upper": "2e25"}
    fp16 = {**run, "name": "compute.run_fp16_equivalent"}
    for instrument, verified in ((one, True), (recalled, None)):
        stated = fact_set({"complete": "verified", "facts": [run, fp16]}, "f", vocabulary_with([one]))
        found = list(evaluate(instrument, stated, DAY).trace)
        outcome = next(step for step in found if step.rule == "outcome prohibited_run")
        assert (outcome.claimed, outcome.verified) == (True, verified)
        reason = "Not verified: the rule that counts compute.counted has confidence R in the file"
        assert outcome.text.endswith(reason) is (verified is None)
        figure = next(step for step in found if step.rule == name)
        assert figure.text.endswith("this rule has confidence R: never verified") is (verified is None)


def test_readings_that_differ_are_named_with_what_each_gives() -> None:
    facts: list[dict[str, Any]] = [
        {**PRETRAINED, "claimed": "9e25", "lower": "9e25", "upper": "9e25"},
        {"name": "compute.synthetic_private", "value": "1.2e25", "verified": True},
    ]
    text = text_of(steps("ca.sb53", facts), "outcome frontier_developer")
    assert "Indeterminate: literal reading false, synthetic reading true" in text
    assert "Not verified: readings of the text differ: literal reading false, synthetic reading true" in text


def test_reasons_stand_under_the_reading_that_has_them() -> None:
    text = text_of(
        steps("ca.sb53", [{"name": "compute.pretraining", "value": "9e25"}], "false"),
        "outcome large_frontier_developer",
    )
    assert "Not verified" not in text, "nothing is claimed either, so there is nothing to verify"
    facts: list[dict[str, Any]] = [
        {**PRETRAINED, "claimed": "9e25", "lower": "9e25", "upper": "9e25"},
        {
            "name": "compute.synthetic_private",
            "claimed": "1.2e25",
            "lower": "0.9e25",
            "upper": "1.2e25",
            "verified": True,
        },
    ]
    text = text_of(steps("ca.sb53", facts), "outcome frontier_developer")
    assert "literal reading false, synthetic reading unknown (the verified bounds of compute.counted" in text


def test_a_duty_is_traced_under_each_reading_and_then_as_all_agree() -> None:
    facts: list[dict[str, Any]] = [
        {**PRETRAINED, "claimed": "9e25", "lower": "9e25", "upper": "9e25"},
        {"name": "compute.synthetic_private", "value": "1.2e25", "verified": True},
    ]
    found = [step for step in steps("ca.sb53", facts) if step.rule == "obligation report_incident"]
    said = {step.reading: (step.claimed, step.verified) for step in found}
    assert said.pop("all") == (None, None)
    assert said["literal"] == (False, False)
    assert said["synthetic"] == (True, True)
    assert "if frontier developer [true / true]; unless exception federal_incident_route" in found[1].text


def test_a_duty_that_was_not_read_says_so() -> None:
    found = steps(
        "eu.gpai_sr", [{**PRETRAINED, "claimed": "2e25", "lower": "2e25", "upper": "2e25"}, LANGUAGE]
    )
    step = next(step for step in found if step.rule == "obligation report_incidents_by_code")
    assert step.text.endswith("confidence R: never verified")
    assert step.verified is None


def test_who_is_bound_on_word_alone_names_the_roles_and_ties() -> None:
    facts = [
        {"name": "roles.provider", "value": True, "verified": True},
        {"name": "jurisdictions.EU.places_on_market", "value": True},
    ]
    assert text_of(steps("eu.gpai_sr", facts), "binds").endswith(
        "Not verified: jurisdictions.EU.places_on_market"
    )


def test_every_unverified_outcome_of_every_shipped_file_has_a_reason() -> None:
    """Of two answers, one by claims alone and one by none at all, none is left without a reason."""
    for one in load_shipped():
        for case in one.cases[:4]:
            stated = fact_set({"complete": "true", "facts": dict(case.facts)}, "f", vocabulary_with([one]))
            for step in evaluate(one, stated, case.at, case.known_on).trace:
                if step.kind == "Outcome" and step.claimed is not None and step.verified is None:
                    assert "Not verified: " in step.text, (one.id, case.name)
                    assert step.text.partition("Not verified: ")[2].strip(), (one.id, case.name)


def test_a_share_whose_top_is_exact_is_not_blamed_for_an_unknown_bottom() -> None:
    facts: list[dict[str, Any]] = [
        {"name": "compute.modification", "value": "2e24", "verified": True},
        {"name": "compute.original", "value": "9e24"},
        {"name": "model.original_compute_known", "value": True, "verified": True},
        {"name": "model.original_is_systemic_risk", "value": False, "verified": True},
    ]
    text = text_of(steps("eu.modifier", facts), "outcome provider_of_modified")
    assert "no figure of compute.original is verified" in text
    assert "compute.modification" not in text.partition("Not verified")[2]


def test_a_reading_that_takes_a_figure_for_another_says_so() -> None:
    facts: list[dict[str, Any]] = [
        {"name": "cluster.peak_flop_s_fp16", "value": "5.94e19", "verified": True},
        {"name": "cluster.peak_flop_s_fp8", "value": "1.1874e20"},
        {"name": "cluster.network_gbit_s", "value": "400", "verified": True},
        {"name": "cluster.colocated", "value": True, "verified": True},
    ]
    text = text_of(steps("us.eo14110.cluster", facts), "outcome cluster_report")
    assert "literal reading false, strict reading unknown (no figure of " in text
    assert "cluster.peak_flop_s (read as cluster.peak_flop_s_fp8) is verified)" in text


@pytest.mark.parametrize("name", ["eu.gpai_sr", "eu.modifier", "ca.sb53", "prop.miri", "us.eo14110.cluster"])
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_no_fact_that_is_verified_is_called_unverified(name: str, data: st.DataObject) -> None:
    one = load_shipped().get(name)
    case = data.draw(st.sampled_from(one.cases))
    proven = data.draw(st.sets(st.sampled_from(sorted(case.facts)))) if case.facts else set()
    facts = [
        {
            "name": fact,
            "value": {"true": True, "false": False}.get(str(value), value),
            "verified": fact in proven,
        }
        for fact, value in case.facts.items()
    ]
    stated = fact_set({"complete": "verified", "facts": facts}, "f", vocabulary_with([one]))
    for step in evaluate(one, stated, case.at, case.known_on).trace:
        reasons = step.text.partition("Not verified: ")[2]
        assert not [fact for fact in proven if f"{fact} is stated and not verified" in reasons]
        if step.kind == "Outcome" and step.claimed is not None and step.verified is None:
            assert reasons

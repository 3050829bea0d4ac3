"""Distributions with their origin: what is refused, and how the way to mend it is named."""

from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from tests.unit.strategy.cases import balanced, states, technology, with_parameter

from tallystick.errors import InputError
from tallystick.records.profile import (
    Axis,
    Quantity,
    Rule,
    Source,
    Status,
    TechnologyProfile,
    Unit,
    Violation,
    read_profile,
)
from tallystick.regimes.files.yaml_file import parse_yaml
from tallystick.strategy.assessment import assess
from tallystick.strategy.inputs.distribution import (
    Distribution,
    Origin,
    from_draws,
    read_distribution,
    uniform,
    weakest,
)
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.parameters import STATE
from tallystick.strategy.inputs.preferences import ORDERS, payoffs
from tallystick.strategy.inputs.profile import parse_profile, shipped, shipped_names
from tallystick.strategy.inputs.technology import technology_of

PROFILES = files("tallystick.strategy") / "data" / "profiles"


def read(text: str, words: tuple[str, ...] = ()) -> Distribution:
    return read_distribution(parse_yaml(text.encode(), "mine.yaml"), "trust", 0.0, 1.0, words, ("report",))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0.5", "bare value '0.5'"),
        ("{uniform: [0.2, 0.4]}", "no known source"),
        ("{uniform: [0.2, 0.4], source: rumour, why: x}", "no known source"),
        ("{uniform: [0.2, 0.4], source: simulated, reference: x}", "no known source"),
        ("{uniform: [0.2, 0.4], source: assumed}", "does not say what it rests on"),
        ("{uniform: [0.2, 0.4], source: documented, why: x}", "does not say what it rests on"),
        ("{uniform: [0.4, 0.4], source: assumed, why: x}", "do not rise"),
        ("{uniform: [0.4, 0.2], source: assumed, why: x}", "do not rise"),
        ("{uniform: [0.5, 0.50000001], source: assumed, why: x}", "bare number in disguise"),
        ("{quantiles: {0: 0.5, 1: 0.5004}, source: assumed, why: x}", "bare number in disguise"),
        ("{triangular: [0.5, 0.5, 0.5001], source: assumed, why: x}", "bare number in disguise"),
        ("{uniform: [0.4, 1.2], source: assumed, why: x}", "leaves 0 to 1"),
        ("{uniform: [0.4], source: assumed, why: x}", "takes 2 numbers"),
        ("{uniform: [0.4, nan], source: assumed, why: x}", "not a number"),
        ("{triangular: [0.4, 0.9, 0.5], source: assumed, why: x}", "do not rise"),
        ("{gaussian: [0.4, 0.5], source: assumed, why: x}", "not one of"),
        ("{quantiles: {0.1: 0.2, 1: 0.4}, source: assumed, why: x}", "rise from 0 to 1"),
        ("{weights: {a: 1}, source: assumed, why: x}", "does not fit"),
        ("{uniform: [0.2, 0.4], source: assumed, why: []}", "why is empty"),
        ("{uniform: [0.2, 0.4], source: assumed, why: ' '}", "why is empty"),
        ("{uniform: [0.2, 0.4], source: documented, reference: ''}", "reference is empty"),
        ("{uniform: [0.2, 0.4], source: documented, reference: hearsay}", "not among sources"),
        ("{uniform: [0.2, 0.4], source: measured, reference: x}", "lacks n or interval"),
        ("{uniform: [0.2, 0.4], source: measured, reference: x, n: 9}", "lacks n or interval"),
        ("{uniform: [0.2, 0.4], source: measured, reference: x, n: 0, interval: [0.2, 0.3]}", "not a count"),
        ("{uniform: [0.2, 0.4], source: measured, reference: x, n: 9, interval: 0.2}", "not two numbers"),
        ("{uniform: [0.2, 0.4], source: measured, reference: x, n: 9, interval: [0.1, 0.3]}", "not cover"),
        ("{uniform: [0.2, 0.4], source: measured, reference: x, n: 9, interval: [0.3, 0.2]}", "not cover"),
        ("{uniform: [0.2, 0.4], source: assumed, why: x, n: 9}", "what is not measured"),
    ],
)
def test_what_is_no_distribution_is_refused_with_its_mend(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        read(text)
    assert caught.value.where.startswith("mine.yaml:")
    assert caught.value.mend


def test_a_uniform_distribution_is_uniform() -> None:
    spread = read("{uniform: [0.2, 0.4], source: assumed, why: a test}")
    assert spread.at([0, 0.5, 1]) == pytest.approx([0.2, 0.3, 0.4])
    assert (spread.origin, spread.why, spread.median) == (Origin.ASSUMED, "a test", pytest.approx(0.3))


def test_a_measurement_carries_its_n_and_interval() -> None:
    spread = read("{uniform: [0.2, 0.4], source: measured, reference: x, n: 9, interval: [0.25, 0.4]}")
    assert (spread.origin, spread.why) == (Origin.MEASURED, "x; n = 9, interval 0.25 to 0.4")
    weights = "{weights: {a: 0.5, b: 0.5}, source: measured, reference: x, n: 9, interval: [0.4, 0.6]}"
    with pytest.raises(InputError, match="weights cannot be measured"):
        read(weights, ("a", "b"))


def test_what_is_made_of_several_is_as_loose_as_the_loosest() -> None:
    for firm in (Origin.MEASURED, Origin.DOCUMENTED, Origin.ELICITED, Origin.SIMULATED):
        assert weakest(firm, Origin.ASSUMED) is weakest(Origin.ASSUMED, firm) is Origin.ASSUMED
    assert weakest(Origin.ASSUMED, Origin.NOT_MEASURED) is Origin.NOT_MEASURED
    assert weakest(Origin.MEASURED, Origin.SIMULATED) is Origin.SIMULATED
    assert {origin for origin in Origin if origin.firm} == {Origin.MEASURED, Origin.DOCUMENTED}


def test_draws_that_are_no_numbers_are_refused() -> None:
    for draws in ([], [0.1, float("nan")], [0.1, float("inf")]):
        with pytest.raises(InputError, match="not finite"):
            from_draws(draws, Origin.MEASURED, "x")


def test_a_triangular_distribution_has_its_mean() -> None:
    spread = read("{triangular: [0, 0.2, 0.7], source: elicited, reference: a panel}")
    assert spread.at((np.arange(4096) + 0.5) / 4096).mean() == pytest.approx(0.3, abs=2e-3)


def test_quantiles_pass_through_their_points() -> None:
    spread = read("{quantiles: {0: 0.1, 0.5: 0.2, 1: 0.9}, source: documented, reference: report}")
    assert spread.at([0.25, 0.5, 0.75]) == pytest.approx([0.15, 0.2, 0.55])


def test_weights_come_out_in_their_shares() -> None:
    spread = read("{weights: {a: 0.25, b: 0.75}, source: assumed, why: x}", ("a", "b"))
    drawn_words = spread.at((np.arange(1000) + 0.5) / 1000)
    assert (drawn_words == 0).mean() == pytest.approx(0.25)
    with pytest.raises(InputError, match="sum to 1"):
        read("{weights: {a: 0.25, b: 0.5}, source: assumed, why: x}", ("a", "b"))


def test_draws_keep_their_quantiles() -> None:
    draws = np.random.default_rng(5).beta(2, 5, 1000)
    again = from_draws(draws, Origin.MEASURED, "n = 1000").at((np.arange(1000) + 0.5) / 1000)
    assert np.quantile(again, [0.05, 0.5, 0.95]) == pytest.approx(
        np.quantile(draws, [0.05, 0.5, 0.95]), abs=5e-3
    )


def test_every_shipped_profile_reads_and_names_its_origin() -> None:
    for name in shipped_names():
        profile = shipped(name)
        assert all(spread.why for spread in profile.parameters.values())
    assert shipped("fictional/arden").fictional
    with pytest.raises(InputError, match="no profile"):
        shipped("1946/uk")


def test_shipped_profiles_are_the_ones_whose_hashes_were_recorded() -> None:
    lines = [line for line in (PROFILES / "HASHES").read_text().splitlines() if not line.startswith("#")]
    latest = {line.split()[2]: line.split()[1] for line in lines}
    assert set(latest) == {f"{name}.yaml" for name in shipped_names()}
    for name, digest in latest.items():
        assert sha256((PROFILES / name).read_bytes()).hexdigest() == digest, name


#: SHA-256 of the profiles of 1946 as first coded, without the lines that hold tags, reasons and dates.
VALUES_OF_1946 = {
    "1946/us.yaml": "01826b504f739799540e00d384f9ff3c547169e5165484a82e938d65833ad999",
    "1946/ussr.yaml": "86f46b7b33102ff5ce3e7fc06b6de5438919620363f5896498f766af7b6e2b1e",
    "1946/technology.yaml": "1a2368967ebee8bc925ee628011c8524bd71e24241d4baa0634785eee49e281c",
}


def test_the_values_of_1946_were_not_changed_after_the_first_run() -> None:
    for name, digest in VALUES_OF_1946.items():
        lines = (PROFILES / name).read_text().splitlines()
        kept = [one for one in lines if not one.strip().startswith(("source:", "why:", "2026-11-24"))]
        assert sha256("\n".join(kept).encode()).hexdigest() == digest, name


def test_no_payoff_of_1946_is_called_documented() -> None:
    for name in ("1946/us", "1946/ussr"):
        parameters = shipped(name).parameters
        payoffs_of = [p.name for p in STATE if p.unit == "payoff"]
        assert payoffs_of
        assert {parameters[one].origin for one in payoffs_of} == {Origin.ASSUMED}
    assert shipped("1946/technology").parameters["detection"].origin is Origin.ASSUMED


def test_a_profile_without_a_parameter_is_refused() -> None:
    text = (PROFILES / "fictional" / "arden.yaml").read_text()
    with pytest.raises(InputError, match="parameter trust is missing"):
        parse_profile(_without(text, "trust").encode(), "x.yaml")
    with pytest.raises(InputError, match="unknown parameter faith"):
        parse_profile(text.replace("  trust:\n", "  faith:\n").encode(), "x.yaml")
    with pytest.raises(InputError, match="schema"):
        parse_profile(text.replace("strategy-profile/1", "strategy-profile/9").encode(), "x.yaml")
    with pytest.raises(InputError, match=r"x\.yaml:\d+: aliases is not a list"):
        parse_profile(text.replace("aliases: [leader]", "aliases: leader").encode(), "x.yaml")
    for name in ("world", "Technology"):
        with pytest.raises(InputError, match=rf"x\.yaml:\d+: no state may be called {name}"):
            parse_profile(text.replace("name: Arden", f"name: {name}", 1).encode(), "x.yaml")
    with pytest.raises(InputError, match=r"x\.yaml:\d+: fictional is not known"):
        parse_profile(text.replace("fictional: yes", "fictional: perhaps").encode(), "x.yaml")
    with pytest.raises(InputError, match=r"x\.yaml:\d+: detection_per is not known"):
        parse_profile(text.replace("aliases:", "detection_per: often\naliases:").encode(), "x.yaml")


def _without(text: str, name: str) -> str:
    lines, kept, skipping = text.splitlines(), [], False
    for line in lines:
        if line.startswith("  ") and not line.startswith("    "):
            skipping = line.strip() == f"{name}:"
        kept.extend([] if skipping else [line])
    return "\n".join(kept)


def test_payoffs_have_the_order_they_are_called_by() -> None:
    d, s = np.array([0.3, 2.0]), np.array([0.2, 1.5])
    for number, name in enumerate(ORDERS):
        game = payoffs(np.full(2, float(number)), d, s)
        t, r, p, out = game.temptation, game.restraint, np.zeros(2), game.sucker
        ranked = {"dilemma": (t, r, p, out), "assurance": (r, t, p, out), "chicken": (t, r, out, p)}
        for better, worse in zip(
            ranked.get(name, (t, p, r, out))[:-1], ranked.get(name, (t, p, r, out))[1:], strict=True
        ):
            assert (better > worse).all(), name


def test_draws_are_balanced_and_repeat_by_seed() -> None:
    assert (sobol_levels(7, 64, 3) == sobol_levels(7, 64, 3)).all()
    assert (sobol_levels(7, 64, 3) != sobol_levels(7, 64, 4)).any()
    assert sobol_levels(7, 1024, 3).mean(axis=0) == pytest.approx(np.full(7, 0.5), abs=2e-3)
    with pytest.raises(InputError, match="1000 draws"):
        sobol_levels(7, 1000, 3)


def test_columns_are_all_parameters_once() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), 64, 0))
    for parameter in STATE:
        column = values.of("Arden")[parameter.name]
        assert column.min() >= parameter.low
        assert column.max() <= parameter.high
    with pytest.raises(InputError, match="different names"):
        Inputs((states()[0], states()[0]), technology(), shipped("world/default"))
    with pytest.raises(InputError, match="not a technology"):
        Inputs(states(), states()[0], shipped("world/default"))


def test_the_order_of_the_profiles_changes_nothing() -> None:
    us, ussr = shipped("1946/us"), shipped("1946/ussr")
    one, other = (
        assess(balanced(), pair, shipped("1946/technology"), draws=256) for pair in ((us, ussr), (ussr, us))
    )
    assert one.joint == other.joint
    for name in ("US", "USSR"):
        assert one.state(name) == other.state(name)


def _axis(quantity: Quantity, setting: str, draws: tuple[int, ...], **other: object) -> Axis:
    made = Axis(
        quantity=quantity,
        violation=Violation.NONE,
        evasion="none",
        setting=setting,
        rule=Rule.RUN_EVIDENCE,
        source=Source.REAL,
        status=Status.MEASURED,
        unit=Unit.RUN,
        units=9,
        observed_ppm=5,
        gap="none",
        draws=draws,
    )
    return replace(made, **other)


def measured(*axes: Axis) -> TechnologyProfile:
    return TechnologyProfile("ab" * 32, "cd" * 32, {}, "0", 0, (), (), axes)


def test_measured_axes_become_parameters_and_absent_ones_stay_wide() -> None:
    tools = technology_of(
        measured(
            _axis(Quantity.DETECTION, "known", (900_000, 800_000)),
            _axis(Quantity.DETECTION, "unseen", (500_000, 600_000)),
            _axis(Quantity.FALSE_ALARM, "known", (10_000, 20_000)),
        )
    )
    assert tools.parameters["detection"].origin is Origin.MEASURED
    assert tools.parameters["detection"].at([0, 1]) == pytest.approx([0.5, 0.6])
    yearly = tools.parameters["false_alarm"]
    assert yearly.at([0, 1]) == pytest.approx([1 - 0.99**5, 1 - 0.98**50])
    assert yearly.origin is Origin.ASSUMED
    assert tools.per_violation
    for name in ("leakage", "detection_hidden"):
        assert tools.parameters[name].origin is Origin.NOT_MEASURED
        assert tools.parameters[name].at([0, 1]) == pytest.approx([0, 1])


def test_a_simulated_axis_is_never_called_measured() -> None:
    widened = {"source": Source.SIMULATED, "status": Status.WIDENED}
    tools = technology_of(
        measured(
            _axis(Quantity.DETECTION, "known", (900_000, 800_000)),
            _axis(Quantity.DETECTION, "unseen", (500_000, 600_000), **widened),
        )
    )
    assert tools.parameters["detection"].origin is Origin.SIMULATED


def test_what_an_assumption_turns_into_years_is_assumed() -> None:
    for source, status in ((Source.REAL, Status.MEASURED), (Source.SIMULATED, Status.WIDENED)):
        tools = technology_of(
            measured(
                _axis(Quantity.FALSE_ALARM, "known", (10_000, 20_000), source=source, status=status),
                _axis(Quantity.DELAY, "known", (10_000, 20_000), source=source, status=status),
            )
        )
        for name in ("false_alarm", "delay_years"):
            assert tools.parameters[name].origin is Origin.ASSUMED
            assert "assumed" in tools.parameters[name].why
    assert technology_of(measured()).parameters["delay_years"].origin is Origin.NOT_MEASURED


def test_axes_of_another_rule_are_left_alone() -> None:
    tools = technology_of(measured(_axis(Quantity.DETECTION, "known", (1, 2), rule=Rule.WINDOW_SHARE)))
    assert tools.parameters["detection"].origin is Origin.NOT_MEASURED
    assert uniform(0, 1, Origin.ASSUMED, "x").at(0.5) == 0.5


def test_the_published_test_vector_can_be_read() -> None:
    vector = Path(__file__).parents[2] / "vectors" / "technology_profile.json"
    tools = technology_of(read_profile(vector))
    assert tools.digest == read_profile(vector).hash
    result = assess(balanced(), states(), tools, draws=256, sensitivity=False)
    assert result.origins["not measured"] >= 1
    assert "measured" not in {tools.parameters["leakage"].origin, tools.parameters["detection_hidden"].origin}


def test_further_looks_add_nothing_to_detection_of_a_whole_violation() -> None:
    shares = []
    for per_violation in (False, True):
        tools = replace(with_parameter(technology(), "detection", 0.1, 0.2), per_violation=per_violation)
        result = assess(balanced(), states(), tools, draws=512, sensitivity=False)
        shares.append([state.gates["compliance"] for state in result.states])
    assert shares[1][0] < shares[0][0]
    assert shares[1][1] < shares[0][1]

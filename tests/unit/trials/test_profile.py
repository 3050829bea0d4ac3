"""From a benchmark to draws: real stays real, simulated widens or spans everything, never the reverse."""

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from tallystick.errors import FormatError, InputError
from tallystick.records.profile import (
    MAX_GAP,
    Axis,
    Quantity,
    Source,
    Status,
    TechnologyProfile,
    encode_profile,
    parse_profile,
)
from tallystick.trials.profile import build_profile, median_posterior, posterior, widen
from tallystick.units import PPM


def rung(held_out: str, source: str, accuracy: float, families: int, abstained: float) -> dict[str, Any]:
    return {
        "held_out": held_out,
        "source": source,
        "accuracy": accuracy,
        "families": families,
        "abstained": abstained,
    }


RUNS = {
    "training_runs": 40,
    "detection": 0.4,
    "delay": 0.7,
    "delay_h": float("inf"),
    "permitted_runs": 60,
    "false_alarms": 1,
}
BENCH: dict[str, Any] = {
    "size": {"sites": 10},
    "notice": "Figures of source real are derived.",
    "ladder": [
        rung("run", "simulated", 0.96, 47, 0.2),
        rung("family", "simulated", 0.90, 47, 0.4),
        rung("run", "real", 0.95, 17, 0.1),
        rung("source", "real", 0.84, 17, 0.9),
    ],
    "evasions": [
        {"family": "F_interleave", "run_detection": 0.5, "runs": 6, "source": "simulated"},
        {"family": "recorded", "run_detection": 0.5, "runs": 6, "source": "real"},
    ],
    "adaptive": {"detection_on_new_programs": 0.1, "source": "simulated"},
    "runs": RUNS,
    "runs_unseen_families": {**RUNS, "detection": 0.0, "delay": 1.0},
}


def build(bench: dict[str, Any], draws: int = 400) -> TechnologyProfile:
    return build_profile(json.dumps(bench).encode(), "bench.json", draws)


def simulated_only() -> dict[str, Any]:
    bench = copy.deepcopy(BENCH)
    bench["ladder"] = [row for row in bench["ladder"] if row["source"] == "simulated"]
    bench["evasions"] = [row for row in bench["evasions"] if row["source"] == "simulated"]
    return bench


def only(profile: TechnologyProfile, quantity: Quantity, evasion: str, setting: str) -> Axis:
    (found,) = [a for a in profile.axes if (a.quantity, a.evasion, a.setting) == (quantity, evasion, setting)]
    return found


def spans_everything(axis: Axis) -> bool:
    """Evenly drawn over 0 to 1: each draw within one part in n of its place."""
    n = len(axis.draws)
    return all(
        i * PPM // n - 1 <= value <= (i + 1) * PPM // n + 1 for i, value in enumerate(sorted(axis.draws))
    )


def test_a_benchmark_with_no_real_rows_gives_only_simulated_axes_of_full_range() -> None:
    profile = build(simulated_only())
    assert not profile.gaps
    assert len(profile.axes) > 8
    for axis in profile.axes:
        assert axis.source is Source.SIMULATED
        assert axis.status in (Status.NO_GAP, Status.NOT_MEASURED)
        assert spans_everything(axis)


def test_only_real_rows_are_measured_and_they_are_not_widened() -> None:
    profile = build(BENCH, draws=4000)
    measured = [axis for axis in profile.axes if axis.status is Status.MEASURED]
    assert {(a.quantity, a.evasion, a.setting) for a in measured} == {
        (Quantity.RECOGNITION, "none", "held_out_run"),
        (Quantity.RECOGNITION, "none", "held_out_source"),
        (Quantity.DETECTION, "recorded", "family_left_out"),
    }
    recorded = only(profile, Quantity.DETECTION, "recorded", "family_left_out")
    for level in (0.05, 0.5, 0.95):
        assert recorded.quantile(round(level * PPM)) / PPM == pytest.approx(
            beta.ppf(level, 3.5, 3.5), abs=0.02
        )


def test_what_nobody_measured_is_there_and_says_so() -> None:
    profile = build(BENCH)
    for quantity in (Quantity.SAMPLING_EFFORT, Quantity.LEAKAGE):
        assert only(profile, quantity, "none", "none").status is Status.NOT_MEASURED
    assert only(profile, Quantity.DELAY, "F_interleave", "family_left_out").status is Status.NOT_MEASURED
    unnamed = only(profile, Quantity.DELAY, "none", "families_never_seen")
    assert (unnamed.status, unnamed.units) == (Status.NOT_MEASURED, 0)
    median_alone = only(profile, Quantity.DELAY, "none", "families_known")
    assert (median_alone.status, median_alone.units, median_alone.observed_ppm) == (
        Status.NO_GAP,
        16,
        700_000,
    )
    assert all(spans_everything(a) for a in profile.axes if a.status in (Status.NO_GAP, Status.NOT_MEASURED))


def test_the_widest_gap_is_taken_and_named() -> None:
    gaps = {gap.measure: gap for gap in build(BENCH).gaps}
    assert (gaps["accuracy"].real_held_out, gaps["accuracy"].simulated_held_out) == ("source", "run")
    assert (gaps["told"].real_ppm, gaps["told"].simulated_ppm) == (100_000, 800_000)
    assert gaps["told"].logit_milli > 1000 * (np.log(9) + np.log(4))  # the two shares' own distance
    by_runs = only(build(BENCH), Quantity.DETECTION, "none", "families_known")
    assert (by_runs.status, by_runs.gap) == (Status.WIDENED, "told")


def test_a_simulated_row_of_the_same_name_is_the_one_compared() -> None:
    bench = copy.deepcopy(BENCH)
    bench["ladder"].append(rung("source", "simulated", 0.84, 47, 0.9))
    bench["ladder"] = [row for row in bench["ladder"] if row["held_out"] == "source"]
    (accuracy, _) = build(bench).gaps
    assert (accuracy.real_held_out, accuracy.simulated_held_out) == ("source", "source")


@given(st.integers(0, PPM), st.integers(1, 200), st.integers(1, MAX_GAP), st.integers(1, 300))
@settings(deadline=None)
def test_widening_never_narrows(observed: int, units: int, gap: int, draws: int) -> None:
    before = np.sort(posterior(np.random.default_rng(units), observed, units, draws))
    after = np.rint(PPM * widen(before, gap))
    half = draws // 2
    assert (np.diff(after) >= 0).all()
    assert (after[:half] <= np.rint(PPM * before[:half])).all()
    assert (after[draws - half :] >= np.rint(PPM * before[draws - half :])).all()


@given(st.floats(0, 1), st.floats(0.5, 1), st.floats(0.5, 1), st.integers(1, 40))
@settings(max_examples=12, deadline=None)
def test_every_simulated_axis_is_at_least_as_wide_as_its_own_posterior(
    detection: float, real: float, simulated: float, runs: int
) -> None:
    bench = copy.deepcopy(BENCH)
    bench["ladder"] = [rung("run", "simulated", simulated, 40, 0.1), rung("run", "real", real, 15, 0.1)]
    bench["evasions"] = [
        {"family": "e", "run_detection": detection, "runs": runs, "source": source}
        for source in ("real", "simulated")
    ]
    axes = {a.source: a for a in build(bench, 200).axes if (a.evasion, a.quantity) == ("e", "detection")}
    plain, widened = axes[Source.REAL], axes[Source.SIMULATED]
    assert widened.status is Status.WIDENED
    slack = 60_000  # two samples of 200 draws
    assert widened.quantile(50_000) <= plain.quantile(50_000) + slack
    assert widened.quantile(950_000) >= plain.quantile(950_000) - slack


def test_the_gap_is_the_push_of_the_outer_draws() -> None:
    """By hand: a point at one half, a gap of ln 9; the outer 2.5 % lie beyond 0.1 and 0.9."""
    pushed = widen(np.full(2000, 0.5), round(1000 * np.log(9)))
    assert np.quantile(pushed, [0.025, 0.975]) == pytest.approx([0.1, 0.9], abs=0.001)


def test_a_profile_reads_back_and_the_same_benchmark_gives_the_same_bytes() -> None:
    first, again = build(BENCH, 50), build(BENCH, 50)
    assert encode_profile(first) == encode_profile(again)
    assert parse_profile(encode_profile(first), "p") == first


def test_another_family_leaves_the_other_draws_alone() -> None:
    more = copy.deepcopy(BENCH)
    more["evasions"].append({"family": "new", "run_detection": 1.0, "runs": 2, "source": "simulated"})
    more["evasions"].append({**BENCH["evasions"][0], "source": "real"})
    before = {axis.key: axis.draws for axis in build(BENCH, 50).axes}
    after = {axis.key: axis.draws for axis in build(more, 50).axes}
    assert before.items() < after.items()


@pytest.mark.parametrize("key", [*BENCH])
def test_a_missing_part_is_one_clear_error(key: str) -> None:
    bench = {name: value for name, value in BENCH.items() if name != key}
    with pytest.raises(FormatError, match=f"bench.json: has no '{key}'. Mend: "):
        build(bench)


@pytest.mark.parametrize(
    ("where", "key", "value", "problem"),
    [
        ("runs", "detection", 1.5, "runs: 'detection' is not a share"),
        ("runs", "detection", float("nan"), "runs: 'detection' is not a share"),
        ("runs", "detection", True, "runs: 'detection' is not a share"),
        ("runs", "training_runs", -1, "'training_runs' is not a count"),
        ("runs", "false_alarms", 61, "more false alarms than permitted runs"),
        ("adaptive", "source", "measured", "'source' is not real or simulated"),
        ("size", "sites", "many", "'sites' is not a count"),
    ],
)
def test_a_wrong_field_is_one_clear_error(where: str, key: str, value: object, problem: str) -> None:
    bench = copy.deepcopy(BENCH)
    bench[where][key] = value
    with pytest.raises(FormatError, match=problem):
        build(bench)


def test_rows_that_cannot_be_told_apart_are_refused() -> None:
    twice, taken = copy.deepcopy(BENCH), copy.deepcopy(BENCH)
    twice["evasions"].append(BENCH["evasions"][0])
    taken["evasions"][0]["family"] = "adaptive"
    with pytest.raises(FormatError, match="two rows of detection undeclared_training F_interleave"):
        build(twice)
    with pytest.raises(FormatError, match="may not be called adaptive"):
        build(taken)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_benchmark_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(FormatError, match="Mend"):
        build_profile(data, "bench.json")


def test_draws_out_of_range_are_refused() -> None:
    for draws in (0, 4001):
        with pytest.raises(InputError, match="1 to 4000 draws"):
            build(BENCH, draws)


def test_measured_delays_are_drawn_about_their_median_and_widened() -> None:
    bench = copy.deepcopy(BENCH)
    bench["runs"] |= {"delays": [0.1, 0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.9], "delay": 0.2}
    axis = only(build(bench, draws=4000), Quantity.DELAY, "none", "families_known")
    assert (axis.status, axis.gap, axis.observed_ppm) == (Status.WIDENED, "told", 200_000)
    assert axis.quantile(500_000) / PPM == pytest.approx(0.2, abs=0.03)
    assert not spans_everything(axis)
    bench["ladder"] = [row for row in bench["ladder"] if row["source"] == "simulated"]
    assert spans_everything(only(build(bench), Quantity.DELAY, "none", "families_known"))


def test_few_delays_say_little() -> None:
    rng = np.random.default_rng(1)
    one, many = (median_posterior(rng, np.full(n, 0.4), 4000) for n in (1, 40))
    assert set(np.unique(one)) == {0.0, 0.4, 1.0}
    assert 0.1 < (one != 0.4).mean() < 0.7
    assert (many == 0.4).mean() > 0.99
    with pytest.raises(FormatError, match="delays: '1' is not a share"):
        build({**BENCH, "runs": {**RUNS, "delays": [0.1, 1.5]}})


def test_a_cheat_at_the_level_of_a_site_has_an_axis_that_promises_nothing() -> None:
    bench = copy.deepcopy(BENCH)
    row = {"family": "split", "level": "site", "detection": 0.8, "sites": 10, "source": "simulated"}
    bench["evasions"].append(row)
    axis = only(build(bench), Quantity.DETECTION, "split", "whole_site_inspected")
    assert (axis.status, axis.units, axis.observed_ppm) == (Status.NO_GAP, 10, 800_000)
    assert spans_everything(axis)


def test_runs_like_the_reference_set_have_axes_of_their_own() -> None:
    profile = build({**BENCH, "runs_like_reference": RUNS})
    assert only(profile, Quantity.FALSE_ALARM, "none", "like_reference").units == 60

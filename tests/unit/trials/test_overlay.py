import json

import numpy as np
import pytest

from tallystick.trials.evaluate import reference_data
from tallystick.trials.overlay import ALL, HELD_OUT, OverlayScore, grouping_json, overlay_score
from tallystick.trials.overlay_low_communication import low_communication_score
from tallystick.trials.overlay_reasons import reasons

FOLDER = reference_data() / "mlperf_power"
real = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no reference data at {FOLDER}: set TALLYSTICK_REFERENCE_DATA"
)


@real
@pytest.mark.parametrize("meter", ["ac", "dc"])
def test_ten_minutes_of_real_power_tell_runs_apart(meter: str) -> None:
    score = overlay_score(FOLDER, meter, draws=3, seed=3)
    assert len(score.scores) == 3
    assert score.median > 0.95
    assert score == overlay_score(FOLDER, meter, draws=3, seed=3)


@real
def test_reasons_name_the_runs_that_share_a_group() -> None:
    parts = [("gpt3 run 80", 80, 0), ("gpt3 run 81", 81, 0), ("alone", -1, 0)]
    text = reasons(FOLDER, parts, [2, 2, 1], np.array([0, 0, 0, 1, 2], np.int64))
    assert "gpt3 run 80 and gpt3 run 81 share a group (their evaluations begin 0.1 s apart)" in text
    assert "gpt3 run 81 fell into 2 groups" in text
    assert "alone" not in text


def test_the_record_has_the_benchmarks_keys() -> None:
    scores = (1.0,) * 18 + (0.5, 0.6)
    row = OverlayScore("ac", 10, HELD_OUT, scores, merged=2, resolved=1, worst_why=())
    later = OverlayScore("ac", 20, ALL, (1.0,), 0, 0, ())
    record = json.loads(json.dumps(grouping_json([later, row])))
    assert record["ari_10min"] == 1.0
    assert record["ari_10min_mean"] == pytest.approx(0.955)
    assert record["ari_10min_p5"] == pytest.approx(np.percentile(scores, 5))
    assert record["ari_10min_worst"] == 0.5
    assert [r["minutes"] for r in record["rows"]] == [20, 10]


def test_low_communication_training_is_scored_against_workers_and_jobs() -> None:
    score = low_communication_score(sites=2, seed=1)
    assert score.sites == 2
    assert -0.5 <= score.workers <= 1
    assert -0.5 <= score.jobs <= 1
    assert score.workers != score.jobs

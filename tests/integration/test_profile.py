"""The command as a user types it: build from a benchmark's file, show it, refuse what was changed."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tallystick.trials.adaptive_trial import AdaptiveTrial
from tallystick.trials.bench_workloads import QUICK, WorkloadBench
from tallystick.trials.evasion_trial import EvasionRow
from tallystick.trials.ladder import Rung
from tallystick.trials.run_trial import RunTrial

RUNG = {"held_out": "run", "accuracy": 0.96, "families": 40, "abstained": 0.2}
RUNS = {"training_runs": 40, "detection": 0.4, "delay": 0.7, "permitted_runs": 60, "false_alarms": 1}
EVASION = {"family": "F_interleave", "run_detection": 0.5, "runs": 6}
ADAPTIVE = {"detection_on_new_programs": 0.1}
BENCH: dict[str, Any] = {
    "size": {"sites": QUICK.sites},
    "notice": "Figures of source real are derived from MLPerf logs, not verified by MLCommons Association.",
    "ladder": [
        {**RUNG, "source": "simulated"},
        {**RUNG, "held_out": "source", "accuracy": 0.84, "families": 17, "source": "real"},
    ],
    "evasions": [{**EVASION, "source": "simulated"}],
    "adaptive": {**ADAPTIVE, "source": "simulated"},
    "runs": {**RUNS, "delay_h": float("inf")},
    "runs_unseen_families": RUNS,
}


def run(*arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", "profile", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "BENCH.json").write_text(json.dumps(BENCH))
    run("build", tmp_path / "BENCH.json", "--out", tmp_path / "profile.json", "--draws", "50")
    return tmp_path / "profile.json"


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (Rung, RUNG),
        (RunTrial, RUNS),
        (EvasionRow, EVASION),
        (AdaptiveTrial, ADAPTIVE),
        (WorkloadBench, BENCH),
    ],
)
def test_the_benchmark_writes_what_the_profile_needs(kind: type, needed: dict[str, Any]) -> None:
    assert set(needed) - {"notice"} <= {field.name for field in fields(kind)}


def test_build_and_show_agree_and_nothing_simulated_has_a_filled_mark(built: Path) -> None:
    shown = json.loads(run("show", built, "--json").stdout)
    assert shown["draws"] == 50
    real = [axis for axis in shown["axes"] if axis["source"] == "real"]
    assert [(axis["setting"], axis["status"]) for axis in real] == [("held_out_source", "measured")]
    rows = [line for line in run("show", built).stdout.splitlines() if "|" in line]
    assert len(rows) == len(shown["axes"])
    for row in rows:
        assert ("*" in row) == ("real, measured" in row)
        assert (row[:2] == "o ") != ("real, measured" in row)


def test_build_prints_the_same_json_as_show(built: Path, tmp_path: Path) -> None:
    again = run("build", tmp_path / "BENCH.json", "--out", tmp_path / "b.json", "--draws", "50", "--json")
    printed = json.loads(again.stdout)
    assert printed.pop("file") == str(tmp_path / "b.json")
    assert printed == json.loads(run("show", built, "--json").stdout)
    assert (tmp_path / "b.json").read_bytes() == built.read_bytes()


def test_a_changed_figure_is_refused_in_one_line(built: Path) -> None:
    built.write_bytes(built.read_bytes().replace(b'"units":6', b'"units":9'))
    done = run("show", built, status=2)
    assert done.stderr == (
        "tallystick: profile.json: hash does not hold. "
        "Mend: build it again with: tallystick profile build BENCH.json\n"
    )


def test_a_benchmark_of_another_version_is_refused_in_one_line(tmp_path: Path) -> None:
    old = {key: value for key, value in BENCH.items() if key != "adaptive"}
    (tmp_path / "BENCH.json").write_text(json.dumps(old))
    done = run("build", tmp_path / "BENCH.json", "--out", tmp_path / "p.json", status=2)
    assert "has no 'adaptive'" in done.stderr
    assert not (tmp_path / "p.json").exists()

"""What a user sees who classifies a file."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.cli.workloads import spec_of
from tallystick.errors import SampleError
from tallystick.simulation.source import open_simulation

SITE = "simulate:relabel,seed=7,accelerators=16,hours=1,traces=off"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["workloads", "classify", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_text_names_classes_reasons_and_what_it_does_not_decide() -> None:
    text = run(SITE)
    assert "windows of five minutes" in text
    assert "because of" in text
    assert "One window decides nothing" in text


def test_json_has_every_window_and_the_model() -> None:
    data = json.loads(run(SITE, "--json"))
    assert len(data["model"]) == 64
    assert len(data["windows"]) == sum(s["windows"] for s in data["subjects"]) > 100
    for window in data["windows"]:
        assert set(window["likely_ppm"]) == {"pretraining", "fine-tuning", "inference", "other", "idle"}
        assert window["why"] or window["abstained_because"]
        assert window["possible"]


def test_windows_agree_with_what_ran() -> None:
    """Not the accuracy, which the benchmark measures: that windows are laid to the right subjects."""
    data = json.loads(run(SITE, "--json"))
    site = open_simulation(SITE.removeprefix("simulate:"))
    hidden = next(j for j in site.truth() if j.job.startswith("hidden"))
    training = {
        w["subject"] for w in data["windows"] if "training" in w["verdict"] or w["verdict"] == "fine-tuning"
    }
    assert training
    assert training <= {a for j in site.truth() if j.workload.is_training for a in j.subjects} | {
        s.name for s in site.inventory() if s.covers and set(s.covers) & set(hidden.subjects)
    }


def test_schemes_follow_the_ending_of_a_file() -> None:
    assert spec_of("a.parquet") == "parquet:a.parquet"
    assert spec_of("a.csv") == "smi:a.csv"
    assert spec_of("mlperf:folder") == "mlperf:folder"


def test_a_broken_file_is_one_error(tmp_path: Path) -> None:
    broken = tmp_path / "x.parquet"
    pq.write_table(pa.table({"time": [1]}), broken)
    with pytest.raises(SampleError, match="Mend"):
        CliRunner().invoke(app, ["workloads", "classify", str(broken)], catch_exceptions=False)

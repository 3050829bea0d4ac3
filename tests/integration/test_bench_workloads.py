"""The benchmark end to end, as small as it can be: its shape, not its figures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.trials.bench_workloads import BenchSize

TINY = BenchSize(
    sites=2, evasion_sites=1, run_sites=1, run_hours=1, rounds=4, most_folds=2, overlays=1, queries=3
)


def test_json_has_the_stable_keys_and_text_every_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tallystick.trials.bench_workloads.QUICK", TINY)
    monkeypatch.setattr("tallystick.trials.held_out.WORKERS", 1)
    monkeypatch.setattr("tallystick.trials.evasion_corpus.ONE_IN", 8)
    monkeypatch.setenv("TALLYSTICK_REFERENCE_DATA", str(tmp_path))
    out = tmp_path / "bench.json"
    result = CliRunner().invoke(
        app, ["bench", "workloads", "--quick", "--out", str(out)], catch_exceptions=False
    )
    assert result.exit_code == 0
    for title in ("held out", "Serving", "Evasions", "game", "Runs", "FLOP"):
        assert title in result.stdout
    data = json.loads(out.read_text())
    assert {r["held_out"] for r in data["ladder"]} == {"run", "workload", "family", "mechanism", "hardware"}
    assert {r["source"] for r in data["ladder"]} == {"simulated"}
    for row in data["ladder"]:
        assert 0 <= row["low"] <= row["accuracy"] <= row["high"] <= 1
    for row in data["evasions"]:
        assert set(row["cost"]) >= {"throughput_ppm", "energy_ppm", "time_ppm", "basis"}
        assert 0 <= row["detection"] <= 1
    assert {"detection", "delay", "false_alarms_per_site_year"} <= set(data["runs"])
    assert 0 <= data["serving_false_positive"] <= 1
    assert 0 <= data["game"]["value"] <= 1.5

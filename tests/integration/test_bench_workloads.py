"""The benchmark end to end, as small as it can be: its shape, not its figures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.trials.bench_workloads import BenchSize
from tallystick.trials.site_cheats import SITE_CHEATS

TINY = BenchSize(
    sites=4,
    evasion_sites=2,
    run_sites=2,
    run_hours=1,
    rounds=2,
    most_folds=2,
    overlays=1,
    queries=3,
    cheat_sites=1,
    cheat_accelerators=32,
    cheat_hours=2,
)


def test_json_has_the_stable_keys_and_text_every_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tallystick.trials.bench_workloads.QUICK", TINY)
    monkeypatch.setattr("tallystick.trials.held_out.WORKERS", 1)
    monkeypatch.setattr("tallystick.trials.evasion_corpus.ONE_IN", 16)
    monkeypatch.setattr("tallystick.trials.site_cheat_trial.SITE_CHEATS", SITE_CHEATS[::3])
    monkeypatch.setenv("TALLYSTICK_REFERENCE_DATA", str(tmp_path))
    out = tmp_path / "bench.json"
    result = CliRunner().invoke(
        app, ["bench", "workloads", "--quick", "--out", str(out)], catch_exceptions=False
    )
    assert result.exit_code == 0
    for title in ("held out", "Serving", "Evasions", "level of a site", "game", "Runs", "FLOP"):
        assert title in result.stdout
    data = json.loads(out.read_text())
    assert {r["held_out"] for r in data["ladder"]} == {"run", "workload", "family", "mechanism", "hardware"}
    assert {r["source"] for r in data["ladder"]} == {"simulated"}
    for row in data["ladder"]:
        assert 0 <= row["low"] <= row["accuracy"] <= row["high"] <= 1
    for row in data["evasions"]:
        assert set(row["cost"]) >= {"throughput_ppm", "energy_ppm", "time_ppm", "basis"}
        assert 0 <= row["detection"] <= 1
    levels = {row["family"]: row["level"] for row in data["evasions"]}
    assert {levels[name] for name in ("split", "hide_unlisted", "replay_past")} == {"site"}
    assert "window" in levels.values()
    for key in ("runs", "runs_like_reference", "runs_unseen_families"):
        assert {"detection", "delay", "false_alarms_per_site_year"} <= set(data[key])
        assert len(data[key]["delays"]) == round(data[key]["detection"] * data[key]["training_runs"])
    assert data["runs_like_reference"]["promised_per_site_year"] == 0.1
    assert data["runs"]["promised_per_site_year"] is None
    assert 0 <= data["serving_false_positive"] <= 1
    assert 0 <= data["game"]["value"] <= 1.5

"""``tallystick regimes compare`` as it is typed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tallystick

EXAMPLE = Path(tallystick.__file__).parent / "regimes" / "data" / "examples" / "developer.yaml"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tallystick", "regimes", "compare", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_json_has_what_the_text_says() -> None:
    done = run(str(EXAMPLE), "--at", "2026-11-24", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    states = {one["regime"]: (one["state"], one["claimed"], one["verified"]) for one in data["regimes"]}
    assert states["eu.gpai_sr"] == ("binds", "true", "true")
    assert states["ny.raise"][0] == "begins"
    assert states["kr.basic"] == ("unknown", "unknown", "unknown")
    today = data["deliverables"]["today"]
    assert 0 < today["deliverables_merged"] < today["deliverables_sum"] <= today["duties"] * 2
    assert data["compute_figures"]["count"] >= 4
    assert data["gaps"]["no_cap_on_compute_in_force"] is True
    assert data["gaps"]["uncounted_components"] == ["inference"]
    assert data["deliverables"]["if_adopted"] is None
    assert "not legal advice" in data["notice"]
    assert data["cost"]["today"]["basis"].startswith("assumed")


def test_all_adds_texts_without_force_apart_from_law() -> None:
    plain, whole = (
        json.loads(run(str(EXAMPLE), "--at", "2026-11-24", "--json", *more).stdout)
        for more in ([], ["--all"])
    )
    assert whole["deliverables"]["today"] == plain["deliverables"]["today"]
    assert (
        whole["deliverables"]["if_adopted"]["duties"]
        > plain["deliverables"]["with_enacted_to_come"]["duties"]
    )
    bills = {one["regime"]: one for one in whole["regimes"] if one["group"] == "bill"}
    assert bills["us.frontier"]["state"] == "if adopted"
    assert bills["us.frontier"]["claimed"] == "false"


def test_the_example_has_a_name() -> None:
    done = run("developer", "--at", "2026-11-24")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Heron AI (fictional) on 2026-11-24: 5 regimes bring duties")


def test_a_past_day() -> None:
    data = json.loads(run(str(EXAMPLE), "--at", "2025-06-01", "--json").stdout)
    assert not any(one["state"] == "binds" and one["regime"].startswith("eu.gpai") for one in data["regimes"])
    assert {entry["started"] for entry in data["timeline"]} == {True, False} or data["timeline"]


def test_a_report_is_written_whole(tmp_path: Path) -> None:
    pytest.importorskip("altair")
    done = run(str(EXAMPLE), "--at", "2026-11-24", "--out", str(tmp_path / "report"))
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "report").iterdir()}
    pictures = {f"{name}.{kind}" for name in ("matrix", "timeline", "merge") for kind in ("svg", "png")}
    assert names == pictures | {"report.html", "comparison.json"}
    assert "report.html" in done.stdout


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (
            "schema: developer/1\nname: T\nroles: [developer]\nties: {EU: [sells]}\n",
            [],
            "profile.yaml:4: tie 'sells'",
        ),
        ("schema: developer/1\nname: T\n", [], "roles is missing"),
        (None, ["--at", "yesterday"], "is not a date"),
        (None, ["--kind", "edict"], "edict"),
    ],
)
def test_what_is_unusable_is_said_in_one_line(
    tmp_path: Path, content: str | None, arguments: list[str], message: str
) -> None:
    path = EXAMPLE
    if content is not None:
        path = tmp_path / "profile.yaml"
        path.write_text(content)
    done = run(str(path), *arguments, "--json")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Mend:" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert json.loads(done.stdout)["error"]["problem"]


@pytest.mark.skipif("TALLYSTICK_TIMED" not in os.environ, reason="timed only where TALLYSTICK_TIMED is set")
def test_the_example_takes_less_than_two_seconds() -> None:
    started = time.monotonic()
    assert run(str(EXAMPLE), "--json").returncode == 0
    assert time.monotonic() - started < 2

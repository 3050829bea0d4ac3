"""The command line as a user types it, in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DATA = Path(os.environ.get("TALLYSTICK_REFERENCE_DATA", Path(__file__).parents[3] / "shared/data"))
SPEC = "simulate:relabel,seed=204,accelerators=32,hours=3,traces=off"


def run(*arguments: str | Path, status: int = 0) -> str:
    """Standard output of ``tallystick ARGUMENTS``, which must end with ``status``."""
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def run_json(*arguments: str | Path, status: int = 0) -> dict[str, Any]:
    """The JSON object that ``tallystick ARGUMENTS --json`` prints."""
    parsed: dict[str, Any] = json.loads(run(*arguments, "--json", status=status))
    return parsed


def test_the_whole_flow_by_hand(tmp_path: Path) -> None:
    site, other = tmp_path / "borealis", tmp_path / "arden"
    run("site", "init", other, "--name", "Arden", "--witness", site)
    run("site", "init", site, "--name", "Borealis", "--witness", other)
    taken = run_json("site", "ingest", site, SPEC)
    assert taken["slots_sealed"] == 12
    closed = run_json("site", "close", site, "--period", "all")
    assert Path(closed["bundle"]).is_absolute()
    assert closed["energy_kwh"] > 0
    for found in closed["runs"]:
        assert {"id", "accelerators", "workload", "energy_kwh"} <= set(found)
        lower, estimate, upper = (int(found["flop"][k]) for k in ("lower", "estimate", "upper"))
        assert 0 <= lower <= estimate <= upper

    verified = run_json("inspect", "verify", closed["bundle"], "--meter", taken["meter"])
    assert verified["ok"]
    assert [c["number"] for c in verified["checks"]] == list(range(1, 10))
    assert {c["ok"] for c in verified["checks"]} == {True}
    proven = run_json("site", "claim", site, "--period", "all", "--total", "1e24", "--energy", "5")
    assert proven["new"] == 2
    again = run_json("inspect", "verify", closed["bundle"], "--meter", taken["meter"])
    assert [claim["kind"] for claim in again["claims"]] == ["total", "energy"]

    challenge, opening = tmp_path / "challenge.json", tmp_path / "opening.json"
    drawn = run_json(
        "inspect", "challenge", closed["bundle"],
        "--significant-quantity", "2e20", "--detection", "0.9", "--out", challenge,
    )  # fmt: skip
    opened = run_json("site", "respond", site, challenge, "--out", opening, "--at-most", "1")
    assert opened["entries"] == drawn["entries"]
    concluding = [
        "inspect", "conclude", closed["bundle"], "--challenge", challenge, "--opening", opening,
        "--meter", taken["meter"], "--json",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", *map(str, concluding)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    concluded = json.loads(done.stdout)
    assert done.returncode == (0 if concluded["ok"] else 1)
    assert concluded["ok"] == (not concluded["findings"])
    assert [c["number"] for c in concluded["checks"]] == list(range(1, 21))
    assert all(c["ok"] for c in concluded["checks"] if c["number"] in range(10, 15))
    for fact in concluded["facts"]:
        assert int(fact["lower"]) <= int(fact["upper"])
        assert isinstance(fact["verified"], bool)
        int(fact["claimed"])
        assert fact["from"] < fact["to"]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00Z", fact[key]) for key in ("from", "to"))


@pytest.mark.skipif(
    not (DATA / "mlperf_power").is_dir(),
    reason="no reference data: set TALLYSTICK_REFERENCE_DATA to run on real power traces",
)
def test_the_flow_on_real_power_traces(tmp_path: Path) -> None:
    """Derived from MLPerf logs, not verified by MLCommons Association."""
    site = tmp_path / "meridian"
    run("site", "init", site, "--name", "Meridian")
    taken = run_json("site", "ingest", site, f"mlperf:{DATA / 'mlperf_power'}")
    closed = run_json("site", "close", site, "--period", "all")
    assert json.loads((site / "site.json").read_bytes())["clock"] == "simulated", "a recording is replayed"
    reference = closed["reference"]
    assert reference["adjusted_rand"] >= 0.9
    assert len(reference["known_flop"]) == 3
    for known in reference["known_flop"]:
        assert known["contained"]
        assert int(known["published"]) == 1_268_357_529_600_000_000_000
        assert int(known["upper"]) <= 7 * int(known["lower"])

    challenge, opening = tmp_path / "challenge.json", tmp_path / "opening.json"
    bundle, meter = closed["bundle"], taken["meter"]
    run(
        "inspect", "challenge", bundle, "--significant-quantity", "1e21", "--detection", "0.9",
        "--out", challenge,
    )  # fmt: skip
    run("site", "respond", site, challenge, "--out", opening, "--at-most", "1")
    concluded = run_json(
        "inspect", "conclude", bundle, "--challenge", challenge, "--opening", opening, "--meter", meter,
        status=1,
    )  # fmt: skip
    checks = {c["number"]: c for c in concluded["checks"]}
    assert checks[8]["ok"], "the second meter of the same runs agrees"
    assert all(checks[n]["ok"] for n in range(10, 18))
    assert checks[18]["ok"] is None, "no reference set for node power"
    assert checks[3]["ok"] is None, "nobody witnessed this site"
    assert concluded["conclusion"] == "unresolved", "node power alone does not tell enough"
    assert [f["code"] for f in concluded["findings"]] == ["F-15", "F-18"]


def test_help_loads_nothing_heavy() -> None:
    assert "inspect" in run("--help")
    heavy = "numpy|scipy|pyarrow|altair|jinja2|tallystick.site.close"
    script = "import sys, tallystick.cli.main; print([m for m in sys.argv[1].split('|') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script, heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_doctor_says_what_to_run_next() -> None:
    said = run_json("doctor")
    assert said["extras"]["site"]["installed"]
    assert said["next"].startswith("tallystick")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["site", "ingest", "nowhere", "simulate:honest"], "site init"),
        (["site", "close", "nowhere", "--period", "all"], "site init"),
        (["inspect", "verify", "nowhere.tally"], "cannot read"),
        (["inspect", "verify", str(Path(__file__))], "not canonical JSON"),
        (["site", "init", "x", "--name", "has space"], "unusable name"),
    ],
)
def test_one_clear_line_for_what_is_unusable(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", *arguments],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_call_that_is_wrong_still_prints_one_object() -> None:
    for arguments in (["site", "close"], ["site", "nothing"], ["demo", "--hours", "x"]):
        assert "error" in run_json(*arguments, status=2)


def test_keys_challenges_and_answers_that_do_not_fit(tmp_path: Path) -> None:
    site = tmp_path / "s"
    key = run_json("site", "init", site, "--name", "S")["key"]
    run("site", "ingest", site, "simulate:honest,seed=205,accelerators=16,hours=1,traces=off")
    bundle = run_json("site", "close", site, "--period", "all")["bundle"]
    assert run_json("inspect", "verify", bundle, "--key", key)["ok"]
    other = run_json("site", "init", tmp_path / "t", "--name", "T")["key"]
    assert not run_json("inspect", "verify", bundle, "--key", other, status=1)["ok"]
    draw = ["inspect", "challenge", bundle, "--significant-quantity", "8e19", "--detection", "0.5", "--out"]
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    run(*draw, first)
    assert "file already" in run_json(*draw, first, status=2)["error"]["problem"]
    run("site", "respond", site, first, "--out", tmp_path / "opening.json", "--at-most", "1")
    run(*draw, second)
    answered = ["--challenge", second, "--opening", tmp_path / "opening.json"]
    problem = run_json("inspect", "conclude", bundle, *answered, status=2)["error"]["problem"]
    assert "another challenge" in problem


def test_unknown_sources_and_bad_amounts(tmp_path: Path) -> None:
    run("site", "init", tmp_path / "s", "--name", "S")
    for source in ("simulate:nothing", "prometheus:http://x", "parquet:/nowhere", "mlperf:/nowhere", "x"):
        assert "error" in run_json("site", "ingest", tmp_path / "s", source, status=2)

"""The regimes as a user types them: list, show, check from an inspection, lint."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

INSPECTION: dict[str, Any] = {
    "ok": True,
    "facts": [
        {"name": "accelerators", "lower": "512", "upper": "512", "claimed": "512", "verified": True},
        {
            "name": "training_flop",
            "lower": "1000000000000000000000",
            "upper": "8000000000000000000000000",
            "claimed": "3000000000000000000000",
            "verified": True,
        },
        {
            "name": "largest_run_flop",
            "lower": "900000000000000000000",
            "upper": "9000000000000000000000000",
            "claimed": "2500000000000000000000",
            "verified": False,
        },
        {
            "name": "undeclared_training_flop",
            "lower": "0",
            "upper": "5000000000000000000000000",
            "claimed": "0",
            "verified": True,
        },
    ],
    "conclusion": "unresolved",
}


def run(
    *arguments: str | Path, status: int = 0, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", "regimes", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=stdin,
        check=False,
    )
    assert done.returncode == status, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done


def test_list_keeps_binding_law_apart() -> None:
    binding = json.loads(run("list", "--at", "2026-11-24", "--json").stdout)["regimes"]
    everything = json.loads(run("list", "--all", "--at", "2026-11-24", "--json").stdout)["regimes"]
    assert {"eu.gpai_sr", "ca.sb53", "kr.basic"} <= {one["id"] for one in binding}
    assert {one["group"] for one in binding} == {"binding", "not_yet_effective"}
    assert {"prop.miri", "hist.baruch", "us.eo14110.model"} <= {one["id"] for one in everything}
    assert all(one["title"] and one["status"] for one in everything)
    text = run("list", "--all").stdout
    assert text.index("In force") < text.index("Bills") < text.index("Historic")


def test_show_prints_articles_and_doubts() -> None:
    text = run("show", "eu.gpai_sr").stdout
    assert "> 1e25 FLOP" in text
    assert "eu-2024-1689 Art. 51(2)" in " ".join(text.split())
    assert "Regulation (EU) 2024/1689 (OJ L, 12.7.2024)" in text
    assert "Doubts" in text
    page = json.loads(run("show", "hist.baruch", "--json").stdout)
    assert set(page["institution"]["terms_of_reference"]) == {
        "exchange_of_information",
        "peaceful_use",
        "elimination",
        "safeguards",
    }


def test_check_reads_an_inspection_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "inspection.json"
    path.write_text(json.dumps(INSPECTION))
    answer = json.loads(run("check", path, "--at", "2026-11-24", "--json").stdout)
    found = {one["regime"]: one for one in answer["results"]}
    assert found["eu.gpai_sr"]["claimed"] == "unknown", "other sites and periods are not known"
    assert {one["verified"] for one in found.values()} <= {"true", "false", "unknown"}
    assert all(one["status"] and isinstance(one["trace"], list) for one in found.values())
    assert {"id", "claimed", "verified", "clock", "reference"} <= set(found["eu.gpai_sr"]["obligations"][0])
    assert "not legal advice" in answer["notice"]
    same = run("check", "-", "--at", "2026-11-24", "--json", stdin=json.dumps(INSPECTION)).stdout
    assert json.loads(same) == answer


def test_a_breached_cap_gives_status_1_and_says_so(tmp_path: Path) -> None:
    cap = tmp_path / "my.cap.yaml"
    template = run_template("template.run_cap")
    cap.write_text(template.replace("template.run_cap", "my.cap").replace('"1e26"', '"1e21"', 1))
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(INSPECTION))
    done = run("check", path, "--with", cap, "--regime", "my.cap", "--at", "2026-11-24", status=1)
    assert (
        "BREACH    my.cap: The cap on training runs is breached (by the developer's own figures)"
        in done.stdout
    )
    run("check", path, "--with", "template.run_cap", "--regime", "template.run_cap", status=0)
    assert "> 1e26 FLOP" in run("show", "template.run_cap").stdout


def run_template(name: str) -> str:
    return run("show", name, "--source").stdout


def test_the_trace_names_text_article_edition_figures_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(
        "complete: true\nfacts:\n  compute.pretraining: 9e25\n  compute.synthetic_private: 1.2e25\n"
    )
    text = run("check", path, "--regime", "ca.sb53", "--at", "2026-11-24", "--trace").stdout
    joined = " ".join(text.split())
    assert "literal reading false, synthetic reading true" in joined
    assert "not counted (the text is silent): synthetic private 1.2e25" in joined
    assert "1.02e26 > 1e26 FLOP" in joined


def test_dates_past_and_known(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("compute.pretraining: 2e26\n")
    old = json.loads(run("check", path, "--at", "2024-06-01", "--known-on", "2024-06-01", "--json").stdout)[
        "results"
    ]
    assert "us.eo14110.model" in {one["regime"] for one in old if one["in_effect"]}
    assert "ca.sb53" not in {one["regime"] for one in old}


def test_lint_is_clean_and_says_what_is_wrong_with_file_and_line(tmp_path: Path) -> None:
    assert run("lint").stdout.endswith("0 warnings\n")
    bad = tmp_path / "template.run_cap.yaml"
    bad.write_text(run_template("template.run_cap").replace("sunset: open", "sunset: open\nsunsett: open"))
    done = run("lint", bad, status=1)
    assert f"{bad}:14: file: unknown key 'sunsett'. Mend: did you mean sunset?" in done.stdout
    report = json.loads(run("lint", bad, "--json", status=1).stdout)
    assert report["problems"][0]["level"] == "error"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "eu.gpai_srr"), "did you mean eu.gpai_sr?"),
        (("check", "nowhere.json"), "nowhere.json"),
        (("list", "--at", "yesterday"), "not a date"),
        (("list", "--kind", "laws"), "no kind"),
        (("check", "-", "--margin", "much"), "not a number"),
    ],
)
def test_what_is_unusable_gives_status_2_and_a_mend(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments, status=2, stdin="{}")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "facts.json"
    os.mkfifo(pipe)
    assert "not a regular file" in run("check", pipe, status=2).stderr
    assert "not a regular file" in run("check", "-", "--with", pipe, status=2, stdin="{}").stderr


def test_a_fault_of_our_own_is_no_failed_check() -> None:
    """Status 1 would say that a cap is breached."""
    code = (
        "import sys, tallystick.cli.main as main\n"
        "def broken():\n    return broken()\n"
        "main.app = broken\n"
        "sys.argv = ['tallystick', '--json']\n"
        "main.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70, done.stderr
    assert "RecursionError" in json.loads(done.stdout)["error"]["problem"]
    assert done.stderr.count("\n") == 1


def test_a_claim_below_a_cap_gives_status_0_and_is_not_called_kept(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("site.largest_run_flop: 1e20\n")
    arguments = (
        "check",
        path,
        "--with",
        "template.run_cap",
        "--regime",
        "template.run_cap",
        "--at",
        "2026-11-24",
    )
    done = run(*arguments)
    words = " ".join(done.stdout.split())
    assert 'UNPROVEN template.run_cap: you claim no breach ("The cap on training runs is breached")' in words
    assert "no signature is checked" in done.stdout
    assert json.loads(run(*arguments, "--json").stdout)["breach"] == "unknown"


def test_an_inspection_and_a_file_of_ones_own_are_read_as_one(tmp_path: Path) -> None:
    inspection, own, other = (tmp_path / name for name in ("inspection.json", "own.yaml", "other.yaml"))
    inspection.write_text(json.dumps(INSPECTION))
    own.write_text("roles.provider: true\njurisdictions.de.places_on_market: true\n")
    options = ("--at", "2026-11-24", "--regime", "eu.gpai_sr", "--json")
    answer = json.loads(run("check", inspection, own, *options).stdout)
    assert answer["results"][0]["binds"]["claimed"] == "true"
    assert "ties to DE count as ties to EU too" in " ".join(answer["warnings"])
    assert json.loads(run("check", inspection, "-", *options, stdin=own.read_text()).stdout) == answer
    other.write_text("roles.provider: false\n")
    done = run("check", own, other, status=2)
    assert f"{own}: roles.provider is true here, and false in {other}. Mend: " in done.stderr
    assert run("check", other, own, status=2).stderr == done.stderr
    assert done.stderr.count("\n") == 1


def test_an_example_of_facts_is_printed_and_can_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(run("show", "facts", "--source").stdout)
    assert "2 bring duties" in run("check", path, "--at", "2026-11-24").stdout
    assert "schema: developer/1" in run("show", "developer", "--source").stdout
    words = " ".join(run("check", "--help").stdout.split())
    assert "tallystick regimes show facts --source" in words
    assert "may be repeated" in words.partition("--kind")[2].partition("--regime")[0]


@pytest.mark.parametrize(
    ("margin", "mend"), [("80", "did you mean 0.8?"), ("1.5", "did you mean 0.015?"), ("800", "write 0.8")]
)
def test_a_margin_is_a_share_and_no_percentage(margin: str, mend: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("compute.run: 9e25\n")
    assert mend in run("check", path, "--margin", margin, status=2).stderr


def test_a_template_is_sent_to_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("compute.run: 9e25\n")
    refused = run("check", path, "--regime", "template.run_cap", status=2).stderr
    assert "template.run_cap is a template" in refused
    assert "--with template.run_cap.yaml" in refused
    assert (
        "1 regime on"
        in run("check", path, "--with", "template.run_cap", "--regime", "template.run_cap").stdout
    )


def test_a_file_for_another_command_is_named_for_what_it_is(tmp_path: Path) -> None:
    facts, regime, profile = (tmp_path / name for name in ("f.yaml", "template.run_cap.yaml", "p.yaml"))
    facts.write_text("compute.run: 1e24\n")
    regime.write_text(run_template("template.run_cap"))
    profile.write_text(run_template("developer"))
    assert "this is a facts file, not a regime file. Mend: `tallystick regimes check`" in (
        run("lint", facts, status=1).stdout
    )
    assert "`tallystick regimes compare` reads it" in run("lint", profile, status=1).stdout
    assert "this is a regime file, not a facts file" in run("check", regime, status=2).stderr
    assert "`tallystick regimes compare` reads it" in run("check", profile, status=2).stderr


def test_a_region_that_is_none_is_refused_and_says_what_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("jurisdictions.Atlantis.develops: true\n")
    message = run("check", path, status=2).stderr
    assert "region 'Atlantis' is not known" in message
    assert "a member of the EU counts as EU too" in message

"""``tallystick strategy`` as it is typed."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import tallystick
from tallystick.cli.main import main

PROFILES = Path(tallystick.__file__).parent / "strategy" / "data" / "profiles"
VECTOR = Path(__file__).parents[1] / "vectors" / "technology_profile.json"
FEW = ("--draws", "256")
PAIR = ("--profiles", "fictional/arden", "--profiles", "fictional/borealis")
#: The command answered, with a robust no or without.
ANSWERED = -1
PICTURES = ("gates", "tornado", "frontier", "coalitions")


def run(*arguments: str | Path, status: int = 0) -> str:
    """The command in this process; what it prints, or its error where ``status`` is 2."""
    said, error = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["tallystick", "strategy", *map(str, arguments)]
    try:
        with redirect_stdout(said), redirect_stderr(error), pytest.raises(SystemExit) as end:
            main()
    finally:
        sys.argv = before
    answered = status == ANSWERED and end.value.code in (0, 1, None)
    assert answered or (end.value.code or 0) == status, said.getvalue()[-800:] + error.getvalue()
    return error.getvalue() if status == 2 else said.getvalue()


def test_the_command_starts_without_loading_what_computes() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tallystick", "strategy", "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "require" in done.stdout
    assert "numpy" not in done.stderr


def as_json(*arguments: str | Path, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json", status=status))
    return found


def own_state(folder: Path, **changes: str) -> Path:
    """The shipped leader under another name, with some lines changed."""
    text = (PROFILES / "fictional" / "arden.yaml").read_text().replace("name: Arden", "name: Mine")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "mine.yaml"
    path.write_text(text)
    return path


def test_assess_has_the_keys_that_others_read_and_a_robust_no_is_status_1() -> None:
    found = as_json("assess", "hist.baruch", *FEW, status=1)
    keys = {"name", "share", "verdict", "binding_gate", "breaks_at_stage"}
    assert all(keys <= set(state) for state in found["states"])
    assert {"drivers", "placebo", "clubs", "leaves_first", "unmatched", "support", "abstains"} <= set(found)
    soviet = next(state for state in found["states"] if state["name"] == "USSR")
    assert soviet["verdict"] == "robust no"
    assert found["proposer"] == "US"
    assert any("CHANGES.md" in warning for warning in found["warnings"])


def test_text_calls_a_share_a_share_and_says_what_it_rests_on() -> None:
    text = run("assess", "prop.miri_isia", *PAIR, *FEW, status=ANSWERED)
    assert "share of an ensemble, not a probability" in text
    for part in (
        "binding: ",
        "Leaves first",
        "early deal",
        "neither measured nor documented",
        "Placebo",
        "Past cases",
    ):
        assert part in text
    assert "CHANGES.md" not in text


def test_outside_the_support_the_model_abstains_and_the_status_is_0() -> None:
    found = as_json("assess", "demo.mutual_cap", *PAIR, *FEW)
    assert found["abstains"]
    assert found["verdict"] == "abstains"
    assert found["verdict_by_share"] == "robust no"
    assert {state["verdict"] for state in found["states"]} == {"abstains"}
    text = " ".join(run("assess", "demo.mutual_cap", *PAIR, *FEW).split())
    assert "abstains (its share alone: robust no)" in text
    assert f"(distance {found['support']['distance']:.3f}, limit {found['support']['limit']:.3f})" in text


def test_a_seed_below_0_is_no_seed() -> None:
    assert "seed" in run("backtest", "--seed", "-5", status=2)


def test_words_of_the_text_are_given_states_with_as() -> None:
    without = as_json("assess", "prop.miri", *PAIR, *FEW, status=ANSWERED)
    named = as_json(
        "assess", "prop.miri", *PAIR, *FEW, "--as", "US=Arden", "--as", "China=borealis", status=ANSWERED
    )
    assert "China" in without["unmatched"]
    assert "China" not in named["unmatched"]
    assert without["states"] != named["states"]


def test_a_measured_profile_brings_its_origins_and_hash() -> None:
    found = as_json("assess", "demo.mutual_cap", *PAIR, *FEW, "--technology", VECTOR, status=ANSWERED)
    assert json.loads(VECTOR.read_text())["hash"] in found["digests"].values()
    assert found["origins"]["not measured"] >= 1


def test_a_profile_of_ones_own_stands_beside_a_shipped_one(tmp_path: Path) -> None:
    own = own_state(tmp_path)
    found = as_json("assess", "demo.mutual_cap", "--profiles", own, "--profiles", "fictional/cindra", *FEW)
    assert [state["name"] for state in found["states"]] == ["Mine", "Cindra"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("assess", "hist.baruc"), "did you mean hist.baruch"),
        (("assess", "a" * 5000), "no regime"),
        (("assess", "."), "Is a directory"),
        (("mend", "hist.npt", "--profiles", "fictional"), "--as WORD=Arden"),
        (("require", "hist.baruch", "--technology", str(PROFILES / "1946" / "us.yaml")), "not a technology"),
        (("assess", "hist.baruch", "--draws", "1000"), "power of two"),
        (("assess", "hist.baruch", "--draws", "128"), "256 or more"),
        (("mend", "hist.baruch", "--draws", "2"), "256 or more"),
        (("assess", "ny.raise"), "no institution block"),
        (("require", "us.ear.3A090"), "no institution block"),
        (("assess", "hist.baruch", "--proposer", "Mars"), "one of leader"),
        (("assess", "hist.baruch", "--as", "US"), "WORD=STATE"),
        (("assess", "hist.baruch", "--profiles", "atlantis"), "no profile"),
        (("require", "hist.baruch", "--technology", "nowhere.json"), "nowhere.json"),
        (("require", "hist.baruch", "--profiles", "1946/us"), "fewer than two states"),
        (("explain", "hist.inf", "--profiles", "1946", "--profiles", "1946"), "different names"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_mend(arguments: tuple[str, ...], said: str) -> None:
    error = run(*arguments, status=2)
    assert said in error
    assert error.count("\n") == 1


def test_a_bare_number_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    text = (PROFILES / "fictional" / "arden.yaml").read_text()
    start = text.index("  trust:")
    path = tmp_path / "bare.yaml"
    path.write_text(text[:start] + "  trust: 0.5\n" + text[text.index("  orders:") :])
    error = run("assess", "demo.mutual_cap", "--profiles", path, "--profiles", "fictional/cindra", status=2)
    assert "bare value" in error
    assert "source: assumed" in error
    assert "bare.yaml:" in error


def test_a_huge_profile_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: takes no room, and would take three gigabytes to read
    error = run("assess", "demo.mutual_cap", "--profiles", path, "--profiles", "fictional/cindra", status=2)
    assert "limit" in error


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
    assert "anchor" in run("assess", path, status=2)


def test_mend_names_who_gains_and_who_pays() -> None:
    found = as_json("mend", "hist.baruch", *FEW, "--most", "2")
    assert found["smallest"]["clauses"] == ["inspection_first", "national_ownership"]
    assert {"gains", "pays", "before", "after"} <= set(found["smallest"]["states"][0])
    assert found["tried"]["1"] == len(found["clauses"])
    text = run("mend", "hist.baruch", *FEW, "--most", "2")
    assert "USSR gains" in text
    assert "In the model: every stage is inspected." in " ".join(text.split())


def test_require_says_plainly_that_no_technology_suffices() -> None:
    found = as_json("require", *FEW)
    assert found["regime"] == "demo.mutual_cap"
    assert found["suffices"] is False
    assert found["headline"].startswith("No level of technology makes it hold")
    assert {gap["axis"] for gap in found["gaps"]} == {
        "detection",
        "detection_hidden",
        "false_alarm",
        "delay_years",
        "leakage",
    }
    assert all(gap["origin"] == "not measured" for gap in found["gaps"])
    assert found["surface"]["axes"] == ["detection", "false_alarm", "delay_years", "leakage"]


def test_explain_prints_every_formula_input_and_term() -> None:
    found = as_json("explain", "hist.baruch")
    assert len(found["gates"]) == 6
    assert all(entry["source"] and entry["why"] for entry in found["inputs"])
    assert [stage["id"] for stage in found["terms"]["stages"]][-1] == "weapons"
    assert "coded" not in run("explain", "hist.baruch").lower()[:40]


def test_history_prints_the_warning_the_placebo_and_the_misses() -> None:
    text = run("history", *FEW, "--boxes", "16")
    assert text.index("CHANGES.md") < text.index("hist.baruch")
    assert "of 16 random boxes" in text
    assert "Misses" in text
    found = as_json("history", *FEW, "--boxes", "16")
    assert {case["regime"] for case in found["cases"]} >= {"hist.baruch", "hist.gromyko", "hist.soviet_1947"}


def test_the_report_needs_nothing_from_outside_and_takes_no_markup(tmp_path: Path) -> None:
    own = own_state(tmp_path, **{"name: Mine": 'name: "<b>Mine</b>"'})
    out = tmp_path / "out"
    text = run(
        *("assess", "demo.mutual_cap", "--profiles", own, "--profiles", "fictional/cindra"),
        *(*FEW, "--out", out),
    )
    assert "report.html" in text
    for name in PICTURES:
        assert (out / f"{name}.svg").stat().st_size > 1000
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    for name in ("report.html", "memo.html"):
        page = (out / name).read_text()
        assert "<b>Mine" not in page
        assert "&lt;b&gt;Mine" in page
        assert "<script" not in page
        assert "src=" not in page
        assert "default-src 'none'" in page
        assert "not probabilities" in page
    memo = (out / "memo.md").read_text()
    assert memo.count("\n## ") == 5
    assert "\\<b\\>Mine" in memo
    assert json.loads((out / "mend.json").read_text())["regime"] == "demo.mutual_cap"

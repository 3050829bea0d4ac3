"""Institutions: stages coded, notes and codes kept, and the table over all regimes."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD
from typer.testing import CliRunner

from tallystick.cli.regimes import app
from tallystick.errors import InputError
from tallystick.regimes.files.institution_shape import HEADS
from tallystick.regimes.law.institution import Effects, Institution
from tallystick.regimes.library import load_all, load_instrument
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.wording.institution_table import (
    institutions_json,
    institutions_text,
    with_institution,
)
from tallystick.regimes.wording.institution_terms import terms_text

AT = date(2026, 11, 24)

STAGE = """institution:
  decisions:
    sanctions: {rule: automatic_unless_voted_down, automatic: yes, confidence: S, note: "By silence", reference: [act#art-7]}
  stages:
    - {id: first, title: First, note: "As told", confidence: R, effects: {reveals: [US], limits: [all], verified_first: no, confidence: J, note: "Read so"}, reference: [act#art-8]}
sources:
"""  # noqa: E501


def institution_of(name: str) -> Institution:
    found = load_all().get(name).institution
    assert found is not None
    return found


def written(folder: Path, block: str) -> Path:
    path = folder / "test.good.yaml"
    path.write_text(GOOD.replace("sources:\n", block, 1))
    return path


def effects(name: str) -> dict[str, Effects]:
    found = {stage.id: stage.effects for stage in institution_of(name).stages}
    return {stage: one for stage, one in found.items() if one is not None}


def test_every_stage_of_every_file_is_coded() -> None:
    stages = [(one.id, stage) for one in load_all() if one.institution for stage in one.institution.stages]
    assert len(stages) > 60
    assert [(name, stage.id) for name, stage in stages if stage.effects is None] == []


def test_who_disarms_when_and_after_what_is_coded_in_1946() -> None:
    baruch, gromyko = effects("hist.baruch"), effects("hist.gromyko")
    assert [stage for stage, one in baruch.items() if one.disarms] == ["weapons"]
    assert list(baruch)[-1] == "weapons"
    assert baruch["weapons"].verified_first
    assert [one.transfers for one in baruch.values()] == [(), (), ("all",), ("all",), ("US",)]
    assert [stage for stage, one in gromyko.items() if one.disarms] == ["destruction"]
    assert gromyko["destruction"].disarms == ("US",)
    assert not any(one.verified_first or one.transfers for one in gromyko.values())


def test_the_coding_says_that_it_is_a_judgement() -> None:
    assert {
        one.confidence for name in ("hist.inf", "hist.npt", "prop.miri") for one in effects(name).values()
    } == {"J"}


def test_snapback_is_a_rule_of_its_own() -> None:
    sanctions = institution_of("hist.jcpoa").decisions["sanctions"]
    assert (sanctions.rule, sanctions.automatic) == ("automatic_unless_voted_down", "yes")
    assert sanctions.confidence == "V2", "its sources were not read themselves"
    assert "unless the Council adopts a resolution" in sanctions.note


def test_notes_and_codes_are_kept(tmp_path: Path) -> None:
    one = load_instrument(written(tmp_path, STAGE)).institution
    assert one is not None
    decision, stage = one.decisions["sanctions"], one.stages[0]
    assert (decision.confidence, decision.note) == ("S", "By silence")
    assert (stage.confidence, stage.note) == ("R", "As told")
    assert stage.effects == Effects(("US",), (), (), ("all",), False, "J", "Read so")
    assert one.as_json()["stages"][0]["effects"]["reveals"] == ["US"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("verified_first: no, ", "", "verified_first is missing"),
        ("reveals: [US]", "reveal: [US]", "did you mean reveals"),
        ("verified_first: no", "verified_first: perhaps", "'perhaps' is not known"),
        ('note: "As told", confidence: R', "confidence: J", "'J' is not known"),
        ("automatic_unless_voted_down", "snapback", "'snapback' is not known"),
    ],
)
def test_bad_stages_are_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in STAGE
    with pytest.raises(InputError, match=message):
        load_instrument(written(tmp_path, STAGE.replace(old, new)))


def test_a_stage_that_is_left_uncoded_among_coded_ones_is_a_warning(tmp_path: Path) -> None:
    second = "    - {id: second, title: Second, reference: [act#art-9]}\nsources:\n"
    report = lint_files([written(tmp_path, STAGE.replace("sources:\n", second))])
    assert report.ok
    assert any("stage second has no effects" in problem.problem for problem in report.problems)


def test_the_table_has_every_institution_and_the_four_heads() -> None:
    regimes = tuple(load_all())
    table = {one["id"]: one for one in institutions_json(regimes, AT)["institutions"]}
    assert list(table) == [one.id for one in with_institution(regimes)]
    assert len(table) > 25
    without = institutions_json(regimes, AT)["without_institution"]
    assert sorted([*table, *without]) == sorted(one.id for one in regimes)
    heads = {
        name: [head["covered"] for head in one["terms_of_reference"].values()] for name, one in table.items()
    }
    assert heads["hist.baruch"] == ["partial", "full", "partial", "full"]
    assert heads["hist.gromyko"] == ["partial", "partial", "full", "none"]
    assert table["hist.baruch"]["decisions"]["sanctions"]["rule"] == "majority"
    assert table["prop.miri.stage"]["decisions"]["sanctions"] is None
    assert table["hist.gromyko"]["stages"][1]["disarms"] == ["US"]


def test_every_regime_has_the_four_heads_with_or_without_an_institution() -> None:
    data = institutions_json(tuple(load_all()), AT)
    laws = {one["id"]: one for one in data["coverage_from_duties"]}
    assert list(laws) == data["without_institution"]
    for one in laws.values():
        assert set(one["terms_of_reference"]) == set(HEADS)
    sb53 = laws["ca.sb53"]["terms_of_reference"]
    assert sb53["elimination"] == {"covered": "none", "duties": []}
    assert sb53["safeguards"]["covered"] == "partial"
    assert laws["ca.sb53"]["authorities"] == ["ca_oes", "law_enforcement"]
    assert "Attorney General" in laws["ca.sb53"]["penalties"][0]


def test_the_command_prints_the_table() -> None:
    done = CliRunner().invoke(app, ["institutions", "--json", "--at", "2026-11-24"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == institutions_json(tuple(load_all()), AT)


def rows_of(text: str) -> dict[str, str]:
    """Line by first word; the first line of each counts."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.strip():
            found.setdefault(line.split()[0], line)
    return found


def test_the_text_of_the_table_says_the_same() -> None:
    text = institutions_text(tuple(load_all()), AT)
    rows = rows_of(text)
    assert rows["hist.baruch"].endswith("p f p f")
    decides = rows_of(text.split("who decides on")[1])
    assert "majority, automatic" in decides["hist.baruch"]
    assert "unless voted down" in decides["hist.jcpoa"]
    assert "challenge" in rows["rights:"]
    assert max(map(len, text.splitlines())) <= 100


def test_who_can_block_is_named() -> None:
    text = institutions_text(tuple(load_all()), AT).split("Who can block\n")[1].split("\n\n")[0]
    assert "  hist.gromyko: sanctions: US, USSR, UK, France, China" in text
    assert "hist.baruch" not in text
    assert "prop.narrowpath: operations: permanent members of the Executive Board" in text


@pytest.mark.parametrize(
    ("at", "heading", "status"),
    [
        (date(1947, 1, 1), "Proposals", "proposed 1946-12-30"),
        (AT, "Historic", "vetoed 1948-06-22"),
        (date(1940, 1, 1), "Did not exist on that day", "not yet"),
    ],
)
def test_living_and_dead_proposals_stand_apart(at: date, heading: str, status: str) -> None:
    lines = institutions_text(tuple(load_all()), at).splitlines()
    index = next(i for i, line in enumerate(lines) if line.split()[:1] == ["hist.baruch"])
    above = next(line for line in reversed(lines[:index]) if not line.startswith(" "))
    assert above.startswith(heading)
    assert status in lines[index]


def test_what_was_only_recalled_is_marked() -> None:
    text = institutions_text(tuple(load_all()), AT)
    assert " sR " in rows_of(text)["hist.soviet_1947"]
    decides = rows_of(text.split("who decides on")[1])
    assert decides["hist.soviet_1947"].count("[R]") == 2
    assert "[" not in decides["hist.baruch"]
    found = {one["id"]: one for one in institutions_json(tuple(load_all()), AT)["institutions"]}
    assert found["hist.soviet_1947"]["decisions"]["findings"]["confidence"] == "R"


def test_one_regime_in_full_says_how_and_in_which_article() -> None:
    regimes = load_all()
    text = terms_text([regimes.get("hist.gromyko"), regimes.get("ca.sb53")], AT)
    flat = " ".join(text.split())
    assert "veto of US, USSR, UK, France, China (" in flat
    assert "1946, elimination of weapons: full." in flat
    assert "Must not prevent or punish disclosures by covered employees (ca-lab" in flat
    assert "1946, elimination of weapons: none" in flat
    done = CliRunner().invoke(app, ["institutions", "hist.gromyko"])
    assert done.exit_code == 0
    assert "1946" in done.stdout

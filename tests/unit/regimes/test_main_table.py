"""Every instrument of the survey is there, with its status and code, or with a departure that is recorded."""

from datetime import date
from pathlib import Path

import pytest

from tallystick.regimes.law.status import status_at
from tallystick.regimes.library import load_all

AT = date(2026, 11, 24)
RECORD = Path(__file__).parents[3] / "docs/decisions/0006-where-regime-files-depart-from-the-survey.md"
IN_FORCE = "in_force applies enforceable"

#: id, statuses of our vocabulary that the survey's words allow, code of the survey (the weaker of two).
SURVEY = f"""
eu.gpai|enforceable|V1
eu.gpai_sr|enforceable|V1
eu.modifier|{IN_FORCE}|V1
eu.reach|{IN_FORCE}|V1
us.eo14110.model|revoked|V1
us.eo14110.cluster|revoked|V1
us.bis.nprm|proposed lapsed|V2
us.diffusion.4E091|not_enforced|V2
us.diffusion.lpp|not_enforced|R
us.bis.2026-01|{IN_FORCE}|V2
us.bis.draft-2026-03|withdrawn|V2
us.ear.3A090|{IN_FORCE}|R
us.iaas_kyc|proposed|R
us.eo14365|{IN_FORCE}|V2
us.eo14409|{IN_FORCE}|V1
us.chip_security|proposed|V2
us.gain|lapsed|V2
us.gaaia|proposed|V2
us.frontier|proposed|V2
us.killswitch|proposed|V2
us.hawley_blumenthal|proposed|R
ca.sb53|{IN_FORCE}|V2
ca.sb1047|vetoed|V1
ny.raise|enacted_not_effective|V2
ny.raise.2025|superseded|V1
il.aisma|enacted_not_effective|V2
ct.sb5|{IN_FORCE}|V2
kr.basic|in_force applies|V2
cn.genai|{IN_FORCE}|R
cn.label|{IN_FORCE}|S
cn.csl|{IN_FORCE}|V2
cn.anthropomorphic|{IN_FORCE}|V2
cn.ai_law|none|V2
jp.promotion|{IN_FORCE}|R
uk|none|V2
br|proposed|S
in|adopted|R
ca|in_force|S
sg|in_force|R
vn|adopted|S
coe.cets225|adopted enacted_not_effective|V2
un|in_force|V2
waico|adopted|V2
us-cn|none|V2
g7.hiroshima|in_force|R
seoul|in_force|R
prop.miri|proposed|V1
prop.miri.stage|proposed|S
prop.aguirre|proposed|R
prop.narrowpath|proposed|R
hist.baruch|vetoed|V2
hist.gromyko|proposed lapsed|V2
prop.magic|proposed|R
prop.iaea_openai|proposed|R
prop.hlab|proposed|R
prop.iaio|proposed|R
prop.taisc|proposed|R
prop.conditional_treaty|proposed|R
prop.superintelligence_statement|proposed|R
prop.pacing_letter|proposed|V2
prop.amodei_pace|proposed|R
prop.verification_layers|proposed|R
"""
#: Named by the survey beside its table.
BESIDE = ("hist.acheson_lilienthal", "hist.soviet_1947", "prop.miri_isia")

#: Files whose code is not the survey's, and theirs.
DEPARTURES = {
    "ca.sb53": "V1",
    "ny.raise": "V1",
    "il.aisma": "V1",
    "us.ear.3A090": "V1",
    "us.hawley_blumenthal": "V2",
    "prop.aguirre": "S",
    "prop.narrowpath": "V2",
    "prop.hlab": "V2",
    "prop.iaea_openai": "V2",
    "prop.iaio": "V2",
    "prop.superintelligence_statement": "V2",
    "prop.conditional_treaty": "S",
    "prop.amodei_pace": "S",
    "prop.miri.stage": "X",
}
ROWS = [row.split("|") for row in SURVEY.strip().splitlines()]


@pytest.mark.parametrize(("name", "statuses", "code"), ROWS, ids=[row[0] for row in ROWS])
def test_every_instrument_is_there_with_its_status_and_code(name: str, statuses: str, code: str) -> None:
    one = load_all().get(name)
    entry = status_at(one, AT, None)
    assert entry is not None
    assert entry.value in statuses.split()
    assert one.confidence == DEPARTURES.get(name, code)


def test_departures_differ_from_the_survey_and_are_recorded() -> None:
    surveyed = {name: code for name, _, code in ROWS}
    text = RECORD.read_text(encoding="utf-8")
    for name, code in DEPARTURES.items():
        assert surveyed[name] != code, name
        assert f"`{name}`" in text, name


def test_the_proposals_of_1946_and_the_second_draft_are_there() -> None:
    assert {one.id for one in load_all()} >= set(BESIDE)


def test_values_that_the_survey_and_files_hold_apart_keep_their_own_codes() -> None:
    aguirre = load_all().get("prop.aguirre").parameters
    codes = {name: {value.confidence for value in one.values} for name, one in aguirre.items()}
    assert codes["cap_training"] == codes["cap_rate"] == {"V2"}
    assert {"R"} in codes.values()

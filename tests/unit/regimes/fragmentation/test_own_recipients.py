"""A law of a new place names its authority in words; the vocabulary of the package need not know it."""

from datetime import date
from pathlib import Path

import pytest

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import parse_yaml
from tallystick.regimes.fragmentation.comparison import compare
from tallystick.regimes.fragmentation.profile import profile_of
from tallystick.regimes.library import load_all
from tallystick.reporting.regimes.report import drawings_of, render

AT = date(2026, 11, 24)
NAME = "Attorney General of Rhode Island"
LAW = """schema: regime/1
id: ri.x
title: An invented act
jurisdiction: US-RI
kind: law
binding: true
confidence: V1
summary: Deployers report incidents.
status: [{date: 2026-01-01, value: applies, reference: [act#sec-9]}]
sunset: open
verified: {on: 2026-11-24, how: V1}
binds: {roles: [developer], nexus: {any: [jurisdictions.deploys]}, region: US-RI, reference: [act#sec-1]}
obligations:
  - id: report
    title: Register before release
    deontic: must
    to: [RECIPIENT, competent_authority]
    event: release
    clock: {before: release}
    satisfies: registration
    reference: [act#sec-2]
sources: {act: {title: "An invented act", read: V1}}
"""
PROFILE = """schema: developer/1
name: Tern
roles: [developer]
ties: {US-RI: [deploys]}
models: [{name: Tern 1, complete: true, compute: {pretraining: "1e24"}}]
"""


def law(folder: Path, recipient: str) -> Path:
    path = folder / "ri.x.yaml"
    path.write_text(LAW.replace("RECIPIENT", recipient))
    return path


def test_it_is_read_counted_and_shown_by_its_name(tmp_path: Path) -> None:
    regimes = load_all([law(tmp_path, NAME)])
    found = compare(profile_of(parse_yaml(PROFILE.encode(), "p.yaml"), regimes.vocabulary), regimes, AT)
    assert found.today.filings == 2
    assert {to for work in found.today.merged for to in work.filings} == {
        NAME,
        "competent_authority in US-RI",
    }
    page = render(found, drawings_of(found))
    assert NAME in page
    assert "The competent authority of the region (US-RI)" in page
    assert "competent_authority" not in page


@pytest.mark.parametrize("recipient", ["ri_ag", "oes"])
def test_a_code_that_nobody_knows_is_refused_with_the_way_out(tmp_path: Path, recipient: str) -> None:
    with pytest.raises(InputError, match="in words that begins with a capital"):
        load_all([law(tmp_path, recipient)])

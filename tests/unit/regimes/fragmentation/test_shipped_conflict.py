"""The shipped pair of duties that cannot both be met: documents kept in China, asked for in Brussels."""

from datetime import date

import pytest

from tallystick.regimes.files.yaml_file import parse_yaml
from tallystick.regimes.fragmentation.comparison import compare
from tallystick.regimes.fragmentation.profile import profile_of
from tallystick.regimes.library import load_all

PROFILE = """
schema: developer/1
name: Heron (fictional)
roles: [developer, provider]
ties: {CN: [established, develops], EU: [places_on_market]}
facts: {developer.documentation_stored_in_china: STORED, developer.china_approved_handover: APPROVED}
models:
  - name: Heron 1
    complete: true
    compute: {pretraining: "5e24"}
    facts: {model.generates_language: true, model.open_source_licence: false}
"""
PAIR = {"cn.dsl/no_foreign_handover", "eu.gpai/technical_documentation"}


@pytest.mark.parametrize(
    ("stored", "approved", "collide"),
    [("true", "false", True), ("true", "true", False), ("false", "false", False)],
)
def test_documentation_kept_in_china_collides_with_a_request_of_the_ai_office(
    stored: str, approved: str, collide: bool
) -> None:
    regimes = load_all()
    text = PROFILE.replace("STORED", stored).replace("APPROVED", approved)
    developer = profile_of(parse_yaml(text.encode(), "test"), regimes.vocabulary)
    found = compare(developer, regimes, date(2026, 11, 24))
    pairs = [{one.first.key, one.second.key} for one in found.collisions]
    assert pairs == ([PAIR] if collide else [])
    assert all(one.declared and one.reference for one in found.collisions)

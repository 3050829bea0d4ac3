"""Three small regimes and a developer, made up so that every count can be worked out by hand.

West (US-CA) and North (US-NY, from 2027) follow the wording of the state acts; East (EU) counts cumulatively.

Due on 2026-11-24 for Tern 1, 9e25 + 1.2e25 of private synthetic data, and Tern 2, 2e26:
  West   report an incident (15 days, OES), framework (written and published), transparency report    4 works
  East   notify (14 days), no transparency report                                                     1 work
and from 2027-01-01 North: report an incident (72 hours, to DFS), framework, registration              4 works
Alone 9 deliverables; merged 6: incident, framework, its publication, transparency, notice, registration.
"""

from pathlib import Path

import pytest

from tallystick.regimes.files.yaml_file import parse_yaml
from tallystick.regimes.fragmentation.profile import Profile, profile_of
from tallystick.regimes.library import Regimes, collected, load_instrument, shipped_vocabulary

HEAD = """
schema: regime/1
id: {id}
title: {title}
jurisdiction: {region}
kind: law
binding: true
confidence: V1
summary: Made up for tests.
status:
  - {{date: 2025-01-01, value: adopted, known_on: 2025-01-01, reference: ["text#art-1"]}}
  - {{date: {applies}, value: applies, known_on: 2025-01-01, reference: ["text#art-1"]}}
sunset: open
verified: {{on: 2026-11-23, how: V1, by: the author}}
binds:
  roles: [developer]
  nexus: {{any: [{ties}]}}
  region: {region}
parameters:
  line:
    title: Compute
    unit: FLOP
    operator: ">"
    values:
      - {{from: 2025-01-01, value: "{line}", reference: ["text#art-2"], confidence: V1, edition: first}}
counting: {{compute.counted: {counting}}}
conditions:
  over:
    title: Over the line
    when: {{exceeds: [compute.counted, line]}}
    gives: covered
    reference: ["text#art-2"]
outcomes:
  covered: {{title: Covered, bound: true}}
sources:
  text: {{title: A text, url: "https://example.org/", edition: first, read: V1}}
cases:
  - {{name: over, at: 2027-06-01, facts: {{compute.pretraining: "9e26"}}, expect: {{covered: "true"}}}}
"""
ALL_TIES = "jurisdictions.established, jurisdictions.develops, jurisdictions.deploys"
DUTY = (
    "  - {{id: {id}, title: {id}, when: covered, deontic: {deontic}, to: {to}, event: {event}, {clock}"
    'satisfies: {satisfies}, reference: ["text#art-3"]}}\n'
)


def duty(
    id: str, to: str, satisfies: str, event: str = "always", clock: str = "", deontic: str = "must"
) -> str:
    """A line of YAML."""
    clock = f"clock: {clock}, " if clock else ""
    return DUTY.format(id=id, to=to, satisfies=satisfies, event=event, clock=clock, deontic=deontic)


WEST = (
    HEAD.format(
        id="test.west",
        title="West Act",
        region="US-CA",
        applies="2026-01-01",
        ties=ALL_TIES,
        line="1e26",
        counting="us_lineage",
    )
    + "obligations:\n"
    + duty("report", "ca_oes", "incident_report", "incident", "{within: P15D, from: [incident_discovered]}")
    + duty("framework", "public", "[safety_framework, publish_framework]")
    + duty("transparency", "public", "transparency_report", "release", "{before: release}")
)
NORTH = (
    HEAD.format(
        id="test.north",
        title="North Act",
        region="US-NY",
        applies="2027-01-01",
        ties=ALL_TIES,
        line="1e26",
        counting="us_lineage",
    )
    + "obligations:\n"
    + duty("report", "ny_dfs", "incident_report", "incident", "{within: PT72H, from: [incident_determined]}")
    + duty("framework", "public", "[safety_framework, publish_framework]")
    + duty("register", "ny_dfs", "registration")
    + "conflicts_with:\n"
    + '  - {obligation: register, with: test.west/report, reason: "made up", reference: ["text#art-4"]}\n'
)
EAST = (
    HEAD.format(
        id="test.east",
        title="East Act",
        region="EU",
        applies="2025-08-02",
        ties="jurisdictions.places_on_market",
        line="1e25",
        counting="eu_cumulative",
    )
    + "obligations:\n"
    + duty("notify", "eu_ai_office", "notify_threshold", "threshold", "{within: P14D, from: [threshold_met]}")
    + duty("silence", "public", "transparency_report", "release", deontic="must_not")
)
PROFILE = """
schema: developer/1
name: Tern (fictional)
roles: [developer]
ties: {US-CA: [established, develops], US-NY: [deploys], EU: [places_on_market]}
verified: [roles, ties]
models:
  - name: Tern 1
    complete: true
    compute: {pretraining: "7.0e25", reinforcement_learning: "2.0e25", synthetic_private: "1.2e25"}
  - name: Tern 2
    complete: verified
    compute: {pretraining: {claimed: "2e26", lower: "1.9e26", upper: "2.1e26", verified: true}}
"""


def profile(text: str = PROFILE) -> Profile:
    """The developer of that text."""
    return profile_of(parse_yaml(text.encode(), "profile.yaml"), shipped_vocabulary())


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Regimes:
    """The three regimes, read from files."""
    return regimes(tmp_path_factory.mktemp("regimes"))


def regimes(folder: Path, texts: tuple[str, ...] = (WEST, NORTH, EAST)) -> Regimes:
    """Regimes of these texts, written and read back."""
    found = []
    for index, text in enumerate(texts):
        path = folder / f"{index}.yaml"
        path.write_text(text)
        found.append(load_instrument(path))
    return collected(found)

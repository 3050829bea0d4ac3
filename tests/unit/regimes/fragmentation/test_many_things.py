"""Many models, clusters and exports: all pairs up to a number, beyond it each alone; never a wrong answer."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.fragmentation.three_regimes import WEST, profile, regimes

from tallystick.regimes.fragmentation import standing
from tallystick.regimes.fragmentation.comparison import compare
from tallystick.regimes.fragmentation.standing import Standing, stand
from tallystick.regimes.library import load_all, shipped_vocabulary
from tallystick.reporting.regimes.text import comparison_text

AT = date(2026, 11, 24)
HEAD = """
schema: developer/1
name: Many (fictional)
roles: [developer]
ties: {US-CA: [established, develops]}
"""
#: A model and a cluster each bring a duty, and one hangs on both at once.
BOTH = WEST.replace(
    "outcomes:\n",
    """  on_clusters:
    when: {is: cluster.colocated}
    gives: gathered
    reference: ["text#art-2"]
  on_both:
    when: {all: [{is: cluster.colocated}, {exceeds: [compute.counted, line]}]}
    gives: together
    reference: ["text#art-2"]
outcomes:
  gathered: {title: Gathered, bound: true}
  together: {title: Together, bound: true}
""",
).replace(
    "obligations:\n",
    """obligations:
  - {id: cluster, title: c, when: gathered, deontic: must, to: none, event: always, reference: ["text#art-2"]}
  - {id: pair, title: p, when: together, deontic: must, to: none, event: always, reference: ["text#art-2"]}
""",
)


def many(models: int, clusters: int, exports: int = 0) -> str:
    """The first model is above the line, the first cluster stands in one place; all names are alike."""
    lines = [HEAD.strip(), "models:"]
    lines += [
        f'  - {{name: T{i}, complete: true, compute: {{pretraining: "{"2e26" if i == 0 else "1e24"}"}}}}'
        for i in range(models)
    ]
    lines += ["clusters:"]
    lines += [
        f"  - {{name: T{i}, facts: {{cluster.colocated: {str(i == 0).lower()}}}}}" for i in range(clusters)
    ]
    if exports:
        lines += ["exports:", *(f'  - {{name: T{i}, facts: {{chips.tpp: "1"}}}}' for i in range(exports))]
    return "\n".join([*lines, ""])


def held(folder: Path, text: str) -> Standing:
    (one,) = regimes(folder, (BOTH,))
    return stand(one, profile(text), shipped_vocabulary(), AT)


def test_each_alone_says_the_same_or_that_it_cannot_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = many(4, 3)
    pairs = held(tmp_path, text)
    monkeypatch.setattr(standing, "MOST_SETS", 6)
    alone = held(tmp_path, text)
    assert (pairs.apart, len(pairs.facts)) == (False, 12)
    assert (alone.apart, len(alone.facts)) == (True, 7)
    exact = {duty.obligation.id: duty.claimed for duty in pairs.duties}
    found = {duty.obligation.id: duty.claimed for duty in alone.duties}
    assert found == exact | {"pair": None}
    assert exact["pair"] is True
    assert next(d for d in alone.duties if d.obligation.id == "report").models == ("T0",)


def test_the_most_that_a_profile_may_hold_is_compared_in_few_sets_and_says_so(tmp_path: Path) -> None:
    developer, found_regimes = profile(many(40, 40, 40)), regimes(tmp_path, (BOTH,))
    (one,) = found_regimes
    sets = standing.combinations(one, developer, shipped_vocabulary(), standing.Memory())
    assert (sets.apart, len(sets.facts)) == (True, 40 + 40)
    found = compare(developer, found_regimes, AT)
    assert "too many models, clusters and exports for all pairs" in " ".join(comparison_text(found).split())
    figures = {name for figure in found.figures.counted for name in figure.claimed}
    assert figures == {f"T{i}" for i in range(40)}


def test_shipped_regimes_never_take_more_sets_than_the_most() -> None:
    developer, vocabulary, memory = profile(many(40, 40, 40)), shipped_vocabulary(), standing.Memory()
    sets = [standing.combinations(one, developer, vocabulary, memory) for one in load_all()]
    assert max(len(found.facts) for found in sets) <= standing.MOST_SETS
    assert {found.apart for found in sets} == {False, True}

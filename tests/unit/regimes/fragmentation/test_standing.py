"""Standing against the shipped regimes: it says of every duty what an evaluation of the same facts says."""

from datetime import date

import pytest

from tallystick.regimes.fragmentation.comparison import asked
from tallystick.regimes.fragmentation.profile import read_profile
from tallystick.regimes.fragmentation.standing import Memory, stand
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.law.exact import disjunction
from tallystick.regimes.library import DATA, load_all


@pytest.mark.parametrize("at", [date(2024, 6, 1), date(2026, 3, 20), date(2026, 11, 24), date(2028, 6, 1)])
def test_duties_are_those_of_an_evaluation(at: date) -> None:
    regimes = load_all()
    profile = read_profile(DATA / "examples" / "developer.yaml", regimes.vocabulary)
    memory = Memory()
    compared = 0
    for one in asked(regimes, at, everything=True):
        standing = stand(one, profile, regimes.vocabulary, at, memory)
        results = [evaluate(one, facts, at) for facts in standing.facts.values()]
        for index, duty in enumerate(standing.held):
            assert duty.claimed == disjunction(r.duties[index].claimed for r in results), duty.key
            assert duty.verified == disjunction(r.duties[index].verified for r in results), duty.key
            compared += 1
        for name, truths in standing.outcomes.items():
            found = [o for r in results for o in r.outcomes if o.name == name]
            assert truths == (disjunction(o.claimed for o in found), disjunction(o.verified for o in found))
    assert compared > 50


def test_spans_agree_with_standing_on_any_day_within_them() -> None:
    regimes = load_all()
    profile = read_profile(DATA / "examples" / "developer.yaml", regimes.vocabulary)
    memory = Memory()
    for name in ("ca.sb53", "ny.raise", "il.aisma", "ct.sb5", "eu.gpai_sr"):
        one = regimes.get(name)
        spans = {
            d.key: d.spans for d in stand(one, profile, regimes.vocabulary, date(2026, 11, 24), memory).duties
        }
        for day in (date(2025, 3, 1), date(2026, 6, 1), date(2027, 6, 1), date(2028, 6, 1)):
            for duty in stand(one, profile, regimes.vocabulary, day, memory).duties:
                inside = [s for s in spans[duty.key] if s.since <= day and (s.until is None or day < s.until)]
                assert duty.claimed == (inside[0].claimed if inside else False), (duty.key, day)

"""No claim moves the verified side, and the order of files changes nothing."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.regimes.judging.check import Answer, Question, answer
from tallystick.regimes.judging.result import Crossing, Result
from tallystick.regimes.library import Regimes, load_all
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_merging import merged

DAY = date(2027, 2, 1)
TEMPLATES = ("template.run_cap", "template.pause", "template.licence", "template.cluster_registration")
REGIMES = ("eu.gpai_sr", "ca.sb53", "prop.miri", *TEMPLATES)
ACTS = ("developer.commission_designated",)
AMOUNTS = (
    *("compute.pretraining", "compute.fine_tuning", "compute.run", "compute.upstream", "cluster.h100e"),
    *("largest_run_flop", "training_flop", "undeclared_training_flop"),
)
TRUTHS = ("developer.licensed", "roles.developer", "model.generates_language", "cluster.declared")
DAYS = (None, *(DAY + timedelta(days=k) for k in (-400, -40, -3, 0)))


@st.composite
def statements(draw: st.DrawFn, most: int = 6) -> list[dict[str, Any]]:
    """Facts with bounds, claims and days, each name once on each day."""
    found: dict[tuple[str, Any], dict[str, Any]] = {}
    for name in draw(st.lists(st.sampled_from((*AMOUNTS, *TRUTHS, *ACTS)), min_size=1, max_size=most)):
        day = draw(st.sampled_from(DAYS))
        one: dict[str, Any] = {"name": name, "verified": draw(st.booleans())}
        if name in AMOUNTS:
            ends = sorted(draw(st.tuples(*[st.sampled_from([0, *(10**k for k in range(22, 28))])] * 2)))
            one |= {"lower": str(ends[0]), "upper": str(ends[1])}
            one |= {"claimed": "1e24"} if draw(st.booleans()) else {}
        else:
            one["value"] = draw(st.booleans())
        if day is not None and draw(st.booleans()):
            one["on"] = day.isoformat()
        elif day is not None:
            begun = day - timedelta(days=draw(st.integers(1, 60)))
            one |= {"from": begun.isoformat(), "to": (day + timedelta(days=1)).isoformat()}
        found[name, day] = one
    return list(found.values())


@lru_cache(maxsize=1)
def all_regimes() -> Regimes:
    return load_all([Path(one) for one in TEMPLATES])


def judged(facts: Any) -> Answer:
    regimes = all_regimes()
    return answer(regimes, fact_set(facts, "test", regimes.vocabulary), Question(DAY, names=REGIMES))


def verified_side(found: Answer) -> list[Any]:
    """All that is said to be verified: outcomes, breaches, figures, crossings, duties."""
    return [
        (
            result.regime,
            result.verified,
            result.binds_verified,
            result.breaches[1],
            [(one.name, one.verified, {k: v[1] for k, v in one.readings.items()}) for one in result.outcomes],
            {n: {r: sides[1] for r, sides in by.items()} for n, by in result.figures.items()},
            [(duty.obligation.id, duty.verified) for duty in result.duties],
            {(line.outcome, line.parameter): line.crossings[1] for line in result.lines if line.crossings[1]},
        )
        for result in found.results
    ]


def claims_beside(base: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The facts as claims, without those of a name and period that are there."""
    taken = {keys(one) for one in base}
    return list({keys(one): {**one, "verified": False} for one in more if keys(one) not in taken}.values())


def keys(one: dict[str, Any]) -> tuple[Any, ...]:
    (fact,) = fact_set([one], "test", all_regimes().vocabulary).facts
    return fact.name, fact.on, fact.begun


@given(statements(), statements(3), st.sampled_from(["false", "true"]))
@settings(max_examples=50, deadline=None)
def test_a_claim_never_moves_the_verified_side(
    base: list[dict[str, Any]], more: list[dict[str, Any]], complete: str
) -> None:
    claims = [one for one in claims_beside(base, more) if one["name"] not in ACTS]
    before = judged({"facts": base, "complete": complete})
    after = judged({"facts": [*base, *claims], "complete": complete})
    assert verified_side(before) == verified_side(after)


@given(statements(), statements(3))
@settings(max_examples=30, deadline=None)
def test_where_all_is_verified_to_be_there_a_claim_may_only_cast_doubt(
    base: list[dict[str, Any]], more: list[dict[str, Any]]
) -> None:
    """A claim of a component takes it out of what `complete` says, one of an act out of what is presumed."""
    claims = claims_beside(base, more)
    before = judged({"facts": base, "complete": "verified"})
    after = judged({"facts": [*base, *claims], "complete": "verified"})
    for old, new in zip(before.results, after.results, strict=True):
        pairs = [(old.verified, new.verified), (old.breaches[1], new.breaches[1])]
        pairs += [(a.verified, b.verified) for a, b in zip(old.outcomes, new.outcomes, strict=True)]
        assert all(now is None or now is was for was, now in pairs), old.regime
        assert verified_crossings(old) == verified_crossings(new), old.regime


def verified_crossings(result: Result) -> dict[tuple[str, str], Crossing]:
    return {(one.outcome, one.parameter): one.crossings[1] for one in result.lines if one.crossings[1]}


@pytest.mark.parametrize("claim", ["compute.fine_tuning", "compute.run", "largest_run_flop"])
def test_a_claim_does_not_move_a_verified_crossing(claim: str) -> None:
    days = {"2026-12-01": "1e24", "2026-12-31": "2e24"}
    facts: list[dict[str, Any]] = [
        {"name": "compute.pretraining", "value": amount, "verified": True, "on": day}
        for day, amount in days.items()
    ]
    facts.append({"name": "model.generates_language", "value": True, "verified": True})
    found = [
        judged({"facts": [*facts, *more], "complete": "verified"}).results[0]
        for more in (
            [],
            [{"name": claim, "value": "3e24"}],
            [{"name": claim, "value": "3e24", "on": "2026-12-20"}],
        )
    ]
    before, *after = map(verified_crossings, found)
    assert before["systemic_risk", "threshold"].latest == date(2027, 8, 28)
    assert after == [before, before]


@given(
    st.lists(st.tuples(statements(3), st.sampled_from(["false", "true", "verified"])), min_size=3, max_size=3)
)
@settings(max_examples=80, deadline=None)
def test_the_order_of_files_changes_nothing(files: list[tuple[list[dict[str, Any]], str]]) -> None:
    vocabulary = all_regimes().vocabulary
    sets = [
        (name, fact_set({"facts": facts, "complete": complete}, name, vocabulary))
        for name, (facts, complete) in zip("abc", files, strict=True)
    ]
    found: set[Any] = set()
    for order in permutations(sets):
        try:
            one = merged(order)
            found.add((frozenset(one.facts), one.zero_claimed, one.zero_verified, one.complete, one.notes))
        except InputError as error:
            found.add(str(error))
    assert len(found) == 1


@given(
    st.lists(st.tuples(statements(3), st.sampled_from(["false", "true", "verified"])), min_size=3, max_size=3)
)
@settings(max_examples=60, deadline=None)
def test_the_names_of_files_decide_nothing(files: list[tuple[list[dict[str, Any]], str]]) -> None:
    """Otherwise the order of names would stand in for the order of files."""
    vocabulary = all_regimes().vocabulary
    found: set[Any] = set()
    for order in permutations(files):
        sets = [
            (name, fact_set({"facts": facts, "complete": complete}, name, vocabulary))
            for name, (facts, complete) in zip("abc", order, strict=True)
        ]
        try:
            one = merged(sets)
            kept = frozenset((f.name, f.claimed, f.verified, f.period) for f in one.facts)
            found.add((kept, one.zero_claimed, one.zero_verified, one.complete))
        except InputError:
            found.add("refused")
    assert len(found) == 1

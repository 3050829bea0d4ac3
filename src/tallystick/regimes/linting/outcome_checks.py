"""Outcomes: each is given by some condition, and those that always come together say how they stand."""

from collections.abc import Iterator
from itertools import combinations

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.law.expression import Always, Expression
from tallystick.regimes.law.instrument import Condition, Instrument
from tallystick.regimes.linting.unknown_names import unknown_name


def outcome_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """In the order of the file."""
    for name, rule in instrument.conditions.items():
        if rule.gives not in instrument.outcomes:
            yield unknown_name(at("conditions", name, "gives"), "outcome", rule.gives, instrument.outcomes)
    given = {rule.gives for rule in instrument.conditions.values()}
    for name, outcome in instrument.outcomes.items():
        if name not in given:
            yield Problem(
                at("outcomes", name), f"nothing gives {name}", "add a condition that does, or delete it"
            )
        for other in outcome.excludes:
            if other not in instrument.outcomes or other == name:
                yield unknown_name(at("outcomes", name, "excludes"), "outcome", other, instrument.outcomes)
    yield from _always_together(instrument, at)


def _always_together(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """Two outcomes by one test, or one whatever the facts: whether both may hold is not said.

    Whether their words contradict each other no program can tell; who means that they do says ``excludes``.
    """
    for first, second in combinations(instrument.conditions.values(), 2):
        if first.gives == second.gives or _excluded(instrument, first.gives, second.gives):
            continue
        problem = _coming_together(instrument, first, second)
        if problem:
            mend = "add excludes to one of the two if they answer one question, else make one outcome of them"
            yield Problem(at("conditions", second.name), problem, mend, warning=True)


def _coming_together(instrument: Instrument, first: Condition, second: Condition) -> str:
    if instrument.exceptions_to(first.name) or instrument.exceptions_to(second.name):
        return ""
    if first.when == second.when:
        return f"{first.gives} and {second.gives} come from one test, and neither excludes the other"
    for one, other in ((first, second), (second, first)):
        if _certain(one.when):
            return f"{one.gives} holds whatever the facts, also beside {other.gives}, and excludes nothing"
    return ""


def _certain(test: Expression) -> bool:
    return isinstance(test, Always) and test.value


def _excluded(instrument: Instrument, one: str, other: str) -> bool:
    outcomes = instrument.outcomes
    return (one in outcomes and other in outcomes[one].excludes) or (
        other in outcomes and one in outcomes[other].excludes
    )

"""Running the cases that a regime file carries."""

from collections.abc import Iterator
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.evaluate import evaluate
from tallystick.regimes.exact import truth_text
from tallystick.regimes.fact_file import fact_set
from tallystick.regimes.facts import FactSet
from tallystick.regimes.instrument import Case, Instrument
from tallystick.regimes.shape import Problem
from tallystick.regimes.vocabulary import Vocabulary


def case_facts(case: Case, vocabulary: Vocabulary) -> FactSet:
    """The facts of a case: components that it does not name are zero. Raises InputError."""
    data: dict[str, Any] = {"facts": dict(case.facts), "complete": "true"}
    return fact_set(data, case.place, vocabulary)


def case_problems(instrument: Instrument, vocabulary: Vocabulary) -> Iterator[Problem]:
    """The cases that do not come out as their file expects."""
    for case in instrument.cases:
        try:
            yield from _one(instrument, case, vocabulary)
        except InputError as error:
            yield Problem(case.place, f"case {case.name}: {error.problem}", error.mend)


def _one(instrument: Instrument, case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    result = evaluate(instrument, case_facts(case, vocabulary), case.at, case.known_on)
    found = {outcome.name: outcome for outcome in result.outcomes}
    brought = {duty.obligation.id: duty.brought[0] for duty in result.duties}
    for name, expected in case.duties.items():
        if brought[name] is not expected:
            said, wished = truth_text(brought[name]), truth_text(expected)
            problem = f"case {case.name}: the facts bring duty {name} about: {said}, expected {wished}"
            yield Problem(case.place, problem, "mend the rule or the case")
    for name, expected in case.expect.items():
        if found[name].claimed is not expected:
            said = truth_text(found[name].claimed)
            readings = ", ".join(f"{r} {truth_text(t[0])}" for r, t in found[name].readings.items())
            problem = f"case {case.name}: {name} is {said} ({readings}), expected {truth_text(expected)}"
            yield Problem(case.place, problem, "mend the rule or the case")

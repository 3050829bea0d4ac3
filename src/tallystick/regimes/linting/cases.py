"""Running the cases that a regime file carries."""

from collections.abc import Iterable, Iterator
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.judging.result import OutcomeResult
from tallystick.regimes.law.exact import Truth, truth_text
from tallystick.regimes.law.expression import Expression, Refer, walk
from tallystick.regimes.law.instrument import Case, Condition, Defeater, Instrument, Obligation
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_set import FactSet
from tallystick.regimes.stated.missing_facts import unstated


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
    facts = case_facts(case, vocabulary)
    result = evaluate(instrument, facts, case.at, case.known_on)
    outcomes = {outcome.name: outcome for outcome in result.outcomes}
    duties = {duty.obligation.id: duty for duty in result.duties}
    for name, expected in case.duties.items():
        duty = duties[name]
        if duty.brought[0] is not expected:
            wanting = _wanting(instrument, _rules_of_duty(instrument, duty.obligation), facts)
            what = f"the facts bring duty {name} about"
            yield _problem(case, what, expected, duty.brought[0], "", wanting)
    for name, expected in case.expect.items():
        found = outcomes[name]
        if found.claimed is not expected:
            wanting = _wanting(instrument, _rules_of(instrument, (name,)), facts)
            yield _problem(case, name, expected, found.claimed, _readings(found), wanting)


def _problem(
    case: Case, what: str, expected: Truth, got: Truth, readings: str, wanting: list[str]
) -> Problem:
    """Expected and got, and where it is unknown, the facts that the case does not state."""
    problem = f"case {case.name}: {what}: expected {truth_text(expected)}, got {truth_text(got)}{readings}"
    mend = "mend the rule or the case"
    if readings and got is None and not wanting:
        mend = "the readings of the text differ: expect unknown, or mend the rule"
    if got is None and wanting:
        problem += f"; not stated in the case: {', '.join(wanting)}"
        mend = f"state {'it' if len(wanting) == 1 else 'them'} in the case, or mend the rule"
    return Problem(case.place, problem, mend)


def _readings(found: OutcomeResult) -> str:
    """What each reading gives, where they differ."""
    if len({truths[0] for truths in found.readings.values()}) < 2:
        return ""
    return f" ({', '.join(f'{name} reading {truth_text(t[0])}' for name, t in found.readings.items())})"


def _rules_of(instrument: Instrument, outcomes: Iterable[str]) -> list[Expression]:
    """The tests that decide outcomes: of their conditions, of what these refer to, of exceptions."""
    wished = set(outcomes)
    return _closed(instrument, [rule for rule in instrument.conditions.values() if rule.gives in wished], [])


def _rules_of_duty(instrument: Instrument, duty: Obligation) -> list[Expression]:
    rules: list[Condition | Defeater] = [
        *(rule for rule in instrument.conditions.values() if rule.gives in duty.when),
        *instrument.exceptions_to(duty.id),
    ]
    return _closed(instrument, rules, [] if duty.only_if is None else [duty.only_if])


def _closed(
    instrument: Instrument, rules: Iterable[Condition | Defeater], tests: list[Expression]
) -> list[Expression]:
    """The tests of the rules, of the conditions that they refer to, and of all exceptions to them."""
    found, waiting = dict.fromkeys(tests), [*rules]
    seen: set[str] = set()
    for test in tests:
        waiting += _referred(instrument, test)
    while waiting:
        rule = waiting.pop()
        if rule.name in seen:
            continue
        seen.add(rule.name)
        found[rule.when] = None
        waiting += [*_referred(instrument, rule.when), *instrument.exceptions_to(rule.name)]
    return list(found)


def _referred(instrument: Instrument, test: Expression) -> list[Condition]:
    return [instrument.conditions[part.condition] for part in walk(test) if isinstance(part, Refer)]


def _wanting(instrument: Instrument, tests: list[Expression], facts: FactSet) -> list[str]:
    """The facts that these tests read and the case does not state."""
    return sorted(unstated(instrument, tests, facts.claimed))

"""Units: an amount is held against a line of its own unit, and added to amounts of its own unit."""

from collections.abc import Iterator

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.law.expression import (
    Amount,
    Exceeds,
    Expression,
    Name,
    RatioExceeds,
    amounts_of,
    names_in,
    walk,
)
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.vocabulary import Vocabulary

#: Units of a number that counts nothing.
PURE = frozenset({"none", "ratio"})


def unit_problems(instrument: Instrument, at: Places, vocabulary: Vocabulary) -> Iterator[Problem]:
    """For each comparison in conditions, exceptions and tests of duties."""
    for name, condition in instrument.conditions.items():
        yield from _of_test(condition.when, instrument, at("conditions", name, "when"), vocabulary)
    for name, exception in instrument.exceptions.items():
        yield from _of_test(exception.when, instrument, at("exceptions", name, "when"), vocabulary)
    for index, duty in enumerate(instrument.obligations):
        if duty.only_if is not None:
            yield from _of_test(duty.only_if, instrument, at("obligations", index, "if"), vocabulary)


def _of_test(
    test: Expression, instrument: Instrument, place: str, vocabulary: Vocabulary
) -> Iterator[Problem]:
    for part in walk(test):
        if not isinstance(part, Exceeds | RatioExceeds) or part.parameter not in instrument.parameters:
            continue
        parameter = instrument.parameters[part.parameter]
        units = {unit for amount in amounts_of(part) for unit in units_of(amount, vocabulary)}
        if isinstance(part, Exceeds):
            units.add(parameter.unit)
        elif parameter.unit not in PURE:
            problem = f"{parameter.name} is a share of two amounts, and its unit is {parameter.unit}"
            yield Problem(place, problem, "write unit: ratio at the parameter")
        if len({"none" if unit in PURE else unit for unit in units}) > 1:
            mixed = " and ".join(sorted(units))
            problem = f"amounts of {mixed} are held against each other at {parameter.name}"
            yield Problem(place, problem, "write the unit of the amount at the parameter, or another amount")


def units_of(amount: Amount, vocabulary: Vocabulary) -> frozenset[str]:
    """The unit of an amount; several where it mixes them, none where nothing can be said of it."""
    if isinstance(amount, Name):
        fact = vocabulary.fact(amount.name)
        return frozenset({fact.unit} if fact is not None and fact.kind == "amount" else ())
    found = [units_of(part, vocabulary) for part in amount.parts]
    if amount.operation == "product":
        units = [unit for one in found for unit in one if unit not in PURE]
        return frozenset(units) if len(units) == 1 and len(found) == len([*names_in(amount)]) else frozenset()
    return frozenset().union(*found)

"""Warnings about a line's values over time: days without one, days of knowledge that were only inherited."""

from collections.abc import Iterator
from itertools import pairwise

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.known_days import text_of
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.law.instrument import Instrument, Parameter, Value


def doubtful_values(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """For each value of each parameter, in the order of the file."""
    for parameter in instrument.parameters.values():
        yield from _gaps(parameter, at)
        for index, value in enumerate(parameter.values):
            yield from _inherited(instrument, parameter, index, value, at)


def _gaps(parameter: Parameter, at: Places) -> Iterator[Problem]:
    for index, (value, following) in enumerate(pairwise(parameter.values)):
        if value.until is not None and value.until < following.since:
            problem = f"{parameter.name}: no line from {value.until} to the day before {following.since}"
            mend = "close the gap; on its days all that is held against the line is unknown"
            place = at("parameters", parameter.name, "values", index, "until")
            yield Problem(place, problem, mend, warning=True)


def _inherited(
    instrument: Instrument, parameter: Parameter, index: int, value: Value, at: Places
) -> Iterator[Problem]:
    """The value counts as known since a decision, and rests on another text than the decision does."""
    if value.inherits is None:
        return
    decided = [entry for entry in instrument.status if entry.since == value.inherits]
    texts = {text_of(one) for entry in decided for one in entry.reference}
    if decided and not texts & {text_of(one) for one in value.reference}:
        problem = (
            f"{parameter.name}: the value counts as known on {value.known_on}, by the status of "
            f"{value.inherits}, and cites another text"
        )
        place = at("parameters", parameter.name, "values", index)
        yield Problem(place, problem, "add known_on: when that text was public", warning=True)

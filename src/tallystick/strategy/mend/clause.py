"""A change of one clause: what it says, which part of the text it touches, and the terms after it."""

from collections.abc import Callable
from dataclasses import dataclass

from tallystick.strategy.inputs.terms import Terms


@dataclass(frozen=True, slots=True)
class Clause:
    """``family`` is one of the sorts of change that negotiators trade; ``words`` what the text would say;
    ``reading`` how the terms of the model change. Of several clauses with one ``slot`` a text can hold one.
    """

    id: str
    family: str
    slot: str
    words: str
    reading: str
    change: Callable[[Terms], Terms]


def applied(terms: Terms, clauses: tuple[Clause, ...]) -> Terms:
    """The terms with all of the clauses, in order."""
    for clause in clauses:
        terms = clause.change(terms)
    return terms

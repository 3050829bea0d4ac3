"""The problem of a name that nobody knows, worded alike in all checks."""

from collections.abc import Iterable

from tallystick.regimes.files.shape import Problem, nearest
from tallystick.regimes.law.vocabulary import ALL_WORDS

#: Sorts of words that the vocabulary has.
VOCABULARY_WORDS = frozenset(
    {
        "amount",
        "boolean fact",
        "capability",
        "event",
        "fact",
        "moment or event",
        "recipient",
        "role",
        "text fact",
        "tie",
    }
)


def unknown_name(at: str, what: str, name: str, known: Iterable[str]) -> Problem:
    """A name that is not in the list it belongs to, with the nearest one."""
    more = f"; {ALL_WORDS}" if what in VOCABULARY_WORDS else ""
    more += "; or write a name in words that begins with a capital" if what == "recipient" else ""
    return Problem(at, f"{what} {name[:60]!r} is not known", nearest(name, tuple(known)) + more)

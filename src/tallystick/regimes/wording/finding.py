"""Regimes by the words of their titles, for who does not know the id."""

import re
from collections.abc import Iterable

from tallystick.errors import InputError
from tallystick.regimes.law.instrument import Instrument

#: Candidates that are listed.
MOST_LISTED = 12


def named_by_words(name: str, instruments: Iterable[Instrument]) -> str:
    """The id of the only regime whose title, id or jurisdiction has all words; ``name`` where none has,
    or where it is written as an id.

    Raises InputError that lists them where there are several.
    """
    known = list(instruments)
    words = re.findall(r"\w+", name.lower())
    if not words or "." in name or any(one.id == name for one in known):
        return name
    found = [one.id for one in known if _has(one, words)]
    if len(found) < 2:
        return found[0] if found else name
    more = f" and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
    mend = f"name one: {', '.join(found[:MOST_LISTED])}{more}"
    raise InputError(f"{len(found)} regimes have {' '.join(words)!r} in their titles", mend=mend)


def _has(one: Instrument, words: list[str]) -> bool:
    """All of the words, each as the beginning of a word."""
    there = re.findall(r"\w+", f"{one.title} {one.id} {one.jurisdiction}".lower())
    return all(any(part.startswith(word) for part in there) for word in words)

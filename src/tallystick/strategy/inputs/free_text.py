"""What is read out of free words of a regime file, by whole words, and one sentence for each such reading.

Two things: whether enforcement shuts out who stays outside, and whose ratification is needed. Codes come
first: ``shuts_out`` of enforcement (yes or no) and ``states`` of what entry into force needs (a list). Only
where they are not there are words read. A sentence that denies names nobody and shuts out nobody; a reader
who wants more must write it so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tallystick.strategy.inputs.profile import Profile

#: Words of means of enforcement that also shut out who stays outside.
_EXCLUDING = {
    *("trade", "export", "exports", "import", "imports", "supply", "supplies", "benefits", "embargo"),
    *("embargoes", "access", "licence", "licences", "license", "licenses"),
}
#: A measure denied: "no trade measures" shuts out nobody, "no export of chips to them" does.
_DENIED = re.compile(
    r"\b(?:no|not|without|never|neither|nor)\b(?:\W+\w+){0,5}?\W+"
    r"(?:measures?|sanctions?|restrictions?|barriers?|embargo(?:es)?|suspension|revoked)\b"
)
_DOUBT = re.compile(r"\bbenefits?\W+of\W+(?:the\W+)?doubt\b")
_NOBODY = re.compile(r"\b(?:no|none|not|nobody|neither|nor|without|except|excluding|other\W+than)\b")
#: Names so short are also words ("US" and "us"): they must be written as the profile writes them.
SHORT = 3


def excluding(means: Iterable[str]) -> tuple[str, ...]:
    """Those means of enforcement that shut out who stays outside."""
    return tuple(one for one in means if _shuts_out(one.casefold()))


def _shuts_out(words: str) -> bool:
    return not _DENIED.search(words) and _speaks_of_it(words)


def _speaks_of_it(words: str) -> bool:
    return not _EXCLUDING.isdisjoint(re.findall(r"[^\W\d_]+", _DOUBT.sub(" ", words)))


def names(text: str, state: Profile) -> bool:
    """Whether ``text`` names the state, by its name or an alias as whole words, and denies nothing."""
    if _NOBODY.search(text.casefold()):
        return False
    return any(_stands_in(text, one) for one in (state.name, *state.aliases))


def _stands_in(text: str, name: str) -> bool:
    found = rf"(?<!\w){re.escape(name)}(?!\w)"
    return re.search(found, text, 0 if len(name) <= SHORT else re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Outsiders:
    """Whether enforcement shuts out who stays outside, and what was read for it in words."""

    shut_out: bool
    notes: tuple[str, ...] = ()


def outsiders_of(enforcement: Mapping[str, Any]) -> Outsiders:
    """By its code where there is one, else by the words of its means, each with a sentence."""
    coded = enforcement.get("shuts_out")
    if coded in ("yes", "no"):
        return Outsiders(coded == "yes")
    means = [str(one) for one in enforcement.get("means") or ()]
    return Outsiders(bool(excluding(means)), tuple(_means_notes(means)))


def needed_by(needs: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Whose ratification is needed: the states listed, or else the words that say so."""
    listed = tuple(str(one) for one in needs.get("states") or ())
    return listed, "" if listed else str(needs.get("including", ""))


def _means_notes(means: Iterable[str]) -> Iterator[str]:
    for one in means:
        if _shuts_out(one.casefold()):
            yield f'Read out of the words "{one}": outsiders are shut out, which costs them their dependence.'
        elif _speaks_of_it(one.casefold()):
            yield f'Read out of the words "{one}": they deny a measure, so nobody is shut out by them.'


def needed_notes(needed: str) -> Iterator[str]:
    """What was read of whose ratification is needed, where words say it."""
    if needed and _NOBODY.search(needed.casefold()):
        yield f'Read out of the words "{needed}": they deny something, so nobody\'s ratification is needed.'
    elif needed:
        yield (
            f'Read out of the words "{needed}": of three states or more, without one whose name or alias '
            "stands there as whole words the text falls."
        )
